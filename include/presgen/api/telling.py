"""What is told of a video: put together from the ledger and the workspace, without a name or a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from presgen import errors
from presgen.api.desk import Desk
from presgen.api.films import editions_of, files_of, is_burned
from presgen.api.finding import Video, drafted_in, was_cancelled
from presgen.api.principal import Principal, Right
from presgen.api.problems import without_paths
from presgen.api.views.videos import (
    Asset,
    CaptionFile,
    Delivery,
    Finding,
    Fix,
    Rights,
    SectionState,
    VideoEdition,
    VideoProblem,
    VideoSection,
    VideoStage,
    VideoState,
    VideoStatus,
    VideoSummary,
)
from presgen.ledger import LessonEntry, OrderState
from presgen.ledger.overview import ListedLesson
from presgen.ledger.transitions import CANCELLED
from presgen.media.formats import formats
from presgen.model.base import Percent, Seconds
from presgen.model.edition import Edition
from presgen.model.lesson import SectionKind
from presgen.model.quality import Severity

_S = VideoState
_STAGES: Mapping[VideoState, VideoStage] = {
    _S.QUEUED: VideoStage.WAITING,
    _S.PENDING: VideoStage.WRITING,
    _S.SCRIPT_GENERATED: VideoStage.RENDERING,
    _S.AVATAR_RENDERING: VideoStage.RENDERING,
    _S.AVATAR_VIDEOS_GENERATED: VideoStage.INSPECTING,
    _S.QA_PASSED: VideoStage.PUBLISHING,
    _S.DELIVERY_BLOCKED: VideoStage.PUBLISHING,
    _S.PUBLISHED: VideoStage.DONE,
    _S.NOT_NEEDED: VideoStage.DONE,
}
_WRITTEN, _MADE, _JOINED, _CHECKED = 5.0, 80.0, 85.0, 95.0
"""Percent at which the script is written, all sections are there, the film is joined, and it has passed."""
_AHEAD: Mapping[VideoState, float] = {
    _S.QUEUED: 0.0,
    _S.PENDING: 0.0,
    _S.AVATAR_VIDEOS_GENERATED: _JOINED,
    _S.QA_PASSED: _CHECKED,
    _S.DELIVERY_BLOCKED: _CHECKED,
    _S.PUBLISHED: 100.0,
    _S.NOT_NEEDED: 100.0,
}
_TITLES = {"NotStarted": "Nobody makes this video."}
"""Of kinds that are no errors of ours."""
_REMEDIES = {
    "QualityRejected": "Look at the findings, put the section's content right, and make it again.",
    "SectionFailed": "Make the failed section again, then the video.",
    "DeliveryBlocked": "Have the destination put right, then retry: only the delivery is repeated.",
    "BadScript": "Correct the record or the course's content, then order or run it again.",
    "BadRecord": "Correct the record, then order it again.",
    "CorruptMedia": "Retry: what is damaged is made anew.",
    CANCELLED: "Retry when it is wanted after all.",
    "TrailDamaged": "Have the ledger restored from a backup, then retry.",
    "NotStarted": "Retry; where its record is not kept any more, order it once more.",
}


def summary_of(desk: Desk, caller: Principal, listed: ListedLesson, root: str) -> VideoSummary:
    """Return a lesson as it is listed; ``root`` is where the API is."""
    entry, video_id = listed.entry, listed.video_id
    state = state_of(entry)
    there = bool(entry.editions)
    share = listed.made / listed.parts if listed.parts else 0.0
    return VideoSummary(
        video_id=video_id,
        lesson_id=entry.lesson_id,
        run_id=listed.run_id,
        ordered=video_id != entry.lesson_id,
        learner=entry.pseudonym,
        course=entry.certification,
        title=listed.title,
        persona=listed.persona,
        status=state,
        percent=_percent(state, share, written=listed.title is not None),
        over=state.over,
        duration=entry.duration if there else None,
        poster=media_url(desk, caller, video_id, "poster", root) if there else None,
        warnings=listed.warnings,
        cause=entry.cause,
        changed=entry.changed,
    )


def state_of(entry: LessonEntry) -> VideoState:
    """Return where a lesson stands."""
    if entry.cause == CANCELLED:
        return VideoState.CANCELLED
    return VideoState(entry.status.value)


def media_url(desk: Desk, caller: Principal, video_id: str, role: str, root: str) -> str:
    """Return a signed address of a video's file."""
    return f"{root}/videos/{video_id}/media/{role}?{desk.signer.query(caller.id, 'video', video_id, role)}"


def status_of(desk: Desk, caller: Principal, video: Video, root: str) -> VideoStatus:
    """Return all that is known of a video now; ``root`` is where the API is."""
    lesson, content, order = video.lesson, video.content, video.order
    state = _state(video)
    editions = editions_of(desk.workspace, content) if lesson is not None and lesson.editions else ()
    sections = tuple(_sections(desk, video, editions))
    assets = () if lesson is None else tuple(_assets(desk, caller, video, lesson, editions, root))
    share = sum(each.state.there for each in sections) / len(sections) if sections else 0.0
    newest = video.runs[0] if video.runs else None
    first = video.runs[-1].started if video.runs else ""
    changed = lesson.changed if lesson is not None else order.changed if order is not None else ""
    return VideoStatus(
        video_id=video.video_id,
        lesson_id=None if lesson is None else lesson.lesson_id,
        run_id=newest.run_id if newest else None,
        ordered=order is not None,
        learner=lesson.pseudonym if lesson else order.pseudonym if order else None,
        course=lesson.certification if lesson else None,
        title=content.title if content else None,
        persona=content.persona if content else None,
        locale=content.locale if content else None,
        status=state,
        stage=_stage(state, lesson, content is not None),
        percent=_percent(state, share, written=content is not None),
        over=state.over,
        sections=sections,
        planned=content.planned if content else None,
        duration=editions[0].video.duration if editions else None,
        editions=tuple(_edition(desk, edition) for edition in editions),
        assets=assets,
        captions=tuple(_captions(assets, content.locale if content else "")),
        findings=tuple(_findings(desk, video, sections)),
        fixes=tuple(_fixes(desk, video)),
        error=_problem(desk, video, state),
        may=_rights(caller, video, state),
        revision=lesson.revision if lesson else 0,
        created=order.at if order else first,
        changed=changed,
    )


def _state(video: Video) -> VideoState:
    if was_cancelled(video):
        return VideoState.CANCELLED
    if video.lesson is not None:
        return state_of(video.lesson)
    # Its run is over and has entered no lesson: the record was refused.
    if _is_lost(video) or any(run.ended for run in video.runs):
        return VideoState.FAILED
    return VideoState.QUEUED


def _is_lost(video: Video) -> bool:
    return video.lesson is None and video.order is not None and video.order.state is OrderState.LOST


def _stage(state: VideoState, lesson: LessonEntry | None, written: bool) -> VideoStage:
    if state in _STAGES:
        return _STAGES[state]
    if lesson is None or not written:
        return VideoStage.WRITING
    return VideoStage.INSPECTING if lesson.editions else VideoStage.RENDERING


def _percent(state: VideoState, share: float, *, written: bool) -> Percent:
    if state in _AHEAD:
        return Percent(_AHEAD[state])
    return Percent(round(_WRITTEN + share * (_MADE - _WRITTEN), 1) if written else 0.0)


def _sections(desk: Desk, video: Video, editions: tuple[Edition, ...]) -> Iterator[VideoSection]:
    if video.content is None or not video.runs:
        return
    overview = desk.ledger.overview
    parts = [part for part in video.content.parts if part.edition == 0]
    keys = [part.key for part in parts if part.key]
    noted = overview.state_of(video.runs[0].run_id, keys)
    attempts, approved = overview.attempts_at(keys), overview.approvals_of(keys)
    drafted = drafted_in(desk.workspace)
    places = {place.key: place for place in editions[0].video.sections} if editions else {}
    joined = video.lesson is not None and bool(video.lesson.editions)
    for part in parts:
        entry, place = noted.get(part.key), places.get(part.key)
        state = SectionState.WAITING
        if entry is not None:
            state = SectionState(entry.outcome.value)
        elif part.key and part.key in drafted:
            state = SectionState.RENDERING
        elif joined:
            state = SectionState.REUSED
        yield VideoSection(
            number=part.number,
            key=part.key,
            slug=part.slug,
            kind=SectionKind(part.kind),
            title=part.title,
            shared=SectionKind(part.kind).shared,
            state=state,
            attempts=attempts.get(part.key, 0),
            approved=approved.get(part.key),
            starts=place.start if place else None,
            ends=Seconds(place.start + place.duration) if place else None,
            problem=without_paths(entry.reason) if entry else "",
        )


def _edition(desk: Desk, edition: Edition) -> VideoEdition:
    video, shape = edition.video, formats[edition.video.format]
    return VideoEdition(
        format=video.format,
        width=shape.width,
        height=shape.height,
        duration=video.duration,
        sha256=video.sha256,
        burned=is_burned(desk.workspace, edition),
    )


def _assets(
    desk: Desk,
    caller: Principal,
    video: Video,
    lesson: LessonEntry,
    editions: tuple[Edition, ...],
    root: str,
) -> Iterator[Asset]:
    delivered: dict[str, list[Delivery]] = {}
    for publisher, each in desk.ledger.overview.deliveries_of(lesson.lesson_id):
        delivered.setdefault(each.role, []).append(delivery_of(publisher, each.asset_id, each.url))
    for file in files_of(desk.workspace, lesson.lesson_id, editions):
        yield Asset(
            role=file.role,
            format=file.format,
            media_type=file.media_type,
            sha256=file.sha256,
            bytes=file.bytes,
            url=media_url(desk, caller, video.video_id, file.role, root),
            deliveries=tuple(delivered.get(file.role, ())),
        )


def delivery_of(publisher: str, asset_id: str, url: str) -> Delivery:
    """Return where a publisher has put a file, without a place on the server's own disks."""
    on_the_web = url.startswith(("https://", "http://"))
    return Delivery(publisher=publisher, asset_id=asset_id, url=url if on_the_web else None)


def _captions(assets: tuple[Asset, ...], language: str) -> Iterator[CaptionFile]:
    for asset in assets:
        if asset.role.startswith("captions_"):
            yield CaptionFile(
                role=asset.role,
                format=asset.format,
                language=language,
                media_type=asset.media_type,
                url=asset.url,
            )


def _subjects(video: Video) -> list[str]:
    return [*([video.lesson.lesson_id] if video.lesson else []), *video.keys]


def _findings(desk: Desk, video: Video, sections: tuple[VideoSection, ...]) -> Iterator[Finding]:
    starts = {section.key: section.starts for section in sections}
    found = desk.ledger.overview.last_run_with("findings", _subjects(video))
    for subject, run_id in found.items():
        whole = video.lesson is not None and subject == video.lesson.lesson_id
        begins = Seconds(0.0) if whole else starts.get(subject)
        for each in desk.ledger.findings(run_id, subject):
            placed = begins is not None and each.at is not None
            yield Finding(
                subject="" if whole else subject,
                check=each.check,
                severity=Severity(each.severity),
                message=without_paths(each.message),
                at=Seconds((begins or 0.0) + (each.at or 0.0)) if placed else None,
                until=Seconds((begins or 0.0) + each.until) if placed and each.until is not None else None,
                remedy=each.remedy.value if each.remedy else None,
            )


def _fixes(desk: Desk, video: Video) -> Iterator[Fix]:
    for subject, run_id in desk.ledger.overview.last_run_with("fixes", _subjects(video)).items():
        for each in desk.ledger.fixes(run_id, subject):
            yield Fix(
                subject="" if video.lesson and subject == video.lesson.lesson_id else subject,
                round=each.round,
                fix=each.fix,
                checks=tuple(dict.fromkeys(finding.check for finding in each.findings)),
                left=each.left,
                worked=not each.failed and not each.left,
            )


def _problem(desk: Desk, video: Video, state: VideoState) -> VideoProblem | None:
    cause, reason = "", ""
    if video.lesson is not None and video.lesson.cause:
        cause, reason = video.lesson.cause, video.lesson.reason
    elif state is VideoState.CANCELLED:
        cause, reason = CANCELLED, "Somebody cancelled it before it was begun."
    elif _is_lost(video):
        cause, reason = "NotStarted", "Its run was not started, or is gone without a trace."
    elif video.lesson is None and state is VideoState.FAILED:
        cause = "BadRecord"
        refused = [each for run in video.runs for each in desk.ledger.quarantined(run.run_id)]
        told = "; ".join(f"{each.field}: {each.reason}" for each in refused)
        reason = told or "Its run has ended without reading the record."
    if not cause:
        return None
    kind = cause.partition(" ")[0]
    known = getattr(errors, kind, None)
    title = (known.__doc__ or kind).partition("\n")[0] if known else _TITLES.get(kind, kind)
    return VideoProblem(
        type=kind,
        title=title,
        detail=without_paths(reason),
        remedy=_REMEDIES.get(kind, "Retry; if it fails again, look at the run's log."),
        retry_helps=known is None or issubclass(known, errors.TransientError) or kind == "CorruptMedia",
    )


def _rights(caller: Principal, video: Video, state: VideoState) -> Rights:
    own = video.order is not None and caller.may(Right.ORDER)
    may = own or caller.may(Right.OPERATE)
    waits = state in (VideoState.QA_PASSED, VideoState.AVATAR_RENDERING, VideoState.SCRIPT_GENERATED)
    return Rights(cancel=may and not state.over, retry=may and state.over, approve=may and waits)
