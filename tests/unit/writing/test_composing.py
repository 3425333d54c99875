import pytest

from presgen.errors import BadScript
from presgen.model.lesson import BulletSlide, SectionKind
from presgen.personas import load_persona
from presgen.writing.composing import compose, first_that_fits, label, slug_of, spoken
from presgen.writing.languages import languages
from presgen.writing.pace import SECTION_SILENCE, spoken_seconds
from presgen.writing.phrasebook import Beat
from tests.factories import make_section

MENTOR = load_persona("mentor")
ENGLISH = languages["en"]
SLIDE = BulletSlide(kicker="", title="Ports", points=())


def make(*beats, kind=SectionKind.DEEP_DIVE, **fields):
    return compose(kind, "ports", MENTOR, beats, **{"title": "Ports", "slide": SLIDE} | fields)


def test_a_beat_of_two_sentences_is_two_sentences_at_one_step():
    section = make(Beat(2, "A port has a number. It is short."))

    assert [(sentence.text, sentence.step) for sentence in section.sentences] == [
        ("A port has a number.", 2),
        ("It is short.", 2),
    ]


def test_the_planned_time_is_the_spoken_time_and_the_silence_around_it():
    section = make(Beat(0, "A port has a number."))

    assert section.planned == pytest.approx(SECTION_SILENCE + spoken_seconds(section.text, MENTOR), abs=0.01)


def test_a_bad_sentence_is_refused_with_its_section():
    with pytest.raises(BadScript, match=r"Section ports: The sentence 'A port  has a number.' has spaces"):
        make(Beat(0, "A port  has a number."))


def test_a_bad_personal_sentence_is_refused_without_its_data():
    with pytest.raises(BadScript) as refused:
        make(Beat(0, "Hello Canary  again."), kind=SectionKind.OPENING, data=["Canary"])

    assert "Canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ("You chose “A record”.", ["You chose “A record.”"]),
        ("You chose “A record”, and so on.", ["You chose “A record,” and so on."]),
        ("You chose “Does it?”.", ["You chose “Does it?”"]),
        ("You chose 64.", ["You chose 64."]),
        ("It read: “It learns.”", ["It read: “It learns.”"]),
        ("Ready? Why is it so?", ["Ready?", "Why is it so?"]),
    ],
)
def test_phrases_become_sentences_as_captions_show_them(said, sentences):
    assert list(spoken(said, ENGLISH)) == sentences


def test_a_long_question_is_asked_without_the_words_before_it():
    question = (
        "Which of these ports has to be open on the firewall of the office for a web server that "
        "speaks HTTPS with all of its clients?"
    )

    assert list(spoken(f"You were asked: {question}", ENGLISH)) == [question]


@pytest.mark.parametrize(
    ("parts", "slug"),
    [(("remedy", "q07", "b"), "remedy-q07-b"), (("deep-dive", "ip-prefixes"), "deep-dive-ip-prefixes")],
)
def test_a_tidy_id_is_its_own_slug(parts, slug):
    assert slug_of(*parts) == slug


def test_an_untidy_id_keeps_its_letters_and_gets_a_digest():
    assert slug_of("Domain 1/A").startswith("domain-1-a-")
    assert slug_of("Domain 1/A") != slug_of("domain 1/a")


def test_a_label_is_plain_and_short():
    assert label("**Firewall** rules, in the right order.", 20, ENGLISH) == "Firewall rules, in…"


def test_the_first_draft_that_is_a_section_is_taken():
    section = make_section()

    assert first_that_fits([BadScript("too long"), section, BadScript("unused")]) is section


def test_where_no_draft_fits_the_shortest_says_why():
    with pytest.raises(BadScript, match="still too long"):
        first_that_fits([BadScript("too long"), BadScript("still too long")])
