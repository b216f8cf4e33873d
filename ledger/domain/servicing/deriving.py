"""Everything about a loan on a day, derived from its terms and its dated facts.

Owns: the replay: facts in their one order, time passing between them, and what each kind of fact leads to.
Refuses to know: when facts became known, accounts, and how a position is stored. The same facts give the same
position in whatever order they arrived; facts after the day change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Final

from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.claims import Paces
from ledger.domain.servicing.decisions import (
    add_charge,
    adjust_charge,
    give_up,
    give_up_what_is_owed,
    hand_over_what_is_owed,
    sell,
    waive_charge,
    waive_interest,
    waive_penalty,
)
from ledger.domain.servicing.disbursing import accelerate, change_plan, change_rates, disburse
from ledger.domain.servicing.fact_order import in_order
from ledger.domain.servicing.facts import Fact
from ledger.domain.servicing.keeping import leave_the_books
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.payments import charge_back, receive, recover, refund, spend_overpayment
from ledger.domain.servicing.position import Position
from ledger.domain.servicing.rate_index import (
    contract_index,
    penalty_index,
    rates_after,
    unpaid_interest_index,
)
from ledger.domain.servicing.running_totals import GivenUp
from ledger.domain.servicing.standing import position_of
from ledger.domain.servicing.terms import Revolving, ServicingTerms


@dataclass(frozen=True)
class Around:
    """A loan around a value date, replayed once: as it stood then, as it stands now, and with one payment more.

    ``before`` is the life up to the place a payment of that date takes among the facts, ``rest`` what follows.
    """

    before: Life
    rest: tuple[Fact, ...]
    undone: frozenset[str]
    value_date: date
    on: date

    def then(self) -> Position:
        """Return the position of the value date, by what is known now."""
        of_day = [fact for fact in self.rest if fact.effective_date <= self.value_date]
        return self._after(of_day, on=self.value_date)

    def now(self) -> Position:
        """Return the position of the later day."""
        return self._after(self.rest, on=self.on)

    def with_payment(self, payment: kinds.PaymentReceived) -> Position:
        """Return the position of the later day had the payment been known in time. Refuses what ``derive`` does."""
        in_order([payment], on=self.on)
        return self._after((payment, *self.rest), on=self.on)

    def _after(self, facts: Iterable[Fact], *, on: date) -> Position:
        life = self.before.fork()
        replay(life, facts)
        life.advance(on)
        return position_of(life, on=on, undone=self.undone)


def derive_around(terms: ServicingTerms, facts: Iterable[Fact], *, value_date: date, on: date) -> Around:
    """Replay a loan up to the end of what comes before a payment of a date. Refuses what ``derive`` does."""
    ordered, undone = in_order(facts, on=on)
    place = (value_date, kinds.PaymentReceived.day_order)
    count = sum(1 for fact in ordered if (fact.effective_date, fact.day_order) <= place)
    life = new_life(terms, ordered)
    replay(life, ordered[:count])
    return Around(life, tuple(ordered[count:]), undone, value_date, on)


def derive(terms: ServicingTerms, facts: Iterable[Fact], *, on: date) -> Position:
    """Return the position on a day.

    Refuses FactInvalid, FactRepeated, FactReferenceUnknown, FactReversedTwice, FactImpossible,
    RateTableInvalid, and what a plan refuses.
    """
    ordered, undone = in_order(facts, on=on)
    life = new_life(terms, ordered)
    replay(life, ordered)
    life.advance(on)
    return position_of(life, on=on, undone=undone)


def replay(life: Life, facts: Iterable[Fact]) -> None:
    """Let facts happen to a life, in the order in which they are given.

    Of a loan that was sold or given up the lender keeps no claim, whatever happens later.
    """
    for fact in facts:
        life.advance(fact.effective_date)
        _HANDLERS[type(fact)](life, fact)
        if life.sold_on is not None:
            hand_over_what_is_owed(life, fact.effective_date)
        elif life.given_up is not None:
            give_up_what_is_owed(life, fact.effective_date)


def new_life(terms: ServicingTerms, ordered: list[Fact]) -> Life:
    """Return a life to which nothing has happened yet, with every rate that will be in force."""
    granted: dict[str, date] = {}

    def known(rates: RateTable, fact: Fact) -> RateTable:
        return rates_after(rates, fact, granted)

    # What grows by the day needs every rate that will be in force; a plan learns of rates as they come.
    rates = reduce(known, ordered, terms.rates)
    overdue, mode = terms.overdue, terms.overdue.compound
    until_maturity = mode is CompoundMode.CONTRACT_UNTIL_MATURITY
    paces = Paces(
        penalty=penalty_index(rates, overdue),
        until_maturity=unpaid_interest_index(rates, overdue) if until_maturity else None,
        compounds=mode is not CompoundMode.OFF,
        tolerance_minor=terms.tolerance_minor,
    )
    day_base = terms.contract.day_base if isinstance(terms.contract, Revolving) else overdue.day_base
    return Life(
        terms=terms,
        rates=terms.rates,
        paces=paces,
        daily=contract_index(rates, day_base=day_base),
        now=date.min,
        spend=spend_overpayment,
    )


def _accelerated(life: Life, fact: kinds.Accelerated) -> None:
    accelerate(life, on=fact.effective_date, due_on=fact.due_on)


def _non_accrual(life: Life, fact: kinds.NonAccrualStarted) -> None:
    life.non_accrual_since = life.non_accrual_since or fact.effective_date


def _accrual_again(life: Life, fact: kinds.NonAccrualEnded) -> None:
    life.return_to_accrual(fact.effective_date)


def _charged_off(life: Life, fact: kinds.ChargedOff) -> None:
    leave_the_books(life, fact.effective_date)


def _written_off(life: Life, fact: kinds.WrittenOff) -> None:
    give_up(life, fact.effective_date, GivenUp.WRITTEN_OFF)


def _settled_at_discount(life: Life, fact: kinds.SettledAtDiscount) -> None:
    give_up(life, fact.effective_date, GivenUp.DISCOUNT)


_HANDLERS: Final[Mapping[type[Fact], Callable[[Life, Any], None]]] = {
    kinds.RateChanged: change_rates,
    kinds.InterestPaused: change_rates,
    kinds.PromotionGranted: change_rates,
    kinds.PromotionEnded: change_rates,
    kinds.Disbursed: disburse,
    kinds.PlanChanged: change_plan,
    kinds.ChargeAdded: add_charge,
    kinds.ChargeWaived: waive_charge,
    kinds.ChargeAdjusted: adjust_charge,
    kinds.InterestWaived: waive_interest,
    kinds.PenaltyWaived: waive_penalty,
    kinds.PaymentReceived: receive,
    kinds.Recovered: recover,
    kinds.Refunded: refund,
    kinds.Chargeback: charge_back,
    kinds.Accelerated: _accelerated,
    kinds.NonAccrualStarted: _non_accrual,
    kinds.NonAccrualEnded: _accrual_again,
    kinds.ChargedOff: _charged_off,
    kinds.WrittenOff: _written_off,
    kinds.SettledAtDiscount: _settled_at_discount,
    kinds.Sold: sell,
}
