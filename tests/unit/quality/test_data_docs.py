from __future__ import annotations

import re
from pathlib import Path

import pytest

from presgen.quality.data_docs import make_offline, offline

PAGE = """<!DOCTYPE html>
<html>
<head>
<link rel="stylesheet" href="https://cdn.example/bootstrap.min.css"/>
<style>.x { background: url('https://elsewhere.example/logo_dark.png') 0 0 no-repeat; color: red; }</style>
<script src="https://cdn.example/vega@5"></script>
</head>
<body>
<img src="https://elsewhere.example/logo-long.png?d=20261122">
<a href="../../index.html">Home</a> <a href="https://elsewhere.example">Great Expectations</a>
<p>Stay current with our newsletter <a href="https://elsewhere.example/newsletter">here</a></p>
<p>lesson-2 is wrong</p>
</body>
</html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    deep = tmp_path / "validations" / "lessons"
    deep.mkdir(parents=True)
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    (deep / "run.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def test_no_page_loads_anything_from_elsewhere(site: Path):
    make_offline(site)

    for page in site.rglob("*.html"):
        assert not re.search(r"https?://", page.read_text(encoding="utf-8")), page


def test_every_file_a_page_loads_lies_in_the_site(site: Path):
    make_offline(site)

    for page in site.rglob("*.html"):
        loaded = re.findall(r'(?:link[^>]*href|script[^>]*src)="([^"]+)"', page.read_text(encoding="utf-8"))
        assert len(loaded) == 10
        for address in loaded:
            assert (page.parent / address).is_file(), address


def test_what_a_page_says_and_links_within_the_site_stays():
    page = offline(PAGE, root="")

    assert "<p>lesson-2 is wrong</p>" in page
    assert '<a href="../../index.html">Home</a>' in page
    assert "Great Expectations" in page
    assert "color: red" in page
    assert "newsletter" not in page


def test_doing_it_again_changes_nothing(site: Path):
    make_offline(site)
    before = {path: path.read_bytes() for path in site.rglob("*") if path.is_file()}

    make_offline(site)

    assert {path: path.read_bytes() for path in site.rglob("*") if path.is_file()} == before
