import pytest

from presgen.writing.languages import languages
from presgen.writing.wording import counted, enumerated, inside, percent, quoted, spoken_name

ENGLISH = languages["en"]


@pytest.mark.parametrize(
    ("number", "phrase"),
    [(0, "no gaps"), (1, "one gap"), (2, "two gaps"), (12, "twelve gaps"), (13, "13 gaps")],
)
def test_things_are_counted_in_words_and_in_the_right_number(number, phrase):
    assert counted(number, ENGLISH.gaps, ENGLISH) == phrase


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0%"), (0.2, "1%"), (71.4, "71%"), (71.5, "72%"), (99.7, "99%"), (100, "100%")]
)
def test_a_percentage_is_everything_or_nothing_only_when_it_is(value, shown):
    assert percent(value, ENGLISH) == shown


@pytest.mark.parametrize(
    ("items", "phrase"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a and b"),
        (("a and b", "c"), "a and b, and c"),
        (("a", "b", "c"), "a, b, and c"),
    ],
)
def test_a_list_is_one_phrase(items, phrase):
    assert ENGLISH.listed(items) == phrase


def test_a_long_list_is_cut_and_counted():
    assert enumerated(list("abcdef"), ENGLISH) == "a, b, c, and three more"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Maria Santos", "Maria"),
        ("Santos, Maria", "Maria"),
        ("Dr. Maria Santos", "Dr Santos"),
        ("Prof Ada Example", "Professor Example"),
        ("J. R. Example", "J R Example"),
        ("O", "O"),
        ("  Bo   Sample ", "Bo"),
        ("Anne-Marie Example", "Anne-Marie"),
        ("D’Arcy Example", "D’Arcy"),
        ("李小龙", "李小龙"),
        ("{{7*7}}", "{{7*7}}"),
        ("Ada\u202e\u0000 Example", "Ada"),
        ("Ada\nExample", "Ada"),
        ("x" * 300, "x" * 39 + "…"),
        ("🙂🙂", ""),
        ("...", ""),
        ("TBD", ""),
        ("N/A", ""),
    ],
)
def test_a_learner_is_called_by_the_name_a_friend_would_use(name, called):
    assert spoken_name(name, ENGLISH) == called


@pytest.mark.parametrize(
    ("heading", "context", "phrase"),
    [
        ("What the prefix says", "", "what the prefix says"),
        ("Counting hosts", "", "counting hosts"),
        ("Aliases", "one name an alias of another", "aliases"),
        ("Prefixes and subnets", "the prefix says", "prefixes and subnets"),
        ("Ethernet frames", "On Ethernet, frames have MAC addresses.", "Ethernet frames"),
        ("Kubernetes", "", "Kubernetes"),
        ("Known destinations", "", "known destinations"),
        ("Encryption at rest", "", "encryption at rest"),
        ("DNS and DHCP", "dns", "DNS and DHCP"),
        ("IPv6", "", "IPv6"),
        ("The longest prefix wins.", "", "the longest prefix wins"),
    ],
)
def test_a_heading_stands_inside_a_sentence(heading, context, phrase):
    assert inside(heading, ENGLISH, context) == phrase


@pytest.mark.parametrize(
    ("option", "spoken"),
    [
        ("A record", "“A record”"),
        ("It drops the frame.", "“It drops the frame”"),
        ("64", "64"),
        ("192.168.1.0/25", "192.168.1.0/25"),
        ("50 %", "50%"),
        ("All of the above", "all of the above"),
        ("None of these.", "none of these"),
        ('The "default" route', "“The ‘default’ route”"),
        ("(location on a map)", "“location on a map”"),
        ("**Bold** choice", "“Bold choice”"),
        ("None", "“None”"),
    ],
)
def test_an_answer_is_quoted_as_people_quote(option, spoken):
    assert quoted(option, ENGLISH) == spoken
