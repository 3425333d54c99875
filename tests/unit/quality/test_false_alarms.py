"""A hundred good sections, drawn at random: nothing is found on any of them."""

from __future__ import annotations

import random

import pytest

from presgen.model.lesson import Section, Sentence
from presgen.personas import load_persona, persona_names
from presgen.quality import inspect_section
from presgen.rendering import render_section
from presgen.writing.pace import SECTION_SILENCE, spoken_seconds
from tests.corpus import SECTIONS, SMALL

pytestmark = pytest.mark.slow

OPENERS = ("Here is", "Remember", "Let us look at", "You will meet", "Tonight we repeat", "First comes")
THINGS = (
    "the address of a host",
    "a mask with 26 ones",
    "port 443",
    "the answer of a server",
    "the name of a zone",
    "a route to another network",
    "the first octet",
    "HTTPS",
    "what DHCP offers",
    "a lease of eight hours",
)
ENDS = (
    ".",
    ", and that is all there is to it.",
    ", as every host on the network does.",
    ", before anything else.",
    ", which the question asked for.",
    "; the rest follows from it.",
)


def section_of(seed: int) -> Section:
    """Return a section of two to four sentences."""
    dice = random.Random(seed)
    base = dice.choice(SECTIONS)
    texts = [
        f"{dice.choice(OPENERS)} {dice.choice(THINGS)}{dice.choice(ENDS)}" for _ in range(dice.randint(2, 4))
    ]
    sentences = tuple(Sentence(text=text, step=min(step, 1)) for step, text in enumerate(texts))
    persona = dice.choice([name for name in persona_names() if load_persona(name).locale == "en-US"])
    section = base.model_copy(update={"sentences": sentences, "persona": persona})
    planned = spoken_seconds(section.text, load_persona(persona)) + SECTION_SILENCE
    return section.model_copy(update={"planned": planned})


@pytest.mark.parametrize(("renderer", "seeds"), [("card", range(92)), ("studio", range(92, 100))])
def test_nothing_is_found_on_good_sections(tmp_path, renderer, seeds):
    alarms = {}
    for seed in seeds:
        section = section_of(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        clip = render_section(section, load_persona(section.persona), SMALL, renderer, folder, None)
        measured, report = inspect_section(section, clip, folder, "a" * 64, SMALL)
        if report.findings:
            alarms[seed] = report.findings
        if renderer == "studio":
            assert measured.lip_offset is None or abs(measured.lip_offset) < 0.07

    assert alarms == {}
