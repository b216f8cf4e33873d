"""From a replayed life to what the books show of it.

Owns: income against memo under non-accrual, the loss of a loan that left the books, recoveries, and what a
sale gains or loses.
Refuses to know: facts. Interest and penalties that stopped being income are income again when received.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger.domain.servicing.books import Books
from ledger.domain.servicing.claims import (
    COMPONENTS,
    COMPOUND,
    FEE,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    none_each,
)
from ledger.domain.servicing.life import Life


@dataclass(frozen=True)
class Earned:
    """What has been earned by a day per component, without what was brought from elsewhere."""

    by_component: tuple[int, ...]

    def of(self, component: int) -> int:
        """Return one component."""
        return self.by_component[component]


def earned_by(life: Life, on: date) -> Earned:
    """Return interest, penalty and compound interest earned by a day, and all charges."""
    earned = none_each()
    for claim in life.rows:
        earned[INTEREST] += claim.interest_by(on) - claim.brought[INTEREST]
        penalty, compound = claim.charged_by(on, life.paces, life.matures_on)
        earned[PENALTY] += penalty - claim.brought[PENALTY]
        earned[COMPOUND] += compound - claim.brought[COMPOUND]
    earned[FEE] = life.totals.charged
    return Earned(tuple(earned))


def books_on(life: Life, earned: Earned) -> Books:
    """Return the balances of a day; once the loan has left the books only recoveries move them.

    The claim is kept in memo as it stands on the day: what has been earned and not paid, and the principal. The
    price of a loan that is sold then is a recovery.
    """
    shown = _on_the_books(life, earned)
    if life.books_left is None:
        return shown
    left = life.books_left
    lost = left.principal + left.interest_receivable + left.penalty_receivable + left.fee_receivable
    gained = left.settlement - shown.settlement + left.suspense_overpayment - shown.suspense_overpayment
    goodwill = shown.goodwill_expense - left.goodwill_expense
    return replace(
        left,
        principal=0,
        interest_receivable=0,
        penalty_receivable=0,
        fee_receivable=0,
        loss=left.loss + lost,
        goodwill_expense=shown.goodwill_expense,
        suspense_overpayment=shown.suspense_overpayment,
        recovery_income=left.recovery_income + gained + goodwill + shown.sale_price,
        sale_price=shown.sale_price,
        settlement=shown.settlement,
        memo_nonaccrual_interest=0,
        memo_charged_off=outstanding_principal(life) + sum(_unpaid(life, earned)[:PRINCIPAL]),
    )


def leave_the_books(life: Life, on: date) -> None:
    """Take the loan off the books as they are on a day."""
    if life.books_left is None and life.sold_on is None:
        life.books_left = _on_the_books(life, earned_by(life, on))
        life.charged_off_on = on


def outstanding_principal(life: Life) -> int:
    """Return the principal that is owed, due or not."""
    totals = life.totals
    gone = totals.paid[PRINCIPAL] + totals.waived_as_income[PRINCIPAL] + totals.given_up[PRINCIPAL]
    gone += totals.sold[PRINCIPAL]
    return totals.disbursed + totals.capitalised + totals.charged_back[PRINCIPAL] - gone


def _unpaid(life: Life, earned: Earned) -> list[int]:
    totals, unpaid = life.totals, none_each()
    for component in COMPONENTS:
        waived = totals.waived_as_income[component] + totals.waived_in_memo[component]
        sold = totals.sold[component] + totals.sold_in_memo[component]
        gone = totals.paid[component] + waived + totals.given_up[component] + sold
        unpaid[component] = earned.of(component) + totals.charged_back[component] - gone
    unpaid[INTEREST] -= totals.capitalised
    return unpaid


def _on_the_books(life: Life, earned: Earned) -> Books:
    totals, unpaid = life.totals, _unpaid(life, earned)
    memo = [waived + sold for waived, sold in zip(totals.waived_in_memo, totals.sold_in_memo, strict=True)]
    open_interest, open_penalty = unpaid[INTEREST], unpaid[PENALTY] + unpaid[COMPOUND]
    interest_income = earned.of(INTEREST) - memo[INTEREST]
    penalty_income = earned.of(PENALTY) + earned.of(COMPOUND) - memo[PENALTY] - memo[COMPOUND]
    # What the claims were shown at, less the price.
    lost = sum(totals.sold) - totals.price
    in_memo = 0
    if life.non_accrual_since is not None:
        in_memo = open_interest + open_penalty
        interest_income -= open_interest
        penalty_income -= open_penalty
        open_interest = open_penalty = 0
    return Books(
        principal=outstanding_principal(life),
        interest_receivable=open_interest,
        penalty_receivable=open_penalty,
        fee_receivable=unpaid[FEE],
        waiver_expense=sum(totals.waived_as_income),
        goodwill_expense=totals.goodwill,
        loss=sum(totals.given_up) + max(0, lost),
        suspense_overpayment=life.overpaid,
        interest_income=interest_income,
        penalty_income=penalty_income,
        fee_income=totals.charged + totals.early_fees - totals.adjusted_fees,
        recovery_income=totals.recovered,
        sale_gain=max(0, -lost),
        sale_price=totals.price,
        settlement=totals.cash_out - totals.cash_in,
        memo_nonaccrual_interest=in_memo,
    )
