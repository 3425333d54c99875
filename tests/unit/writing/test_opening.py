import pytest

from presgen.errors import BadScript
from presgen.model.learner import Certification
from presgen.personas import load_persona
from presgen.writing import plan_lesson
from presgen.writing.opening import opening
from tests.factories import make_answer, make_gap, make_learner, make_record

DOMAINS = {"TCP, UDP and ports": 40.0, "IP addressing": 90.0, "DNS and DHCP": 70.0}


def make_plan(record, persona="mentor", **options):
    return plan_lesson(
        record,
        pseudonym="learner-1",
        persona=load_persona(persona),
        **{"lesson_id": "lesson-1", "top_gaps": 3, "budget": 300.0} | options,
    )


def make_opening(record, persona="mentor", **options):
    return opening(make_plan(record, persona, **options), record, load_persona(persona), "Well-known ports")


def test_the_learner_is_greeted_by_name_and_told_the_score():
    section = make_opening(make_record(overall_score=71.4))

    assert "Ada" in section.sentences[0].text
    assert "71% in Networking Essentials" in section.text


def test_the_slide_shows_score_count_and_gaps():
    slide = make_opening(make_record(overall_score=71.4)).slide

    assert slide.subtitle == "Prepared for Ada"
    assert slide.cards == (("71%", "overall score"), ("1/2", "answers right"), ("1", "gap to close"))


def test_the_chart_has_the_best_domain_first():
    slide = make_opening(make_record(performance_by_domain=DOMAINS)).slide

    assert slide.domains == (("IP addressing", 90.0), ("DNS and DHCP", 70.0), ("TCP, UDP and ports", 40.0))


def test_the_chart_holds_six_bars_and_the_gap_is_among_them():
    many = {f"Domain {n:02}": 95.0 - n for n in range(12)} | {"TCP, UDP and ports": 88.5}
    domains = dict(make_opening(make_record(performance_by_domain=many)).slide.domains)

    assert len(domains) == 6
    assert {"TCP, UDP and ports", "Domain 00", "Domain 11"} <= set(domains)


@pytest.mark.parametrize("persona", ["mentor", "coach", "expert"])
def test_the_weakest_domain_is_spoken_of_while_the_chart_is_shown(persona):
    section = make_opening(make_record(performance_by_domain=DOMAINS), persona)

    [spoken] = [sentence for sentence in section.sentences if "40%" in sentence.text]
    assert spoken.step == 2


def test_domains_that_are_all_alike_are_not_compared():
    section = make_opening(
        make_record(performance_by_domain={"A domain": 50.0, "Another": 50.0}, overall_score=50)
    )

    assert "Another" not in section.text


@pytest.mark.parametrize("persona", ["mentor", "coach", "expert"])
def test_praise_depends_on_the_score(persona):
    said = {score: make_opening(make_record(overall_score=score), persona).text for score in (20, 60, 90)}

    assert len({text.replace(f"{score}%", "") for score, text in said.items()}) == 3


@pytest.mark.parametrize("persona", ["mentor", "coach", "expert"])
@pytest.mark.parametrize("lesson", range(12))
def test_an_opening_takes_less_than_twenty_seconds(persona, lesson):
    record = make_record(performance_by_domain=DOMAINS)

    assert 8 <= make_opening(record, persona, lesson_id=f"lesson-{lesson}").planned <= 19


def test_an_opening_is_shorter_in_a_short_lesson():
    record = make_record(performance_by_domain=DOMAINS)

    assert make_opening(record, budget=60).planned < make_opening(record).planned


def test_an_opening_that_cannot_be_short_enough_is_refused():
    record = make_record(learner=make_learner(name="A-Very-Long-And-Winding-Given-Name"))
    plan = make_plan(record).model_copy(update={"budget": 10.0, "certification": "Certified " * 6})

    with pytest.raises(BadScript, match=r"opening takes \d+ s at its shortest; up to 7 s"):
        opening(plan, record, load_persona("mentor"), "Ports")


def test_a_course_without_a_name_is_not_called_by_a_placeholder():
    section = make_opening(make_record(certification=Certification(id="c", name="TBD")))

    assert "your course" in section.text


@pytest.mark.parametrize("name", ["{{7*7}}", "<b>Ada</b>", "%{pts}", "Ada-->Bo", "'; DROP", "{% raw %}"])
def test_a_name_is_data(name):
    section = make_opening(make_record(learner=make_learner(name=name)))

    assert "49" not in section.text
    assert name.split()[0].strip(";") in section.text


@pytest.mark.parametrize("name", ["🙂", "...", "TBD", "None"])
def test_a_name_nobody_can_say_is_left_out(name):
    section = make_opening(make_record(learner=make_learner(name=name)))

    assert section.slide.subtitle == "Prepared for you"


def test_one_gap_is_one_gap():
    answers = [make_answer("q1"), make_answer("q2", domain="DNS")]
    one = make_opening(make_record())
    two = make_opening(
        make_record(
            answers=answers,
            gaps=[make_gap(), make_gap("dns", skill_name="DNS", question_ids=("q2",), exam_domain="DNS")],
        )
    )

    assert "gaps" not in one.text
    assert "two gaps" in two.text
    assert two.slide.cards[-1] == ("2", "gaps to close")


@pytest.mark.parametrize("persona", ["mentor", "coach", "expert", "examiner", "mentora", "entrenador"])
def test_a_short_opening_still_greets_and_tells_the_score(persona):
    record = make_record(overall_score=71.4, performance_by_domain=DOMAINS)
    long, short = (make_opening(record, persona, opening=seconds) for seconds in (19.0, 12.0))

    assert short.planned <= 12.0 < long.planned
    assert "Ada" in short.text
    assert "71" in short.text


def test_where_the_shortest_opening_takes_longer_than_wished_it_is_that_and_the_lesson_is_made():
    record = make_record(performance_by_domain=DOMAINS)

    shortest = make_opening(record, opening=5.0)

    assert 5.0 < shortest.planned < make_opening(record).planned
    assert "Ada" in shortest.text


def test_what_a_short_opening_spares_is_there_for_teaching():
    record = make_record(performance_by_domain=DOMAINS)

    assert make_plan(record, opening=8.0).opening == 8.0
    # A short lesson's is shorter than that anyway.
    assert make_plan(record, opening=19.0, budget=60.0).opening < 19.0
