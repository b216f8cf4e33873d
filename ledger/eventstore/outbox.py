"""Messages to the outside world, taken one at a time and never lost.

Owns: claiming a due message, marking it done, and putting it back with a delay.
Refuses to know: what a message asks for; ``kind`` finds the function that does it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection, transaction

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
ATTEMPTS_MAX = 20


class TryAgain(Exception):
    """The outside did not answer; ask again later."""


@dataclass(frozen=True)
class Message:
    """One thing to do outside."""

    id: str
    kind: str
    reference: str
    payload: dict[str, Any]
    attempts: int


Deliver = Callable[[Message], None]
_DELIVERIES: dict[str, Deliver] = {}


def delivers(kind: str) -> Callable[[Deliver], Deliver]:
    """Register the function that carries out messages of a kind. It must bear being called twice."""

    def register(deliver: Deliver) -> Deliver:
        _DELIVERIES[kind] = deliver
        return deliver

    return register


def deliver_due(*, limit: int = 1000, now_offset_seconds: int = 0) -> int:
    """Deliver the messages that are due and return how many were tried.

    ``now_offset_seconds`` brings later messages forward: a simulation need not wait for a retry.
    """
    tried = 0
    while tried < limit:
        message = _claim(now_offset_seconds=now_offset_seconds)
        if message is None:
            break
        tried += 1
        _deliver(message)
    return tried


def _deliver(message: Message) -> None:
    try:
        _DELIVERIES[message.kind](message)
    except TryAgain as later:
        _put_back(message, str(later))
    except Exception as fault:
        logger.exception("outbox message %s (%s) failed", message.id, message.kind)
        _put_back(message, repr(fault))
    else:
        _finish(message)


def _claim(*, now_offset_seconds: int) -> Message | None:
    """Lease the oldest due message: if the worker dies, the lease runs out and another takes it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE es_outbox SET attempts = attempts + 1,"
            " next_attempt_at = clock_timestamp() + make_interval(secs => %s)"
            " WHERE id = (SELECT id FROM es_outbox WHERE state = 'pending' AND kind = ANY (%s)"
            " AND next_attempt_at <= clock_timestamp() + make_interval(secs => %s)"
            " ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
            " RETURNING id, kind, reference, payload::text, attempts",
            (LEASE_SECONDS + now_offset_seconds, list(_DELIVERIES), now_offset_seconds),
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Message(row[0], row[1], row[2], msgspec.json.decode(row[3]), row[4])


def _finish(message: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE es_outbox SET state = 'done', last_error = NULL WHERE id = %s", (message.id,))


def _put_back(message: Message, error: str) -> None:
    """Try again after 2, 4, 8 .. seconds, an hour at most; after too many tries a person must look."""
    state = "dead" if message.attempts >= ATTEMPTS_MAX else "pending"
    delay_seconds = min(2**message.attempts, 3600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE es_outbox SET state = %s, last_error = %s,"
            " next_attempt_at = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
            (state, error[:2000], delay_seconds, message.id),
        )
