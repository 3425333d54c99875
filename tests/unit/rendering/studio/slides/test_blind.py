"""A blind pass: whatever texts a slide is given, in whatever scene, nothing overflows, overlaps or is cut."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest

from presgen.brands import load_brand
from presgen.media.formats import Format
from presgen.model.lesson import (
    BulletSlide,
    ChartSlide,
    ClosingSlide,
    CodeSlide,
    ComparisonSlide,
    DefinitionSlide,
    DiagramSlide,
    Framing,
    QuestionSlide,
    QuoteSlide,
    TitleSlide,
)
from presgen.rendering.studio.scene import scene_of
from presgen.rendering.studio.slides import draw_slides, faults, measure
from presgen.rendering.studio.slides.measure import NORMAL

SHAPES = {
    "landscape": Format("landscape", 1280, 720),
    "portrait": Format("portrait", 720, 1280),
    "square": Format("square", 720, 720),
}
FRAMINGS = (Framing.BESIDE, Framing.INSET, Framing.ABSENT)
ITEMS = Path(__file__).parents[6] / "shared" / "data" / "spisa" / "items.csv"
WORDS = {
    "latin": """a subnet mask tells every host which part of its address names the network and router prefix
        gateway longest match storage class redundancy availability Zürich façade""",
    "long": """internationalizationandlocalizationofall Donaudampfschifffahrtselektrizitaetswerk of the
        src/main/resources/application-production.yaml and""",
    "arabic": "عنوان الشبكة يحدد الجهاز المضيف والقناع يفصل بين الشبكة والمضيف في كل خادم",
    "hebrew": "כתובת הרשת מזהה את המארח והמסכה מפרידה בין הרשת לבין המארח בכל שרת",
    "cjk": "子网掩码 决定地址 ネットワーク部分 ホスト 서브넷 마스크 네트워크 主机 ルーター 网关",
    "emoji": "well done 🎉 nice 🙂 work ✅ keep 👍🏽 going 🚀 the 👩‍💻 team",
    "mixed": "The word שלום means peace and 日本語 is Japanese مرحبا too 🎉 (see [1])",
}


class Texts:
    """Random texts of one script."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.script = self.random.choice(list(WORDS))
        # Mostly normal lengths; sometimes much more than anybody should write.
        self.excess = self.random.choice((0.2, 0.6, 0.9, 0.9, 0.9, 6.0))

    def of(self, role, least=1):
        """Return a text as long as ``role`` allows, or a part, or a multiple of it."""
        most = max(int(NORMAL[role] * self.excess * self.random.uniform(0.2, 1.0)), least)
        words = [self.random.choice(WORDS[self.script].split())]
        while len(" ".join(words)) < most and len(words) < 900:
            words.append(self.random.choice(WORDS[self.script].split()))
        return " ".join(words)[: max(most, 1)].strip() or "x"

    def maybe(self, role):
        """Return such a text, or none."""
        return self.of(role) if self.random.random() < 0.7 else ""

    def some(self, most, least=1):
        """Return a number of things."""
        return range(self.random.randint(least, most))


def title(t):
    return TitleSlide(
        kicker=t.maybe("kicker"),
        title=t.of("title"),
        subtitle=t.maybe("subtitle"),
        cards=tuple((t.of("value"), t.of("caption")) for _ in t.some(3, 0)),
        domains=tuple((t.of("bar"), t.random.uniform(0, 100)) for _ in t.some(6, 0)),
    )


def bullets(t):
    points = []
    for _ in t.some(4):
        words = t.of("point").split(" ")
        cut = t.random.randint(1, len(words))
        points.append((" ".join(words[:cut]), " ".join(words[cut:])))
    return BulletSlide(
        kicker=t.maybe("kicker"), title=t.of("title"), points=tuple(points), source=t.maybe("source")
    )


def question(t):
    options = tuple(t.of("option") for _ in t.some(5, 2))
    return QuestionSlide(
        kicker=t.maybe("kicker"),
        question=t.of("question"),
        options=options,
        chosen=0,
        right=1,
        why=t.maybe("why"),
    )


def closing(t):
    recap = tuple(t.of("recap") for _ in t.some(4))
    return ClosingSlide(
        kicker=t.maybe("kicker"),
        title=t.of("title"),
        recap=recap,
        next_steps=tuple(t.of("next") for _ in t.some(3)),
    )


def chart(t):
    bars = tuple((t.of("bar"), t.random.uniform(0, 100)) for _ in t.some(8))
    return ChartSlide(
        kicker=t.maybe("kicker"),
        title=t.of("title"),
        bars=bars,
        note=t.maybe("note"),
        source=t.maybe("source"),
    )


def definition(t):
    return DefinitionSlide(
        kicker=t.maybe("kicker"),
        term=t.of("term"),
        meaning=t.of("meaning"),
        example=t.maybe("example"),
        source=t.maybe("source"),
    )


def comparison(t):
    columns = tuple(t.of("column") for _ in t.some(4, 2))
    rows = tuple((t.of("aspect"), tuple(t.of("cell") for _ in columns)) for _ in t.some(6))
    return ComparisonSlide(
        kicker=t.maybe("kicker"), title=t.of("title"), columns=columns, rows=rows, source=t.maybe("source")
    )


def code(t):
    lines = ["    " * t.random.randint(0, 3) + "value = find(" + t.of("bar") + ")" for _ in t.some(24)]
    notes = tuple((n + 1, min(n + 2, len(lines)), t.of("note")) for n in t.some(min(4, len(lines)), 0))
    return CodeSlide(
        kicker=t.maybe("kicker"), title=t.of("title"), language="python", code="\n".join(lines), notes=notes
    )


def quote(t):
    return QuoteSlide(
        kicker=t.maybe("kicker"), quote=t.of("quote"), by=t.maybe("by"), source=t.maybe("source")
    )


def diagram(t):
    nodes = tuple(t.of("node") for _ in t.some(8, 2))
    ends = [(t.random.randrange(len(nodes)), t.random.randrange(len(nodes))) for _ in t.some(10)]
    edges = tuple((*pair, t.maybe("edge")) for pair in ends)
    return DiagramSlide(
        kicker=t.maybe("kicker"), title=t.of("title"), nodes=nodes, edges=edges, source=t.maybe("source")
    )


MAKERS = (title, bullets, question, closing, chart, definition, comparison, code, quote, diagram)
STEPS = 10


@pytest.mark.slow
@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_no_layout_has_a_fault_whatever_it_is_given(make):
    found, blocks = [], ()
    for seed in range(20):
        shape, framing, brand, slide = case(make, seed)
        scene = scene_of(SHAPES[shape], framing)
        blocks = measure(slide, STEPS, "en-US", scene, SHAPES[shape], load_brand(brand))
        found += [f"seed {seed}, {shape} {framing.value}: {fault}" for fault in set(faults(blocks))]
        assert blocks

    assert not found, "\n".join(found[:12])


@pytest.mark.slow
@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_no_ink_leaves_the_margins(make):
    for seed in range(3):
        shape, framing, brand, slide = case(make, seed)
        scene, form = scene_of(SHAPES[shape], framing), SHAPES[shape]
        slides = draw_slides(slide, STEPS, "en-US", scene, form, load_brand(brand))
        page = slides.steps[-1]
        bare = slides.paper.window(slides.x, slides.y, page.width, page.height)
        ink = np.abs(page.y.astype(int) - bare.y) > 24

        assert ink.any()
        assert not ink[:8].any(), (seed, shape, framing)
        assert not ink[-4:].any(), (seed, shape, framing)
        assert not ink[:, :24].any(), (seed, shape, framing)
        assert not ink[:, -24:].any(), (seed, shape, framing)


@pytest.mark.slow
@pytest.mark.skipif(not ITEMS.exists(), reason="the quiz items are not on this machine")
def test_a_real_quiz_fits_every_scene():
    with ITEMS.open(encoding="utf-8") as file:
        items = list(csv.DictReader(file))
    for number, item in enumerate(items):
        others = [items[(number + step) % len(items)]["correct_answer"] for step in (7, 13, 29)]
        slide = QuestionSlide(
            kicker=item["topic"],
            question=item["question"],
            options=(others[0], item["correct_answer"], *others[1:]),
            chosen=0,
            right=1,
            why=f"{item['correct_answer']} is right. {others[0]} answers another question of the quiz.",
        )
        shape = list(SHAPES)[number % 3]
        scene = scene_of(SHAPES[shape], FRAMINGS[number // 3 % 3])
        blocks = measure(slide, 3, "en-US", scene, SHAPES[shape], load_brand("house"))

        assert faults(blocks) == ()
        assert not any(block.shortened for block in blocks)


def case(make, seed):
    """Return shape, framing, brand and slide of a random case."""
    texts = Texts(f"{make.__name__} {seed}")
    shape = list(SHAPES)[seed % 3]
    framing = FRAMINGS[seed // 3 % 3]
    return shape, framing, ("house", "dusk")[seed % 2], make(texts)
