from __future__ import annotations

import multiprocessing
from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from presgen.errors import BadInput, TrailDamaged
from presgen.ledger import open_ledger, opening
from presgen.ledger.trail import GENESIS, Fact

ANSWER = Fact("answer", "q1", {"chosen": "Port 80"}, lesson="lesson-1")
GAP = Fact("gap", "ports", {"weight": 5.0}, lesson="lesson-1")
SECTION = Fact("section", "remedy-q1-c", {"text": "t" * 64}, personal=False)
PART = Fact("part", "1", lesson="lesson-1")
SPAN = Fact("span", "film", lesson="lesson-1", starts=10.0, ends=20.0)


def record_lesson(trail, pseudonym="learner-1", run_id="run-1"):
    """Record one lesson in three steps, and return what each of them said about being new."""
    return [
        trail.record(run_id, "assessed", [ANSWER, GAP], [(GAP, ANSWER)], pseudonym=pseudonym),
        trail.record(
            run_id,
            "scripted",
            [SECTION, PART],
            [(PART, GAP), (PART, ANSWER), (PART, SECTION)],
            pseudonym=pseudonym,
        ),
        trail.record(run_id, "joined", [SPAN], [(SPAN, PART)], pseudonym=pseudonym),
    ]


@pytest.fixture
def trail(ledger):
    """A trail with one lesson in three events."""
    assert record_lesson(ledger.trail) == [True, True, True]
    return ledger.trail


@pytest.fixture
def tamper(ledger_url, trail) -> Callable[..., None]:
    """Change the database as somebody could who may do anything with it."""
    engine = create_engine(ledger_url)

    def change(*statements: str) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            else:
                names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                for name in names.scalars().all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            for statement in statements:
                assert connection.execute(text(statement)).rowcount

    yield change
    engine.dispose()


def kinds(nodes):
    return [node.kind for node in nodes]


def test_what_a_span_came_of_is_found_and_back(trail):
    span = trail.at("span", "film", 12.5)
    [answer] = trail.named("answer", ["q1"])

    assert kinds(trail.origins([span.node])) == ["part", "answer", "gap", "section"]
    assert kinds(trail.outcomes([answer.node])) == ["gap", "part", "span"]
    assert kinds(trail.outcomes([answer.node], stop=["part"])) == ["gap", "part"]
    assert answer.body == {"chosen": "Port 80"}


@pytest.mark.parametrize("moment", [9.99, 20.0, -1])
def test_a_moment_outside_every_span_has_none(trail, moment):
    assert trail.at("span", "film", moment) is None


def test_a_step_that_is_repeated_adds_nothing(trail):
    before = trail.verify()

    assert record_lesson(trail, run_id="run-2") == [False, False, False]
    assert trail.verify() == before


def test_a_step_that_came_out_differently_is_added_and_the_first_stays(trail):
    other = Fact("answer", "q1", {"chosen": "Port 22"}, lesson="lesson-1")

    assert trail.record("run-2", "assessed", [other], pseudonym="learner-1")

    assert [node.body["chosen"] for node in trail.named("answer", ["q1"])] == ["Port 80", "Port 22"]


def test_learners_share_what_is_shared_and_nothing_else(trail):
    record_lesson(trail, "learner-2")

    assert len(trail.named("section", ["remedy-q1-c"])) == 1
    first, second = trail.named("answer", ["q1"])
    assert first.node != second.node
    assert kinds(trail.outcomes([first.node])) == ["gap", "part", "span"]
    assert {first.owner, second.owner} == {"learner-1", "learner-2"}
    assert trail.named("answer", ["q1"], owner="learner-2") == (second,)


def test_a_whole_trail_is_intact(trail):
    verdict = trail.verify()

    assert verdict.intact
    assert (verdict.events, verdict.nodes, verdict.erased) == (3, 5, 0)
    assert trail.verify(noted=GENESIS).intact


@pytest.mark.parametrize(
    "table", ["trail_events", "trail_nodes", "trail_edges", "trail_facts", "trail_people"]
)
def test_the_database_lets_nobody_change_the_trail_by_the_way(ledger_url, trail, table):
    engine = create_engine(ledger_url)
    column = {"trail_facts": "owner", "trail_people": "salt", "trail_events": "run_id"}.get(table, "event")

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {column}"))

    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM trail_head",
        "INSERT INTO trail_head (id, number, digest, nodes) VALUES (2, 0, 'd', 0)",
        "UPDATE trail_head SET nodes = 3",
        "UPDATE trail_head SET number = number + 1, nodes = nodes - 1",
        "UPDATE trail_head SET number = number + 2",
        "UPDATE trail_head SET number = number + 1, id = 2",
    ],
)
def test_the_database_lets_the_head_do_nothing_but_move_on(ledger_url, trail, change):
    engine = create_engine(ledger_url)

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change))

    engine.dispose()
    assert record_lesson(trail, "learner-2") == [True, True, True]


FORGED = (
    "INSERT INTO trail_events (number, at, run_id, step, person, content, previous, digest) "
    "SELECT {}, at, run_id, 'forged', person, content, {}, 'd' FROM trail_events WHERE number = {}"
)
TAMPERED = {
    "an event changed": (["UPDATE trail_events SET run_id = 'run-9' WHERE number = 2"], 2, "was changed"),
    "an event deleted": (["DELETE FROM trail_events WHERE number = 2"], 2, "is missing"),
    "the first event deleted": (["DELETE FROM trail_events WHERE number = 1"], 1, "is missing"),
    "the last event deleted": (
        ["DELETE FROM trail_events WHERE number = 3"],
        3,
        "removed or added at the end",
    ),
    "an event put in": (
        [
            "UPDATE trail_events SET number = 4 WHERE number = 3",
            FORGED.format(3, "'p'", 2),
        ],
        3,
        "does not follow",
    ),
    "an event put at the end": (
        [
            FORGED.format(4, "digest", 3),
        ],
        4,
        "removed or added at the end",
    ),
    "events in another order": (
        [
            "UPDATE trail_events SET number = 9 WHERE number = 2",
            "UPDATE trail_events SET number = 2 WHERE number = 3",
            "UPDATE trail_events SET number = 3 WHERE number = 9",
        ],
        2,
        "does not follow",
    ),
    "a fact changed": (
        ["UPDATE trail_facts SET body = '{\"chosen\":\"Port 443\"}' WHERE kind = 'answer'"],
        1,
        "another answer q1",
    ),
    "a fact of all changed": (
        ["UPDATE trail_facts SET body = '{}' WHERE kind = 'section'"],
        2,
        "another section",
    ),
    "a fact deleted": (["DELETE FROM trail_facts WHERE kind = 'span'"], 3, "has lost the fact"),
    "a person deleted": (["DELETE FROM trail_people"], 1, "whose person is gone"),
    "a node deleted": (["DELETE FROM trail_nodes WHERE event = 3"], 3, "other nodes or edges"),
    "an edge deleted": (["DELETE FROM trail_edges WHERE event = 3"], 3, "other nodes or edges"),
    "an edge put in": (
        ["INSERT INTO trail_edges (child, parent, event) VALUES (98, 99, 2)"],
        2,
        "other nodes or edges",
    ),
    "an edge led elsewhere": (
        ["UPDATE trail_edges SET parent = 5 WHERE event = 3"],
        3,
        "other nodes or edges",
    ),
    "the last node renumbered with all that is known of it": (
        [
            "UPDATE trail_nodes SET number = 99 WHERE number = 5",
            "UPDATE trail_facts SET number = 99 WHERE number = 5",
            "UPDATE trail_edges SET child = 99 WHERE child = 5",
        ],
        3,
        "5 nodes were numbered",
    ),
    "the head deleted": (["DELETE FROM trail_head"], 3, "has no heads"),
    "a second head": (
        [
            (
                "INSERT INTO trail_head (id, number, digest, nodes) "
                "SELECT 2, number, digest, nodes FROM trail_head"
            )
        ],
        3,
        "has 2 heads",
    ),
    "another head in place of it": (["UPDATE trail_head SET id = 2"], 3, "has 1 heads"),
    "a number far away": (["UPDATE trail_events SET number = 4000000000 WHERE number = 2"], 2, "is missing"),
    "a head that counts fewer nodes": (["UPDATE trail_head SET nodes = 3"], 3, "3 nodes were numbered"),
    "a head that counts more nodes": (["UPDATE trail_head SET nodes = 9"], 3, "9 nodes were numbered"),
    "a head of another event": (
        ["UPDATE trail_head SET number = 2, digest = (SELECT digest FROM trail_events WHERE number = 2)"],
        3,
        "removed or added at the end",
    ),
    "another person": ([f"UPDATE trail_people SET person = '{'a' * 32}'"], 1, "another person"),
    "a person of another's name": (["UPDATE trail_people SET pseudonym = 'learner-9'"], 1, "person is gone"),
    "a person's salt": ([f"UPDATE trail_people SET salt = '{'5a' * 32}'"], 1, "another answer q1"),
    "a salt that is none": (["UPDATE trail_people SET salt = 'nonsense'"], 1, "salt was changed"),
    "a salt that is empty": (["UPDATE trail_people SET salt = ''"], 1, "salt was changed"),
    "nodes that swap their numbers": (
        [
            "UPDATE trail_nodes SET number = 99 WHERE number = 3",
            "UPDATE trail_nodes SET number = 3 WHERE number = 5",
            "UPDATE trail_nodes SET number = 5 WHERE number = 99",
        ],
        2,
        "other nodes or edges",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_tampering_is_found_and_its_place_named(trail, tamper, name):
    statements, event, what = TAMPERED[name]

    tamper(*statements)

    verdict = trail.verify()
    assert not verdict.intact
    assert [each for each in verdict.breaks if each.event == event and what in each.what], verdict.breaks
    assert min(each.event for each in verdict.breaks if each.event) == event


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "column", "value", "what"),
    [
        ("events", "run_id", "x'00ff'", "trail_events has 3 rows whose run_id is no text"),
        ("events", "run_id", "CAST(x'ff41' AS TEXT)", "Event 1 was changed"),
        ("head", "number", "'last'", "trail_head has 1 rows whose number is no integer"),
        ("nodes", "event", "1.5", "trail_nodes has 5 rows whose event is no integer"),
        ("facts", "starts", "'soon'", "trail_facts has 5 rows whose starts is no real"),
        ("facts", "ends", "9e999", "Event 3 has another span film"),
        ("people", "salt", "x'00ff'", "trail_people has 1 rows whose salt is no text"),
    ],
)
def test_values_of_a_foreign_kind_are_found(trail, tamper, table, column, value, what):
    tamper(f"UPDATE trail_{table} SET {column} = {value}")

    assert [each for each in trail.verify().breaks if what in each.what]


@pytest.mark.parametrize("name", [name for name in TAMPERED if "head" in name] + ["an event put at the end"])
def test_nothing_is_added_at_an_end_that_was_tampered_with(trail, tamper, name):
    tamper(*TAMPERED[name][0])
    found = trail.verify()

    with pytest.raises(TrailDamaged, match="presgen audit verify"):
        record_lesson(trail, "learner-2")
    with pytest.raises(TrailDamaged):
        trail.erase("run-2", "learner-1")

    assert trail.verify() == found


def test_nothing_is_added_for_a_person_whose_salt_was_changed(trail, tamper):
    tamper("UPDATE trail_people SET salt = 'nonsense'")

    with pytest.raises(TrailDamaged, match="salt"):
        record_lesson(trail)


def test_two_people_who_were_taken_for_each_other_are_found(trail, tamper):
    record_lesson(trail, "learner-2")

    tamper(
        "UPDATE trail_people SET person = (SELECT person FROM trail_events "
        "WHERE number = CASE pseudonym WHEN 'learner-1' THEN 4 ELSE 1 END)"
    )

    assert {each.event for each in trail.verify().breaks} == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("noted", ["", "e65ab4e99455", "E" * 64, "g" * 64])
def test_only_a_whole_digest_can_be_looked_for(trail, noted):
    with pytest.raises(BadInput, match="64 hexadecimal digits"):
        trail.verify(noted)


def test_a_trail_that_was_rewritten_as_a_whole_does_not_hold_the_head_that_was_noted(
    ledger_url, trail, tamper
):
    noted = trail.head()
    record_lesson(trail, "learner-2")
    assert trail.verify(noted).intact
    for table in ("events", "nodes", "edges", "facts", "people"):
        tamper(f"DELETE FROM trail_{table}")
    tamper(f"UPDATE trail_head SET number = 0, digest = '{GENESIS}', nodes = 0")
    record_lesson(trail)
    assert trail.verify().intact

    assert "was noted" in trail.verify(noted).breaks[0].what


def test_erasing_a_person_leaves_a_chain_that_verifies_and_says_so(trail):
    record_lesson(trail, "learner-2")

    assert trail.erase("run-2", "learner-1") == 4

    assert trail.facts_of("learner-1") == ()
    assert trail.pseudonyms() == ("learner-2",)
    assert [node.owner for node in trail.named("answer", ["q1"])] == ["learner-2"]
    assert len(trail.named("section", ["remedy-q1-c"])) == 1
    verdict = trail.verify()
    assert verdict.intact
    assert verdict.erased == 1
    assert trail.erase("run-2", "learner-1") == 0
    assert trail.verify() == verdict


def test_what_is_left_of_an_erased_person_cannot_be_tried_against_a_guess(ledger_url, trail):
    engine = create_engine(ledger_url)
    with engine.connect() as connection:
        before = set(connection.execute(text("SELECT node FROM trail_nodes")).scalars())
    trail.erase("run-2", "learner-1")

    record_lesson(trail)  # the very same facts of the very same learner

    with engine.connect() as connection:
        after = set(connection.execute(text("SELECT node FROM trail_nodes")).scalars())
    engine.dispose()
    assert len(after - before) == 4
    assert trail.verify().intact


def test_facts_of_an_erased_person_that_come_back_are_found(ledger_url, trail, tamper):
    trail.erase("run-2", "learner-1")

    tamper(
        "INSERT INTO trail_facts (number, owner, lesson, kind, name, body) "
        "SELECT MIN(number), 'learner-1', '', 'answer', 'q1', '{}' FROM trail_nodes WHERE event = 1"
    )

    assert "whose person is gone" in trail.verify().breaks[0].what


def test_what_is_everybodys_cannot_be_lost_with_whom_it_came_with(trail, tamper):
    record_lesson(trail, "learner-2")
    trail.erase("run-2", "learner-1")
    assert trail.verify().intact

    tamper("DELETE FROM trail_facts WHERE kind = 'section' AND owner = ''")

    [broken] = trail.verify().breaks
    assert "erased others" in broken.what


def test_facts_that_no_event_seals_are_found(trail, tamper):
    tamper(
        "INSERT INTO trail_facts (number, owner, lesson, kind, name, body) "
        "VALUES (99, '', '', 'answer', 'q1', '{}')"
    )

    assert "was put in" in trail.verify().breaks[0].what


def test_an_edge_to_nowhere_is_refused_and_nothing_is_kept(trail):
    before = trail.verify()

    with pytest.raises(BadInput, match="no node ffffffffffff"):
        trail.record(
            "run-1", "joined", [Fact("film", "f")], [(Fact("film", "f"), "f" * 64)], pseudonym="learner-1"
        )

    assert trail.verify() == before


def test_an_upgrade_numbers_the_nodes_and_changes_nothing_that_is_told(ledger_url, trail):
    span = trail.at("span", "film", 12.5)
    told = trail.verify(), trail.origins([span.node]), trail.named("answer", ["q1"])
    engine = create_engine(ledger_url)

    opening.migrate(engine, "0010", back=True)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(DISTINCT node) FROM trail_facts")).scalar() == 5
    opening.migrate(engine)

    engine.dispose()
    assert (trail.verify(), trail.origins([span.node]), trail.named("answer", ["q1"])) == told
    assert record_lesson(trail) == [False, False, False]
    assert record_lesson(trail, "learner-2") == [True, True, True]
    assert trail.verify().intact


def write_along(url: str, number: int) -> None:
    """Record lessons of one's own and one that all have, each from an own connection."""
    for lesson in range(8):
        trail = open_ledger(url).trail
        record_lesson(trail, f"learner-{number}-{lesson}", f"run-{number}")
        record_lesson(trail, "learner-of-all", f"run-{number}")


def test_processes_that_append_at_once_make_one_chain(ledger_url):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_along, args=(ledger_url, number)) for number in range(4)]

    for process in processes:
        process.start()
    for process in processes:
        process.join(120)

    assert [process.exitcode for process in processes] == [0] * 4
    trail = open_ledger(ledger_url).trail
    verdict = trail.verify()
    assert verdict.breaks == ()
    assert verdict.events == 3 * (4 * 8 + 1)
    assert verdict.nodes == 4 * (4 * 8 + 1) + 1
    assert len(trail.named("section", ["remedy-q1-c"])) == 1
