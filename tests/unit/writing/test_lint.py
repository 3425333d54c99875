import pytest

from presgen.errors import BadScript
from presgen.writing.languages import languages
from presgen.writing.lint import lint

ENGLISH = languages["en"]


@pytest.mark.parametrize(
    "sentence",
    [
        "A switch learns.",
        "Is it 71%?",
        "You chose “It drops the frame.”",
        "The address is 2001:db8::1.",
        "It runs on .NET.",
        "He waited…",
        "So it goes (as a rule).",
        "你好。" + ".",
    ],
)
def test_a_sentence_a_person_would_say_passes(sentence):
    lint(sentence, ENGLISH)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("", "no words"),
        ("…", "no words"),
        ("A switch  learns.", "spaces"),
        (" A switch learns.", "spaces"),
        ("A switch\nlearns.", "spaces"),
        ("A switch learns", "no end"),
        ("A switch learns ,", "space before punctuation"),
        ("A switch , learns.", "space before punctuation"),
        ("A switch learns..", "doubled punctuation"),
        ("Does it learn?.", "doubled punctuation"),
        ("It said “learn.”.", "doubled punctuation"),
        ("You chose “”.", "empty quotation"),
        ("You chose “A record.", "unbalanced quotation"),
        ("A switch (learns.", "unbalanced bracket"),
        ("Hello {{ name }}.", "markup"),
        ("A **switch** learns.", "markup"),
        ("A <b>switch</b> learns.", "markup"),
        ("Hello None.", "never filled in"),
        ("Your score is nan.", "never filled in"),
        ("The chapter is TBD.", "placeholder"),
        ("Lorem ipsum dolor sit amet.", "placeholder"),
        ("Zero\u200bwidth.", "invisible"),
        ('A "switch" learns.', "straight quotation"),
        (f"{'word ' * 60}end.", "61 words"),
    ],
)
def test_a_seam_is_refused_and_named(sentence, fault):
    with pytest.raises(BadScript, match=fault):
        lint(sentence, ENGLISH)


@pytest.mark.parametrize("name", ["{{7*7}}", "<script>", "None", "a*b", 'the "best"'])
def test_data_is_quoted_and_not_judged(name):
    lint(f"Hello {name}.", ENGLISH, [name])


def test_markup_of_our_own_is_seen_beside_data():
    with pytest.raises(BadScript, match="markup"):
        lint("Hello {{7*7}} and {{ name }}.", ENGLISH, ["{{7*7}}"])


def test_a_private_sentence_keeps_its_data_out_of_the_error():
    with pytest.raises(BadScript) as refused:
        lint("Hello Ada-Canary  again.", ENGLISH, ["Ada-Canary"], private=True)

    assert "Canary" not in str(refused.value)
