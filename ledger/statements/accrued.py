"""Interest and penalty that loans earned by the day, from their accrual segments.

Owns: what segments earned over any span of posted days, and the spans a statement shows: from movement to
movement, and never across the end of a month.
Refuses to know: the journal, which holds a day's accrual of all loans in one line. The rows of a day have no
index by loan; a segment posts on each day the difference of two running totals, so a span is one subtraction.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from ledger.accrual_models import AccrualSegment
from ledger.kernel.periods import months_after
from ledger.kernel.rounding import divide_rounded
from ledger.statements.moments import Known
from ledger.statements.owed_parts import PLACE_OF_ACCRUAL
from ledger.statements.sheets import OWED_PARTS, Amounts, Line

TOPIC: Final = "accrual.run_posted"
COMMAND: Final = "post_accrual"
_COLUMNS: Final = (
    "loan_id", "kind", "started_on", "accrue_from", "ends_on", "per_day_numerator", "denominator",
    "carry_numerator", "begun_at", "day_step", "unit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posted:
    """A segment on the days that were posted of it: from ``first`` up to, not including, ``end``."""

    place: int
    started_on: date
    first: date
    end: date
    begun: int
    step: int
    unit: int
    is_whole: bool

    def earned(self, start: date, end: date) -> int:
        """Return what was posted on the days of a span."""
        return self._total(min(end, self.end)) - self._total(max(start, self.first))

    def _total(self, on: date) -> int:
        reached = self.begun + self.step * (on - self.started_on).days
        return (
            reached // self.unit
            if self.is_whole
            else divide_rounded(numerator=reached, denominator=self.unit)
        )


def posted_segments(*, loan_ids: Sequence[UUID], known: Known, before: date) -> dict[UUID, list[Posted]]:
    """Return the segments of each loan with the days that had been posted, up to a date."""
    found: dict[UUID, list[Posted]] = defaultdict(list)
    if known.accrued_through is None:
        return found
    limit = min(before, known.accrued_through + timedelta(days=1))
    rows = AccrualSegment.objects.filter(loan_id__in=loan_ids, started_on__lt=limit)
    for loan_id, kind, started_on, accrue_from, ends_on, pace, base, carry, *steps in rows.values_list(
        *_COLUMNS
    ):
        first, end = max(started_on, accrue_from), min(limit, ends_on or limit)
        if first >= end:
            continue
        is_whole = None not in steps
        begun, step, unit = steps if is_whole else (int(carry), int(pace), int(base))
        place = PLACE_OF_ACCRUAL[kind]
        found[loan_id].append(Posted(place, started_on, first, end, begun, step, unit, is_whole))
    return found


def accrued_before(segments: Iterable[Posted], on: date) -> Amounts:
    """Return everything that was posted on days before a date, by part."""
    totals = [0] * len(OWED_PARTS)
    for one in segments:
        if one.first < on:
            totals[one.place] += one.earned(one.first, on)
    return tuple(totals)


def accrual_lines(
    segments: Iterable[Posted], *, start: date, end: date, moved_on: Iterable[date], shard: int
) -> list[Line]:
    """Return one line for each span in which something was earned, dated on the last day that earned."""
    cuts = _cuts(start=start, end=end, moved_on=moved_on)
    totals = [[0] * len(OWED_PARTS) for _ in cuts]
    days: list[tuple[date, date] | None] = [None for _ in cuts]
    for one in segments:
        first, last = max(one.first, start), min(one.end, end)
        for span in range(bisect_right(cuts, first) - 1, bisect_left(cuts, last)) if first < last else ():
            begin, until = max(first, cuts[span]), min(last, cuts[span + 1])
            totals[span][one.place] += one.earned(begin, until)
            held = days[span]
            days[span] = (begin, until) if held is None else (min(held[0], begin), max(held[1], until))
    return [
        _line(tuple(amounts), *span, shard=shard)
        for amounts, span in zip(totals, days, strict=True)
        if span is not None and any(amounts)
    ]


def _cuts(*, start: date, end: date, moved_on: Iterable[date]) -> list[date]:
    """Return where one span ends and the next begins, both ends included."""
    months, first = [], start.replace(day=1)
    while first < end:
        months.append(first)
        first = months_after(first, months=1)
    return sorted({start, end, *(on for on in (*moved_on, *months) if start < on < end)})


def _line(amounts: Amounts, first: date, end: date, *, shard: int) -> Line:
    last = end - timedelta(days=1)
    return Line(
        posting_date=last,
        value_date=last,
        topic=TOPIC,
        kind="",
        reference=f"{shard}/{first:%Y%m%d}-{last:%Y%m%d}",
        command=COMMAND,
        parts=amounts,
        first_day=first,
    )
