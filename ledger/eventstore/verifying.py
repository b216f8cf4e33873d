"""The whole verification: chain, answers, journal, sub-ledger and closed periods against the events.

Owns: which checks make up ``manage.py verify``. Refuses to know: how to mend anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from ledger.eventstore.closing import closing_balance
from ledger.eventstore.codec import build_event
from ledger.eventstore.consistent_view import one_view, stream_rows
from ledger.eventstore.hash_chain import Problem, verify_commands, verify_events
from ledger.eventstore.journal import entry_lines, value_date
from ledger.kernel.aggregate import DomainEvent

# A run's checksum names its rule; runs of before there was a choice have no name and the sums of MD5 digests.
CHECKSUM = (
    "CASE WHEN max(checksum) LIKE 'h1:%'"
    " THEN 'h1:' || sum(hashtextextended(a.key, uuid_hash_extended(a.loan_id, a.amount_minor))"
    " + (a.kind <> split_part(a.key, ':', 1))::integer)"
    " ELSE sum(CASE WHEN checksum LIKE 'h1:%' THEN 0 ELSE"
    " ('x' || substr(md5(a.loan_id || ':' || a.key || ':' || a.kind || ':' || a.amount_minor), 1, 8))"
    "::bit(32)::bigint END)::text END"
)


def verify() -> Iterator[Problem]:
    """Yield everything that is wrong with the books at one moment, first things first."""
    with one_view():
        yield from verify_events()
        yield from verify_commands()
        yield from verify_journal()
        yield from verify_sub_ledger()
        yield from verify_balance()
        yield from verify_periods()


def stored_events(where: str = "") -> Iterator[tuple[int, int, DomainEvent]]:
    """Yield (shard, position, event) in the order in which projections see them."""
    for shard, pos, *stored in _event_rows(where):
        yield shard, pos, _event(*stored)


def _event_rows(where: str = "") -> Iterator[tuple[Any, ...]]:
    return stream_rows(
        "SELECT shard, pos, originator_id, originator_version, topic, state::text"  # noqa: S608
        f" FROM es_event {where} ORDER BY shard, pos"
    )


def _event(originator_id: UUID, version: int, topic: str, state: str) -> DomainEvent:
    return build_event(topic, originator_id, version, msgspec.json.decode(state))


def verify_journal() -> Iterator[Problem]:
    """Yield every journal entry that is not exactly what its event posts."""
    journal = _journal()
    stored = next(journal, None)
    for shard, pos, *content in _event_rows():
        while stored is not None and stored[0] < (shard, pos):
            yield _journal_problem(stored[0], "the entry has no event")
            stored = next(journal, None)
        entry = None
        if stored is not None and stored[0] == (shard, pos):
            entry, stored = stored, next(journal, None)
        try:
            expected = _expected_entry(_event(*content))
        except Exception as fault:  # whatever was altered, the search goes on
            yield Problem("es_event", f"shard {shard} position {pos}", f"the event cannot be read: {fault}")
            continue
        if expected != (entry and entry[1:]):
            what = "the entry is not what its event posts" if entry else "the entry of the event is missing"
            yield _journal_problem((shard, pos), what)
    while stored is not None:
        yield _journal_problem(stored[0], "the entry has no event")
        stored = next(journal, None)


def _expected_entry(event: DomainEvent) -> tuple[Any, ...] | None:
    lines = [_typed(line) for line in entry_lines(event)]
    if not lines:
        return None
    day = event.effective_date
    return (day, day, event.TOPIC, event.originator_id, value_date(event)), lines


def _journal() -> Iterator[tuple[tuple[int, int], tuple[Any, ...], list[tuple[Any, ...]]]]:
    rows = stream_rows(
        "SELECT shard, pos, posting_date, e.effective_date, e.topic, e.originator_id, e.value_date, l.line_no,"
        " l.account, l.side, l.amount_minor, l.currency, l.entity_id, l.loan_id, l.settlement_account_id,"
        " l.funder, l.product_code"
        " FROM journal_entry e FULL JOIN journal_line l USING (posting_date, shard, pos)"
        " ORDER BY shard, pos, line_no"
    )
    for place, group in groupby(rows, key=lambda row: (row[0], row[1])):
        members = list(group)
        heads = {tuple(row[2:7]) for row in members}
        # A line on another date than its entry has a head of its own.
        head = heads.pop() if len(heads) == 1 else ()
        yield place, head, [tuple(row[7:]) for row in members]


def _typed(line: tuple[Any, ...]) -> tuple[Any, ...]:
    identifiers = tuple(value if value is None else UUID(str(value)) for value in line[5:8])
    return (*line[:5], *identifiers, *line[8:])


def _journal_problem(place: tuple[int, int], what: str) -> Problem:
    return Problem("journal_entry", f"shard {place[0]} position {place[1]}", what)


def verify_sub_ledger() -> Iterator[Problem]:
    """Yield every accrual run whose rows do not add up to what it posted."""
    for shard, day, what in stream_rows(
        "SELECT coalesce(r.shard, s.shard), coalesce(r.business_date, s.business_date),"  # noqa: S608
        " format('%s rows of %s in the run, %s of %s in the sub-ledger', r.rows, r.amount_minor, s.n, s.total)"
        " FROM accrual_run r FULL JOIN (SELECT a.shard, a.business_date, count(*) AS n,"
        f"   sum(a.amount_minor) AS total, {CHECKSUM} AS checksum"
        "   FROM accrual_row a LEFT JOIN accrual_run USING (shard, business_date) GROUP BY 1, 2) s"
        " ON s.shard = r.shard AND s.business_date = r.business_date"
        " WHERE (coalesce(r.rows, 0), coalesce(r.amount_minor, 0))"
        " IS DISTINCT FROM (coalesce(s.n, 0), coalesce(s.total, 0))"
        " OR (r.rows > 0 AND r.checksum IS DISTINCT FROM s.checksum)"
        " ORDER BY 1, 2"
    ):
        yield Problem("accrual_row", f"shard {shard} date {day}", what)
    yield from _verify_runs()


def _verify_runs() -> Iterator[Problem]:
    runs = {
        (row[0], row[1]): row[2:]
        for row in stream_rows("SELECT shard, business_date, rows, amount_minor, checksum FROM accrual_run")
    }
    for shard, _, *content in _event_rows("WHERE topic = 'accrual.run_posted'"):
        try:
            data: Any = _event(*content)
        except Exception:  # noqa: S112 - the journal's check has named this event
            continue
        total = sum(bucket.amount_minor for bucket in data.buckets)
        if runs.pop((shard, data.business_date), None) != (data.rows, total, data.checksum):
            yield Problem(
                "accrual_run", f"shard {shard} date {data.business_date}", "it is not what its event says"
            )
    for shard, day in sorted(runs):
        yield Problem("accrual_run", f"shard {shard} date {day}", "the run has no event")


def verify_balance() -> Iterator[Problem]:
    """Yield every currency in which debits and credits differ, on and off the balance sheet apart."""
    for currency, memo, difference in stream_rows(
        "SELECT currency, left(account, 1) = '9',"
        " sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END)"
        " FROM journal_line GROUP BY 1, 2"
    ):
        if difference:
            kind = "memo" if memo else "balance sheet"
            yield Problem("journal_line", f"{currency} ({kind})", f"debits exceed credits by {difference}")


def verify_periods() -> Iterator[Problem]:
    """Yield every closed period whose trial balance is not what it was when it was closed."""
    closes = {
        row[0]: row[1:]
        for row in stream_rows("SELECT closed_through, trial_balance_hash, closed_on FROM period_close")
    }
    for shard, pos, *content in _event_rows("WHERE topic = 'period.closed'"):
        try:
            closed: Any = _event(*content)
        except Exception:  # noqa: S112 - the journal's check has named this event
            continue
        place = f"through {closed.closed_through}"
        if closes.pop(closed.closed_through, None) != (closed.trial_balance_hash, closed.effective_date):
            yield Problem("period_close", place, f"it is not what the event {shard}/{pos} says")
        now = closing_balance(through=closed.closed_through)
        if (now.digest, now.accounts) != (closed.trial_balance_hash, closed.accounts):
            yield Problem("period_close", place, "the trial balance is not the one that was closed")
    for through in sorted(closes):
        yield Problem("period_close", f"through {through}", "the close has no event")
