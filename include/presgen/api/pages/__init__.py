"""Lesson pages: one HTML shell and plain modules that ask the API; nothing is built or comes from afar."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from presgen.brands import load_brand

STATIC = Path(__file__).parent / "static"
TOKENS = "tokens.css"
"""The colours: made of the brands, not a file."""

HEADERS = {
    # Scripts, styles and pictures of our own; films and posters from the API; no markup from anywhere.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; require-trusted-types-for 'script'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

PLACES = (
    "",
    "nights",
    "nights/{place:path}",
    "lessons",
    "lessons/{place}",
    "studio",
    "sections",
    "sections/{place}",
)
"""Addresses that show the shell: the page itself reads the rest of them."""

FOREVER = "private, max-age=31536000, immutable"
"""An asset's address holds the digest of all assets."""

_TYPES: Mapping[str, str] = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_FIELD_LINE = {"light": "#7C8AAB", "dark": "#7284B0"}
"""Edges of fields, 3:1 against cards (WCAG 2.2, 1.4.11). Films have no fields, so brands no such colour."""


def add_pages(app: FastAPI, api: str) -> None:
    """Let the app show the pages, below where it is mounted. ``api`` is where the API is on this host."""

    def page(request: Request) -> Response:
        return HTMLResponse(shell(request.scope.get("root_path", ""), api), headers=HEADERS | _NO_STORE)

    @app.get("/assets/{version}/{name:path}")
    def file(version: str, name: str) -> Response:
        found = assets().get(name)
        if found is None:
            return Response(
                "There is no such file.", 404, media_type="text/plain", headers=HEADERS | _NO_STORE
            )
        content, kind = found
        kept = FOREVER if version == edition() else "no-store"
        return Response(content, media_type=kind, headers={**HEADERS, "Cache-Control": kept})

    for place in PLACES:
        app.get(f"/{place}", response_class=HTMLResponse)(page)


def shell(base: str, api: str) -> str:
    """Return the page that all addresses show. ``base`` is where the pages are on this host."""
    text = Template((STATIC / "shell.html").read_text(encoding="utf-8"))
    told = {"base": base, "api": api, "assets": f"{base}/assets/{edition()}"}
    return text.substitute({name: escape(value) for name, value in told.items()})


@cache
def assets() -> dict[str, tuple[bytes, str]]:
    """Return every asset by its name, with its media type."""
    files = [path for path in STATIC.rglob("*") if path.is_file() and path.name != "shell.html"]
    held = {path.relative_to(STATIC).as_posix(): (path.read_bytes(), _type(path)) for path in files}
    return {**held, TOKENS: (tokens().encode(), "text/css")}


@cache
def edition() -> str:
    """Return the digest that changes with any asset."""
    digest = hashlib.sha256()
    for name, (content, _) in sorted(assets().items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:12]


def tokens() -> str:
    """Return our brands' colours as CSS: the light and the dark one at once."""
    light, dark = (load_brand(name).palette.model_dump() for name in ("house", "dusk"))
    pairs = {name: (value, dark[name]) for name, value in light.items() if isinstance(value, str)}
    pairs["field_line"] = (_FIELD_LINE["light"], _FIELD_LINE["dark"])
    for at, pair in enumerate(zip(light["bars"], dark["bars"], strict=True)):
        pairs[f"bar_{at}"] = pair
    lines = (
        f"  --{name.replace('_', '-')}: light-dark({one}, {other});" for name, (one, other) in pairs.items()
    )
    return ":root {\n" + "\n".join(lines) + "\n}\n"


_NO_STORE = {"Cache-Control": "no-store"}


def _type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
