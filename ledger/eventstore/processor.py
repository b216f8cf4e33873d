"""The command processor: every change to the books goes through ``execute``.

Owns: the order of things (idempotency key, lock, load, decide, append, journal, read models, outbox,
one commit), the bounded retry, the stored answer, and the dry run, which is the same path rolled back: of one
command, or of all that are given inside a rehearsal.
Refuses to know: what any command means.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from ledger.eventstore import kept_plans, nudging
from ledger.eventstore.commands import HANDLERS, Actor, Command, Outcome
from ledger.eventstore.recorder import append_document
from ledger.eventstore.round_trip import send_together
from ledger.eventstore.shards import shard_of
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.kernel.refusals import Refusal, RefusalKind

ATTEMPTS_MAX = 3
KEY_LENGTH_MAX = 255
# Serialization failure, deadlock, lock not available: another transaction was in the way.
RETRIED_STATES = {"40001", "40P01", "55P03"}
RETRIED_CONSTRAINTS = {"es_event_pkey", "es_event_position", "es_command_pkey"}
UNIQUE_VIOLATION = "23505"
BEGIN = (
    "SELECT encode(fingerprint, 'hex'), outcome::text, open_date, heads::text"
    " FROM es_begin(%s, %s, %s::smallint, %s::uuid[])"
)
REFUSAL_OF_CONSTRAINT: dict[str, type[Refusal]] = {}


class Busy(Refusal):
    """Others were changing the same things; nothing was decided, the same request may be sent again."""

    code = "LEDGER_BUSY"
    kind = RefusalKind.UNAVAILABLE


class BooksNotOpen(Refusal):
    """No business date is open yet."""

    code = "LEDGER_BOOKS_NOT_OPEN"


class KeyReused(Refusal):
    """The idempotency key was used before for a different request."""

    code = "LEDGER_IDEMPOTENCY_KEY_REUSED"


class KeyInvalid(Refusal):
    """An idempotency key is 1 to 255 printable ASCII characters."""

    code = "LEDGER_IDEMPOTENCY_KEY_INVALID"
    kind = RefusalKind.INVALID


_REHEARSING: ContextVar[bool] = ContextVar("rehearsing", default=False)


@contextmanager
def rehearsal(*, is_dry: bool = True) -> Iterator[None]:
    """Have commands inside the block build on each other, and roll all of them back at its end.

    What each locks stays locked until then, so a rehearsal is kept to one shard. Not ``is_dry``: nothing special.
    """
    if not is_dry:
        yield
        return
    token = _REHEARSING.set(True)
    try:
        with transaction.atomic(durable=True):
            yield
            transaction.set_rollback(True)
    finally:
        _REHEARSING.reset(token)


@dataclass(frozen=True)
class _Begun:
    """What the first round trip brought: an earlier answer, or the ground to decide on."""

    stored: Outcome | None
    open_date: date | None
    heads: list[Any]
    reads: tuple[list[tuple[Any, ...]], ...] = ()


def execute(command: Command, *, actor: Actor, key: str, dry_run: bool = False) -> Outcome:
    """Carry out a command once per (principal, key) and return what it led to.

    The refusal of a command is part of its outcome and is given again for the same key. Busy,
    KeyReused and KeyInvalid are outcomes that are not stored, since nothing was decided.
    """
    if not (0 < len(key) <= KEY_LENGTH_MAX and key.isascii() and key.isprintable()):
        return Outcome(refusal=KeyInvalid(KeyInvalid.__doc__ or "", field="Idempotency-Key"))
    for attempt in range(1, ATTEMPTS_MAX + 1):
        try:
            outcome = _attempt(command, actor=actor, key=key, dry_run=dry_run)
        except (OperationalError, IntegrityError, ProgrammingError) as error:
            if not _may_retry(error, is_last=attempt == ATTEMPTS_MAX):
                raise
            if attempt < ATTEMPTS_MAX:
                time.sleep(random.uniform(0.002, 0.02) * attempt)  # noqa: S311
        else:
            outcome.attempts = attempt
            return outcome
    refusal = Busy("Others are changing the same things; send the same request again.")
    return Outcome(refusal=refusal, attempts=ATTEMPTS_MAX)


def _attempt(command: Command, *, actor: Actor, key: str, dry_run: bool) -> Outcome:
    """Run the whole command in one transaction; a constraint that stands for a rule becomes its refusal."""
    try:
        with transaction.atomic(durable=not _REHEARSING.get()):
            outcome = _run(command, actor=actor, key=key)
            if dry_run or _REHEARSING.get():
                _check_deferred_constraints()
            if dry_run:
                transaction.set_rollback(True)
    except IntegrityError as error:
        refusal_class = REFUSAL_OF_CONSTRAINT.get(_constraint(error))
        if refusal_class is None:
            raise
        refusal = refusal_class(refusal_class.__doc__ or refusal_class.code)
        return _store_refusal(command, refusal, actor=actor, key=key, dry_run=dry_run)
    if outcome.sent and not dry_run and not _REHEARSING.get():
        nudging.nudge(outcome.sent)
    return outcome


def _check_deferred_constraints() -> None:
    """Have a dry run meet the checks that a commit would meet."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _run(command: Command, *, actor: Actor, key: str) -> Outcome:
    begun = _begin(command, actor=actor, key=key)
    if begun.stored is not None:
        return begun.stored
    try:
        if begun.open_date is None:
            raise BooksNotOpen("No business date is open; the books have not been opened.")
        work = UnitOfWork(
            home=command.home(),
            effective_date=begun.open_date,
            meta={"command": command.name, "actor": actor.principal, "key": key},
            heads=begun.heads,
            reads=begun.reads,
        )
        result = HANDLERS[type(command)](command, work) or {}
    except Refusal as refusal:
        return _record_refusal(command, refusal, actor=actor, key=key)
    events = work.flush(_record(command, actor=actor, key=key, outcome={"result": result}))
    return Outcome(result=result, events=events, sent=work.sent_kinds)


def _begin(command: Command, *, actor: Actor, key: str) -> _Begun:
    parameters = (actor.principal, key, shard_of(command.home()), sorted(set(command.hot())))
    begin = (BEGIN, parameters)
    with connection.cursor() as cursor:
        send_together(cursor, (begin, *command.reads()))
        fingerprint, outcome, open_date, heads = cursor.fetchone()
        reads = []
        while cursor.nextset():
            reads.append(cursor.fetchall())
    if outcome is None:
        return _Begun(None, open_date, msgspec.json.decode(heads) if heads else [], tuple(reads))
    if fingerprint != command.fingerprint():
        reused = KeyReused(
            "This idempotency key was used before with a different request.", field="Idempotency-Key"
        )
        return _Begun(Outcome(refusal=reused), None, [])
    return _Begun(stored_outcome(msgspec.json.decode(outcome)), None, [])


def stored_outcome(data: dict[str, Any]) -> Outcome:
    """Return the outcome that was stored with a command."""
    if "refusal" in data:
        return Outcome(refusal=Refusal.from_json(data["refusal"]), replayed=True)
    return Outcome(result=data["result"], replayed=True)


def _record(command: Command, *, actor: Actor, key: str, outcome: dict[str, Any]) -> dict[str, Any]:
    return {
        "principal": actor.principal,
        "key": key,
        "fingerprint": command.fingerprint(),
        "command": command.name,
        "outcome": outcome,
    }


def _record_refusal(command: Command, refusal: Refusal, *, actor: Actor, key: str) -> Outcome:
    """Store the answer, so that a retry of the same key is answered the same whatever changes later."""
    if refusal.kind is not RefusalKind.UNAVAILABLE:
        record = _record(command, actor=actor, key=key, outcome={"refusal": refusal.as_json()})
        append_document({"shard": shard_of(command.home()), **record})
    return Outcome(refusal=refusal)


def _store_refusal(command: Command, refusal: Refusal, *, actor: Actor, key: str, dry_run: bool) -> Outcome:
    """Store a refusal that the database gave, in a transaction of its own."""
    if dry_run:
        return Outcome(refusal=refusal)
    with transaction.atomic(durable=not _REHEARSING.get()):
        begun = _begin(command, actor=actor, key=key)
        return begun.stored or _record_refusal(command, refusal, actor=actor, key=key)


def _may_retry(error: DatabaseError, *, is_last: bool) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    if kept_plans.is_lost(state):
        kept_plans.give_up()
        return True
    if state in RETRIED_STATES or _constraint(error) in RETRIED_CONSTRAINTS:
        return True
    # Two writers of one stream may collide in a read model's key before they do in the stream's own. A
    # duplicate that is still there at the last attempt is a fault of the projection and must be seen.
    return state == UNIQUE_VIOLATION and not is_last


def _constraint(error: DatabaseError) -> str:
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None) or ""
