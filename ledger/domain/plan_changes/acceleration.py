"""All that is not due yet falls due at once, some days after a notice.

Owns: the grounds, the day (notice and cure days), the one row that replaces those to come, and the rate
charged on it once it is overdue.
Refuses to know: who gives notice, and overdue charges. Rows that fall due within the cure days stay.

| 33,631.09 left at 10.8%, notice 6 days after the second due date, 5 cure days | interest of 11 days 110.98 |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

from ledger.domain.plan_changes.payments import Payments, unpaid_rows
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, inheriting
from ledger.domain.plan_changes.standing import Standing, standing_on
from ledger.domain.plan_changes.versions import ChangeKind, PlanVersion
from ledger.domain.plan_changes.weighing import cut, is_weighed
from ledger.domain.plans.choices import Grace, GraceInterest, Method
from ledger.domain.plans.periods import counted_pieces
from ledger.domain.plans.rows import FactorPiece, PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.plans.walking import interest_of, subsidy_of
from ledger.kernel.rates import RATE_UNIT

ROWS_UNPAID_MIN: Final = 3
CURE_DAYS: Final = 5


class Ground(StrEnum):
    """Why a lender may call a loan due."""

    MISUSE_OF_FUNDS = "misuse_of_funds"
    FRAUD = "fraud"
    THREE_ROWS_UNPAID = "three_rows_unpaid"
    BLACKLISTED = "blacklisted"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice of acceleration; ``uplift_e8`` turns the contract rate into the penalty rate."""

    ground: Ground
    cure_days: int = CURE_DAYS
    uplift_e8: int = RATE_UNIT // 2


def accelerate(version: PlanVersion, *, on: date, notice: Notice, payments: Payments) -> PlanVersion:
    """Make everything due after the cure days. Refuses ChangeImpossible, NothingToChange, PaymentsImpossible."""
    unpaid = unpaid_rows(standing_on(version, on=on).due, payments=payments)
    if notice.ground is Ground.THREE_ROWS_UNPAID and len(unpaid) < ROWS_UNPAID_MIN:
        raise ChangeImpossible("Fewer rows than that are unpaid.", field="ground", rows_unpaid=len(unpaid))
    due_on = on + timedelta(days=notice.cure_days)
    standing = standing_on(version, on=due_on)
    row = _everything(standing)
    terms = replace(
        standing.terms,
        # One row is left, so that batches have become a single repayment at the end.
        method=Method.INTEREST_ONLY if standing.terms.method is Method.CUSTOM else standing.terms.method,
        count=standing.terms.count if standing.terms.method is Method.BULLET else 1,
        grace=Grace(),
        balloon_minor=0,
        batches=(),
    )
    rows = inheriting([row], carried=(*standing.carried, standing.put_off_minor), fees=standing.fees)
    return replace(standing.followed_by(rows, kind=ChangeKind.ACCELERATE, terms=terms), on=on)


def penalty_rate(terms: PlanTerms, *, on: date, notice: Notice) -> Fraction:
    """Return the annual rate on what is overdue after the acceleration: 10.8% and half of it, 16.2%."""
    return terms.rates.contract_rate(on) * (RATE_UNIT + notice.uplift_e8) / RATE_UNIT


def _everything(standing: Standing) -> PlanRow:
    terms, due_on = standing.terms, standing.on
    running = standing.periods[0]
    pieces = _until(terms, standing, due_on)
    period = replace(running, planned_on=due_on, due_on=due_on, pay_by=due_on, pieces=tuple(pieces))
    base = terms.financed_minor if terms.method is Method.FLAT else standing.balance_minor
    is_free = terms.grace.interest_rows > 0 and terms.grace.interest is GraceInterest.FORGIVEN
    interest = 0 if is_free else interest_of(terms, period, base_minor=base)
    return PlanRow(
        period=period,
        opening_minor=standing.balance_minor,
        principal_minor=standing.balance_minor,
        accrued_minor=interest,
        interest_minor=interest,
        subsidy_minor=0 if is_free else subsidy_of(terms, period, base_minor=base),
    )


def _until(terms: PlanTerms, standing: Standing, due_on: date) -> Sequence[FactorPiece]:
    """Return the running row's pieces up to the day, by days as for a payoff."""
    running = standing.periods[0]
    if is_weighed(running):
        return cut(terms, running.pieces, on=due_on)[0]
    return counted_pieces(terms, start=running.starts_on, end=due_on)
