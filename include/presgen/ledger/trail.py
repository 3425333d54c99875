"""The audit trail: what came of what, in a chain of events that nobody changes unnoticed.

An event seals the nodes and edges that one step of a lesson adds. A node is the digest of a fact: an answer,
a gap, a section, a span of seconds. An edge says that one came of another. Every event holds the digest of
the one before it, and the head says which is the last. A step that is repeated adds nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Column, Connection, Engine, Float, String, delete, func, select, text

from presgen.errors import BadInput, TrailDamaged
from presgen.ledger import trail_tables as tables
from presgen.ledger.statements import Prepared, Row, add, among, batches, change, given, one
from presgen.ledger.transactions import is_open, now, reading, writing
from presgen.model.base import Model, canonical, digest_of

GENESIS = digest_of("presgen: the audit trail begins here")
"""What the first event has for the digest of the one before it."""
ERASED = "erased"
"""The step of an event after which a person's facts may be gone."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ONE = [1]
"""Ids of the heads that there are."""
_TOLD = 20
"""Events that are missing one after the other, each told by its number."""
_TABLES = (tables.events, tables.head, tables.nodes, tables.edges, tables.people, tables.facts)

_HEAD = Prepared(select(tables.head))
_TURN = Prepared(select(tables.head).with_for_update())
_last = tables.events.alias("last")
_NUMBER = select(func.max(tables.events.c.number)).scalar_subquery()
_END = Prepared(
    select(
        _NUMBER.label("number"),
        select(_last.c.digest).where(_last.c.number == _NUMBER).scalar_subquery().label("digest"),
        select(func.max(tables.nodes.c.number)).scalar_subquery().label("nodes"),
    )
)
"""Where the chain ends, whatever its head says; None where nothing is."""
_KNOWN = Prepared(
    select(tables.nodes.c.node, tables.nodes.c.number).where(among(tables.nodes.c.node, "nodes"))
)
_LINKED = Prepared(
    select(tables.edges.c.child, tables.edges.c.parent).where(among(tables.edges.c.child, "nodes"))
)
_FACTS = (
    select(
        tables.nodes.c.node,
        tables.nodes.c.event,
        *(tables.facts.c[name] for name in ("kind", "name", "lesson", "owner", "starts", "ends", "body")),
    )
    .select_from(tables.facts)
    .join(tables.nodes, tables.nodes.c.number == tables.facts.c.number)
)
_OF_LESSON = Prepared(_FACTS.where(given(tables.facts.c.lesson), among(tables.facts.c.kind, "kinds")))
_OF_NAMES = _FACTS.where(given(tables.facts.c.kind), among(tables.facts.c.name, "names"))
_NAMED = Prepared(_OF_NAMES)
_NAMED_OF_OWNER = Prepared(_OF_NAMES.where(given(tables.facts.c.owner)))
_OF_OWNER = Prepared(_FACTS.where(given(tables.facts.c.owner)))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was given, made or decided. Two equal facts are one node."""

    kind: str
    name: str
    """What it is found by: a key, an id, a digest."""
    body: Mapping[str, Any] = field(default_factory=dict)
    """Survives JSON."""
    personal: bool = True
    """Whether it says something about the event's person; else it is shared by all."""
    lesson: str = ""
    starts: float | None = None
    """Seconds of the film, for a span of them."""
    ends: float | None = None


class Node(Model):
    """A fact as the trail holds it."""

    node: str
    """Its digest: keyed, where it is personal."""
    event: int
    """Number of the event that sealed it."""
    kind: str
    name: str
    lesson: str
    owner: str
    """Whose it is, by pseudonym; empty: it is shared by all."""
    starts: float | None
    ends: float | None
    body: dict[str, Any]


class Break(Model):
    """A place where the trail is not what was written."""

    event: int
    what: str


class Verdict(Model):
    """What was found when the trail was verified."""

    events: int
    nodes: int
    erased: int
    """People whose facts are gone because somebody erased them, and the trail says so."""
    head: str
    """Digest of the last event: note it elsewhere, and a trail rewritten from any place will not hold it.
    Empty: nothing was counted, for there are values of a kind that was never written."""
    breaks: tuple[Break, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was changed, removed, added or moved."""
        return not self.breaks


Parent = Fact | str
"""A fact that is recorded in the same breath, or the digest of a node that is there."""


class Trail:
    """The chain and what it seals. All methods raise StoreUnavailable where the database is away."""

    def __init__(self, engine: Engine) -> None:
        """Take a database whose tables are up to date: see `presgen.ledger.open_ledger`."""
        self._engine = engine

    def record(
        self,
        run_id: str,
        step: str,
        facts: Iterable[Fact],
        edges: Iterable[tuple[Fact, Parent]] = (),
        *,
        pseudonym: str = "",
    ) -> bool:
        """Append what a step adds to the trail; return whether there was anything new.

        Raises BadInput where an edge leads to a node that is not there, and TrailDamaged where nothing can be
        appended to what is there.

        Args:
            run_id: the run.
            step: what was done.
            facts: what there is now; those that edges name need not be told once more.
            edges: (child, parent) pairs, the child a fact of this step.
            pseudonym: whose lesson it is; empty: nobody's, and no fact is personal.
        """
        facts, edges = tuple(facts), tuple(edges)
        person = sealed = None
        # Within a transaction it is our turn already; otherwise a repetition waits for nobody.
        if not is_open(self._engine):
            with reading(self._engine) as connection:
                person = _person(connection, pseudonym)
                sealed = None if person is None else _sealed(facts, edges, pseudonym, person)
                if sealed is not None and not _new(connection, *sealed):
                    return False
        with writing(self._engine) as connection:
            last = _take_turn(connection)
            # Erased and entered anew in between, a person has another salt.
            if (now_there := _entered(connection, pseudonym)) != person or sealed is None:
                person, sealed = now_there, _sealed(facts, edges, pseudonym, now_there)
            new = _new(connection, *sealed)
            if not new:
                return False
            content = _content(new.facts, new.edges)
            number, first = _append(connection, last, run_id, step, person.handle, content, len(new.facts))
            _keep(connection, number, first, new)
        return True

    def named(self, kind: str, names: Collection[str], owner: str | None = None) -> tuple[Node, ...]:
        """Return the nodes of that kind and those names, the oldest first; only that owner's, if any."""
        found: list[Node] = []
        with reading(self._engine) as connection:
            for some in batches(sorted(names)):
                wanted = {"kind": kind, "names": some}
                if owner is None:
                    found += _nodes(connection, _NAMED, wanted)
                else:
                    found += _nodes(connection, _NAMED_OF_OWNER, {**wanted, "owner": owner})
        return tuple(sorted(found, key=_age))

    def of_lesson(self, lesson: str, *kinds: str) -> tuple[Node, ...]:
        """Return the lesson's nodes of those kinds, the oldest first."""
        with reading(self._engine) as connection:
            return tuple(sorted(_nodes(connection, _OF_LESSON, {"lesson": lesson, "kinds": kinds}), key=_age))

    def at(self, kind: str, name: str, moment: float) -> Node | None:
        """Return the node of that kind and name in which the moment lies; None: there is none."""
        table = tables.facts
        statement = (
            _FACTS.where(table.c.kind == kind, table.c.name == name, table.c.starts <= moment)
            .order_by(table.c.starts.desc(), tables.nodes.c.event.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            row = connection.execute(statement).mappings().one_or_none()
        found = None if row is None else _told({**row})
        return found if found is not None and moment < (found.ends or 0.0) else None

    def origins(self, start: Iterable[str], stop: Collection[str] = ()) -> tuple[Node, ...]:
        """Return what those nodes came of, step by step, the nearest first, not beyond kinds in ``stop``."""
        return self._walk(start, tables.edges.c.child, tables.edges.c.parent, stop)

    def outcomes(self, start: Iterable[str], stop: Collection[str] = ()) -> tuple[Node, ...]:
        """Return what came of those nodes, the nearest first, not beyond kinds in ``stop``."""
        return self._walk(start, tables.edges.c.parent, tables.edges.c.child, stop)

    def _walk(self, start: Iterable[str], here: Any, there: Any, stop: Collection[str]) -> tuple[Node, ...]:
        ways = select(there).where(among(here, "level"))
        facts = _FACTS.add_columns(tables.facts.c.number).where(among(tables.facts.c.number, "numbers"))
        found: list[Node] = []
        with reading(self._engine) as connection:
            level = list(_numbers(connection, list(dict.fromkeys(start))).values())
            seen = set(level)
            while level:
                ahead: dict[int, None] = {}
                for some in batches(level):
                    reached = connection.execute(ways, {"level": some}).scalars()
                    ahead |= dict.fromkeys(number for number in reached if number not in seen)
                seen |= ahead.keys()
                level, here_found = [], []
                for some in batches(list(ahead)):
                    for row in connection.execute(facts, {"numbers": some}).mappings():
                        fields = {**row}
                        number = fields.pop("number")
                        here_found.append(node := _told(fields))
                        if node.kind not in stop:
                            level.append(number)
                found += sorted(here_found, key=_age)
        return tuple(found)

    # Erasure

    def pseudonyms(self) -> tuple[str, ...]:
        """Return the pseudonyms of all people whom the trail knows, sorted."""
        with reading(self._engine) as connection:
            return tuple(
                connection.execute(
                    select(tables.people.c.pseudonym).order_by(tables.people.c.pseudonym)
                ).scalars()
            )

    def facts_of(self, pseudonym: str) -> tuple[Node, ...]:
        """Return every node that is personal to them, the oldest first."""
        with reading(self._engine) as connection:
            return tuple(sorted(_nodes(connection, _OF_OWNER, {"owner": pseudonym}), key=_age))

    def erase(self, run_id: str, pseudonym: str) -> int:
        """Delete what the trail knows of a person; return how many facts that were. The chain stays whole.

        What is left of them are digests keyed with a salt that is deleted, too. A second call finds nothing.

        Raises:
            TrailDamaged: the trail's end is not what was written, so nothing can be appended.
        """
        with writing(self._engine) as connection:
            last = _take_turn(connection)
            person = _person(connection, pseudonym) if pseudonym else None
            if person is None:
                return 0
            # Sealed is which facts go: no other one may be missing then, though the same steps brought it.
            gone = [node.node for node in _nodes(connection, _OF_OWNER, {"owner": pseudonym})]
            _append(connection, last, run_id, ERASED, person.handle, _content(gone, ()))
            connection.execute(delete(tables.facts).where(tables.facts.c.owner == pseudonym))
            connection.execute(delete(tables.people).where(tables.people.c.pseudonym == pseudonym))
        return len(gone)

    # Verification

    def head(self) -> str:
        """Return the digest of the last event.

        Raises:
            TrailDamaged: there is no head, or more than one.
        """
        with reading(self._engine) as connection:
            digest: str = _only(_HEAD.rows(connection))["digest"]
        return digest

    def verify(self, noted: str | None = None) -> Verdict:
        """Go through the whole trail and name every place where it is not what was written.

        ``noted`` is a head that was noted at some time outside this database: it must be in the chain.

        Raises:
            BadInput: what was noted is no digest.
        """
        if noted is not None and not _DIGEST.fullmatch(noted):
            raise BadInput(
                f"A head of the audit trail has 64 hexadecimal digits, and {noted!r} is none: give it as "
                "`presgen audit verify` and `presgen runs` print it, in full."
            )
        with reading(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                # As SQLite does by itself: others may append while this walks along the chain.
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                return _Verification(connection).run(noted)
            with _any_text_read(connection):
                return _Verification(connection).run(noted)


@dataclass(frozen=True, slots=True)
class _Person:
    handle: str
    """Random; tells two people apart, and nothing else."""
    salt: str


_NOBODY = _Person("", "")

_Row = dict[str, Any]
"""A fact as its table has it, but for its node."""


@dataclass(frozen=True, slots=True)
class _New:
    """What a step adds to what is there."""

    facts: Mapping[str, _Row]
    """By their nodes' digests."""
    edges: Sequence[tuple[str, str]]
    known: Mapping[str, int]
    """Numbers of the nodes that are there, and that edges lead to."""

    def __bool__(self) -> bool:
        return bool(self.facts or self.edges)


def _person(connection: Connection, pseudonym: str) -> _Person | None:
    if not pseudonym:
        return _NOBODY
    row = one(connection, tables.people, pseudonym=pseudonym)
    return None if row is None else _Person(row["person"], row["salt"])


def _entered(connection: Connection, pseudonym: str) -> _Person:
    """Return the person, entered now if nobody has done so before it was our turn."""
    if (there := _person(connection, pseudonym)) is not None:
        return there
    person = _Person(secrets.token_hex(16), secrets.token_hex(32))
    row = {"pseudonym": pseudonym, "person": person.handle, "salt": person.salt}
    add(connection, tables.people, [row])
    return person


def _node(fact: Mapping[str, Any], salt: str) -> str:
    """Return the digest that stands for a fact: keyed with the salt, if there is one."""
    told = [fact[name] for name in ("kind", "name", "lesson", "starts", "ends", "body")]
    content = canonical(told).encode()
    if not salt:
        return hashlib.sha256(content).hexdigest()
    return hmac.digest(bytes.fromhex(salt), content, "sha256").hex()


def _is_other(fact: Mapping[str, Any], salt: str) -> bool:
    """Return whether a fact is not what its node was ``sealed`` for."""
    try:
        return _node(fact, salt) != str(fact["sealed"])
    except ValueError:
        # Seconds that are infinite: nothing of ours is.
        return True


def _row(fact: Fact, pseudonym: str) -> _Row:
    return {
        "owner": pseudonym if fact.personal else "",
        "kind": fact.kind,
        "name": fact.name,
        "lesson": fact.lesson,
        "starts": fact.starts,
        "ends": fact.ends,
        "body": canonical(fact.body),
    }


def _sealed(
    facts: Sequence[Fact], edges: Sequence[tuple[Fact, Parent]], pseudonym: str, person: _Person
) -> tuple[dict[str, _Row], list[tuple[str, str]]]:
    """Return facts as rows by their nodes, and edges between nodes.

    Raises:
        TrailDamaged: the person's salt is no salt.
    """
    if person is not _NOBODY and not _DIGEST.fullmatch(person.salt):
        raise TrailDamaged("a learner's salt was changed.")
    sealed: dict[int, tuple[str, _Row]] = {}

    def seal(fact: Fact) -> tuple[str, _Row]:
        if id(fact) not in sealed:
            row = _row(fact, pseudonym)
            sealed[id(fact)] = _node(row, person.salt if row["owner"] else ""), row
        return sealed[id(fact)]

    def node_of(fact: Parent) -> str:
        return fact if isinstance(fact, str) else seal(fact)[0]

    told = (fact for edge in edges for fact in edge if isinstance(fact, Fact))
    wanted = dict(seal(fact) for fact in (*facts, *told))
    return wanted, list(dict.fromkeys((node_of(child), node_of(parent)) for child, parent in edges))


def _new(connection: Connection, wanted: Mapping[str, _Row], links: Sequence[tuple[str, str]]) -> _New:
    """Return which of the nodes and edges are not there.

    Raises:
        BadInput: an edge leads to a node that is not there.
    """
    known = _numbers(connection, list(dict.fromkeys([*wanted, *(parent for _, parent in links)])))
    for _, parent in links:
        if parent not in known and parent not in wanted:
            raise BadInput(f"The audit trail holds no node {parent:.12}: record it before what came of it.")
    linked: set[tuple[int, int]] = set()
    # What is not there came of nothing yet.
    for some in batches(list({known[child] for child, _ in links if child in known})):
        linked |= {(row["child"], row["parent"]) for row in _LINKED.rows(connection, {"nodes": some})}
    return _New(
        {node: row for node, row in wanted.items() if node not in known},
        [(child, parent) for child, parent in links if (known.get(child), known.get(parent)) not in linked],
        known,
    )


def _numbers(connection: Connection, nodes: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those nodes that are there."""
    found: dict[str, int] = {}
    for some in batches(nodes):
        found |= {row["node"]: row["number"] for row in _KNOWN.rows(connection, {"nodes": some})}
    return found


def _take_turn(connection: Connection) -> Row:
    """Wait until nobody else appends, and return the head. SQLite's transactions have waited already.

    Raises:
        TrailDamaged: it is not where the chain ends.
    """
    head = _only(_TURN.rows(connection))
    [end] = _END.rows(connection)
    ends = end["number"] or 0, end["digest"] or GENESIS, end["nodes"] or 0
    if (head["number"], head["digest"], head["nodes"]) != ends:
        raise TrailDamaged("its head is not where the chain ends.")
    return head


def _only(heads: Sequence[Row]) -> Row:
    """Return the head of all that there are.

    Raises:
        TrailDamaged: it is not there, or not alone.
    """
    if [head["id"] for head in heads] != _ONE:
        raise TrailDamaged(f"it has {len(heads) or 'no'} heads.")
    return heads[0]


def _append(
    connection: Connection,
    last: Row,
    run_id: str,
    step: str,
    person: str,
    content: str,
    nodes: int = 0,
) -> tuple[int, int]:
    """Append an event and move the head from where it was seen; return its number, and its first new node's.

    ``content`` is the digest of what it seals, and ``nodes`` how many of that are new.
    """
    while True:
        event = {
            "number": last["number"] + 1,
            "at": now(),
            "run_id": run_id,
            "step": step,
            "person": person,
            "content": content,
            "previous": last["digest"],
        }
        digest = digest_of(event)
        seen = {"number": last["number"], "digest": last["digest"]}
        moved = {"number": event["number"], "digest": digest, "nodes": last["nodes"] + nodes}
        if change(connection, tables.head, seen, moved):
            add(connection, tables.events, [{**event, "digest": digest}])
            return event["number"], last["nodes"] + 1
        last = _only(_HEAD.rows(connection))


def _content(nodes: Iterable[str], edges: Iterable[tuple[str, str]]) -> str:
    return digest_of([sorted(nodes), sorted([child, parent] for child, parent in edges)])


_NOTHING = _content((), ())


def _kinds(column: Column[Any]) -> list[str]:
    """Return what SQLite may say of a value's kind, the column's own first."""
    own = (
        "real" if isinstance(column.type, Float) else "text" if isinstance(column.type, String) else "integer"
    )
    return [own, "null"] if column.nullable else [own]


def _keep(connection: Connection, event: int, first: int, new: _New) -> None:
    """Keep what an event has sealed, the nodes with the numbers from ``first`` on."""
    numbers = {node: number for number, node in enumerate(new.facts, first)}
    nodes = [{"number": number, "node": node, "event": event} for node, number in numbers.items()]
    add(connection, tables.nodes, nodes)
    facts = [{"number": numbers[node], **row} for node, row in new.facts.items()]
    add(connection, tables.facts, facts)
    numbers |= new.known
    edges = [
        {"child": numbers[child], "parent": numbers[parent], "event": event} for child, parent in new.edges
    ]
    add(connection, tables.edges, edges)


def _nodes(connection: Connection, statement: Prepared, wanted: Row) -> list[Node]:
    return [_told(row) for row in statement.rows(connection, wanted)]


def _told(row: Row) -> Node:
    return Node.model_validate({**row, "body": json.loads(row["body"])})


def _age(node: Node) -> tuple[int, str, float, str]:
    return node.event, node.kind, node.starts or 0.0, node.name


@contextmanager
def _any_text_read(connection: Connection) -> Iterator[None]:
    """Let SQLite's driver read texts that are none, too: it keeps whatever it is given."""
    driver: Any = connection.connection.driver_connection
    driver.text_factory = partial(str, encoding="utf-8", errors="replace")
    try:
        yield
    finally:
        driver.text_factory = str


class _Verification:
    """One walk along the chain, in the order of its events."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._breaks: list[Break] = []

    def run(self, noted: str | None) -> Verdict:
        """Compare everything with its digest."""
        if self._connection.dialect.name == "sqlite" and self._find_foreign():
            return Verdict(events=0, nodes=0, erased=0, head="", breaks=tuple(self._breaks))
        erased, count, last, held = self._chain(noted)
        nodes, top = self._contents()
        gone = self._facts(erased)
        digest = self._head(last, nodes, top)
        if noted is not None and not held:
            told = f"No event has the digest {noted:.12} that was noted: the chain is another one."
            self._found(last[0], told)
        breaks = tuple(sorted(self._breaks, key=lambda found: found.event))
        return Verdict(events=count, nodes=nodes, erased=len(gone), head=digest, breaks=breaks)

    def _find_foreign(self) -> bool:
        """Find values of a kind that their column cannot have; return whether there are any, and no rest."""
        for table in _TABLES:
            kinds = {column: _kinds(column) for column in table.columns}
            foreign = (func.total(func.typeof(column).not_in(names)) for column, names in kinds.items())
            counts = self._connection.execute(select(*foreign)).one()
            for (column, [kind, *_]), count in zip(kinds.items(), counts, strict=True):
                if count:
                    self._found(0, f"{table.name} has {count:.0f} rows whose {column.name} is no {kind}.")
        return bool(self._breaks)

    def _head(self, last: tuple[int, str], nodes: int, top: int) -> str:
        """Compare the head with the last event and with the nodes; return its digest."""
        number, digest = last
        heads = _HEAD.rows(self._connection)
        if [head["id"] for head in heads] != _ONE:
            told = "its own was removed or replaced, or others were put in"
            self._found(number, f"The chain has {len(heads) or 'no'} heads: {told}.")
            return digest
        [head] = heads
        if (head["number"], head["digest"]) != last:
            self._found(
                max(number, head["number"]),
                f"The chain ends with event {number}, but its head is event {head['number']}: events were "
                "removed or added at the end, or the last one was replaced.",
            )
        if not head["nodes"] == nodes == top:
            self._found(
                number,
                f"The chain's head says that {head['nodes']} nodes were numbered: there are {nodes}, and the "
                f"last of them is number {top}.",
            )
        return str(head["digest"])

    def _chain(self, noted: str | None) -> tuple[dict[str, tuple[int, str]], int, tuple[int, str], bool]:
        """Return erasures by person, the number of events, the last one, and whether ``noted`` is one."""
        erased: dict[str, tuple[int, str]] = {}
        number, previous, count, held = 0, GENESIS, 0, noted == GENESIS
        for row in self._connection.execute(
            select(tables.events).order_by(tables.events.c.number)
        ).mappings():
            count += 1
            event = {name: value for name, value in row.items() if name != "digest"}
            missing = range(number + 1, row["number"])
            for each in missing[:_TOLD]:
                self._broken(each, "is missing")
            if rest := missing[_TOLD:]:
                self._broken(rest[0], f"and all until event {row['number']} are missing")
            if row["number"] == number + 1 and row["previous"] != previous:
                self._broken(row["number"], "does not follow the event before it: one was put in or moved")
            if digest_of(event) != row["digest"]:
                self._broken(row["number"], "was changed, or is not in its place")
            if row["step"] == ERASED:
                erased[row["person"]] = row["number"], row["content"]
            number, previous = row["number"], row["digest"]
            held = held or previous == noted
        return erased, count, (number, previous), held

    def _contents(self) -> tuple[int, int]:
        """Compare nodes and edges with what events have sealed; return the nodes' count and last number."""
        nodes: dict[int, list[str]] = {}
        edges: dict[int, list[tuple[str, str]]] = {}
        named: dict[int, str] = {}
        for number, node, event in self._connection.execute(select(tables.nodes)):
            nodes.setdefault(event, []).append(node)
            named[number] = node
        for child, parent, event in self._connection.execute(select(tables.edges)):
            # A number that no node has seals nothing.
            edges.setdefault(event, []).append((named.get(child, ""), named.get(parent, "")))
        table = tables.events
        known = set()
        for number, step, content in self._connection.execute(
            select(table.c.number, table.c.step, table.c.content)
        ):
            known.add(number)
            # What an erasure has sealed are facts of others.
            sealed = _NOTHING if step == ERASED else content
            if _content(nodes.get(number, ()), edges.get(number, ())) != sealed:
                self._broken(number, "has other nodes or edges than it sealed")
        for number in sorted({*nodes, *edges} - known):
            self._broken(number, "is missing, and nodes or edges are said to be of it")
        return len(named), max(named, default=0)

    def _facts(self, erased: Mapping[str, tuple[int, str]]) -> set[str]:
        """Compare every fact with its node; return the erased people whose facts are gone."""
        facts, nodes, events, people = tables.facts, tables.nodes, tables.events, tables.people
        known = {row.pseudonym: row for row in self._connection.execute(select(people))}
        strange = self._strange({row.person for row in known.values()}, erased)
        gone: dict[str, list[str]] = {}
        rows = self._connection.execute(
            select(
                nodes.c.node.label("sealed"),
                nodes.c.event,
                events.c.person,
                *(column for column in facts.c if column is not facts.c.number),
                facts.c.number.label("told"),
            )
            .outerjoin(facts, facts.c.number == nodes.c.number)
            .outerjoin(events, events.c.number == nodes.c.event)
        ).mappings()
        for row in rows:
            if row["told"] is None:
                if row["person"] in erased and erased[row["person"]][0] > row["event"]:
                    gone.setdefault(row["person"], []).append(row["sealed"])
                else:
                    self._broken(row["event"], f"has lost the fact {row['sealed']:.12}")
                continue
            owner = known.get(row["owner"])
            if owner is not None and owner.person != row["person"]:
                strange.add(row["event"])
            if row["owner"] and owner is None:
                self._broken(row["event"], f"has a fact, {row['sealed']:.12}, whose person is gone")
            elif owner is not None and not _DIGEST.fullmatch(owner.salt):
                self._broken(
                    row["event"], f"has a fact, {row['sealed']:.12}, whose person's salt was changed"
                )
            elif _is_other(dict(row), owner.salt if owner is not None else ""):
                self._broken(row["event"], f"has another {row['kind']} {row['name']:.24} than it sealed")
        for event in strange:
            self._broken(event, "is of another person than the trail knows")
        sealed = select(nodes.c.number)
        for number in self._connection.execute(
            select(facts.c.number).where(facts.c.number.not_in(sealed))
        ).scalars():
            self._broken(0, f"seals fact {number}: it was put in")
        for person, missing in gone.items():
            number, content = erased[person]
            # Before this was sealed, an erasure had sealed nothing.
            if content not in (_NOTHING, _content(missing, ())):
                self._broken(
                    number, f"erased others than the {len(missing)} facts of that person that are gone"
                )
        return set(gone)

    def _strange(self, people: Collection[str], erased: Mapping[str, tuple[int, str]]) -> set[int]:
        """Return the events of those whom the trail neither knows nor has erased since."""
        table = tables.events
        return {
            number
            for number, person in self._connection.execute(select(table.c.number, table.c.person))
            if person and person not in people and number > erased.get(person, (0, ""))[0]
        }

    def _broken(self, event: int, what: str) -> None:
        self._found(event, f"Event {event} {what}." if event else f"No event {what}.")

    def _found(self, event: int, what: str) -> None:
        self._breaks.append(Break(event=event, what=what))
