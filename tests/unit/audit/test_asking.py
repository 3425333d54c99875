from __future__ import annotations

import re

import pytest

from presgen import pipeline
from presgen.audit import film_of, record_plan, trace, why
from presgen.errors import BadInput
from presgen.model.edition import Edition
from presgen.model.learner import AssessmentRecord, ContentItem
from presgen.model.lesson import LessonPlan, LessonScript, LessonStatus, SectionKind
from tests.factories import make_answer, make_outline
from tests.nights import STAMP, TALL, make_learner_record, make_night, write_records


def lessons(night):
    return night.ledger.lessons()


def edition(night, lesson_id) -> Edition:
    return night.workspace.load("videos", f"{lesson_id}.{STAMP}", Edition)


def words(text):
    return re.findall(r"\w+", text.lower())


def test_every_second_of_every_film_has_a_reason(night):
    for lesson in lessons(night):
        film = edition(night, lesson.lesson_id).video
        script = night.workspace.load("scripts", lesson.lesson_id, LessonScript)
        for second in range(int(film.duration)):
            told = why(night.ledger, film.sha256, second + 0.5)
            assert told.starts <= second + 0.5 < told.ends
            [section] = [each for each in script.sections if each.slug == told.section["slug"]]
            assert told.section["kind"] == section.kind
            assert [source["title"] for source in told.section["sources"]] == [
                source.title for source in section.sources
            ]
            assert told.answers
            assert told.gaps
            assert told.narration["name"]
            assert told.clip["name"] in {place.key for place in film.sections}


def test_a_second_leads_to_answer_gap_plan_verdict_and_delivery(night):
    lesson = lessons(night)[0]
    film = edition(night, lesson.lesson_id).video
    [place] = [each for each in film.sections if each.slug.startswith("remedy-q1")]

    told = why(night.ledger, lesson.lesson_id, place.start + 0.1)

    assert (told.lesson, told.learner, told.film) == (lesson.lesson_id, lesson.pseudonym, film.sha256)
    assert [answer["name"] for answer in told.answers] == ["q1"]
    assert told.answers[0]["chosen"] == "Port 80"
    assert [gap["name"] for gap in told.gaps] == ["ports"]
    assert told.plan["record"] == lesson.record
    assert told.verdicts[-1]["passed"]
    stored = night.workspace.sections.get(place.key)
    assert told.narration["name"] == stored.files["narration.wav"]
    assert told.clip["clip"] == stored.files["clip.mp4"]
    delivered = {asset.sha256 for asset in night.ledger.assets(lesson.lesson_id, "folder")}
    assert {asset["sha256"] for asset in told.assets} == delivered


def test_every_wrong_answer_leads_to_seconds_whose_captions_are_its_remedy(night):
    for lesson in lessons(night):
        film = edition(night, lesson.lesson_id).video
        script = night.workspace.load("scripts", lesson.lesson_id, LessonScript)
        [outcome], _ = trace(night.ledger, "q1", lesson.pseudonym)
        first = outcome.spans[0]

        assert first["kind"] == "remedy"
        said = [cue.text for cue in film.cues if first["starts"] <= cue.start < first["ends"]]
        [section] = [each for each in script.sections if each.slug == first["slug"]]
        assert words(" ".join(said)) == words(section.text)
        told = why(night.ledger, film.sha256, first["starts"])
        assert "q1" in [answer["name"] for answer in told.answers]


def test_an_answer_without_a_second_says_why_not(night):
    [outcome], count = trace(night.ledger, "q9")

    assert count == 1
    assert outcome.spans == ()
    assert "left out" in outcome.reason


def test_an_answer_of_many_learners_is_told_for_each_of_them_alone(night):
    outcomes, count = trace(night.ledger, "q1")

    assert count == 3
    assert {outcome.lesson for outcome in outcomes} == {lesson.lesson_id for lesson in lessons(night)}
    for outcome in outcomes:
        film = edition(night, outcome.lesson).video
        assert {span["film"] for span in outcome.spans} == {film.sha256}


def test_a_night_that_makes_nothing_new_tells_the_trail_nothing_new(night, folder):
    before = night.ledger.trail.verify()
    assert before.intact

    report = pipeline.produce(night, f"jsonl:{folder / 'records.jsonl'}")

    assert report.passed
    assert night.ledger.trail.verify() == before


def test_no_name_and_no_address_is_in_the_trail(night):
    trail = night.ledger.trail
    for lesson in lessons(night):
        learner = night.workspace.load("records", lesson.lesson_id, AssessmentRecord).learner
        told = "".join(node.model_dump_json() for node in trail.facts_of(lesson.pseudonym))
        assert told
        assert not [word for word in (learner.name, learner.email, learner.id) if word in told]


@pytest.mark.parametrize(("video", "moment"), [("f" * 64, 1.0), ("lesson-nowhere", 1.0)])
def test_a_film_that_nobody_made_is_refused(night, video, moment):
    with pytest.raises(BadInput, match="knows no film"):
        why(night.ledger, video, moment)


def test_a_second_after_the_end_is_refused_with_the_length(night):
    film = edition(night, lessons(night)[0].lesson_id).video

    with pytest.raises(BadInput, match="it lasts"):
        why(night.ledger, film.sha256, film.duration)


def test_an_answer_that_nobody_gave_is_refused(night):
    with pytest.raises(BadInput, match="no wrong answer"):
        trace(night.ledger, "q404")


def test_what_is_told_is_of_the_films_that_the_lesson_consists_of(tmp_path):
    def told(run_id, *formats):
        night = make_night(tmp_path, run_id, formats=formats)
        assert pipeline.produce(night, write_records(tmp_path, [make_learner_record()])).passed
        [lesson] = night.ledger.lessons()
        [outcome], _ = trace(night.ledger, "q1")
        assert film_of(night.ledger, lesson.lesson_id).name == lesson.video == outcome.spans[0]["film"]
        return [span["format"] for span in outcome.spans if span["kind"] == "remedy"]

    assert told("run-1", STAMP) == [STAMP]
    assert told("run-2", STAMP, TALL) == [STAMP, TALL]
    assert told("run-3", TALL, STAMP) == [TALL, STAMP]
    assert told("run-4", STAMP) == [STAMP]


def test_a_lesson_that_becomes_again_what_it_was_is_told_as_it_is(tmp_path):
    films = []
    for number, chosen in enumerate(("Port 80", "Port 22", "Port 80")):
        record = make_learner_record(answers=[make_answer("q1", user_answer=chosen)])
        night = make_night(tmp_path, f"run-{number}")
        assert pipeline.produce(night, write_records(tmp_path, [record])).passed
        [lesson] = night.ledger.lessons()
        films.append(film_of(night.ledger, lesson.lesson_id).name)
        assert films[-1] == lesson.video
        [outcome], count = trace(night.ledger, "q1")
        assert (outcome.answer["chosen"], outcome.reason, count) == (chosen, "", 1)
        assert outcome.spans[0]["film"] == lesson.video

    assert films[0] == films[2] != films[1]


def test_an_answer_that_is_in_the_record_no_longer_has_no_seconds_and_says_why(tmp_path):
    first = make_learner_record(answers=[make_answer("q1"), make_answer("q7", user_answer="Port 22")])
    assert pipeline.produce(make_night(tmp_path), write_records(tmp_path, [first])).passed
    night = make_night(tmp_path, "run-2")
    assert pipeline.produce(night, write_records(tmp_path, [make_learner_record()])).passed

    [outcome], _ = trace(night.ledger, "q7")

    assert outcome.spans == ()
    assert "a record without this answer" in outcome.reason


def test_sources_are_those_of_the_lesson_and_not_of_whoever_had_the_section_first(tmp_path):
    def cited(number, source):
        item = ContentItem(topic="Ports", source=source, page_ref="1", summary="HTTPS waits on port 443.")
        record = make_learner_record(number, outline=[make_outline(content_items=(item,))])
        night = make_night(tmp_path, f"run-{number}")
        assert pipeline.produce(night, write_records(tmp_path, [record])).passed
        [lesson] = night.ledger.lessons(f"run-{number}")
        script = night.workspace.load("scripts", lesson.lesson_id, LessonScript)
        [dive] = [n for n, section in enumerate(script.sections) if section.kind is SectionKind.DEEP_DIVE]
        place = edition(night, lesson.lesson_id).video.sections[dive]
        [first, *_] = why(night.ledger, lesson.lesson_id, place.start + 1).section["sources"]
        return place.key, first["title"]

    (key, old), (same, new) = cited(1, "First Edition"), cited(2, "Second Edition")

    assert (key, old, new) == (same, "First Edition", "Second Edition")


def nothing_to_teach():
    """A record with a wrong answer to a question without text, in a course without content about its gap."""
    return make_learner_record(answers=[make_answer("q1", question_text="TBD")], outline=[])


def test_an_answer_that_nothing_can_be_taught_about_says_so(tmp_path):
    record = nothing_to_teach()
    night = make_night(tmp_path)
    [learner] = pipeline.load_learners(night, write_records(tmp_path, [record]))
    assert pipeline.write_script(night, learner).status is LessonStatus.NOT_NEEDED
    plan = night.workspace.load("plans", learner.lesson_id, LessonPlan)
    record_plan(night.ledger.trail, "run-1", record, plan)

    [outcome], count = trace(night.ledger, "q1")

    assert (count, outcome.spans, outcome.gaps) == (1, (), ("ports",))
    assert "nothing to teach" in outcome.reason
    assert not record_plan(night.ledger.trail, "run-2", record, plan)


def test_a_lesson_that_is_needed_no_longer_is_told_as_such_and_then_as_it_is_again(tmp_path):
    record = make_learner_record()
    assert pipeline.produce(make_night(tmp_path), write_records(tmp_path, [record])).passed
    bare = nothing_to_teach()
    night = make_night(tmp_path, "run-2")
    [learner] = pipeline.load_learners(night, write_records(tmp_path, [bare]))
    assert pipeline.write_script(night, learner).status is LessonStatus.NOT_NEEDED
    plan = night.workspace.load("plans", learner.lesson_id, LessonPlan)
    record_plan(night.ledger.trail, "run-2", bare, plan)

    [outcome], _ = trace(night.ledger, "q1")

    assert outcome.spans == ()
    assert "nothing to teach" in outcome.reason
    night = make_night(tmp_path, "run-3")
    assert pipeline.produce(night, write_records(tmp_path, [record])).passed
    [outcome], _ = trace(night.ledger, "q1")
    assert (outcome.spans[0]["kind"], outcome.reason) == ("remedy", "")
