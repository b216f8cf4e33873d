"""Payments: due rows first, then what the payer wants, and an overpayment for the rest.

Owns: payoff and prepayment, instructions, overpayments used on due dates, refunds and charge-backs.
Refuses to know: the walk over rows, and how rows are planned again.
Nothing is ever prepaid without an instruction; an early payment or a payoff is one by its kind.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.plans.replanning import Replan
from ledger.domain.servicing.claims import COMPONENTS, INTEREST, PRINCIPAL, Claim, RowKind, none_each
from ledger.domain.servicing.early import (
    broken_interest,
    charges_of,
    due_at_once,
    payoff_on,
)
from ledger.domain.servicing.facts import (
    Chargeback,
    Instruction,
    PaymentKind,
    PaymentReceived,
    Recovered,
    Refunded,
)
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.periods_again import Cut
from ledger.domain.servicing.planning import balance_to_come, plan_again
from ledger.domain.servicing.rows_taken_out import hand_over_interest
from ledger.domain.servicing.running_totals import GivenUp, UseOfMoney
from ledger.domain.servicing.sharing import in_advance, share
from ledger.domain.servicing.terms import PaymentRules
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.rounding import divide_rounded

FROM_OVERPAYMENT: Final = "from_overpayment"
_MODES: Final = {Instruction.SHORTEN: Replan.SHORTEN_TERM, Instruction.REDUCE: Replan.REDUCE_INSTALMENT}


def receive(life: Life, fact: PaymentReceived) -> None:
    """Use a payment."""
    if fact.payment is PaymentKind.GOODWILL_CREDIT:
        life.totals.goodwill += fact.amount_minor
    else:
        life.totals.cash_in += fact.amount_minor
    use = _use(life, fact.id, fact.effective_date, fact.payment.value, fact.amount_minor)
    left = share(life, fact.amount_minor, _rules(life, life.terms.rules_of(fact.payment)), use)
    if left and not life.terms.is_revolving and life.rows_to_come(use.on):
        left = _as_instructed(life, fact, left, use)
    _keep(life, left, use)


def recover(life: Life, fact: Recovered) -> None:
    """Use money for a loan that is off the books; what no claim is left for is income."""
    life.totals.cash_in += fact.amount_minor
    use = _use(life, fact.id, fact.effective_date, "recovered", fact.amount_minor)
    left = share(life, fact.amount_minor, _rules(life, life.terms.default_rules), use)
    _keep(life, left, use)


def credit(life: Life, *, fact_id: str, on: date, label: str, amount_minor: int) -> None:
    """Use an amount that the lender gives back, such as a charge that was too high."""
    use = _use(life, fact_id, on, label, amount_minor)
    _keep(life, share(life, amount_minor, _rules(life, life.terms.default_rules), use), use)


def spend_overpayment(life: Life, on: date) -> None:
    """Use an overpayment for what is due on a day."""
    use = _use(life, f"{FROM_OVERPAYMENT}:{on.isoformat()}", on, FROM_OVERPAYMENT, life.overpaid)
    rules = life.terms.default_rules
    left = share(life, life.overpaid, rules, use)
    use.amount_minor = life.overpaid - left
    life.overpaid = left
    if not use.shares:
        life.uses.pop()


def refund(life: Life, fact: Refunded) -> None:
    """Pay an overpayment back; what was paid beyond it is owed again at once."""
    life.totals.cash_out += fact.amount_minor
    from_overpayment = min(life.overpaid, fact.amount_minor)
    life.overpaid -= from_overpayment
    if fact.amount_minor > from_overpayment:
        amounts = none_each()
        amounts[PRINCIPAL] = fact.amount_minor - from_overpayment
        _owe_again(life, fact.id, RowKind.REFUND, fact.effective_date, amounts)


def charge_back(life: Life, fact: Chargeback) -> None:
    """Owe again what a payment had settled, in the order of the terms; the rest was never used."""
    life.totals.cash_out += fact.amount_minor
    settled, before = none_each(), life.charged_back.setdefault(fact.of, none_each())
    for use in life.uses:
        if use.fact_id == fact.of:
            for _, component, amount in use.shares:
                settled[component] += amount
    amounts, left = none_each(), fact.amount_minor
    for bucket in life.terms.chargeback_order:
        component = STANDARD_ORDER.index(bucket)
        amounts[component] = min(left, settled[component] - before[component])
        before[component] += amounts[component]
        left -= amounts[component]
    from_overpayment = min(left, life.overpaid)
    life.overpaid -= from_overpayment
    amounts[PRINCIPAL] += left - from_overpayment
    _owe_again(life, fact.id, RowKind.CHARGEBACK, fact.effective_date, amounts)


def _use(life: Life, fact_id: str, on: date, label: str, amount_minor: int) -> UseOfMoney:
    use = UseOfMoney(fact_id, on, label, amount_minor, days_past_due=life.days_past_due(on))
    life.uses.append(use)
    return use


def _rules(life: Life, rules: PaymentRules) -> PaymentRules:
    return rules.on_any_day if life.terms.is_revolving else rules


def _keep(life: Life, left: int, use: UseOfMoney) -> None:
    if life.sold_on is None and _is_recovery(life, left, use.on):
        use.recovered_minor = left
        life.totals.recovered += left
    else:
        use.surplus_minor = left
        life.overpaid += left
    if life.terms.returns_when_cleared and life.non_accrual_since and life.days_past_due(use.on) == 0:
        life.return_to_accrual(use.on)


def _is_recovery(life: Life, left: int, on: date) -> bool:
    """Say whether money is income of a claim that was lost; after a sale it is still the payer's."""
    is_off = left > 0 and life.charged_off_on is not None
    return life.given_up is GivenUp.WRITTEN_OFF or (is_off and not _is_owed(life, on))


def _is_owed(life: Life, on: date) -> bool:
    return any(life.open_total(claim, on) for claim in life.rows_open())


def _as_instructed(life: Life, fact: PaymentReceived, left: int, use: UseOfMoney) -> int:
    wanted = fact.instruction
    if wanted is Instruction.NONE and fact.payment in (PaymentKind.EARLY, PaymentKind.PAYOFF):
        return _prepay(life, left, life.terms.early_mode, use)
    if wanted in _MODES:
        return _prepay(life, left, _MODES[wanted], use)
    if wanted in (Instruction.NEXT, Instruction.LAST):
        use.did = f"in_advance_{wanted}"
        return in_advance(life, left, from_the_end=wanted is Instruction.LAST, use=use)
    return left


def _prepay(life: Life, left: int, mode: Replan, use: UseOfMoney) -> int:
    """Settle interest so far, then principal with its fee; return what the payoff does not need."""
    payoff = payoff_on(life, use.on)
    if sum(payoff.due) > 0:
        return left
    to_come = life.rows_to_come(use.on)
    fee_e8 = life.terms.early_fee_e8
    if left >= payoff.total_minor:
        interest = broken_interest(life, to_come, use.on, ends=True)
        due_at_once(life, use.on, interest_minor=interest, principal_minor=balance_to_come(to_come))
        life.call_in_charges(use.on)
        use.did = "payoff"
        return _take_fee(life, share(life, left, _AT_ONCE, use), payoff.fee_minor, use)
    interest = broken_interest(life, to_come, use.on, ends=False)
    ahead = sum(claim.gone[INTEREST] for claim in to_come)
    early = left - max(0, interest - ahead) - charges_of(life, to_come, use.on)
    principal = divide_rounded(numerator=max(early, 0) * RATE_UNIT, denominator=RATE_UNIT + fee_e8)
    principal = min(principal, payoff.principal_to_come_minor - 1)
    if principal < 1:
        return left
    _repay_early(life, use, broken=interest, principal_minor=principal, mode=mode)
    # The fee is what the amount leaves; more than its own rounding is only left by a principal that is capped.
    most = divide_rounded(numerator=principal * fee_e8, denominator=RATE_UNIT) + (1 if fee_e8 else 0)
    fee = min(early - principal, most)
    left = share(life, left - fee, _AT_ONCE, use)
    use.did = mode.value
    return _take_fee(life, left + fee, fee, use)


def _repay_early(life: Life, use: UseOfMoney, *, broken: int, principal_minor: int, mode: Replan) -> None:
    balance = balance_to_come(life.rows_to_come(use.on)) - principal_minor
    _, taken = due_at_once(life, use.on, interest_minor=broken, principal_minor=principal_minor, goes_on=True)
    keeps = mode is Replan.SHORTEN_TERM
    rows = plan_again(life, taken, balance_minor=balance, cut=Cut(use.on), keeps_level=keeps)
    hand_over_interest(taken.gone[INTEREST], rows)


def _take_fee(life: Life, left: int, fee_minor: int, use: UseOfMoney) -> int:
    use.early_fee_minor = fee_minor
    life.totals.early_fees += fee_minor
    return left - fee_minor


def _owe_again(life: Life, name: str, kind: RowKind, on: date, amounts: list[int]) -> Claim:
    claim = life.new_claim(name=name, kind=kind, due_on=on, amounts=amounts)
    claim.brought = list(amounts)
    for component in COMPONENTS:
        life.totals.charged_back[component] += amounts[component]
    if sum(amounts) == 0:
        claim.settled_on = on
    life.add(claim)
    if life.overpaid:
        spend_overpayment(life, on)
    return claim


_AT_ONCE: Final = PaymentRules()
