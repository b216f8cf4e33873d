"""Earned interest that becomes principal, or is given up.

Owns: which earned interest it is, and the rows that follow. Interest becomes principal only with the
borrower's consent; flat interest never does.
Refuses to know: who approves a waiver, and the journal.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ledger.domain.plan_changes.consent import require_consent
from ledger.domain.plan_changes.earned_interest import Earned, earned_interest
from ledger.domain.plan_changes.payments import Payments, unpaid_rows, without
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, Remake, inheriting, remade
from ledger.domain.plan_changes.standing import Standing, standing_on
from ledger.domain.plan_changes.tranches import grown
from ledger.domain.plan_changes.versions import ChangeKind, Movement, PlanVersion
from ledger.domain.plan_changes.weighing import blended, restarted
from ledger.domain.plans.choices import Method
from ledger.domain.plans.rows import PlanPeriod, PlanRow
from ledger.domain.plans.terms import PlanTerms


def capitalise(
    version: PlanVersion,
    *,
    on: date,
    parts: Collection[Earned],
    payments: Payments,
    has_consent: bool = False,
) -> PlanVersion:
    """Make earned interest principal, and plan the rows to come for the larger balance.

    Refuses CapitalisationWithoutConsent, ChangeImpossible, PaymentsImpossible, NothingToChange.
    """
    require_consent(is_given=has_consent)
    standing = standing_on(version, on=on)
    if standing.terms.method is Method.FLAT:
        raise ChangeImpossible("Flat interest is not charged on interest.", field="kind", method="flat")
    unpaid = unpaid_rows(standing.due, payments=payments)
    amount = _positive(earned_interest(standing, unpaid=unpaid).of(parts))
    terms = grown(standing, by_minor=amount)
    balance = standing.balance_minor + amount
    if Earned.ACCRUED in parts:
        running = restarted(terms, standing.periods[0], on=on)
    else:
        running = blended(
            terms, standing.periods[0], on=on, before_minor=standing.balance_minor, after_minor=balance
        )
    rows = remade(standing, terms, (running, *standing.periods[1:]), balance_minor=balance, by_rows=True)
    return standing.followed_by(
        _still_carrying(standing, rows, parts),
        kind=ChangeKind.CAPITALISE,
        terms=terms,
        due=without(standing.due, unpaid=unpaid, principal=False, interest=Earned.OVERDUE in parts),
        moved=(Movement(on, amount),),
    )


def forgive(version: PlanVersion, *, on: date, parts: Collection[Earned], payments: Payments) -> PlanVersion:
    """Give up earned interest; principal stays as planned.

    Refuses ChangeImpossible, PaymentsImpossible, NothingToChange.
    """
    standing = standing_on(version, on=on)
    unpaid = unpaid_rows(standing.due, payments=payments)
    _positive(earned_interest(standing, unpaid=unpaid).of(parts))
    periods = (_relieved(standing.terms, standing, parts), *standing.periods[1:])
    rows = remade(
        standing, standing.terms, periods, balance_minor=standing.balance_minor, how=Remake.KEEP_PRINCIPAL
    )
    return standing.followed_by(
        _still_carrying(standing, rows, parts),
        kind=ChangeKind.FORGIVE,
        terms=standing.terms,
        due=without(standing.due, unpaid=unpaid, principal=False, interest=Earned.OVERDUE in parts),
    )


def _relieved(terms: PlanTerms, standing: Standing, parts: Collection[Earned]) -> PlanPeriod:
    running = standing.periods[0]
    return restarted(terms, running, on=standing.on) if Earned.ACCRUED in parts else running


def _still_carrying(
    standing: Standing, rows: tuple[PlanRow, ...], parts: Collection[Earned]
) -> tuple[PlanRow, ...]:
    is_gone = Earned.PUT_OFF in parts
    return inheriting(
        rows,
        carried=() if is_gone else standing.carried,
        fees=standing.fees,
        put_off_minor=0 if is_gone else standing.put_off_minor,
        put_off_at=standing.terms.grace.interest_rows,
    )


def _positive(amount_minor: int) -> int:
    if amount_minor < 1:
        raise ChangeImpossible("No such interest has been earned.", field="interest")
    return amount_minor
