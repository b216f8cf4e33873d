"""From a replayed life to the position of a day.

Owns: what is due and overdue, days past due, classification, status, and the frozen rows and payments.
Refuses to know: how the life came about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.domain.allocation import Buckets
from ledger.domain.servicing.claims import (
    COMPONENTS,
    COMPOUND,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Claim,
    none_each,
)
from ledger.domain.servicing.early import payoff_on
from ledger.domain.servicing.keeping import books_on, earned_by, outstanding_principal
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.position import Position, PositionRow, Status, Waived
from ledger.domain.servicing.running_totals import GivenUp
from ledger.policies.classification import Findings, classify


def position_of(life: Life, *, on: date, undone: frozenset[str]) -> Position:
    """Freeze a life that has been replayed up to a day."""
    unpaid = [life.open(claim, on) for claim in life.rows]
    due, overdue = _due(life, unpaid, on)
    days = life.days_past_due(on)
    earned, totals = earned_by(life, on), life.totals
    findings = Findings(restructured=life.restructured)
    return Position(
        on=on,
        status=_status(life, unpaid, days),
        rows=tuple(_row(life, claim, left, on) for claim, left in zip(life.rows, unpaid, strict=True)),
        uses=tuple(life.uses),
        waivers=tuple(Waived(*waiver) for waiver in life.waivers),
        reversed_ids=tuple(sorted(undone)),
        disbursed_minor=totals.disbursed,
        capitalised_minor=totals.capitalised,
        owed_again_minor=totals.charged_back[PRINCIPAL],
        principal_repaid_minor=totals.paid[PRINCIPAL],
        principal_given_up_minor=totals.given_up[PRINCIPAL] + totals.waived_as_income[PRINCIPAL],
        principal_sold_minor=totals.sold[PRINCIPAL],
        outstanding_minor=outstanding_principal(life),
        earned=_buckets(earned.by_component),
        due=_buckets(due),
        overdue=_buckets(overdue),
        accrued_not_due_minor=_accrued(life, on),
        late_fees_not_charged_minor=totals.not_charged,
        overpaid_minor=life.overpaid,
        payoff=payoff_on(life, on) if any(map(any, unpaid)) else None,
        days_past_due=days,
        oldest_due_on=_oldest(life, on),
        classification=classify(days=days, findings=findings, scheme=life.terms.scheme),
        non_accrual_since=life.non_accrual_since,
        charged_off_on=life.charged_off_on,
        given_up_on=life.given_up_on,
        sold_on=life.sold_on,
        matures_on=life.matures_on if life.matures_on < date.max else None,
        schedule_version=life.version,
        books=books_on(life, earned),
        life=life,
    )


def _due(life: Life, unpaid: Sequence[Sequence[int]], on: date) -> tuple[list[int], list[int]]:
    """Return what is due, and what of it is overdue: what lies within the tolerance is not."""
    due, overdue = none_each(), none_each()
    for claim, left in zip(life.rows, unpaid, strict=True):
        if claim.due_on <= on:
            is_overdue = claim.due_on < on and sum(left) > life.terms.tolerance_minor
            for component in COMPONENTS:
                due[component] += left[component]
                overdue[component] += left[component] if is_overdue else 0
    return due, overdue


def _status(life: Life, unpaid: Sequence[Sequence[int]], days: int) -> Status:
    if life.sold_on is not None:
        return Status.SOLD
    if life.given_up is not None:
        return Status.WRITTEN_OFF if life.given_up is GivenUp.WRITTEN_OFF else Status.SETTLED_AT_DISCOUNT
    if any(map(any, unpaid)):  # without a payout, too: a refund of money that never arrived is owed again
        if life.books_left is not None:
            return Status.CHARGED_OFF
        return Status.OVERDUE if days else Status.ACTIVE
    if life.totals.disbursed == 0:
        return Status.NOT_DISBURSED
    return Status.OVERPAID if life.overpaid else Status.SETTLED


def _accrued(life: Life, on: date) -> int:
    to_come = (claim for claim in life.rows if claim.due_on > on and claim.settled_on is None)
    return sum(max(0, claim.open_interest(on)) for claim in to_come)


def _oldest(life: Life, on: date) -> date | None:
    tolerance = life.terms.tolerance_minor
    rows = (claim for claim in life.rows_due(on) if life.open_total(claim, on) > tolerance)
    return next((claim.due_on for claim in rows), None)


def _row(life: Life, claim: Claim, left: Sequence[int], on: date) -> PositionRow:
    asked = [left[component] + claim.gone[component] for component in COMPONENTS]
    moved = [claim.gone[c] - claim.paid[c] - claim.waived[c] for c in COMPONENTS]
    is_late = claim.due_on < on and sum(left) > life.terms.tolerance_minor
    return PositionRow(
        name=claim.name,
        kind=claim.kind,
        number=claim.number,
        version=claim.version,
        starts_on=claim.starts_on,
        due_on=claim.due_on,
        grace_ends=claim.grace_ends,
        due=_buckets(asked),
        paid=_buckets(claim.paid),
        waived=_buckets(claim.waived),
        moved=_buckets(moved),
        unpaid=_buckets(left),
        earned_interest_minor=claim.interest_by(on),
        days_past_due=(on - claim.due_on).days if is_late else 0,
        settled_on=claim.settled_on,
    )


def _buckets(amounts: Sequence[int]) -> Buckets:
    return Buckets(
        fee_minor=amounts[0],
        penalty_minor=amounts[PENALTY],
        compound_minor=amounts[COMPOUND],
        interest_minor=amounts[INTEREST],
        principal_minor=amounts[PRINCIPAL],
    )
