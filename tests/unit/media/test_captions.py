from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presgen.errors import CorruptMedia
from presgen.media.captions import (
    FASTEST,
    GAP,
    LONGEST,
    LONGEST_LINE,
    MOST_LINES,
    SHORTEST,
    characters,
    lay_out_cues,
    read_webvtt,
    shift,
    subrip,
    webvtt,
)
from presgen.model.base import Seconds
from presgen.model.media import Cue, WordTiming

EXACT = 1e-9

steadily = settings(deadline=None)
"""A busy machine is no failure."""


def spoken(text: str, pace: float = 0.065, pause: float = 0.35) -> list[WordTiming]:
    """Words at a teacher's pace, with pauses after punctuation."""
    words = []
    now = 0.4
    for word in text.split():
        end = now + max(0.12, len(word) * pace)
        words.append(WordTiming(text=word, start=Seconds(round(now, 3)), end=Seconds(round(end, 3))))
        now = end + 0.01 + (pause if word[-1] in ".!?" else 0.12 if word[-1] in ",:" else 0)
    return words


def lines_of(text: str, **pace: float) -> list[tuple[str, ...]]:
    return [cue.lines for cue in lay_out_cues(spoken(text, **pace))]


def assert_follows_the_rules(cues: Sequence[Cue]) -> None:
    for cue in cues:
        assert 1 <= len(cue.lines) <= MOST_LINES
        assert all(0 < len(characters(line)) <= LONGEST_LINE for line in cue.lines)
        assert SHORTEST - EXACT <= cue.end - cue.start <= LONGEST + EXACT
    for earlier, later in pairwise(cues):
        assert later.start - earlier.end >= GAP - EXACT


TEACHING = (
    "Welcome back. Your overall score rose to seventy one percent this week. Let us close your biggest gap: "
    "firewall rules. The first rule that matches wins, and the rest are never read, so put narrow rules "
    "first and broad rules last. A Kubernetes service gives a stable virtual IP address to a set of pods "
    "that may come and go at any time. You chose port 443, e.g. HTTPS, but the question asked about plain "
    "DNS over UDP."
)


def test_captions_end_where_a_speaker_breathes():
    assert lines_of(TEACHING) == [
        ("Welcome back.",),
        ("Your overall score rose", "to seventy one percent this week."),
        ("Let us close your biggest gap:", "firewall rules."),
        ("The first rule that matches wins,",),
        ("and the rest are never read, so put", "narrow rules first and broad rules last."),
        ("A Kubernetes service gives a stable", "virtual IP address to a set of pods"),
        ("that may come and go at any time.",),
        ("You chose port 443, e.g. HTTPS,",),
        ("but the question asked", "about plain DNS over UDP."),
    ]


def test_cues_have_the_times_of_their_words():
    words = spoken(TEACHING)

    left = list(words)
    for cue in lay_out_cues(words):
        said = [left.pop(0) for _ in cue.text.split()]
        assert [word.text for word in said] == cue.text.split()
        assert cue.start == said[0].start
        if cue.end - cue.start > SHORTEST and len(cue.text) / (cue.end - cue.start) < FASTEST - 0.1:
            assert cue.end == pytest.approx(said[-1].end, abs=0.1)
    assert left == []


def test_a_cue_that_is_read_slower_than_spoken_stays_into_the_silence():
    fast = spoken("Firewall rules are read from top to bottom.", pace=0.03)

    [cue] = lay_out_cues(fast)

    assert cue.end > fast[-1].end
    assert len(cue.text) / (cue.end - cue.start) <= FASTEST


def test_no_cue_stays_longer_than_the_sound():
    words = spoken("Firewall rules are read from top to bottom. No.", pace=0.03)
    end = Seconds(words[-1].end + 0.1)

    cues = lay_out_cues(words, until=end)

    assert cues[-1].end <= end
    assert_follows_the_rules(cues)


def test_two_words_spoken_as_one_breath_are_one_cue():
    assert lines_of("Yes. No.", pause=0.05) == [("Yes. No.",)]


def test_two_short_sentences_with_a_pause_between_them_are_two_cues():
    assert lines_of("Right. Wrong.", pause=1.5) == [("Right.",), ("Wrong.",)]


@pytest.mark.parametrize("article", ["the", "a", "your"])
def test_an_article_stays_with_its_noun(article):
    text = f"Whenever a packet reaches a router it reads {article} destination address of every packet again."

    for lines in lines_of(text):
        for line in lines:
            assert not line.endswith(f" {article}")


def test_a_number_stays_with_what_it_counts():
    for lines in lines_of("A plain secure shell session always goes to port 22 of whichever host you name."):
        assert not any(line.endswith("port") for line in lines)


def test_two_lines_are_of_similar_length():
    [(upper, lower)] = lines_of("Every single network interface carries one hardware address.")

    assert abs(len(upper) - len(lower)) <= 12


def test_a_word_of_forty_characters_is_left_whole():
    word = "Donaudampfschifffahrtsgesellschaftskapit"
    assert len(word) == 40

    lines = [line for cue in lines_of(f"Nobody says {word} twice.") for line in cue]

    assert any(word in line for line in lines)


def test_a_word_longer_than_a_line_is_cut_into_even_pieces():
    cues = lay_out_cues([WordTiming(text="x" * 100, start=Seconds(1), end=Seconds(9))])

    assert_follows_the_rules(cues)
    assert "".join(line for cue in cues for line in cue.lines) == "x" * 100
    assert {len(line) for cue in cues for line in cue.lines} <= {33, 34}


def test_text_without_spaces_is_cut_after_its_own_punctuation():
    text = (
        "これは長い日本語の文章です。スペースがありませんが、"
        "字幕は二行に収まる必要があります。さらに続く文章もあります。"
    )

    cues = lay_out_cues([WordTiming(text=text, start=Seconds(1), end=Seconds(12))])

    assert_follows_the_rules(cues)
    lines = [line for cue in cues for line in cue.lines]
    assert "".join(lines) == text
    assert all(line[-1] in "。、" for line in lines)


def test_a_reader_sees_fewer_characters_than_there_are_code_points():
    assert characters("e\u0301") == ("e\u0301",)
    assert characters("👩‍👩‍👧🇩🇪👍🏽") == ("👩‍👩‍👧", "🇩🇪", "👍🏽")
    family = "👩‍👩‍👧" * LONGEST_LINE
    [cue] = lay_out_cues([WordTiming(text=family, start=Seconds(0), end=Seconds(3))])
    assert cue.lines == (family,)


@steadily
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Cn", "Co"]), max_size=40))
def test_characters_put_together_are_the_text(text):
    assert "".join(characters(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "e\u0301te\u0301",
        "👩‍👩‍👧 and 👍🏽",
        "🇩🇪🇫🇷🇯🇵",
        "한국어",
        "\u1112\u1161\u11ab\u1100\u116e\u11a8",
        "தமிழ்",
        "1️⃣ ❤️",
    ],
)
def test_characters_are_those_of_unicode(text):
    # The tables of a library that is installed for something else.
    regex = pytest.importorskip("regex")

    assert list(characters(text)) == regex.findall(r"\X", text)


WORDS = st.lists(
    st.tuples(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
            st.sampled_from(
                ["the", "and", "Stop.", "443", "e.g.", "x" * 40, "漢字" * 30, "a\n\nb", "-->", ""]
            ),
        ),
        st.floats(0, 2),
        st.floats(0, 1.5),
    ),
    max_size=40,
).map(
    lambda parts: [
        WordTiming(text=text, start=Seconds(start), end=Seconds(start + length))
        for (text, length, _), start in zip(parts, _starts(parts), strict=True)
    ]
)


def _starts(parts: Sequence[tuple[str, float, float]]) -> list[float]:
    now, starts = 0.0, []
    for _, length, pause in parts:
        starts.append(now)
        now += length + pause
    return starts


@steadily
@given(WORDS)
def test_whatever_is_spoken_its_cues_follow_the_rules(words):
    assert_follows_the_rules(lay_out_cues(words))


@steadily
@given(WORDS)
def test_whatever_is_spoken_nothing_is_lost_or_added(words):
    said = "".join(characters("".join(word.text for word in words)))
    shown = "".join(line for cue in lay_out_cues(words) for line in cue.lines)

    def letters(text: str) -> str:
        return "".join(point for point in text if point.isalnum() or point in "->.")

    assert letters(shown) == letters(said)


@steadily
@given(WORDS)
def test_no_cue_is_faster_to_read_than_the_silence_after_it_makes_necessary(words):
    cues = lay_out_cues(words)

    for cue, follows in pairwise([*cues, None]):
        length = cue.end - cue.start
        slow_enough = len(characters("".join(cue.lines))) / length <= FASTEST + 0.5
        silence_used = follows is not None and follows.start - cue.end <= GAP + 0.0011
        assert slow_enough or silence_used or length >= LONGEST - EXACT


@steadily
@given(WORDS)
def test_no_cue_starts_before_its_words_and_none_late_without_need(words):
    cues = lay_out_cues(words)
    heard = {round(word.start, 3) for word in words}

    for earlier, cue in pairwise([None, *cues]):
        if not any(abs(cue.start - moment) < 0.0011 for moment in heard):
            # A piece of a word that was cut, or pushed back by a cue that needs its shortest time.
            pushed = earlier is not None and cue.start - earlier.end <= GAP + EXACT
            inside = any(word.start <= cue.start <= word.end for word in words if len(word.text) > 40)
            assert pushed or inside


def test_more_words_than_there_is_time_for_share_it():
    words = [WordTiming(text=letter * 40, start=Seconds(0), end=Seconds(0)) for letter in "漢字abc"]

    cues = lay_out_cues(words, until=Seconds(1.0))

    assert len(cues) > 2
    assert (cues[0].start, cues[-1].end) == (0.0, 1.0)
    assert all(earlier.end <= later.start for earlier, later in pairwise(cues))
    assert all(cue.start < cue.end for cue in cues)


@steadily
@given(WORDS, st.floats(1, 60))
def test_no_cue_outlives_the_sound_however_short_it_is(words, end):
    if words and words[-1].end > end:
        words = [word for word in words if word.end <= end]

    cues = lay_out_cues(words, until=Seconds(end))

    for cue in cues:
        assert cue.end <= end + EXACT
    for earlier, later in pairwise(cues):
        assert earlier.end <= later.start


@steadily
@given(WORDS)
def test_cues_survive_a_webvtt_file(tmp_path_factory, words):
    cues = lay_out_cues(words)
    path = tmp_path_factory.getbasetemp() / "cues.vtt"

    path.write_text(webvtt(cues), encoding="utf-8")

    assert read_webvtt(path) == cues


HOSTILE = (
    "a\n\n00:00:01.000 --> 00:00:09.000\nINJECTED",
    "a\r\n\r\n2\r\n00:00:01,000 --> 00:00:09,000\r\nINJECTED",
    "NOTE a\u2028\u2029b\x0b\x0c\x85c",
    "<v Mallory>hello</v> <b>bold</b> <script>alert(1)</script>",
    "{\\an8}top {\\i1}",
    "-->",
    "& &amp; &lt;",
    "\x00\x1b[31m",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_cannot_become_structure_in_webvtt(tmp_path, text):
    cues = (
        Cue(start=Seconds(1), end=Seconds(3), lines=(text, "second line")),
        Cue(start=Seconds(4), end=Seconds(5), lines=("after",)),
    )

    (tmp_path / "a.vtt").write_text(webvtt(cues), encoding="utf-8")
    first, second = read_webvtt(tmp_path / "a.vtt")

    assert webvtt(cues).count("-->") == 2
    assert (first.start, first.end, len(first.lines)) == (1, 3, 2)
    assert (second.start, second.end, second.lines) == (4, 5, ("after",))
    assert first.lines[1] == "second line"
    assert "".join(first.lines[0].split()) == "".join(
        c for c in text if c.isprintable() and c != " "
    ).replace("\u2028", "")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_cannot_become_structure_in_subrip(text):
    cues = (
        Cue(start=Seconds(1), end=Seconds(3), lines=(text, "second line")),
        Cue(start=Seconds(4), end=Seconds(5), lines=("after",)),
    )

    written = subrip(cues)

    blocks = written.strip().split("\n\n")
    assert len(blocks) == 2
    assert written.count("-->") == 2
    number, times, first, second = blocks[0].split("\n")
    assert (number, times, second) == ("1", "00:00:01,000 --> 00:00:03,000", "second line")
    assert "<b>" not in first
    assert "{\\" not in first


def test_subrip_is_what_players_expect():
    cues = (
        Cue(start=Seconds(0.4), end=Seconds(2.25), lines=("One & two",)),
        Cue(start=Seconds(3661.5), end=Seconds(3663), lines=("three", "four")),
    )

    assert subrip(cues) == (
        "1\n00:00:00,400 --> 00:00:02,250\nOne & two\n\n2\n01:01:01,500 --> 01:01:03,000\nthree\nfour\n"
    )


def test_an_empty_file_is_a_webvtt_file(tmp_path):
    (tmp_path / "a.vtt").write_text(webvtt(()))

    assert read_webvtt(tmp_path / "a.vtt") == ()


@pytest.mark.parametrize(("start", "end"), [(2.0, 1.0), (1.0, 1.0), (-1.0, 1.0)])
def test_a_cue_that_is_never_shown_is_refused(start, end):
    cue = Cue(start=Seconds(start), end=Seconds(end), lines=("never",))

    with pytest.raises(ValueError, match="never shown"):
        webvtt((cue,))


def test_shifted_cues_keep_their_lengths():
    cues = lay_out_cues(spoken(TEACHING))

    later = shift(cues, Seconds(8 / 15))

    for cue, moved in zip(cues, later, strict=True):
        assert moved.start - cue.start == pytest.approx(8 / 15, abs=0.0006)
        assert moved.end - moved.start == pytest.approx(cue.end - cue.start, abs=0.0011)
        assert json.loads(moved.model_dump_json())["start"] == moved.start


@pytest.mark.parametrize("content", [b"no captions", b"WEBVTT\n\n00:01.000 --> soon\nx\n", b"\xff\xfe\x00"])
def test_what_is_no_webvtt_is_refused(tmp_path, content):
    (tmp_path / "a.vtt").write_bytes(content)

    with pytest.raises(CorruptMedia, match=r"a\.vtt is no WebVTT file"):
        read_webvtt(tmp_path / "a.vtt")
