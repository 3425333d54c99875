"""A video is ordered: checked, noted, and handed to the scheduler."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from presgen import orders
from presgen.api.bodies import body_of, taking
from presgen.api.desk import Caller, Desk, TheDesk
from presgen.api.principal import Principal, Right
from presgen.api.problems import Refusal, answers, conflict
from presgen.api.starting import start
from presgen.api.views.orders import Accepted, VideoRequest
from presgen.api.views.videos import VideoState
from presgen.api.webhooks import require_allowed
from presgen.errors import BadInput
from presgen.ledger import OrderEntry, OrderState
from presgen.media.formats import formats
from presgen.model.base import digest_of
from presgen.model.learner import AssessmentRecord
from presgen.orders import OrderChoices
from presgen.personas import load_persona
from presgen.publishing.publishers import publishers
from presgen.sources import believed_record, lesson_id_of, pseudonym_of

router = APIRouter(tags=["videos"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own name for this request: sent again, it means the same video.",
        examples=["order-2026-11-22-0017"],
    ),
]

_LOCATION = {
    "headers": {"Location": {"description": "The video's status.", "schema": {"type": "string"}}},
}


@router.post(
    "/create-video",
    summary="Order a video",
    status_code=202,
    responses={**answers(400, 404, 409, 413, 415), 202: _LOCATION},
    openapi_extra=taking(VideoRequest),
)
async def create_video(
    request: Request,
    response: Response,
    desk: TheDesk,
    caller: Caller,
    wanted: Annotated[VideoRequest, Depends(body_of(VideoRequest))],
    idempotency_key: IdempotencyKey = None,
) -> Accepted:
    """Have a learner's lesson made, checked and published; the answer says where to watch it being made.

    With an `Idempotency-Key` the same request may be sent as often as you like and means one video; the same
    key with another body is refused. Every order has a film of its own, whoever else orders for the same
    learner and course. The record stays out of the scheduler's database.
    """
    caller.must(Right.ORDER)
    record = _record_of(wanted)
    _check_choices(desk, wanted)
    order = await asyncio.to_thread(_reserve, desk, caller, wanted, record, idempotency_key)
    if order.body != digest_of(wanted):
        raise conflict(
            "This idempotency key stands for another request.",
            "Send that request again as it was, or use a new key for this one.",
            "key-in-use",
        )
    choices = OrderChoices(
        formats=wanted.formats, publishers=wanted.publishers, persona=wanted.persona, budget=wanted.seconds
    )
    state = await start(request, desk, order.video_id, choices, record)
    status_url = f"{request.scope.get('root_path', '')}/videos/{order.video_id}/status"
    response.headers["Location"] = status_url
    return Accepted(
        video_id=order.video_id,
        status=VideoState.CANCELLED if state is OrderState.CANCELLED else VideoState.QUEUED,
        status_url=status_url,
        events_url=f"{status_url.removesuffix('/status')}/events",
    )


def _record_of(wanted: VideoRequest) -> AssessmentRecord:
    """Return the clean record behind a request.

    Raises:
        BadInput: there is none, or more than one.
        BadRecord: it is not clean.
    """
    apart = (wanted.user_profile, wanted.content)
    if wanted.record is not None and apart == (None, None):
        found = wanted.record.model_dump(mode="json")
    elif wanted.record is None and wanted.user_profile is not None and wanted.content is not None:
        found = {
            "learner": wanted.user_profile.model_dump(mode="json"),
            **wanted.content.model_dump(mode="json"),
        }
    else:
        raise BadInput("A video needs a record, or a user profile and content: give one or the other.")
    if wanted.persona is not None:
        found["learner"] = {**found["learner"], "persona": wanted.persona}
    return believed_record(found)


def _check_choices(desk: Desk, wanted: VideoRequest) -> None:
    """Refuse now what the run would refuse later.

    Raises:
        UnknownName: there is no such persona, format or publisher.
        BadInput: nobody may be told there.
    """
    if wanted.persona is not None:
        load_persona(wanted.persona)
    _ = [formats[name] for name in wanted.formats]
    _ = [publishers[name] for name in wanted.publishers]
    if wanted.webhook is not None:
        settings = desk.settings
        require_allowed(wanted.webhook, settings.webhook_hosts, settings.webhook_secret.get_secret_value())


def _reserve(
    desk: Desk, caller: Principal, wanted: VideoRequest, record: AssessmentRecord, key: str | None
) -> OrderEntry:
    secret = desk.workspace.pseudonym_key(desk.settings.pseudonym_key.get_secret_value())
    pseudonym = pseudonym_of(record.learner.id, secret)
    if pseudonym in desk.ledger.erasures.begun():
        raise Refusal(409, "being-erased", "This learner is being erased.", remedy="Order when that is done.")
    video_id = orders.new_video_id()
    return desk.ledger.orders.reserve(
        video_id,
        by=caller.id,
        key=key,
        body=digest_of(wanted),
        pseudonym=pseudonym,
        lesson_id=lesson_id_of(
            pseudonym, record.certification.id, record.gap_analysis.workflow_id, order=video_id
        ),
        run_id=orders.run_of(video_id),
        webhook=wanted.webhook or "",
    )
