"""Plans that the server keeps for statements that come again and again on one connection.

Owns: which statements of a connection were prepared, under which names, and for how long. Refuses to know: what
they do. A statement that is sent often enough is prepared once and executed by its name from then on, so that
the server neither parses nor plans it again; its parameters are still put in place by the client.

A plan that was made while a table was small is a bad one when it is large, so plans are made anew after a while.
Behind a pooler that gives a session to several clients the names may be unknown or taken: then the process
plans every statement again, as if ``LOANBOOK_KEEP_PLANS`` were off (``processor`` tries the command again).
"""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import Error, transaction

KEPT_AFTER_USES = 3
KEPT_SECONDS_MAX = 60.0
KEPT_MAX = 200
NAME_UNKNOWN, NAME_TAKEN = "26000", "42P05"
_PLACE = re.compile(r"%(?:\((\w+)\))?(s|%)")
_SUBJECT = re.compile(r"\b(es_\w+|(?:INTO|UPDATE|FROM) \w+)", re.IGNORECASE)


@dataclass
class _Plans:
    """What one connection has prepared: by statement, the text that executes it; None where it cannot be."""

    made_at: float = field(default_factory=time.monotonic)
    uses: Counter[str] = field(default_factory=Counter)
    kept: dict[str, str | None] = field(default_factory=dict)


class _Process:
    """What holds for every connection of this process."""

    shares_sessions = False


_PLANS: WeakKeyDictionary[Any, _Plans] = WeakKeyDictionary()


def as_kept(cursor: Any, sql: str) -> str:
    """Return the text that does what ``sql`` does with the same parameters, prepared if it came often enough."""
    if _Process.shares_sessions or not settings.LOANBOOK_KEEP_PLANS:
        return sql
    plans = _plans_of(cursor)
    if sql in plans.kept:
        return plans.kept[sql] or sql
    plans.uses[sql] += 1
    if plans.uses[sql] < KEPT_AFTER_USES or len(plans.kept) >= KEPT_MAX:
        return sql
    plans.kept[sql] = _prepared(cursor, sql)
    return plans.kept[sql] or sql


def give_up() -> None:
    """Plan every statement again from now on: the session is not this connection's alone."""
    _Process.shares_sessions = True


def is_lost(sqlstate: str | None) -> bool:
    """Say whether an error means that the session's prepared statements are not this connection's."""
    return sqlstate in (NAME_UNKNOWN, NAME_TAKEN)


def _plans_of(cursor: Any) -> _Plans:
    plans = _PLANS.get(cursor.connection)
    if plans is None:
        plans = _PLANS[cursor.connection] = _Plans()
    elif time.monotonic() - plans.made_at > KEPT_SECONDS_MAX and plans.kept:
        names = [text.partition("(")[0].split()[1] for text in plans.kept.values() if text]
        cursor.execute("; ".join(f"DEALLOCATE {name}" for name in names) or "SELECT 1")
        plans.made_at, plans.kept = time.monotonic(), {}
    return plans


def _prepared(cursor: Any, sql: str) -> str | None:
    """Prepare a statement and return how it is executed; None for one whose parameters have no clear type."""
    body, places = _numbered(sql)
    name = f"{_subject_of(sql)}_{hashlib.sha256(sql.encode()).hexdigest()[:12]}"
    try:
        with transaction.atomic():
            cursor.execute(f"PREPARE {name} AS {body}")
    except Error as error:
        if is_lost(getattr(error.__cause__, "sqlstate", None)):
            raise
        return None
    return f"EXECUTE {name}({', '.join(places)})" if places else f"EXECUTE {name}"


def _numbered(sql: str) -> tuple[str, list[str]]:
    """Return a statement with numbered parameters, and the places that stand for them, each name once."""
    places: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[2] == "%":
            return "%"
        if found[1] is None or found[0] not in places:
            places.append(found[0])
        return f"${len(places) if found[1] is None else places.index(found[0]) + 1}"

    return _PLACE.sub(number, sql), places


def _subject_of(sql: str) -> str:
    """Return a word that tells an operator what a prepared statement is about."""
    found = _SUBJECT.search(sql)
    return "_".join(found[1].lower().split()) if found else "statement"
