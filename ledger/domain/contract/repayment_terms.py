"""How a loan is repaid: the method and every convention that decides its rows.

Owns: the parameters, their bounds, and which of them contradict each other.
Refuses to know: amounts, rates and dates of one loan, and what a row comes to. A count of rows and a share
of the principal stand where a single plan has dates and amounts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from ledger.domain.plans.choices import Basis, GraceInterest, Level
from ledger.domain.plans.revolving import Settlement
from ledger.kernel.business_days import Adjustment
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import EVERY_MAX, FIRST_PERIOD_DAYS_MIN, Unit
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import Rounding

# A field, whether it is sound, and what is wrong with it if not.
Finding = tuple[str, bool, str]

SHARE_MAX_E8: Final = 95 * RATE_UNIT // 100
# Longer than any run of holidays, so that no two adjusted due dates meet.
ADJUSTED_STEP_DAYS_MIN: Final = 14


class ContractMethod(StrEnum):
    """How principal and interest are spread; the six methods of plans, and revolving draws."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"
    INTEREST_ONLY = "interest_only"
    BULLET = "bullet"
    FLAT = "flat"
    CUSTOM = "custom"
    REVOLVING_DAILY = "revolving_daily"


_LEVEL: Final = frozenset({ContractMethod.EQUAL_INSTALMENT})
_IN_PARTS: Final = _LEVEL | {ContractMethod.EQUAL_PRINCIPAL}
_DATED: Final = frozenset(ContractMethod) - {ContractMethod.CUSTOM, ContractMethod.REVOLVING_DAILY}
MEANINGFUL: Final[dict[str, frozenset[ContractMethod]]] = {
    "level": _LEVEL,
    "equalisation_rounds": _LEVEL,
    "first_absorbs": _IN_PARTS,
    "balloon_share_e8": _IN_PARTS,
    "multiple_minor": _IN_PARTS | {ContractMethod.FLAT},
    "grace_principal_rows": _IN_PARTS | {ContractMethod.INTEREST_ONLY},
    "grace_interest_rows": _IN_PARTS | {ContractMethod.INTEREST_ONLY},
    "grace_interest": _IN_PARTS | {ContractMethod.INTEREST_ONLY},
    "down_payment_share_e8": _DATED,
    "unit": _DATED,
    "every": _DATED,
    "fixed_day": _DATED,
    "end_of_month": _DATED,
    "holiday_rule": _DATED | {ContractMethod.CUSTOM},
    "calendar": _DATED | {ContractMethod.CUSTOM},
    "flat_total_once": frozenset({ContractMethod.FLAT}),
    "min_interest_days": frozenset({ContractMethod.BULLET}),
    "batch_gap_days_min": frozenset({ContractMethod.CUSTOM}),
    "batch_span_days_max": frozenset({ContractMethod.CUSTOM}),
    "settlement": frozenset({ContractMethod.REVOLVING_DAILY}),
}
# A revolving draw earns the same on every day, which these conventions mean.
_SAME_EVERY_DAY: Final = {DayCount.ACT_360, DayCount.ACT_364, DayCount.ACT_365F}
_DAY_BASES: Final = {
    DayCount.ACT_360: 360,
    DayCount.ACT_364: 364,
    DayCount.THIRTY_360: 360,
    DayCount.THIRTY_E_360: 360,
}


@dataclass(frozen=True, kw_only=True)
class RepaymentTerms:
    """The conventions of a plan. Shares are of the principal; a ``calendar`` is named, "" is every day."""

    method: ContractMethod
    basis: Basis = Basis.EXACT
    day_count: DayCount = DayCount.ACT_360
    level: Level | None = None
    equalisation_rounds: int = 0
    unit: Unit = Unit.MONTH
    every: int = 1
    fixed_day: int | None = None
    first_period_days_min: int = FIRST_PERIOD_DAYS_MIN
    end_of_month: bool = False
    holiday_rule: Adjustment = Adjustment.UNADJUSTED
    calendar: str = ""
    rounding: Rounding = Rounding.HALF_UP
    round_each_piece: bool = False
    first_absorbs: bool = False
    multiple_minor: int = 1
    balloon_share_e8: int = 0
    down_payment_share_e8: int = 0
    grace_principal_rows: int = 0
    grace_interest_rows: int = 0
    grace_interest: GraceInterest = GraceInterest.DEFERRED
    flat_total_once: bool = False
    min_interest_days: int = 0
    batch_gap_days_min: int = 1
    batch_span_days_max: int = 366
    settlement: Settlement = Settlement.ALL_ACCRUED

    @property
    def is_revolving(self) -> bool:
        """Say whether interest is charged by the day on what is outstanding, with one due date."""
        return self.method is ContractMethod.REVOLVING_DAILY

    @property
    def day_base(self) -> int:
        """Return the days of a year over which charges by the day are counted."""
        return _DAY_BASES.get(self.day_count, 365)

    @property
    def grace_rows(self) -> int:
        """Return how many first rows pay less than the method says."""
        return max(self.grace_principal_rows, self.grace_interest_rows)

    def findings(self) -> Iterator[Finding]:
        """Yield what is to be sound, field by field."""
        defaults = {field.name: field.default for field in fields(self)}
        for name, methods in MEANINGFUL.items():
            is_default = getattr(self, name) == defaults[name]
            yield name, is_default or self.method in methods, f"{name} means nothing to {self.method}."
        yield from self._bounds()
        yield from self._contradictions()
        yield from self._dates()

    def _bounds(self) -> Iterator[Finding]:
        yield "equalisation_rounds", 0 <= self.equalisation_rounds <= 3, "There are 0 to 3 rounds."
        yield (
            "every",
            1 <= self.every <= EVERY_MAX[self.unit],
            "A step is at least one unit and not too long.",
        )
        yield "multiple_minor", 1 <= self.multiple_minor <= 10**9, "A multiple is at least one minor unit."
        yield "balloon_share_e8", 0 <= self.balloon_share_e8 <= SHARE_MAX_E8, "A share is 0 to 0.95."
        yield (
            "down_payment_share_e8",
            0 <= self.down_payment_share_e8 <= SHARE_MAX_E8,
            "A share is 0 to 0.95.",
        )
        for name in ("grace_principal_rows", "grace_interest_rows"):
            yield name, 0 <= getattr(self, name) <= 60, "There are 0 to 60 rows of grace."
        yield "min_interest_days", 0 <= self.min_interest_days <= 30, "There are 0 to 30 days."
        yield "batch_gap_days_min", 1 <= self.batch_gap_days_min <= 366, "Batches lie 1 to 366 days apart."
        is_span = self.batch_gap_days_min <= self.batch_span_days_max <= 3660
        yield (
            "batch_span_days_max",
            is_span,
            "The last batch lies at least one gap and at most ten years away.",
        )

    def _contradictions(self) -> Iterator[Finding]:
        is_exact = self.basis is Basis.EXACT
        by_days = self.method in (ContractMethod.CUSTOM, ContractMethod.REVOLVING_DAILY)
        yield "basis", is_exact or not by_days, "Agreed dates and draws are charged by exact days."
        yield "level", is_exact or self.level is not Level.LEVEL_EXACT, "level_exact needs exact days."
        same = not self.is_revolving or self.day_count in _SAME_EVERY_DAY
        yield "day_count", same, "A draw earns the same on every day; this convention does not."
        is_rounded_alike = not self.is_revolving or self.rounding is Rounding.HALF_UP
        yield "rounding", is_rounded_alike, "The books round the interest of a draw half up."
        shares = self.balloon_share_e8 + self.down_payment_share_e8
        yield "balloon_share_e8", shares <= SHARE_MAX_E8, "Down payment and balloon leave nothing in between."
        # Interest added to the principal would raise what was drawn on the line without a draw.
        kept = self.grace_interest is not GraceInterest.CAPITALISED
        yield "grace_interest", kept, "Interest of grace rows is deferred or forgiven, never lent."
        yield "first_absorbs", not self.first_absorbs or self.grace_rows == 0, "Not with a grace period."
        plain = self.equalisation_rounds == 0 or (self.grace_rows == 0 and not self.first_absorbs)
        yield "equalisation_rounds", plain, "Only a plan without grace whose last row absorbs is equalised."

    def _dates(self) -> Iterator[Finding]:
        by_month = self.unit is Unit.MONTH
        is_day = self.fixed_day is None or (by_month and 1 <= self.fixed_day <= 31)
        yield "fixed_day", is_day, "Steps of months may have a day of the month, 1 to 31."
        is_end = not self.end_of_month or (by_month and self.fixed_day is None)
        yield "end_of_month", is_end, "The end of the month needs steps of months and no fixed day."
        is_first = 0 <= self.first_period_days_min <= 62
        yield "first_period_days_min", is_first, "A first period is at least 0 to 62 days long."
        adjusts = self.holiday_rule is not Adjustment.UNADJUSTED
        yield "calendar", bool(self.calendar) or not adjusts, "A holiday rule needs a calendar."
        far_apart = self._step_days >= ADJUSTED_STEP_DAYS_MIN
        yield "every", far_apart or not adjusts, "Adjusted due dates lie at least 14 days apart."
        first = self.fixed_day is None or self.first_period_days_min >= ADJUSTED_STEP_DAYS_MIN
        yield "first_period_days_min", first or not adjusts, "An adjusted first period has at least 14 days."

    @property
    def _step_days(self) -> int:
        if self.method is ContractMethod.CUSTOM:
            return self.batch_gap_days_min
        return self.every * {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 28}[self.unit]
