"""How much one unit bears from the beginning until a day, so that any stretch of days is one subtraction.

Owns: the running total of rate x days over dated rates as exact whole numbers over one denominator, the
penalty rates that follow the contract's, and the rates after facts about them.
Refuses to know: amounts and claims.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import lcm

from ledger.domain.penalty import penalty_rate_e8
from ledger.domain.plans.rate_table import RateStep, RateTable, RateWindow
from ledger.domain.servicing.facts import (
    Fact,
    InterestPaused,
    PlanChanged,
    PromotionEnded,
    PromotionGranted,
    RateChanged,
)
from ledger.domain.servicing.terms import OverdueRules
from ledger.kernel.rates import RATE_UNIT


@dataclass(frozen=True)
class RateIndex:
    """``at(day)`` x amount / ``denominator`` is the interest on an amount from the first day to that day."""

    starts: tuple[int, ...]
    totals: tuple[int, ...]
    paces: tuple[int, ...]
    denominator: int

    def at(self, on: date) -> int:
        """Return the running total by a day."""
        day = on.toordinal()
        at = bisect_right(self.starts, day) - 1
        return self.totals[at] + self.paces[at] * (day - self.starts[at])

    def between(self, start: date, end: date) -> int:
        """Return what one unit bears from a day to another."""
        if len(self.starts) == 1:
            return self.paces[0] * (end - start).days
        return self.at(end) - self.at(start)

    def stretches(self, start: date) -> Iterator[tuple[date, date | None, int, int]]:
        """Yield (from, until, total at its start, pace) of each stretch of one rate from a day on."""
        at = bisect_right(self.starts, start.toordinal()) - 1
        for place in range(at, len(self.starts)):
            begins = max(self.starts[place], start.toordinal())
            is_last = place + 1 == len(self.starts)
            until = None if is_last else date.fromordinal(self.starts[place + 1])
            total = self.totals[place] + self.paces[place] * (begins - self.starts[place])
            yield date.fromordinal(begins), until, total, self.paces[place]


def rate_index(pieces: Sequence[tuple[date, Fraction]], *, day_base: int) -> RateIndex:
    """Return the index of rates that are each in force from a day on."""
    scale = lcm(RATE_UNIT, *(rate.denominator for _, rate in pieces))
    starts = [on.toordinal() for on, _ in pieces]
    paces = [rate.numerator * (scale // rate.denominator) for _, rate in pieces]
    totals = [0]
    for place in range(1, len(starts)):
        totals.append(totals[-1] + paces[place - 1] * (starts[place] - starts[place - 1]))
    return RateIndex(tuple(starts), tuple(totals), tuple(paces), scale * day_base)


def contract_index(rates: RateTable, *, day_base: int) -> RateIndex:
    """Return the index of what the contract charges, promotions and pauses included."""
    pieces = rates.pieces(start=rates.steps[0].effective_from, end=date.max)
    return rate_index([(piece.starts_on, piece.rate) for piece in pieces], day_base=day_base)


def penalty_index(rates: RateTable, overdue: OverdueRules) -> RateIndex:
    """Return the index of the penalty rate: the contract rate of the day raised, never above the ceiling."""
    raised = [
        (
            step.effective_from,
            penalty_rate_e8(
                contract_rate_e8=step.rate_e8, uplift_e8=overdue.uplift_e8, ceiling_e8=overdue.ceiling_e8
            ),
        )
        for step in rates.steps
    ]
    return rate_index([(on, Fraction(e8, RATE_UNIT)) for on, e8 in raised], day_base=overdue.day_base)


def unpaid_interest_index(rates: RateTable, overdue: OverdueRules) -> RateIndex:
    """Return the index of the contract rate as it is charged on unpaid interest, without promotions."""
    steps = [(step.effective_from, Fraction(step.rate_e8, RATE_UNIT)) for step in rates.steps]
    return rate_index(steps, day_base=overdue.day_base)


def rates_after(rates: RateTable, fact: Fact, granted: dict[str, date]) -> RateTable:
    """Return the rates after one fact; ``granted`` keeps the first day of each promotion by its fact.

    Refuses RateTableInvalid.
    """
    on = fact.effective_date
    if isinstance(fact, RateChanged):
        steps = {step.effective_from: step for step in (*rates.steps, RateStep(on, fact.rate_e8))}
        return replace(rates, steps=tuple(steps[day] for day in sorted(steps)))
    if isinstance(fact, PlanChanged) and fact.terms is not None:
        before = [step for step in rates.steps if step.effective_from < on]
        return replace(rates, steps=(*before, *_steps_from(fact.terms.rates, on)))
    if isinstance(fact, InterestPaused):
        return replace(rates, pauses=_sorted(rates.pauses, RateWindow(on, fact.until)))
    if isinstance(fact, PromotionGranted):
        granted[fact.id] = on
        window = RateWindow(on, fact.until or date.max, fact.share_e8)
        return replace(rates, promotions=_sorted(rates.promotions, window))
    if isinstance(fact, PromotionEnded):
        return replace(rates, promotions=_ended(rates.promotions, granted[fact.of], on))
    return rates


def _steps_from(rates: RateTable, on: date) -> tuple[RateStep, ...]:
    """Return the rates of a table from a day on, the one in force on that day first."""
    at_once = RateStep(on, int(rates.contract_rate(on) * RATE_UNIT))
    return (at_once, *(step for step in rates.steps if step.effective_from > on))


def _sorted(windows: tuple[RateWindow, ...], added: RateWindow) -> tuple[RateWindow, ...]:
    return tuple(sorted((*windows, added), key=lambda window: window.starts_on))


def _ended(windows: tuple[RateWindow, ...], starts_on: date, on: date) -> tuple[RateWindow, ...]:
    # A promotion that ends on the day it began has never been.
    kept = (
        replace(window, ends_on=min(window.ends_on, on)) if window.starts_on == starts_on else window
        for window in windows
        if (window.starts_on, on) != (starts_on, starts_on)
    )
    return tuple(kept)
