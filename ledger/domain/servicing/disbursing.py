"""Payouts and new plans: how principal comes to be owed, and by which rows.

Owns: the first plan, further parts of a payout, draws, changes of rates, and new terms for what is to come.
Refuses to know: payments and waivers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ledger.domain.plans.choices import Method
from ledger.domain.servicing.claims import (
    COMPOUND,
    FEE,
    INTEREST,
    PENALTY,
    PRINCIPAL,
    Claim,
    RowKind,
    none_each,
)
from ledger.domain.servicing.early import broken_interest, due_at_once
from ledger.domain.servicing.facts import ChangeKind, Disbursed, Fact, OpenInterest, PlanChanged, RateChanged
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.periods_again import Cut
from ledger.domain.servicing.planning import (
    balance_to_come,
    begin_again,
    begin_plan,
    interest_until,
    plan_again,
)
from ledger.domain.servicing.rate_index import rates_after
from ledger.domain.servicing.rows_taken_out import hand_over, hand_over_interest, take_out
from ledger.domain.servicing.terms import Revolving
from ledger.kernel.refusals import Refusal, RefusalKind


class FactImpossible(Refusal):
    """The terms of the loan have no room for such a fact, whenever it arrives."""

    code = "LEDGER_FACT_IMPOSSIBLE"
    kind = RefusalKind.INVALID


def disburse(life: Life, fact: Disbursed) -> None:
    """Owe what was paid out. Refuses FactImpossible, RateTableInvalid, and what a plan refuses."""
    on, contract = fact.effective_date, life.terms.contract
    life.rates.contract_rate(on)
    life.totals.disbursed += fact.amount_minor
    life.totals.cash_out += fact.amount_minor
    if isinstance(contract, Revolving):
        _draw(life, contract, fact)
        return
    if life.totals.disbursed > contract.principal_minor:
        raise FactImpossible(
            "No more is paid out than was agreed.",
            field="amount",
            id=fact.id,
            agreed_minor=contract.principal_minor,
        )
    first = replace(contract, start=on, principal_minor=fact.amount_minor)
    if (first.principal_minor, life.rates) == (contract.principal_minor, contract.rates):
        begin_plan(life, first)
    elif life.plan is None or not life.rows_to_come(on):
        begin_again(life, first)
    else:
        require_plan_for_part(life, name=fact.id)
        _further_part(life, fact)
    if life.overpaid:
        life.spend(life, on)


def require_plan_for_part(life: Life, *, name: str) -> None:
    """Refuse FactImpossible for a further part where rows to come cannot be planned again."""
    if life.plan is not None and life.plan.method in (Method.CUSTOM, Method.FLAT):
        raise FactImpossible(
            "A further part needs rows to come that can be planned again.", field="effective_date", id=name
        )


def change_rates(life: Life, fact: Fact) -> None:
    """Charge another rate from a day on; a changed rate sets the instalment anew where the terms say so."""
    life.rates = rates_after(life.rates, fact, life.granted)
    to_come = life.rows_to_come(fact.effective_date)
    if life.plan is None or not to_come:
        return
    balance = balance_to_come(to_come)
    is_levelled = life.plan.method is Method.EQUAL_INSTALMENT and life.plan.relevels
    keeps = not (isinstance(fact, RateChanged) and is_levelled)
    if balance > 0:
        on, cut = fact.effective_date, None
        if to_come[0].balance_moved:
            cut = Cut(on, interest_until(life, to_come, balance, on))
        taken = take_out(life, to_come, on)
        hand_over(taken, plan_again(life, taken, balance_minor=balance, cut=cut, keeps_level=keeps))


def change_plan(life: Life, fact: PlanChanged) -> None:
    """Repay what is to come by other terms. Refuses FactImpossible, and what a plan refuses."""
    life.restructured = life.restructured or fact.change is ChangeKind.RESTRUCTURE
    life.rates = rates_after(life.rates, fact, life.granted)
    if life.terms.is_revolving or fact.terms is None:
        _defer_draws(life, fact)
        return
    terms = fact.terms
    if life.plan is None or terms.start != fact.effective_date or terms.method is Method.CUSTOM:
        raise FactImpossible(
            "New terms start on the day of the change, after the payout, without agreed batches.",
            field="terms",
            id=fact.id,
        )
    if _principal_for_new_plan(life, fact) == 0:
        return  # without principal there is nothing to plan, and what is overdue stays as it is
    carried, ahead = _owed_for_new_plan(life, fact)
    if fact.interest is OpenInterest.CAPITALISED:
        life.totals.capitalised += carried[INTEREST]
        carried[PRINCIPAL] += carried[INTEREST]
        carried[INTEREST] = 0
    rows = begin_plan(life, replace(terms, principal_minor=carried[PRINCIPAL], rates=life.rates))
    _bring(rows[0], carried)
    hand_over_interest(ahead, rows)
    if life.overpaid:  # a down payment is due on the day itself
        life.spend(life, fact.effective_date)


def accelerate(life: Life, *, on: date, due_on: date) -> None:
    """Let everything to come fall due on one day, with interest until then; an overpayment pays what is due."""
    if life.terms.is_revolving:
        _reset_draws(life, [claim for claim in life.rows_open() if claim.due_on > due_on], on, due_on)
    to_come = life.rows_to_come(due_on)
    if to_come:
        interest = broken_interest(life, to_come, due_on, ends=True)
        principal = balance_to_come(to_come)
        due_at_once(life, due_on, interest_minor=interest, principal_minor=principal)
        life.call_in_charges(due_on)
    life.mature(due_on)
    if life.overpaid:
        life.spend(life, on)


def _draw(life: Life, contract: Revolving, fact: Disbursed) -> None:
    due_on = fact.effective_date + timedelta(days=contract.term_days)
    amounts = none_each()
    amounts[PRINCIPAL] = fact.amount_minor
    claim = life.new_claim(name=fact.id, kind=RowKind.DRAW, due_on=due_on, amounts=amounts)
    claim.daily = life.daily
    claim.number = 1 + sum(1 for row in life.rows if row.kind is RowKind.DRAW)
    life.add(claim)
    life.mature(due_on)


def _further_part(life: Life, fact: Disbursed) -> None:
    on = fact.effective_date
    to_come = life.rows_to_come(on)
    balance = balance_to_come(to_come)
    carried = interest_until(life, to_come, balance, on)
    taken = take_out(life, to_come, on)
    cut = Cut(on, carried)
    rows = plan_again(life, taken, balance_minor=balance + fact.amount_minor, cut=cut, keeps_level=False)
    hand_over(taken, rows)


def _principal_for_new_plan(life: Life, fact: PlanChanged) -> int:
    on = fact.effective_date
    due = life.rows_due(on) if fact.takes_overdue else ()
    overdue = sum(claim.amounts[PRINCIPAL] - claim.gone[PRINCIPAL] for claim in due)
    return overdue + balance_to_come(life.rows_to_come(on))


def _owed_for_new_plan(life: Life, fact: PlanChanged) -> tuple[list[int], int]:
    """Take away what the new plan will ask for: rows to come, and overdue rows if they are taken.

    Return it by component, and the interest paid in advance that is left for the new rows.
    """
    on, carried, ahead = fact.effective_date, none_each(), 0
    to_come = life.rows_to_come(on)
    rows: list[Claim] = []
    if to_come:
        interest = broken_interest(life, to_come, on, ends=False)
        balance = balance_to_come(to_come)
        running, taken = due_at_once(life, on, interest_minor=interest, principal_minor=balance, goes_on=True)
        rows, ahead = [running], taken.gone[INTEREST]
    if fact.takes_overdue:
        rows += [claim for claim in life.rows_due(on) if claim not in rows]
    for claim in rows:
        if fact.interest is OpenInterest.FORGIVEN:
            life.waive(claim, INTEREST, life.open(claim, on)[INTEREST], on)
        for component, amount in enumerate(life.open(claim, on)):
            life.settle(claim, component, amount, on)
            carried[component] += amount
        life.close_if_settled(claim, on)
    return carried, ahead


def _bring(first: Claim, carried: list[int]) -> None:
    for component in (FEE, PENALTY, COMPOUND, INTEREST):
        first.amounts[component] += carried[component]
        first.brought[component] += carried[component]
    first.open_again()


def _defer_draws(life: Life, fact: PlanChanged) -> None:
    if not life.terms.is_revolving or fact.terms is not None or fact.due_on is None:
        raise FactImpossible(
            "A loan with a plan gets new terms, draws get a new due date.", field="terms", id=fact.id
        )
    on = fact.effective_date
    draws = [claim for claim in life.rows_open() if claim.due_on > on or fact.takes_overdue]
    _reset_draws(life, draws, on, fact.due_on)
    life.mature(fact.due_on)


def _reset_draws(life: Life, draws: list[Claim], on: date, due_on: date) -> None:
    """Give draws another due date; what had grown stays, and interest runs again until the new date."""
    if not draws:
        return
    for claim in draws:
        claim.bring_forward(on, life.paces, life.matures_on)
        for component in (PENALTY, COMPOUND):
            claim.amounts[component] = life.open(claim, on)[component] + claim.gone[component]
        claim.penalty_exact = claim.compound_exact = 0
        claim.interest_since = max(claim.interest_since, min(on, due_on))
    life.remove(draws)
    for claim in draws:
        life.fall_due(claim, due_on)
        claim.starts_on = min(claim.starts_on, on)
        life.add(claim)
