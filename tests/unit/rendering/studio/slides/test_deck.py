"""Slides hold whatever text there is: nothing is cut by an edge, nothing is read as markup."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.errors import BadInput
from presgen.media.formats import formats
from presgen.model.lesson import BulletSlide, Framing
from presgen.rendering.studio.scene import scene_of
from presgen.rendering.studio.slides import draw_paper, draw_slides
from presgen.rendering.studio.slides.pictures import CHART_STEP
from tests.unit.rendering.studio.slides.samples import (
    BULLETS,
    ORDINARY,
    QUESTION,
    STEPS,
    TITLE,
    filled,
)

FORMAT = formats["landscape"]
SCENE = scene_of(FORMAT, Framing.BESIDE)
HOUSE = load_brand("house")
AREA = (880, 720)
CANVAS = 604
LONG = "A subnet mask tells a host which part of an address names the network and which part names the host. "
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HOSTILE = '{{7*7}} #eval("panic()") $x^2$ *b* _i_ `c` @ref <b>&amp;</b> \\ // --> ]]> #[ {'

TEXTS = {
    "long": LONG * 9,
    "very long": (LONG * 50)[:4096],
    "long words": f"{WORD} {WORD}",
    "no spaces": "W" * 1000,
    "hostile": HOSTILE,
    "right to left": "مرحبا بالعالم שלום עולם " * 5,
    "empty": "",
}
CROWDED = {
    f"{layout}, {name}": slide for name, text in TEXTS.items() for layout, slide in filled(text).items()
}


def drawn(slide, steps=4, format=FORMAT, locale="en-US", brand=HOUSE):
    return draw_slides(slide, steps, locale, SCENE, format, brand)


def differs(picture, paper):
    """Return where a picture differs from bare paper by more than the faint end of a shadow."""
    return np.abs(picture.y.astype(int) - paper.y[: picture.height]) > 6


@pytest.mark.parametrize(
    "slide",
    [
        *[pytest.param(slide, id=name) for name, slide in ORDINARY.items()],
        *[pytest.param(slide, id=name, marks=pytest.mark.slow) for name, slide in CROWDED.items()],
    ],
)
def test_nothing_leaves_the_margins_or_reaches_the_captions(slide):
    slides = drawn(slide)

    ink = differs(slides.steps[-1], slides.paper)
    [rows], [columns] = (np.nonzero(ink.any(axis=axis)) for axis in (1, 0))
    if len(rows):
        assert rows[-1] < CANVAS - 4
        assert columns[0] >= 56 - 14
        assert columns[-1] <= 824 + 14


@pytest.mark.parametrize("slide", ORDINARY.values(), ids=ORDINARY)
def test_every_step_shows_something_new_until_all_is_shown(slide):
    slides = drawn(slide, 5)
    new = [
        bool((after.y != before.y).any())
        for before, after in zip(slides.steps, slides.steps[1:], strict=False)
    ]
    known = STEPS[slide.layout]

    assert new == [True] * known + [False] * (5 - known)


@pytest.mark.parametrize("layout", [layout for layout in ORDINARY if layout != "title"])
def test_what_is_shown_stays_where_it_is(layout):
    slides = drawn(ORDINARY[layout])
    title = slice(0, 76)

    for step in slides.steps[1:]:
        assert (step.y[title] == slides.steps[0].y[title]).all()


def test_all_slides_lie_on_the_same_paper():
    papers = [drawn(slide, 0).paper for slide in ORDINARY.values()]

    for paper in papers[1:]:
        assert all((a == b).all() for a, b in zip(paper.planes, papers[0].planes, strict=True))
    assert (papers[0].width, papers[0].height) == AREA


def test_text_is_never_read_as_code():
    one, other = (drawn(filled(text)["bullets"]) for text in ("#panic(1)", "#panic(2)"))

    assert (one.steps[1].y != other.steps[1].y).any()


def test_a_path_in_the_text_opens_no_file():
    slide = BulletSlide(kicker="", title='#read("deck.typ")', points=(('#include "deck.typ"', ""),))

    assert drawn(slide).steps


def test_an_emoji_is_drawn():
    plain, happy = (drawn(filled(text)["closing"]) for text in ("Well done", "Well done 🎉"))

    assert (plain.steps[2].y != happy.steps[2].y).any()


def test_a_choice_that_is_not_among_the_options_marks_none():
    slides = drawn(QUESTION.model_copy(update={"chosen": None}))

    assert (slides.steps[1].y == slides.steps[0].y).all()
    assert (slides.steps[2].y != slides.steps[1].y).any()


def test_of_very_many_options_the_chosen_and_the_right_one_are_shown():
    options = tuple(f"Option {number}" for number in range(30))
    slides = drawn(QUESTION.model_copy(update={"options": options, "chosen": 28, "right": 29}))

    assert (slides.steps[1].y != slides.steps[0].y).any()
    assert (slides.steps[2].y != slides.steps[1].y).any()


def test_the_chart_grows_into_what_the_slide_shows():
    slides = drawn(TITLE)
    growth = slides.growth
    last = growth.pictures[-1]

    there = slides.steps[CHART_STEP].window(growth.x, growth.y, last.width, last.height)
    assert all((a == b).all() for a, b in zip(there.planes, last.planes, strict=True))
    assert (growth.pictures[0].y != last.y).any()


@pytest.mark.parametrize(
    "slide", [BULLETS, TITLE.model_copy(update={"domains": ()})], ids=["bullets", "none"]
)
def test_without_a_chart_nothing_grows(slide):
    assert drawn(slide).growth is None


def test_a_larger_format_gives_larger_slides_of_the_same_look():
    small, large = (
        drawn(TITLE, 2, dataclasses.replace(FORMAT, width=width, height=height))
        for width, height in ((1280, 720), (1920, 1080))
    )

    assert (large.paper.width, large.paper.height) == (1320, 1080)
    shrunk = large.steps[2].y.astype(float)[::3, ::3][: 604 // 2, : 880 // 2]
    same = small.steps[2].y.astype(float)[::2, ::2][: shrunk.shape[0], : shrunk.shape[1]]
    assert np.corrcoef(shrunk.ravel(), same.ravel())[0, 1] > 0.8


def test_a_scene_that_the_presenter_fills_has_no_slide():
    with pytest.raises(BadInput, match="'full' shows no slide"):
        draw_slides(BULLETS, 1, "en-US", scene_of(FORMAT, Framing.FULL), FORMAT, HOUSE)


@pytest.mark.parametrize("locale", ["en-US", "de", "x-klingon", "", "zz-ZZ"])
def test_any_locale_can_be_set(locale):
    assert drawn(BULLETS, 0, locale=locale).steps


def test_a_broken_template_is_told_without_the_text(monkeypatch, tmp_path):
    import typst

    from presgen.rendering.studio.slides import deck

    (tmp_path / "deck.typ").write_text("#set page(width: nonsense)", encoding="utf-8")
    broken = typst.Compiler(str(tmp_path / "deck.typ"), root=str(tmp_path), ignore_system_fonts=True)
    paper = draw_paper(SCENE, FORMAT, HOUSE)
    monkeypatch.setattr(deck, "draw_paper", lambda *_: paper)
    monkeypatch.setattr(deck, "_compiler", lambda _: broken)

    with pytest.raises(
        BadInput, match="layout 'bullets' cannot be set: unknown variable: nonsense"
    ) as caught:
        drawn(BULLETS.model_copy(update={"title": "For Ada"}))
    assert "Ada" not in str(caught.value)
