"""Subjects that a step of the day close could not deal with.

Owns: setting a subject aside with its command and the error, in a transaction of its own; finding the open
ones; marking one as resolved. Refuses to know: why a command failed.
What is kept of an error names no person: its class, its place in the code, and its first line without quoted
values, addresses and long numbers. The whole of it is in the log of the process.
"""

from __future__ import annotations

import logging
import re
import traceback
from datetime import date
from pathlib import Path

import msgspec
from django.db import connection, transaction

from ledger.eventstore.commands import COMMANDS, Command
from ledger.kernel.refusals import Refusal

logger = logging.getLogger(__name__)

MESSAGE_LENGTH_MAX = 300
_PRODUCT = [Path(__file__).parents[1] / app for app in ("ledger", "lending", "collection")]
OPEN = (
    "SELECT subject, command, fields::text FROM day_close_problem"
    " WHERE shard = %s AND step = %s AND resolved_at IS NULL ORDER BY id"
)
OPEN_ANYWHERE = (
    "SELECT shard, step, subject FROM day_close_problem WHERE resolved_at IS NULL ORDER BY shard, id"
)
SET_ASIDE = (
    "INSERT INTO day_close_problem AS p (shard, business_date, last_date, step, subject, command, fields, error,"
    " message, first_seen, last_seen, attempts)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s, clock_timestamp(), clock_timestamp(), 1)"
    " ON CONFLICT (shard, step, subject) WHERE resolved_at IS NULL DO UPDATE SET"
    " last_date = greatest(p.last_date, excluded.last_date), command = excluded.command,"
    " fields = excluded.fields, error = excluded.error, message = excluded.message,"
    " last_seen = excluded.last_seen, attempts = p.attempts + 1"
)
RESOLVE = (
    "UPDATE day_close_problem SET resolved_at = clock_timestamp(), resolved_by = %s"
    " WHERE shard = %s AND step = %s AND subject = %s AND resolved_at IS NULL"
)
_OF_A_PERSON = re.compile(r"'[^']*'|\"[^\"]*\"|\([^)]*\)=\([^)]*\)|\S+@\S+|\+?\d[\d ]{5,}\d")


def open_problems(*, shard: int, step: str) -> dict[str, Command | None]:
    """Return the subjects that wait in a shard, oldest first, each with the command that failed.

    A command that the product does not know any more is None.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN, (shard, step))
        return {subject: _command_of(name, fields) for subject, name, fields in cursor.fetchall()}


def open_problem_places() -> list[tuple[int, str, str]]:
    """Return shard, step and subject of everything that is set aside."""
    with connection.cursor() as cursor:
        cursor.execute(OPEN_ANYWHERE)
        return list(cursor.fetchall())


def set_aside(*, shard: int, day: date, step: str, subject: str, command: Command, error: Exception) -> None:
    """Keep what could not be done, so that the others can be."""
    text = message_of(error)
    logger.error(
        "the day close of %s set aside %s of %s in shard %s: %s", day, step, subject, shard, text,
        exc_info=None if isinstance(error, Refusal) else error,
    )  # fmt: skip
    fields = msgspec.json.encode(command).decode()
    row = (shard, day, day, step, subject, command.name, fields, error_name(error), text)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SET_ASIDE, row)


def resolve(*, shard: int, step: str, subject: str, by: str) -> None:
    """Mark a subject as dealt with."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RESOLVE, (by, shard, step, subject))
    logger.info("%s of %s in shard %s works again", step, subject, shard)


def error_name(error: Exception) -> str:
    """Return the code of a refusal, or the class of a fault."""
    return error.code if isinstance(error, Refusal) else type(error).__name__


def message_of(error: Exception) -> str:
    """Return what an operator may read of an error: where it happened and what it says of no person."""
    first_line = (str(error).splitlines() or [""])[0]
    place = "" if isinstance(error, Refusal) else f" [{_place_of(error)}]"
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    place = f" [{constraint}]{place}" if constraint else place
    said = _OF_A_PERSON.sub("...", first_line)[: MESSAGE_LENGTH_MAX - len(place)]
    return f"{said}{place}".strip()


def _place_of(error: Exception) -> str:
    """Return the innermost function of the product that the error came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(map(Path(frame.filename).is_relative_to, _PRODUCT))] or frames
    return f"{Path(ours[-1].filename).stem}.{ours[-1].name}:{ours[-1].lineno}" if ours else "nowhere"


def _command_of(name: str, fields: str) -> Command | None:
    known = COMMANDS.get(name)
    if known is None:
        return None
    try:
        return msgspec.json.decode(fields, type=known)
    except msgspec.ValidationError:
        return None
