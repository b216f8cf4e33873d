"""Another disbursement into a running plan.

Owns: the most that may be outstanding, and what the tranche does to the rows from the one that contains
its day: interest on each balance for its own days, and a new instalment or the old one for longer.
Refuses to know: credit lines and who may draw.

| 50,000.00 at 10.8% over 6 months, and 10,000.00 more on the second due date |                       |
| new instalment over the 4 rows left                                          | 11,154.30             |
| the old instalment of 8,597.79                                               | 6 rows, last 1,877.13 |
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger.domain.plan_changes.payments import NOTHING_PAID, Payments, unpaid_rows
from ledger.domain.plan_changes.rows_to_come import ChangeImpossible, Remake, inherited, remade
from ledger.domain.plan_changes.standing import Standing, standing_on
from ledger.domain.plan_changes.versions import ChangeKind, Movement, PlanVersion
from ledger.domain.plan_changes.weighing import blended
from ledger.domain.plans.choices import Batch, Method
from ledger.domain.plans.rows import PlanPeriod
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.refusals import Refusal, RefusalKind


class TrancheAboveLimit(Refusal):
    """With the tranche more would be outstanding than was agreed."""

    code = "LEDGER_TRANCHE_ABOVE_LIMIT"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class Tranche:
    """Money paid out on a day; ``limit_minor`` is the most that may be outstanding with it."""

    amount_minor: int
    limit_minor: int | None = None


def disburse(
    version: PlanVersion,
    *,
    on: date,
    tranche: Tranche,
    how: Remake = Remake.NEW_INSTALMENT,
    payments: Payments = NOTHING_PAID,
) -> PlanVersion:
    """Pay out another tranche. Refuses TrancheAboveLimit, ChangeImpossible, NothingToChange."""
    standing = standing_on(version, on=on)
    if how is Remake.KEEP_PRINCIPAL:
        raise ChangeImpossible("More is lent, so more is repaid.", field="rows")
    _require_room(standing, tranche, payments)
    terms = grown(standing, by_minor=tranche.amount_minor)
    balance = standing.balance_minor + tranche.amount_minor
    periods = (_running(standing, terms, balance), *standing.periods[1:])
    rows = remade(standing, terms, periods, balance_minor=balance, how=how)
    return standing.followed_by(
        inherited(standing, rows),
        kind=ChangeKind.DISBURSE,
        terms=replace(terms, count=terms.count if terms.method is Method.BULLET else len(rows)),
        moved=(Movement(on, tranche.amount_minor),),
    )


def grown(standing: Standing, *, by_minor: int) -> PlanTerms:
    """Return the terms for a balance that grew; agreed batches grow in proportion, the last by the rest."""
    terms = standing.terms
    batches = terms.batches
    if terms.method is Method.CUSTOM:
        amounts = [batch.principal_minor for batch in batches]
        grown_by = [by_minor * amount // standing.balance_minor for amount in amounts[:-1]]
        grown_by.append(by_minor - sum(grown_by))
        batches = tuple(
            Batch(batch.on, batch.principal_minor + more)
            for batch, more in zip(batches, grown_by, strict=True)
        )
    return replace(terms, principal_minor=terms.principal_minor + by_minor, batches=batches)


def _running(standing: Standing, terms: PlanTerms, balance_minor: int) -> PlanPeriod:
    """Return the running period: interest on each balance, of a flat loan on each amount lent."""
    is_flat = terms.method is Method.FLAT
    return blended(
        terms,
        standing.periods[0],
        on=standing.on,
        before_minor=standing.terms.financed_minor if is_flat else standing.balance_minor,
        after_minor=terms.financed_minor if is_flat else balance_minor,
    )


def _require_room(standing: Standing, tranche: Tranche, payments: Payments) -> None:
    overdue = sum(unpaid.principal_minor for unpaid in unpaid_rows(standing.due, payments=payments))
    outstanding = standing.balance_minor + overdue
    if tranche.limit_minor is not None and outstanding + tranche.amount_minor > tranche.limit_minor:
        raise TrancheAboveLimit(
            "With this tranche more would be outstanding than agreed.",
            field="amount",
            available_minor=max(0, tranche.limit_minor - outstanding),
        )
