"""The lesson pages as they are shipped: small, whole, and from nowhere else."""

from __future__ import annotations

import gzip
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from presgen.api.pages import STATIC, add_pages, assets, edition, shell, tokens
from presgen.brands import contrast, load_brand

MOST = 300_000
MODULES = sorted(STATIC.rglob("*.js"))
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")
COLOUR = re.compile(r"--([a-z0-9-]+): light-dark\((#\w{6}), (#\w{6})\)")


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()
    add_pages(app, "/api/v1/avatar")
    return TestClient(app)


def test_all_pages_together_weigh_little():
    assert sum(len(content) for content, _ in assets().values()) + len(shell("", "")) < MOST


def test_nothing_is_loaded_from_elsewhere():
    for path in STATIC.rglob("*"):
        if path.suffix in (".js", ".css", ".html"):
            found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", path.read_text(encoding="utf-8"))
            assert not [each for each in found if "www.w3.org" not in each], path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_what_a_module_imports_is_there(path):
    for name in IMPORTED.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / name).is_file(), name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_no_module_makes_markup_out_of_text(path):
    text = path.read_text(encoding="utf-8")

    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in text


def test_what_the_shell_names_is_there(client: TestClient):
    page = client.get("/nights").text

    named = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)

    assert len(named) >= 9
    for address in named:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]


def test_an_asset_of_another_edition_is_not_kept(client: TestClient):
    assert client.get("/assets/older/main.js").headers["Cache-Control"] == "no-store"
    assert client.get(f"/assets/{edition()}/main.js").headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize("name", ["../__init__.py", "%2e%2e/__init__.py", "shell.html", "", "nothing.js"])
def test_nothing_but_assets_is_served(client: TestClient, name: str):
    assert client.get(f"/assets/{edition()}/{name}").status_code == 404


def test_where_the_pages_are_is_written_as_text():
    assert '"><script>' not in shell('/a"><script>', "/api")


def test_the_colours_are_those_of_our_brands():
    told = {name: (light, dark) for name, light, dark in COLOUR.findall(tokens())}

    for role in ("paper", "ink", "accent", "good"):
        expected = tuple(getattr(load_brand(name).palette, role) for name in ("house", "dusk"))
        assert told[role] == expected
    for place, lettered in ((0, "house"), (1, "dusk")):
        surface = load_brand(lettered).palette.surface
        assert contrast(told["field-line"][place], surface) >= 3


def test_the_first_view_is_small_on_the_way():
    first = [content for name, (content, _) in assets().items() if name.endswith((".js", ".css"))]

    assert len(gzip.compress(b"".join(first))) < 60_000
