"""Everything a repayment plan depends on, as one record of named conventions.

Owns: the parameters, their defaults and the refusal of combinations that contradict each other.
Refuses to know: how rows are computed, and where the parameters come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Level, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.kernel.business_days import EVERY_DAY, Adjustment, BusinessCalendar
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import DueDateRule
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.kernel.rounding import Rounding


class PlanTermsImpossible(Refusal):
    """Two parameters of a plan exclude each other, or one is outside its bounds."""

    code = "LEDGER_PLAN_TERMS_IMPOSSIBLE"
    kind = RefusalKind.INVALID


_LEVEL: Final = frozenset({Method.EQUAL_INSTALMENT})
_REPAID_IN_PARTS: Final = _LEVEL | {Method.EQUAL_PRINCIPAL}
# Which parameters mean something to which method, and what they are called outside; all others stay at
# their defaults.
_MEANINGFUL: Final[dict[str, tuple[str, frozenset[Method]]]] = {
    "level": ("level", _LEVEL),
    "instalment_minor": ("instalment", _LEVEL),
    "equalisation_rounds": ("equalisation_rounds", _LEVEL),
    "relevels": ("rate_change", _LEVEL),
    "multiple_minor": ("multiple", _REPAID_IN_PARTS | {Method.FLAT}),
    "balloon_minor": ("balloon", _REPAID_IN_PARTS),
    "first_absorbs": ("absorbs", _REPAID_IN_PARTS),
    "grace": ("grace", _REPAID_IN_PARTS | {Method.INTEREST_ONLY}),
    "batches": ("batches", frozenset({Method.CUSTOM})),
    "flat_total_once": ("flat_total", frozenset({Method.FLAT})),
    "min_interest_days": ("min_interest_days", frozenset({Method.BULLET})),
}


@dataclass(frozen=True, kw_only=True)
class PlanTerms:
    """The terms of one plan. Refuses PlanTermsImpossible."""

    method: Method
    principal_minor: int
    rates: RateTable
    start: date
    count: int
    due_dates: DueDateRule
    basis: Basis = Basis.PERIODIC
    day_count: DayCount = DayCount.ACT_360
    year_days: int | None = None
    level: Level | None = None
    instalment_minor: int | None = None
    equalisation_rounds: int = 0
    relevels: bool = True
    rounding: Rounding = Rounding.HALF_UP
    round_each_piece: bool = False
    multiple_minor: int = 1
    first_absorbs: bool = False
    balloon_minor: int = 0
    down_payment_minor: int = 0
    grace: Grace = field(default_factory=Grace)
    batches: tuple[Batch, ...] = ()
    flat_total_once: bool = False
    min_interest_days: int = 0
    counts_last_day: bool = False
    adjustment: Adjustment = Adjustment.UNADJUSTED
    calendar: BusinessCalendar = EVERY_DAY

    def __post_init__(self) -> None:
        for name, is_possible, message in (*self._bounds(), *self._contradictions(), *self._batches()):
            if not is_possible:
                raise PlanTermsImpossible(message, field=name)

    @property
    def financed_minor(self) -> int:
        """Return what is repaid in instalments: the principal less the down payment."""
        return self.principal_minor - self.down_payment_minor

    def _bounds(self) -> Iterator[tuple[str, bool, str]]:
        for name, (field_name, methods) in _MEANINGFUL.items():
            is_default = getattr(self, name) in (_DEFAULTS[name], Grace())
            message = f"{field_name} means nothing to {self.method}."
            yield field_name, is_default or self.method in methods, message
        yield "principal", self.principal_minor >= 1, "There is at least one minor unit of principal."
        yield "down_payment", 0 <= self.down_payment_minor < self.principal_minor, "Part is paid down."
        yield "balloon", 0 <= self.balloon_minor < self.financed_minor, "A balloon is part of the principal."
        yield "multiple", self.multiple_minor >= 1, "A multiple is at least one minor unit."
        yield "equalisation_rounds", 0 <= self.equalisation_rounds <= 3, "There are 0 to 3 rounds."

    def _contradictions(self) -> Iterator[tuple[str, bool, str]]:
        is_exact, grace = self.basis is Basis.EXACT, self.grace
        yield "count_last_day", is_exact or not self.counts_last_day, "Whole steps have no last day."
        yield "basis", is_exact or self.method is not Method.CUSTOM, "Agreed dates are charged by exact days."
        is_listed = bool(self.due_dates.listed)
        yield (
            "due_dates",
            not is_listed or self.method is not Method.CUSTOM,
            "Batches have dates of their own.",
        )
        yield "level", is_exact or self.level is not Level.LEVEL_EXACT, "level_exact needs exact days."
        yield "year_days", not is_exact or self.year_days is None, "Exact days have a day count instead."
        rows = max(grace.principal_rows, grace.interest_rows)
        yield (
            "grace",
            0 <= rows < self.count and min(grace.principal_rows, grace.interest_rows) >= 0,
            ("At least one row comes after the grace period."),
        )
        adds_up = (
            grace.interest is not GraceInterest.CAPITALISED or grace.interest_rows <= grace.principal_rows
        )
        yield "grace", adds_up, "A row that repays principal cannot capitalise its interest."
        yield (
            "absorbs",
            not self.first_absorbs or self.method is Method.EQUAL_PRINCIPAL or self._is_plain(),
            ("An equal instalment absorbs it first only without grace, given instalment or rate change."),
        )
        yield (
            "equalisation_rounds",
            self.equalisation_rounds == 0 or self._is_plain(),
            ("Only a plan without grace, given instalment or rate change is equalised."),
        )
        yield (
            "instalment",
            self.instalment_minor is None or self.multiple_minor == 1,
            ("A given instalment is not rounded to a multiple."),
        )

    def _batches(self) -> Iterator[tuple[str, bool, str]]:
        if self.method is not Method.CUSTOM:
            return
        dates = [self.start, *(batch.on for batch in self.batches)]
        amounts = [batch.principal_minor for batch in self.batches]
        rise = all(earlier < later for earlier, later in pairwise(dates))
        yield "batches", rise, "The dates of batches rise and lie after the start."
        yield "batches", min(amounts, default=-1) >= 0, "There are batches, and none is negative."
        yield "batches", sum(amounts) == self.financed_minor, "Batches add up to the principal."
        yield "count", self.count == len(self.batches), "The count is that of the batches."

    def _is_plain(self) -> bool:
        return self.grace == Grace() and self.instalment_minor is None and len(self.rates.steps) == 1


_DEFAULTS: Final = {name: PlanTerms.__dataclass_fields__[name].default for name in _MEANINGFUL}
