"""Great Expectations' Data Docs, made fit to be read anywhere: offline, and without telling anybody.

As built, the pages load their style and scripts from content delivery networks and carry a newsletter's form.
"""

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

from presgen.workspace import write_whole

_STYLES = (
    "bootstrap.min.css",
    "bootstrap-table.min.css",
    "bootstrap-table-filter-control.min.css",
    "bootstrap-datepicker.min.css",
    "icons.css",
)
_SCRIPTS = (
    "jquery.min.js",
    "bootstrap.bundle.min.js",
    "bootstrap-table.min.js",
    "bootstrap-table-filter-control.min.js",
    "bootstrap-datepicker.min.js",
)
_FOLDER = Path("static") / "vendor"

_FOREIGN_TAG = re.compile(
    r'<script[^>]*\ssrc="https?://[^"]*"[^>]*>\s*</script>|<link[^>]*\shref="https?://[^"]*"[^>]*>'
)
_FOREIGN_LOGO = re.compile(r'"https?://[^"]*logo[^"]*\.png[^"]*"')
_FOREIGN_BACKGROUND = re.compile(r"background:\s*url\('https?://[^']*'\)[^;]*;")
_NEWSLETTER = re.compile(r"<p>[^<]*newsletter.*?</p>", re.DOTALL)
_LINK_ABROAD = re.compile(r'<a\s[^>]*href="https?://[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


def make_offline(site: Path) -> None:
    """Let the Data Docs in the folder ``site`` load nothing but files of their own. May be repeated."""
    vendored = site / _FOLDER
    vendored.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files("presgen.quality") / "data_docs_assets") as assets:
        for name in (*_STYLES, *_SCRIPTS):
            shutil.copyfile(assets / name, vendored / name)
    for page in sorted(site.rglob("*.html")):
        root = "../" * (len(page.relative_to(site).parts) - 1)
        write_whole(page, offline(page.read_text(encoding="utf-8"), root).encode())


def offline(html: str, root: str) -> str:
    """Return the page without all that it loads from elsewhere; ``root`` leads to the site's folder."""
    html = _FOREIGN_TAG.sub("", html)
    html = _FOREIGN_LOGO.sub(f'"{root}static/images/logo-long.png"', html)
    html = _FOREIGN_BACKGROUND.sub("", html)
    html = _NEWSLETTER.sub("", html)
    html = _LINK_ABROAD.sub(r"\1", html)
    folder = f"{root}{_FOLDER.as_posix()}"
    tags = [f'<link rel="stylesheet" href="{folder}/{name}">' for name in _STYLES]
    tags += [f'<script src="{folder}/{name}"></script>' for name in _SCRIPTS]
    already = tags[0] in html
    return html if already else html.replace("<head>", "<head>\n" + "\n".join(tags), 1)
