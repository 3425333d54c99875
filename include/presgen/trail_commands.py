"""The part of the command line that asks the ledger: what was done, why, and whether that still is true."""

from __future__ import annotations

import logging
import secrets
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from presgen.console import (
    SOME_FAILED,
    AsJson,
    chosen_settings,
    complain,
    known_ledger,
    minutes,
    out,
    plain,
    print_json,
    right,
    told,
    whole,
)
from presgen.errors import BadInput, StoreUnavailable

if TYPE_CHECKING:
    from presgen.audit import Outcome, Why
    from presgen.ledger import Ledger, LessonEntry
    from presgen.night import Night
    from presgen.settings import Settings

WorkspacePath = Annotated[
    Path | None, typer.Option("--workspace", "-w", help="Where the ledger and the lessons are kept.")
]
Video = Annotated[str, typer.Argument(help="A lesson's id, or the path of a film.", show_default=False)]

_SHORT = 12
"""Letters of a digest that tell it from others."""
_MINUTE = 16
"""Letters of a moment to the minute."""

audit = typer.Typer(help="The audit trail.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    for command in (status, runs, lesson, why, trace, lock, erase):
        app.command()(command)
    app.command("verify")(verify_lock)
    app.add_typer(audit, name="audit")


@told
def status(workspace: WorkspacePath = None, as_json: AsJson = False) -> None:
    """Say where all lessons stand, and what the last run came to."""
    ledger = known_ledger(chosen_settings(workspace=workspace))
    counts = Counter(entry.status.value for entry in ledger.lessons())
    last = next(iter(ledger.runs()), None)
    if as_json:
        shown = None if last is None else last.model_dump(mode="json")
        print_json({"lessons": dict(sorted(counts.items())), "last_run": shown})
        return
    table = Table("Lessons are", right("Number"))
    for name, number in sorted(counts.items()):
        table.add_row(name.replace("_", " "), str(number))
    out.print(table)
    if last is not None:
        began = f"began at {_moment(last.started)} UTC"
        plain(f"The last run, {last.run_id}, {began} and {_came_to(last.passed)}.")


@told
def runs(workspace: WorkspacePath = None, as_json: AsJson = False) -> None:
    """List all runs, the newest first, with what they came to."""
    settings = chosen_settings(workspace=workspace)
    found = [
        (night, _audit_head(settings, night.run.run_id))
        for night in known_ledger(settings).figures.nights(ordered=True)
    ]
    if as_json:
        print_json(
            [
                {
                    **night.run.model_dump(mode="json"),
                    **night.model_dump(mode="json", exclude={"run"}),
                    "audit_head": head,
                }
                for night, head in found
            ]
        )
        return
    table = Table(whole("Run and source"), whole("Began (UTC)"), "Took", "Result")
    for night, _ in found:
        run = night.run
        table.add_row(
            escape(f"{run.run_id}\n{run.source}"),
            _moment(run.started)[:_MINUTE],
            minutes(_seconds(run.started, run.ended)) if run.ended else "",
            f"{_came_to(run.passed)}\n{night.published} of {night.needed}",
        )
    out.print(table)
    if any(head for _, head in found):
        plain("The audit trail's head when the run ended, as `presgen audit verify --head` takes it:")
    for night, head in found:
        if head:
            plain(f"{head} {night.run.run_id}")


@told
def lesson(
    lesson_id: Annotated[str, typer.Argument(help="The lesson's id.", show_default=False)],
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Tell all that the ledger knows of a lesson: status, digests, seconds, findings, deliveries, events."""
    ledger = known_ledger(chosen_settings(workspace=workspace))
    known = _lesson(ledger, lesson_id)
    if as_json:
        print_json(known)
        return
    facts = Table("Lesson", whole(escape(lesson_id)))
    for name, value in known["lesson"].items():
        facts.add_row(name, escape(str(value)))
    out.print(facts)
    if known["seconds"]:
        seconds = Table("Format", right("From"), right("To"), "Kind", "Section", "Title")
        for span in known["seconds"]:
            seconds.add_row(
                span["format"],
                f"{span['starts']:.2f}",
                f"{span['ends']:.2f}",
                span["kind"],
                escape(span["slug"]),
                escape(span["title"]),
            )
        out.print(seconds)
    for verdict in known["verdicts"][-1:]:
        if not verdict["findings"]:
            plain("Its checks have found nothing." if verdict["passed"] else "It has not passed its checks.")
            continue
        found = Table("Check", "Severity", "Finding", title="Passed" if verdict["passed"] else "Rejected")
        for finding in verdict["findings"]:
            found.add_row(finding["check"], finding["severity"], escape(finding["message"]))
        out.print(found)
    for publisher in dict.fromkeys(asset["publisher"] for asset in known["assets"]):
        out.print(_assets_table(publisher, [a for a in known["assets"] if a["publisher"] == publisher]))
    events = Table("At (UTC)", "Run", "Event", whole("Facts"))
    for event in known["events"]:
        told_facts = ", ".join(f"{name}: {_brief(value)}" for name, value in event["facts"].items())
        events.add_row(_moment(event["at"]), escape(event["run_id"]), event["name"], escape(told_facts))
    out.print(events)


@told
def why(
    video: Video,
    moment: Annotated[float, typer.Argument(help="Seconds from the start.", min=0.0, show_default=False)],
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Say why that second is in the film: answers, gaps, sources, voice, checks and where it was put."""
    from presgen.audit import why as ask

    ledger = known_ledger(chosen_settings(workspace=workspace))
    found = ask(ledger, _digest_or_id(video), moment)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        out.print(_why_table(found))


@told
def trace(
    answer: Annotated[str, typer.Argument(help="The question's id.", show_default=False)],
    learner: Annotated[str, typer.Option("--learner", "-l", help="Only this one's, by pseudonym.")] = "",
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Say what came of a wrong answer: which seconds of which film, and where it was put."""
    from presgen.audit import trace as ask

    ledger = known_ledger(chosen_settings(workspace=workspace))
    outcomes, count = ask(ledger, answer, learner or None)
    if as_json:
        print_json({"lessons": count, "told": [outcome.model_dump(mode="json") for outcome in outcomes]})
        return
    for outcome in outcomes:
        if outcome.spans:
            out.print(_outcome_table(outcome))
        if outcome.reason:
            plain(f"{_whose(outcome)}: {outcome.reason}")
    if count > len(outcomes):
        plain(f"{count} lessons in all, the newest {len(outcomes)} of them here; name one with --learner.")


@told
def lock(
    video: Video,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write; else it is printed.")
    ] = None,
    workspace: WorkspacePath = None,
) -> None:
    """Write the lock of a film: the digest of everything it was made from."""
    from presgen.audit import film_of
    from presgen.locking import lock_film
    from presgen.workspace import write_whole

    night = _night(chosen_settings(workspace=workspace))
    film = film_of(night.ledger, _digest_or_id(video))
    found = lock_film(night, film.lesson, film.body["format"])
    if found.film.sha256 != film.name:
        raise BadInput(f"That film, {film.name:.12}, is no longer the one in the workspace.")
    text = found.model_dump_json(indent=2) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        try:
            write_whole(output, text.encode())
        except OSError as error:
            raise BadInput(f"{str(output)!r} cannot be written: {error.strerror}.") from None
        plain(str(output))


@told
def verify_lock(
    locked: Annotated[Path, typer.Argument(metavar="LOCK", help="What `presgen lock` wrote.")],
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Hold a lock against the audit trail, make its film again from its script, and compare every byte."""
    from pydantic import ValidationError

    from presgen import locking
    from presgen.stages import configure_logs

    configure_logs(json=as_json, level=logging.ERROR)
    try:
        wanted = locking.Lock.model_validate_json(locked.read_bytes())
    except (OSError, ValidationError):
        raise BadInput(f"{str(locked)!r} is no lock that can be read.") from None
    rebuilt = locking.verify_lock(_night(chosen_settings(workspace=workspace)), wanted)
    if as_json:
        print_json({**rebuilt.model_dump(mode="json"), "same": rebuilt.same})
    else:
        for altered in rebuilt.altered:
            plain(f"Altered: {altered}.")
        for difference in rebuilt.differences:
            plain(f"Not as locked: {difference}.")
        if rebuilt.altered:
            plain("This is NOT the lock that was written; nothing was made of it.")
        else:
            plain(f"{rebuilt.lesson_id}: {'the same to the byte' if rebuilt.same else 'NOT the same'}.")
    if not rebuilt.same:
        raise typer.Exit(SOME_FAILED)


@told
def erase(
    learner: Annotated[str, typer.Argument(help="The learner's id or pseudonym.", show_default=False)] = "",
    expired: Annotated[
        bool, typer.Option("--expired", help="All learners whose time is over: PRESGEN_RETENTION_DAYS.")
    ] = False,
    gone: Annotated[
        list[str],
        typer.Option(
            "--gone",
            help="Address lessons were delivered to where nothing is left; several may be.",
            show_default=False,
        ),
    ] = [],  # noqa: B006 - typer makes a new list for every call
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Erase a learner: ledger, records, scripts, personal sections, films, and what was delivered."""
    from presgen import erasing

    settings = chosen_settings(workspace=workspace)
    if bool(learner) == expired:
        raise BadInput("Name one learner, or ask for --expired.")
    night = _night(settings)
    receipts: list[erasing.Receipt] = []
    failed = False
    for each in (
        erasing.erase_expired(night, settings.retention_days, gone)
        if expired
        else (erasing.erase_learner(night, learner, gone=gone),)
    ):
        if isinstance(each, erasing.NotErased):
            failed = True
            complain(f"{each.pseudonym}: {each.error}")
            continue
        receipts.append(each)
        if not as_json:
            plain(each.line)
    if as_json:
        print_json([receipt.model_dump(mode="json") for receipt in receipts])
    elif not receipts and not failed:
        plain("There is nobody to erase.")
    if failed:
        raise typer.Exit(SOME_FAILED)


@audit.command()
@told
def verify(
    head: Annotated[
        str | None,
        typer.Option("--head", help="Digest of an event that was noted outside, in full: it must be there."),
    ] = None,
    workspace: WorkspacePath = None,
    as_json: AsJson = False,
) -> None:
    """Hold every event, node, edge and fact against its digest; name the place of what does not fit."""
    verdict = known_ledger(chosen_settings(workspace=workspace)).trail.verify(head)
    if as_json:
        print_json({**verdict.model_dump(mode="json"), "intact": verdict.intact})
    else:
        for found in verdict.breaks:
            plain(found.what)
        word = "intact" if verdict.intact else "NOT what was written"
        plain(
            f"The audit trail is {word}: {verdict.events} events, {verdict.nodes} nodes, "
            f"{verdict.erased} people erased. {f'Its head is {verdict.head}.' if verdict.head else ''}"
        )
    if not verdict.intact:
        raise typer.Exit(SOME_FAILED)


def _audit_head(settings: Settings, run_id: str) -> str:
    """Return with which event the trail ended when the run did; empty: the run has left no whole report."""
    from presgen.model.references import NightReport
    from presgen.pipeline import name_of_run
    from presgen.workspace import Workspace

    workspace, name = Workspace(settings.workspace), name_of_run(run_id)
    if not workspace.has("reports", name):
        return ""
    try:
        return workspace.load("reports", name, NightReport).audit_head
    except (BadInput, StoreUnavailable) as error:
        complain(f"The audit head of the run {run_id} is not known: {error}")
        return ""


def _night(settings: Settings) -> Night:
    """Return what the pipeline's parts work with, without a run of its own in the ledger."""
    from presgen.night import Night
    from presgen.workspace import Workspace

    run_id = f"cli-{secrets.token_hex(4)}"
    return Night(run_id, settings, Workspace(settings.workspace), known_ledger(settings))


def _digest_or_id(video: str) -> str:
    """Return the SHA-256 of the file of that name; where there is none, what was given."""
    path = Path(video)
    if not path.is_file():
        if path.suffix or len(path.parts) > 1:
            raise BadInput(f"There is no film {video!r}; a lesson's id would be fine, too.")
        return video
    from presgen.workspace import sha256_of

    return sha256_of(path)


def _lesson(ledger: Ledger, lesson_id: str) -> dict[str, Any]:
    from presgen.audit.asking import films_of

    entry: LessonEntry = ledger.lesson(lesson_id)
    trail = ledger.trail
    films = {film.name: number for number, film in enumerate(films_of(ledger, [lesson_id])[lesson_id])}
    return {
        "lesson": entry.model_dump(mode="json"),
        "seconds": [
            {"film": node.name, "starts": node.starts, "ends": node.ends, **node.body}
            for node in sorted(
                (node for node in trail.of_lesson(lesson_id, "span") if node.name in films),
                key=lambda node: (films[node.name], node.starts or 0.0),
            )
        ],
        "verdicts": [
            node.body for node in trail.of_lesson(lesson_id, "verdict") if node.name == entry.editions
        ],
        "assets": [
            {"publisher": publisher, **asset.model_dump(mode="json")}
            for publisher, asset in ledger.overview.deliveries_of(lesson_id)
        ],
        "events": [event.model_dump(mode="json") for event in ledger.events(subject=lesson_id)],
    }


def _assets_table(publisher: str, assets: Sequence[dict[str, Any]]) -> Table:
    """Return a table of what lies with a publisher; the folder that all of it lies in is told once."""
    folders = {asset["asset_id"].rpartition("/")[0] for asset in assets}
    [folder] = folders if len(folders) == 1 else {""}
    table = Table(
        "Role",
        whole("Delivered"),
        right("Bytes"),
        "SHA-256",
        title=escape(f"{publisher}: {folder}" if folder else publisher),
        title_justify="left",
    )
    for asset in assets:
        name = asset["asset_id"].removeprefix(f"{folder}/")
        table.add_row(asset["role"], escape(name), str(asset["bytes"]), asset["sha256"][:_SHORT])
    return table


def _why_table(found: Why) -> Table:
    section = found.section
    table = Table("Why", whole(escape(f"{found.film[:_SHORT]} at {found.moment:g} s")), show_lines=True)
    rows = {
        "Lesson": f"{found.lesson}, {found.learner}",
        "Seconds": f"{found.starts:.2f} to {found.ends:.2f}, from {minutes(found.starts)} on",
        "Section": f"{section.get('kind')} {section.get('slug')}: {section.get('title')}",
        "Answers": "\n".join(
            f"{answer['name']}: chose {answer['chosen']!r}, right is {answer['right']!r}"
            for answer in found.answers
        ),
        "Gaps": "\n".join(
            f"{gap['name']}: {gap['skill_name']}, weight {gap['weight']:g}" for gap in found.gaps
        ),
        "Sources": "\n".join(
            " ".join(filter(None, (source["title"], source["page"]))) for source in section.get("sources", ())
        ),
        "Narration": _brief(found.narration.get("name", "")),
        "Voice": _voice(found.narration),
        "Clip": _brief(found.clip.get("name", "")),
        "Checks": "passed" if found.verdicts and found.verdicts[-1]["passed"] else "not passed",
        "Delivered": "\n".join(
            f"{asset['publisher']}: {asset['asset_id']}" for asset in found.assets if "video" in asset["role"]
        ),
    }
    for name, value in rows.items():
        table.add_row(name, escape(value))
    return table


def _voice(narration: dict[str, Any]) -> str:
    """Return engine and name of the voice; where the renderer has none, the renderer."""
    paces = narration.get("pace", ())
    voice = next((part for part in paces if isinstance(part, dict)), {})
    return f"{voice['engine']}, {voice['name']}" if voice else str(narration.get("backend", ""))


def _outcome_table(outcome: Outcome) -> Table:
    table = Table(
        "Film",
        right("From"),
        right("To"),
        "Kind",
        "Section",
        title=escape(_whose(outcome)),
        title_justify="left",
    )
    several = len({span["format"] for span in outcome.spans}) > 1
    for span in outcome.spans:
        table.add_row(
            f"{span['film'][:_SHORT]}{escape(' ' + span['format']) if several else ''}",
            f"{span['starts']:.2f}",
            f"{span['ends']:.2f}",
            span["kind"],
            escape(f"{span['slug']}: {span['title']}"),
        )
    return table


def _whose(outcome: Outcome) -> str:
    return f"{outcome.question} of {outcome.learner}, {outcome.lesson}"


def _moment(at: str) -> str:
    """Return a moment as people read it, to the second."""
    return at[:19].replace("T", " ")


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def _came_to(passed: bool | None) -> str:
    return {True: "passed", False: "failed", None: "has not ended"}[passed]


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
