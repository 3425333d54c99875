"""What every persona promises: it can say everything a lesson needs, in its own words, without a seam."""

from __future__ import annotations

import itertools
import re

import pytest
from jinja2 import meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from presgen.personas import Persona, load_persona, persona_names
from presgen.rendering.studio.stage.presenters import presenters
from presgen.writing.composing import spoken
from presgen.writing.languages import language_of, languages
from presgen.writing.lint import lint
from presgen.writing.phrasebook import OWN_WORDS, PER_SECTION, SLOTS, Phrasebook
from presgen.writing.plain_text import sentences_of

SKILLS = ("prefixes and subnets", "choosing TCP or UDP", "how a switch learns", "DNS")
ANSWERS = ("64", "192.168.1.0/25", "“A record”", "“It drops the frame”", "all of the above")
SAMPLES = {
    "name": ("Ada", "Dr Santos", "{{7*7}}"),
    "presenter": ("Ava",),
    "score": ("73%", "0%"),
    "course": ("Networking Essentials",),
    "right": ("1", "11"),
    "total": ("15",),
    "strongest": ("TCP, UDP and ports", "IP addressing"),
    "strongest_score": ("100%",),
    "weakest": ("firewalls",),
    "weakest_score": ("33%",),
    "gap": SKILLS,
    "gaps": ("prefixes and subnets, and how a switch learns",),
    "count": ("two gaps", "three gaps"),
    "skill": SKILLS,
    "point": ("counting hosts", "when nobody answers", "the longest prefix wins", "Ethernet"),
    "question": ("Which port does HTTPS use?", "A frame arrives. What does the switch do?"),
    "statement": ("“A switch floods unknown frames.”", "“A switch forwards frames by…”"),
    "choice": ANSWERS,
    "answer": ANSWERS,
    "term": ("“prefix”", "“Ethernet frame”"),
    "example": ("a /24 leaves 8 host bits.", "192.168.1.0/24 holds 254 hosts. It is common."),
    "columns": ("TCP and UDP", "hub, switch, and router"),
    "aspect": ("order", "IP addresses"),
    "cells": ("kept for TCP and unknown for UDP",),
    "title": ("reading ip addr", "DORA"),
    "by": ("RFC 1122", "The Handbook"),
    "quote": ("“A lease is a loan.”", "“Ask. Then wait.”"),
    "start": ("client", "DHCP server"),
    "end": ("server",),
    "label": ("discover", "ACK"),
    "most": ("wireless",),
    "most_score": ("61%",),
    "least": ("token ring",),
    "least_score": ("1%",),
    "questions": ("the question", "the three questions"),
    "source": ("RFC 4632", "NIST SP 800-41 Rev. 1"),
}
"""Each kind of value that a variable takes."""

CONNECTIVES = ("first", "next", "last")


@pytest.fixture(params=persona_names())
def persona(request: pytest.FixtureRequest) -> Persona:
    return load_persona(request.param)


def every_phrase(persona: Persona) -> list[tuple[str, str]]:
    return [(slot, variant) for slot, variants in persona.phrases.items() for variant in variants]


SPANISH = {
    "name": ("Ada", "Doctora Santos", "{{7*7}}"),
    "course": ("Redes para empezar",),
    "strongest": ("TCP, UDP y puertos", "direcciones IP"),
    "weakest": ("cortafuegos",),
    "gap": ("prefijos y subredes", "elegir entre TCP y UDP", "DNS"),
    "gaps": ("prefijos y subredes, y cómo aprende un switch",),
    "count": ("dos temas", "tres temas"),
    "skill": ("prefijos y subredes", "elegir entre TCP y UDP", "DNS"),
    "point": ("contar equipos", "cuando nadie responde", "Ethernet"),
    "question": ("¿Qué puerto usa HTTPS?", "Llega una trama. ¿Qué hace el switch?"),
    "statement": ("«Un switch inunda las tramas desconocidas.»", "«Un switch reenvía tramas por…»"),
    "choice": ("64", "192.168.1.0/25", "«Registro A»", "todas las anteriores"),
    "answer": ("64", "192.168.1.0/25", "«Registro A»", "todas las anteriores"),
    "term": ("«prefijo»", "«trama Ethernet»"),
    "example": ("un /24 deja 8 bits.", "192.168.1.0/24 tiene 254 equipos. Es lo habitual."),
    "columns": ("TCP y UDP", "hub, switch y router"),
    "aspect": ("orden", "direcciones IP"),
    "cells": ("en TCP, garantizado; en UDP, no",),
    "title": ("leer ip addr", "DORA"),
    "by": ("RFC 1122", "El Manual"),
    "quote": ("«Una concesión es un préstamo.»", "«Pide. Luego espera.»"),
    "start": ("cliente", "servidor DHCP"),
    "end": ("servidor",),
    "label": ("solicitud", "ACK"),
    "most": ("radio",),
    "least": ("cable",),
    "questions": ("la pregunta", "las tres preguntas"),
}
"""The same in Spanish, where it differs."""

LANGUAGES = {"en": SAMPLES, "es": SAMPLES | SPANISH}


def filled(persona: Persona, slot: str) -> list[tuple[str, dict[str, str]]]:
    """Return each variant of a slot with each sample of its variables, one varying at a time."""
    said = []
    samples = LANGUAGES[language_of(persona.locale).code]
    book = Phrasebook(persona)
    for number in range(len(persona.phrases[slot])):
        rows = max((len(samples[variable]) for variable in SLOTS[slot]), default=1)
        for row in range(rows):
            values = {variable: samples[variable][row % len(samples[variable])] for variable in SLOTS[slot]}
            said.append((book.say(slot, number, **values), values))
    return said


def test_there_are_three_teachers_at_least():
    assert {"mentor", "coach", "expert"} <= set(persona_names())


def test_every_language_has_a_woman_and_a_man_to_teach_it():
    voices: dict[str, set[str]] = {}
    for each in map(load_persona, persona_names()):
        voices.setdefault(language_of(each.locale).code, set()).add(each.voice.name[1:2])

    assert set(voices) == set(languages.names())
    assert all({"f", "m"} <= genders for genders in voices.values())


def test_a_persona_fills_every_slot_and_no_other(persona):
    assert set(persona.phrases) == set(SLOTS)


def test_slots_used_once_a_section_have_many_variants(persona):
    assert {slot: len(persona.phrases[slot]) for slot in PER_SECTION if len(persona.phrases[slot]) < 6} == {}


def test_a_lesson_of_fifteen_numbered_questions_never_repeats_a_phrase(persona):
    assert all(len(persona.phrases[slot]) >= 15 for slot in ("question", "choice", "answer"))


def test_each_variant_uses_exactly_the_variables_of_its_slot(persona):
    environment = ImmutableSandboxedEnvironment()

    used = {
        (slot, variant): meta.find_undeclared_variables(environment.parse(variant))
        for slot, variant in every_phrase(persona)
    }

    assert {phrase: names for phrase, names in used.items() if names != set(SLOTS[phrase[0]])} == {}


def test_a_phrase_is_text_and_variables_and_nothing_more(persona):
    odd = [
        variant
        for _, variant in every_phrase(persona)
        if re.search(r"[{}]", re.sub(r"{{ \w+ }}", "", variant))
    ]

    assert odd == []


def test_every_phrase_reads_as_a_person_speaks(persona):
    for slot in SLOTS:
        for said, values in filled(persona, slot):
            for sentence in spoken(said, language_of(persona.locale)):
                language = language_of(persona.locale)
                parts = [part for value in values.values() for part in sentences_of(value, language)]
                lint(sentence, language, [*values.values(), *parts])


def test_every_sentence_is_short_enough_to_follow(persona):
    long = [
        sentence
        for slot in SLOTS
        for said, _ in filled(persona, slot)
        for sentence in spoken(said, language_of(persona.locale))
        if len(sentence.split()) > 22
    ]

    assert long == []


def test_no_phrase_starts_in_lower_case(persona):
    starts = [said for slot in SLOTS for said, values in filled(persona, slot) if said[0].islower()]

    assert starts == []


def own_runs(variant: str) -> list[list[str]]:
    """Return the words of a phrase in the runs that no variable and no full stop interrupts."""
    parts = re.split(r"{{ \w+ }}|[.!?]", variant)
    return [words for part in parts if (words := re.findall(r"[\w’]+", part.lower()))]


def test_phrases_that_may_meet_themselves_are_short(persona):
    long = [
        variant
        for slot in PER_SECTION
        for variant in persona.phrases[slot]
        if any(len(run) > OWN_WORDS for run in own_runs(variant))
    ]

    assert long == []


def test_phrases_that_may_meet_themselves_hold_content_in_every_sentence(persona):
    empty = [
        variant
        for slot in PER_SECTION
        for variant in persona.phrases[slot]
        for sentence in sentences_of(variant, language_of(persona.locale))
        if "{{" not in sentence
    ]

    assert empty == []


def test_no_two_phrases_share_a_run_of_words(persona):
    """Slots that exclude each other in a lesson, such as ``recap_one`` and ``recap_many``, may."""
    runs: dict[tuple[str, ...], tuple[str, str]] = {}
    shared = []
    for slot, variant in every_phrase(persona):
        group = slot.partition("_")[0]
        for words in own_runs(variant):
            for start in range(len(words) - OWN_WORDS):
                run = tuple(words[start : start + OWN_WORDS + 1])
                other = runs.setdefault(run, (group, variant))
                if other[1] != variant and (other[0] != group or slot == group):
                    shared.append((other[1], variant))

    assert shared == []


def test_a_pace_is_fit_for_teaching(persona):
    assert 130 <= persona.words_per_minute <= 160


def test_a_persona_has_a_presenter_to_stand_on_the_stage(persona):
    assert persona.presenter in presenters.names()


def test_no_two_personas_put_it_in_the_same_words():
    """Connectives apart: ``First`` and ``Next`` belong to everybody."""
    phrases = {
        name: {
            (slot, variant) for slot, variant in every_phrase(load_persona(name)) if slot not in CONNECTIVES
        }
        for name in persona_names()
    }

    assert {(one, two): phrases[one] & phrases[two] for one, two in itertools.combinations(phrases, 2)} == {
        pair: set() for pair in itertools.combinations(phrases, 2)
    }


@pytest.mark.parametrize("trait", ["title", "tone", "presenter", "words_per_minute", "description"])
def test_no_two_personas_are_alike(trait):
    traits = [getattr(load_persona(name), trait) for name in persona_names()]

    assert len(set(traits)) == len(traits)
