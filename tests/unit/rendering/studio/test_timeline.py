"""Slides change with the words, captions follow each other, and sections meet on bare paper."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from presgen.media.captions import lay_out_cues
from presgen.model.base import Seconds
from presgen.model.lesson import Framing, SectionKind, Sentence
from presgen.model.media import Cue, Narration, WordTiming
from presgen.rendering.studio.scene import HOME
from presgen.rendering.studio.timeline import AHEAD, FADE, GREETING, MOVE, Token, lay_out
from tests.factories import make_section

FPS = 30


def make_narration(*sentences, start=0.5, word=0.4, pause=0.5):
    """Return the narration of ``sentences``, one word every 0.4 s."""
    words, starts, moment = [], [], start
    for sentence in sentences:
        starts.append(Seconds(round(moment, 3)))
        for text in sentence.split():
            words.append(WordTiming(text=text, start=round(moment, 3), end=round(moment + word, 3)))
            moment += word
        moment += pause
    return Narration(
        path=Path("narration.wav"),
        duration=Seconds(moment + 0.5),
        words=tuple(words),
        phonemes=(),
        sentences=tuple(starts),
    )


def laid_out(
    *sentences, kind=SectionKind.DEEP_DIVE, steps=None, cues=None, frames=None, framing=None, **timing
):
    steps = range(len(sentences)) if steps is None else steps
    narration = make_narration(*sentences, **timing)
    section = make_section(
        kind,
        sentences=tuple(Sentence(text=text, step=step) for text, step in zip(sentences, steps, strict=True)),
        framing=framing,
    )
    frames = frames or round(narration.duration * FPS / 16 + 1) * 16
    cues = lay_out_cues(narration.words, until=frames / FPS) if cues is None else cues
    return lay_out(section, narration, cues, frames, FPS), narration


def test_the_slide_changes_just_before_the_sentence_about_it():
    timeline, narration = laid_out("First we look.", "Then a point.", "And one more.")

    changes = {change.step: change.frame for change in timeline.changes}
    for step in (1, 2):
        assert changes[step] / FPS == pytest.approx(narration.sentences[step] - AHEAD, abs=0.5 / FPS)


def test_a_sentence_on_the_same_step_changes_nothing():
    timeline, _ = laid_out("One.", "Two.", "Three.", steps=(0, 0, 1))

    assert [change.step for change in timeline.changes] == [0, 1, None]


def test_sections_meet_on_bare_paper():
    timeline, _ = laid_out("One sentence here.")

    assert timeline.changes[0].frame == 1
    assert timeline.changes[-1].step is None
    assert timeline.changes[-1].frame + FADE == timeline.frames


def test_a_lesson_begins_with_its_title_and_ends_on_its_last_slide():
    opening, _ = laid_out("Hello.", kind=SectionKind.OPENING)
    closing, _ = laid_out("Bye.", kind=SectionKind.CLOSING)

    assert opening.changes[0].frame + FADE <= 0
    assert all(change.step is not None for change in closing.changes)


def test_no_change_starts_before_the_last_one_is_over():
    timeline, _ = laid_out("A.", "B.", "C.", "D.", word=0.05, pause=0.05)

    assert all(after.frame - before.frame >= FADE for before, after in pairwise(timeline.changes))
    assert timeline.changes[-1].frame + FADE <= timeline.frames


@pytest.mark.parametrize("frames", [16, 32])
def test_even_the_shortest_section_ends_on_bare_paper(frames):
    timeline, _ = laid_out("Ha.", "Hu.", word=0.1, pause=0.0, start=0.1, frames=frames)

    assert timeline.changes[-1].step is None
    assert timeline.changes[-1].frame + FADE <= frames


def test_the_word_being_said_is_known_in_every_frame():
    timeline, narration = laid_out("The mask draws a line.")

    for number, word in enumerate(narration.words):
        middle = round((word.start + word.end) / 2 * FPS)
        assert timeline.spoken[middle] == number


def test_nothing_is_marked_before_the_first_word_or_long_after_the_last():
    timeline, narration = laid_out("The mask draws a line.")

    assert timeline.spoken[0] is None
    assert timeline.spoken[round((narration.words[-1].end + 0.4) * FPS)] is None


def test_captions_hold_all_words_in_order():
    timeline, narration = laid_out(
        "A mask tells a host which part is the network,", "and the rest is the host."
    )

    tokens = [token for caption in timeline.captions for line in caption.lines for token in line]
    assert [token.text for token in tokens] == [word.text for word in narration.words]
    assert [token.word for token in tokens] == list(range(len(narration.words)))


def test_a_word_that_fills_more_than_a_line_stays_one_word():
    long = "x" * 100
    timeline, _ = laid_out(f"See {long} there.")

    tokens = [token for caption in timeline.captions for line in caption.lines for token in line]
    assert {token.word for token in tokens if "x" in token.text} == {1}
    assert tokens[-1].word == 2


def test_what_no_font_can_draw_is_left_out_and_the_words_after_it_keep_their_numbers():
    timeline, _ = laid_out("Well \uf123 done.")

    [line] = timeline.captions[0].lines
    assert line == (Token("Well", 0), Token("done.", 2))


def test_a_caption_of_which_nothing_can_be_drawn_is_not_drawn():
    timeline, _ = laid_out("\uf123")

    assert timeline.captions == ()


def test_captions_close_together_follow_without_a_blink():
    cues = (
        Cue(start=0.5, end=2.0, lines=("The mask draws",)),
        Cue(start=2.1, end=3.0, lines=("a line here",)),
        Cue(start=5.0, end=6.0, lines=("and ends.",)),
    )
    timeline, _ = laid_out("The mask draws a line here and ends.", cues=cues)
    first, second, third = timeline.captions

    assert first.end == second.start
    assert second.end == 90
    assert third.start == 150


def test_captions_never_overlap_and_leave_the_last_frame_free():
    timeline, _ = laid_out(*["Some words that are said one after the other."] * 4, pause=0.0)

    assert all(before.end <= after.start for before, after in pairwise(timeline.captions))
    assert all(caption.start < caption.end < timeline.frames for caption in timeline.captions)


def test_the_progress_line_is_empty_where_sections_meet_and_full_before():
    timeline, _ = laid_out("One sentence here.", "And another one.")

    starts, ends = zip(*(timeline.progress(frame) for frame in range(timeline.frames)), strict=True)
    assert starts[0] == ends[0] == 0
    assert starts[-1] == ends[-1] == 1
    assert max(end - start for start, end in zip(starts, ends, strict=True)) > 0.95
    assert list(starts) == sorted(starts)
    assert list(ends) == sorted(ends)


LINES = ("Let us look at what the mask does.", "Left of it is the network.", "And the rest is the host.")
ELSEWHERE = [framing for framing in Framing if framing is not HOME]


def test_a_section_whose_presenter_stays_beside_the_slide_is_one_shot():
    timeline, _ = laid_out(*LINES)

    assert [shot.framing for shot in timeline.shots] == [HOME]


@pytest.mark.parametrize("framing", ELSEWHERE)
def test_other_framings_are_entered_before_the_first_word_and_left_after_the_last(framing):
    timeline, narration = laid_out(*LINES, framing=framing)
    home, taught, back = timeline.shots

    assert (home.framing, taught.framing, back.framing) == (HOME, framing, HOME)
    assert timeline.teaching is taught
    assert taught.settled / FPS <= narration.words[0].start
    assert narration.words[-1].end <= back.start / FPS
    assert back.settled == timeline.frames - 1
    assert taught.settled - taught.start == back.settled - back.start == MOVE


@pytest.mark.parametrize("framing", ELSEWHERE)
def test_the_slide_comes_after_the_move_and_goes_with_the_next(framing):
    timeline, _ = laid_out(*LINES, framing=framing)

    assert timeline.changes[0].frame == timeline.teaching.settled
    assert all(change.step is not None for change in timeline.changes)
    assert timeline.changes[-1].frame + FADE <= timeline.shots[-1].start


@pytest.mark.parametrize("framing", Framing)
def test_a_lesson_stays_where_it_closes(framing):
    timeline, _ = laid_out(*LINES, kind=SectionKind.CLOSING, framing=framing)

    assert timeline.shots[-1].framing is framing
    assert timeline.teaching is timeline.shots[-1]


def test_a_lesson_opens_with_the_presenter_and_turns_to_the_slide_when_it_is_needed():
    timeline, narration = laid_out(
        "Good evening, and a warm welcome.", *LINES, kind=SectionKind.OPENING, steps=(0, 1, 2, 2)
    )
    alone, beside = timeline.shots

    assert (alone.framing, beside.framing) == (Framing.FULL, HOME)
    assert beside.settled / FPS == pytest.approx(narration.sentences[1] - AHEAD, abs=0.5 / FPS)


@pytest.mark.parametrize(
    ("greeting", "steps"),
    [
        pytest.param(("Hi.", "And welcome to all of this.", "Look here."), (0, 1, 2), id="short"),
        pytest.param(("Many words " * 20,), (0,), id="one long sentence"),
        pytest.param(("Some words here. " * 2,) * 6, (0,) * 6, id="no step"),
    ],
)
def test_a_greeting_has_the_picture_neither_for_a_blink_nor_for_long(greeting, steps):
    timeline, _ = laid_out(*greeting, kind=SectionKind.OPENING, steps=steps)
    least, most = GREETING

    assert least <= timeline.shots[1].settled / FPS <= most


@pytest.mark.parametrize("framing", Framing)
@pytest.mark.parametrize("kind", SectionKind)
@pytest.mark.parametrize("frames", [16, 32, 48, 64])
def test_shots_of_the_shortest_sections_follow_each_other(kind, framing, frames):
    timeline, _ = laid_out("Ha.", kind=kind, framing=framing, frames=frames, start=0.1, word=0.2)

    for before, after in pairwise(timeline.shots):
        assert before.settled < after.start <= after.settled < frames
    if kind is not SectionKind.CLOSING:
        assert timeline.shots[-1].framing is HOME
    assert timeline.shots[0].settled == 0


def test_no_caption_is_shown_while_the_picture_is_divided_anew():
    timeline, narration = laid_out("Good evening and " * 9, *LINES, kind=SectionKind.OPENING, pause=0.0)
    move = timeline.shots[1]
    seen = {frame for caption in timeline.captions for frame in range(caption.start, caption.end)}

    assert not seen & set(range(move.start, move.settled))
    assert {move.start - 1, move.settled} <= seen
    tokens = {token for caption in timeline.captions for line in caption.lines for token in line}
    assert {token.word for token in tokens} == set(range(len(narration.words)))


def test_captions_are_left_out_where_they_are_not_burned():
    narration = make_narration("One sentence.", "And another.")
    cues = lay_out_cues(narration.words, until=4.0)

    assert lay_out(make_section(), narration, cues, 128, FPS, burned=False).captions == ()
