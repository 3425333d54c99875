"""What learners and lessons are called outside their record."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from presgen.errors import BadInput
from presgen.model.base import digest_of

PSEUDONYM = re.compile(r"learner-[a-z2-7]{12}")


def pseudonym_of(learner_id: str, key: bytes) -> str:
    """Return the learner's pseudonym, the same for ever under the same key: ``learner-`` and 12 characters.

    Without the key nobody finds the id that belongs to it, not even by trying all ids.

    Raises:
        BadInput: the key is shorter than 16 bytes.
    """
    if len(key) < 16:
        raise BadInput(f"The pseudonym key has {len(key)} bytes; at least 16 are needed.")
    digest = hmac.digest(key, learner_id.encode(), hashlib.sha256)
    return "learner-" + base64.b32encode(digest).decode("ascii").lower()[:12]


def lesson_id_of(pseudonym: str, certification_id: str, workflow_id: str, order: str | None = None) -> str:
    """Return the id of the lesson that answers one assessment: ``lesson-`` and 16 hex digits.

    An ``order``, named by its video's id, has a lesson of its own: others that answer the same assessment,
    of nights or of other orders, may have been made otherwise and belong to other people.
    """
    ordered = () if order is None else (order,)
    return "lesson-" + digest_of([pseudonym, certification_id, workflow_id, *ordered])[:16]
