"""Which annual rate is charged on which day.

Owns: dated rates (a change takes effect at the start of its day), promotions that charge a share of the
rate, pauses that charge nothing, and the cut of any period into pieces of one rate.
Refuses to know: day counts and amounts. A promotion is not granted to an overdue loan; the caller leaves
it out. Rates are exact fractions: 14.4% x 0.85 is 12.24%, and 13.33% x 0.85 keeps all its decimals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind


class RateTableInvalid(Refusal):
    """The dated rates do not say which rate is in force on every day of the plan."""

    code = "LEDGER_RATE_TABLE_INVALID"
    kind = RefusalKind.INVALID


@dataclass(frozen=True)
class RateStep:
    """The contract rate from a day on."""

    effective_from: date
    rate_e8: int


@dataclass(frozen=True)
class RateWindow:
    """Days [starts_on, ends_on) on which only a share of the rate is charged; a pause charges none."""

    starts_on: date
    ends_on: date
    share_e8: int = 0

    def __post_init__(self) -> None:
        if self.ends_on <= self.starts_on:
            raise RateTableInvalid("A promotion or pause ends after it starts.", field="ends_on")


@dataclass(frozen=True)
class RatePiece:
    """Part of a period with one rate; ``full_rate`` is what it would be without a promotion."""

    starts_on: date
    ends_on: date
    rate: Fraction
    full_rate: Fraction


@dataclass(frozen=True)
class RateTable:
    """The rates of one contract. Refuses RateTableInvalid."""

    steps: tuple[RateStep, ...]
    promotions: tuple[RateWindow, ...] = ()
    pauses: tuple[RateWindow, ...] = ()

    def __post_init__(self) -> None:
        dates = [step.effective_from for step in self.steps]
        if not dates or any(later <= earlier for earlier, later in pairwise(dates)):
            raise RateTableInvalid("Rates have rising dates, and there is at least one.", field="rates")
        for name, windows in (("promotions", self.promotions), ("pauses", self.pauses)):
            if any(later.starts_on < earlier.ends_on for earlier, later in pairwise(windows)):
                raise RateTableInvalid("Windows follow each other and do not overlap.", field=name)

    @classmethod
    def constant(cls, rate_e8: int) -> RateTable:
        """Return a table with one rate for ever."""
        return cls((RateStep(date.min, rate_e8),))

    def contract_rate(self, on: date) -> Fraction:
        """Return the rate of a day before promotions and pauses. Refuses RateTableInvalid."""
        begun = [step for step in self.steps if step.effective_from <= on]
        if not begun:
            raise RateTableInvalid("No rate is in force yet.", field="rates", on=on.isoformat())
        return Fraction(begun[-1].rate_e8, RATE_UNIT)

    def pieces(self, *, start: date, end: date) -> tuple[RatePiece, ...]:
        """Cut [start, end) where the rate changes; an empty period is one empty piece."""
        cuts = [start, *self._cuts(start, end), end]
        return tuple(self._piece(*dates) for dates in pairwise(cuts))

    def known_before(self, on: date) -> RateTable:
        """Return the table as far as its rates take effect before a day: what was known then."""
        known = tuple(step for step in self.steps if step.effective_from < on) or self.steps[:1]
        return self if len(known) == len(self.steps) else replace(self, steps=known)

    def _cuts(self, start: date, end: date) -> list[date]:
        inside = {on for on in self._boundaries() if start < on < end}
        return sorted(inside)

    def _boundaries(self) -> Iterator[date]:
        yield from (step.effective_from for step in self.steps)
        for window in (*self.promotions, *self.pauses):
            yield from (window.starts_on, window.ends_on)

    def _piece(self, start: date, end: date) -> RatePiece:
        full = self.contract_rate(start)
        if _window_on(self.pauses, start):
            full = Fraction(0)
        promotion = _window_on(self.promotions, start)
        rate = full * Fraction(promotion.share_e8, RATE_UNIT) if promotion else full
        return RatePiece(start, end, rate, full)


def _window_on(windows: tuple[RateWindow, ...], on: date) -> RateWindow | None:
    return next((window for window in windows if window.starts_on <= on < window.ends_on), None)
