import pytest
from hypothesis import given
from hypothesis import strategies as st

from presgen.writing.languages import languages
from presgen.writing.plain_text import (
    capitalised,
    is_placeholder,
    one_line,
    plain_text,
    sentences_of,
    shorten,
    speakable_sentences,
    with_full_stop,
)

ENGLISH = languages["en"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("A **switch** learns.", "A switch learns."),
        ("A __switch__ and a *router* and an _access point_.", "A switch and a router and an access point."),
        ("Run `ip route` now.", "Run ip route now."),
        ("See [the guide](https://example.org/a_b) first.", "See the guide first."),
        ("![a switch](switch.png) It learns.", "a switch It learns."),
        ("<p>One.</p><p>Two <b>three</b>.</p>", "One. Two three."),
        ("A<br>B", "A B"),
        ("<ul><li>first</li><li>second</li></ul>", "first, second"),
        ("<script>alert(1)</script>Safe.", "Safe."),
        ("Fish &amp; chips", "Fish and chips"),
        ("R&amp;D at AT&T", "R&D at AT&T"),
        ("## Heading\nText follows.", "Heading. Text follows."),
        ("It has two parts:\n- a host\n- a network", "It has two parts: a host, a network"),
        (
            "1. Ask the server for a lease\n2. Wait for its offer",
            "Ask the server for a lease. Wait for its offer",
        ),
        ("```bash\nping 10.0.0.1\n```", "ping 10.0.0.1"),
        ("a --> b", "a to b"),
        ("a → b", "a to b"),
        ("Ports 20..25", "Ports 20 to 25"),
        ("Some switches, e.g. small ones, learn.", "Some switches, for example small ones, learn."),
        ("The first one, i.e., the server.", "The first one, that is the server."),
        ("Routers, switches, etc. They forward.", "Routers, switches, and so on. They forward."),
        ("Routers, switches, etc.", "Routers, switches, and so on."),
        ("TCP vs. UDP", "TCP versus UDP"),
        ("Wait . . . what?!", "Wait… what?"),
        ("Really??", "Really?"),
        ("One , two .", "One, two."),
        ("One,, two;; three..", "One, two; three."),
        ('He said "no" twice.', "He said “no” twice."),
        ('A 6" pipe', "A 6 pipe"),
        ("It's the users' choice.", "It’s the users’ choice."),
        ("Which two? (Choose two.)", "Which two?"),
        ("Who is this? (picture)", "Who is this (picture)?"),
        ("It learns. (It forgets, too.)", "It learns. (It forgets, too.)"),
        ("Which two? [Select all that apply]", "Which two?"),
        ("A ____ forwards frames.", "A blank forwards frames."),
        ("71 % of all", "71% of all"),
        ("Great 🎉 work 👍🏽!", "Great work!"),
        ("snake_case and 2*3*4 stay", "snake_case and 2*3*4 stay"),
        ("set <interface> up", "set <interface> up"),
        ("if (a < b) then", "if (a < b) then"),
        ("the address fe80::1", "the address fe80::1"),
        ("10.0.0.0/16 at 3.5 GHz", "10.0.0.0/16 at 3.5 GHz"),
        (".NET and C++", ".NET and C++"),
        ("left\u202eright\u200b \x07bell", "leftright bell"),
        ("see https://example.org/very/long/path/to/it.html", "see example.org"),
        ("| a | b |\n|---|---|\n| c | d |", "a, b. c, d"),
        ("", ""),
    ],
)
def test_markup_and_signs_become_prose(written, said):
    assert plain_text(written, ENGLISH) == said


@given(st.text(max_size=300))
def test_prose_is_one_tidy_line(text):
    said = plain_text(text, ENGLISH)

    assert said == said.strip()
    assert "\n" not in said
    assert "  " not in said
    assert said.count("“") == said.count("”")


@given(st.text(alphabet="ab .,;:!?…“”\"'()[]*_-–—&<>0", max_size=60))
def test_prose_has_no_seams(text):
    said = plain_text(text, ENGLISH)

    assert not any(seam in f"{said} " for seam in (" , ", " . ", ",, ", ".. ", "?. ", "!. ", ";. "))


@given(st.text(max_size=300))
def test_no_text_is_lost_or_doubled_between_its_sentences(text):
    said = plain_text(text, ENGLISH)

    assert " ".join(sentences_of(said, ENGLISH)) == said


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two. Three.", 3),
        ("Is it? Yes! Good.", 3),
        ("The address 10.0.0.1 is private. So is 192.168.1.1.", 2),
        ("See NIST SP 800-41 Rev. 1 for more. It is short.", 2),
        ("Use fig. 3 here.", 1),
        ("Dr. Moss wrote it.", 1),
        ("J. Moss wrote it.", 1),
        ("You are in zone B. Go on.", 2),
        ("The U.S. Army built it.", 1),
        ("He said “Go. Now.” and left.", 1),
        ("You chose “A record.” That is wrong.", 2),
        ("Version 1.2. Version 1.3.", 2),
        ("It runs on .NET only.", 1),
        ("Wait… it works.", 1),
    ],
)
def test_sentences_end_where_a_reader_pauses(text, count):
    assert len(sentences_of(text, ENGLISH)) == count


def test_a_long_sentence_is_divided_at_its_semicolon():
    text = (
        "The client looks for any server that will answer it on this network; the server that hears it first "
        "makes an offer of an address."
    )

    assert speakable_sentences(text, ENGLISH) == (
        "The client looks for any server that will answer it on this network.",
        "The server that hears it first makes an offer of an address.",
    )


def test_speech_ends_before_a_sentence_nobody_can_follow():
    assert speakable_sentences(f"Short and good. {'Word ' * 60}end. And more.", ENGLISH) == (
        "Short and good.",
    )


def test_placeholder_sentences_are_not_spoken():
    assert speakable_sentences("A switch learns. Details TBD. Lorem ipsum dolor sit amet.", ENGLISH) == (
        "A switch learns.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "Chapter TBD",
        "TODO: write this",
        "Lorem ipsum dolor sit amet.",
        "Content to be added.",
        "To be determined",
        "Summary to be written",
        "Coming soon!",
        "N/A",
        "n/a.",
        "None",
        "",
        "…",
        "[placeholder]",
        "Placeholder text",
        "Summary goes here",
        "FIXME",
    ],
)
def test_placeholders_are_recognised(text):
    assert is_placeholder(text, ENGLISH)


@pytest.mark.parametrize(
    "text",
    [
        "A new exception then has to be added higher up.",
        "An all-in-one todo list",
        "None of the above",
        "The type is None in Python",
        "A placeholder in a template is replaced at run time.",
        "The route has to be confirmed by both sides before it is used.",
    ],
)
def test_real_content_is_no_placeholder(text):
    assert not is_placeholder(text, ENGLISH)


def test_text_is_cut_at_a_word():
    assert shorten("Why the order of firewall rules decides everything", 24) == "Why the order of…"


@given(st.text(max_size=80), st.integers(min_value=2, max_value=60))
def test_cut_text_is_never_longer_than_its_limit(text, limit):
    assert len(shorten(text, limit)) <= max(limit, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("It is", "It is."), ("Is it?", "Is it?"), ("It is,", "It is."), ("“It is.”", "“It is.”")],
)
def test_a_sentence_gets_the_end_it_lacks(text, sentence):
    assert with_full_stop(text) == sentence


@pytest.mark.parametrize(
    ("text", "capital"), [("the end", "The end"), ("iSCSI runs", "iSCSI runs"), ("eth0 is up", "eth0 is up")]
)
def test_a_capital_is_given_to_words_only(text, capital):
    assert capitalised(text) == capital


def test_invisible_characters_go_and_joiners_stay():
    assert one_line("a\u202eb\u2066c\u0000d\u2028e نمی\u200cخواهم") == "abcd e نمی\u200cخواهم"
