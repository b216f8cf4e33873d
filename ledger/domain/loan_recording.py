"""From a derived position to what an event writes down, and what of it differs from what was known.

Owns: rows, payments and the standing as records, the day on which something next happens by itself, and
comparing them with the loan's state.
Refuses to know: commands, and how a position comes about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger.domain.accrual import Accrual
from ledger.domain.allocation import Buckets
from ledger.domain.loan_growth import accruals_of, changed_accruals, grown
from ledger.domain.loan_record import RecordedPayment, RecordedRow, RowShare, Standing
from ledger.domain.loan_state import LoanState, LoanStatus
from ledger.domain.servicing.claims import Claim
from ledger.domain.servicing.differing import Adjustment, changes_of_books
from ledger.domain.servicing.position import MoneyUsed, Position, PositionRow, Status, money_used

# Days past due on which the category changes, besides those of the terms: more than 90, 270 and 360.
_CATEGORY_STEPS: Final = (1, 91, 271, 361)
# By the status of a position.
STATUS: Final = {
    Status.NOT_DISBURSED: LoanStatus.CANCELLED,
    Status.ACTIVE: LoanStatus.ACTIVE,
    Status.OVERDUE: LoanStatus.OVERDUE,
    Status.SETTLED: LoanStatus.SETTLED,
    Status.OVERPAID: LoanStatus.OVERPAID,
    Status.CHARGED_OFF: LoanStatus.CHARGED_OFF,
    Status.WRITTEN_OFF: LoanStatus.WRITTEN_OFF,
    Status.SETTLED_AT_DISCOUNT: LoanStatus.SETTLED_AT_DISCOUNT,
    Status.SOLD: LoanStatus.SOLD,
}


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What an event adds to what is known of a loan."""

    status: LoanStatus
    adjustments: tuple[Adjustment, ...]
    rows: tuple[RecordedRow, ...]
    rows_gone: tuple[str, ...]
    payments: tuple[RecordedPayment, ...]
    payments_gone: tuple[str, ...]
    accruals: tuple[Accrual, ...]
    accruals_ended: tuple[str, ...]
    became_overdue: tuple[str, ...]
    no_longer_overdue: tuple[str, ...]
    standing: Standing

    def says_nothing_new(self, state: LoanState) -> bool:
        """Say whether the state holds all of it already."""
        news = (self.adjustments, self.rows, self.rows_gone, self.payments, self.payments_gone, self.accruals)
        return not any(news) and not self.accruals_ended and self.standing == state.standing


def nothing_new(state: LoanState) -> Recording:
    """Return what an event adds that only keeps a fact, and leaves what follows from it to a later one."""
    return Recording(
        status=state.status,
        adjustments=(),
        rows=(),
        rows_gone=(),
        payments=(),
        payments_gone=(),
        accruals=(),
        accruals_ended=(),
        became_overdue=(),
        no_longer_overdue=(),
        standing=state.standing,
    )


def recording_of(position: Position, state: LoanState) -> Recording:
    """Return what a position of the open date adds to a state: balances that grew by themselves are no news."""
    on = position.on
    rows = {row.name: row for row in recorded_rows(position)}
    uses = {use.fact_id: use for use in position.uses}
    late = {name for name, row in rows.items() if row.overdue_since}
    held = {name for name, row in state.rows.items() if row.overdue_since}
    changed, ended = changed_accruals(state.accruals, accruals_of(position), on=on)
    shown = grown(state.books, state.accruals, since=state.as_of or on, until=on)
    return Recording(
        status=_status(position),
        adjustments=changes_of_books(shown, position.books),
        rows=tuple(row for name, row in rows.items() if state.rows.get(name) != row),
        rows_gone=tuple(name for name in state.rows if name not in rows),
        payments=tuple(
            _payment(money_used(use), rows)
            for key, use in uses.items()
            if state.payments.get(key) != use.told
        ),
        payments_gone=tuple(key for key in state.payments if key not in uses),
        accruals=changed,
        accruals_ended=ended,
        became_overdue=tuple(sorted(late - held)),
        no_longer_overdue=tuple(sorted(held - late)),
        standing=_standing(position, rows.values(), _lapses_on(state)),
    )


def _status(position: Position) -> LoanStatus:
    """Return the status; what was paid on a payout that came back is still to be refunded."""
    if position.status is Status.NOT_DISBURSED and position.overpaid_minor:
        return LoanStatus.OVERPAID
    return STATUS[position.status]


def recorded_rows(position: Position) -> Iterator[RecordedRow]:
    """Yield the rows of a position as they are recorded, in the order of their due dates."""
    balances = _openings(position.life.rows)
    for claim, row in zip(position.life.rows, position.rows, strict=True):
        yield _row(claim, row, position, balances.get(row.name, 0))


def _row(claim: Claim, row: PositionRow, position: Position, opening_minor: int) -> RecordedRow:
    late_on = row.settled_on or position.on
    is_late = late_on > row.due_on if row.settled_on else row.days_past_due > 0
    is_penalised = is_late and late_on > row.grace_ends
    fee, penalty, compound, _, principal = claim.amounts
    moved = row.moved
    return RecordedRow(
        name=row.name,
        kind=row.kind.value,
        version=row.version,
        number=row.number,
        starts_on=row.starts_on,
        due_on=row.due_on,
        grace_ends=row.grace_ends,
        opening_minor=opening_minor,
        asked=Buckets(
            fee_minor=fee - moved.fee_minor,
            penalty_minor=max(0, penalty - moved.penalty_minor),
            compound_minor=max(0, compound - moved.compound_minor),
            interest_minor=claim.interest_by(claim.due_on) - moved.interest_minor,
            principal_minor=principal - moved.principal_minor,
        ),
        paid=row.paid,
        waived=row.waived,
        settled_on=row.settled_on,
        overdue_since=row.due_on if is_late else None,
        penalised_on=row.grace_ends + timedelta(days=1) if is_penalised else None,
    )


def _openings(claims: Sequence[Claim]) -> dict[str, int]:
    """Return the balance each planned row begins with: its principal and that of the rows after it."""
    opening, balance, version = {}, 0, 0
    for claim in reversed(claims):
        if claim.period is None and claim.daily is None:
            continue
        if claim.version != version:
            balance, version = 0, claim.version
        balance = claim.amounts[-1] + (0 if claim.daily is not None else balance)
        opening[claim.name] = balance
    return opening


def _payment(used: MoneyUsed, rows: Mapping[str, RecordedRow]) -> RecordedPayment:
    given: dict[str, dict[str, int]] = {}
    for row, bucket, amount in used.shares:
        of_row = given.setdefault(row, {})
        of_row[f"{bucket}_minor"] = of_row.get(f"{bucket}_minor", 0) + amount
    return RecordedPayment(
        id=used.id,
        kind=used.kind,
        value_date=used.on,
        amount_minor=used.amount_minor,
        did=used.did,
        days_past_due=used.days_past_due,
        order=used.order,
        shares=tuple(
            RowShare(row=row, number=rows[row].number if row in rows else 0, given=Buckets(**amounts))
            for row, amounts in given.items()
        ),
        early_fee_minor=used.early_fee_minor,
        recovered_minor=used.recovered_minor,
        surplus_minor=used.surplus_minor,
    )


def _lapses_on(state: LoanState) -> date | None:
    """Return the day on which what may still be called lapses."""
    parts = state.parts
    return parts.available_until + timedelta(days=1) if parts is not None and parts.rest_minor else None


def _standing(position: Position, rows: Collection[RecordedRow], lapses_on: date | None) -> Standing:
    is_over = position.status in (Status.SETTLED, Status.OVERPAID, Status.NOT_DISBURSED)
    ended_on = position.sold_on or position.given_up_on
    is_over = is_over or ended_on is not None
    open_rows = [] if is_over else [row for row in rows if row.settled_on is None]
    settled = [row.settled_on for row in rows if row.settled_on is not None]
    lapses = [lapses_on] if lapses_on is not None and lapses_on > position.on and not is_over else []
    return Standing(
        outstanding_minor=position.outstanding_minor,
        overpaid_minor=position.overpaid_minor,
        schedule_version=position.schedule_version,
        category=position.classification.category.value,
        next_due_on=min((row.due_on for row in open_rows), default=None),
        overdue_since=position.oldest_due_on if position.days_past_due else None,
        matures_on=position.matures_on,
        non_accrual_since=position.non_accrual_since,
        charged_off_on=position.charged_off_on,
        given_up_on=position.given_up_on,
        settled_on=ended_on or (max(settled, default=None) if is_over else None),
        wakes_on=min([*_wakings(position, open_rows), *lapses], default=None),
    )


def _wakings(position: Position, open_rows: Sequence[RecordedRow]) -> Iterator[date]:
    """Yield the days to come on which an open row changes something without a fact."""
    on, most = position.on, position.life.terms.non_accrual_after_dpd
    steps = _CATEGORY_STEPS if most is None else (*_CATEGORY_STEPS, most + 1)
    capitalises = {claim.name for claim in position.life.rows if claim.capitalised_minor}
    for row in open_rows:
        days = [row.due_on + timedelta(days=step) for step in steps]
        days.append(row.grace_ends + timedelta(days=1))
        if position.overpaid_minor or row.name in capitalises:
            days.append(row.due_on)
        yield from (day for day in days if day > on)
