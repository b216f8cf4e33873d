"""Money: whatever is due first, then what the payer wants, and an overpayment for the rest."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from tests.reference.arithmetic import COMPONENTS, INTEREST, PRINCIPAL, each_day, half_up
from tests.reference.books import SUSPENSE
from tests.reference.facts import Fact
from tests.reference.row import Row
from tests.reference.state import State, Use
from tests.reference.terms import DUE, IN_ADVANCE, PAST_DUE, PaymentOrder, past_due_then_due

IN_ADVANCE_AS_PLANNED = PaymentOrder((*past_due_then_due(), *((IN_ADVANCE, what) for what in COMPONENTS)))
IN_ADVANCE_FROM_THE_END = PaymentOrder((*past_due_then_due(), (IN_ADVANCE, PRINCIPAL)), last_rows_first=True)
OVERDUE_PRINCIPAL = (PAST_DUE, PRINCIPAL)


def begin_use(state: State, name: str, amount: int) -> Use:
    """Note that money is about to be used; arrears are those before it."""
    use = Use(name, state.today, amount, state.days_past_due())
    state.uses.append(use)
    state.earn()
    return use


def share(state: State, amount: int, order: PaymentOrder, use: Use) -> int:
    """Use an amount in an order, and return what is left of it."""
    for when, components in _visits(state, order, use):
        for row in _rows(state, when, order):
            amount -= _pay_row(state, row, components, amount, use)
    return amount


def in_force(state: State, order: PaymentOrder) -> PaymentOrder:
    """Return an order as it is for draws: whatever is owed, then the draws that are to come."""
    if not state.terms.is_revolving or any(when == IN_ADVANCE for when, _ in order.steps):
        return order
    steps = (*order.steps, *((IN_ADVANCE, what) for what in COMPONENTS))
    return PaymentOrder(steps, order.step_by_step, order.last_rows_first)


def _visits(state: State, order: PaymentOrder, use: Use) -> list[tuple[str, list[str]]]:
    steps, limit = list(order.steps), state.terms.principal_first_after
    visits = []
    if limit is not None and use.days_past_due > limit and OVERDUE_PRINCIPAL in steps:
        steps.remove(OVERDUE_PRINCIPAL)
        visits.append((PAST_DUE, [PRINCIPAL]))
    if order.step_by_step:
        return [*visits, *((when, [what]) for when, what in steps)]
    together = groupby(steps, key=lambda step: step[0])
    return [*visits, *((when, [what for _, what in group]) for when, group in together)]


def _rows(state: State, when: str, order: PaymentOrder) -> list[Row]:
    if when == PAST_DUE:
        return [row for row in state.rows if row.due_on < state.today]
    if when == DUE:
        return [row for row in state.rows if row.due_on == state.today]
    later = [row for row in state.rows if row.due_on > state.today]
    return later[::-1] if order.last_rows_first else later


def _pay_row(state: State, row: Row, components: list[str], amount: int, use: Use) -> int:
    used = 0
    contract = state.terms.contract
    by_principal = row.is_draw and row.due_on > state.today and contract.by_repaid_principal
    for what in components:
        if by_principal and what == PRINCIPAL:
            interest, principal = _with_its_interest(state, row, amount - used)
            parts = {INTEREST: interest, PRINCIPAL: principal}
        elif by_principal and what == INTEREST:
            parts = {}
        else:
            parts = {what: min(amount - used, row.owes(what))}
        for part, given in parts.items():
            if given > 0:
                pay(state, row, part, given, use)
                used += given
    return used


def pay(state: State, row: Row, what: str, amount: int, use: Use) -> None:
    """Use money for a part of a row."""
    state.take(row, what, amount, row.paid)
    state.books.settle(what, amount, SUSPENSE)
    use.shares.append((row.name, what, amount))


def _with_its_interest(state: State, row: Row, amount: int) -> tuple[int, int]:
    """Return as much principal as an amount repays together with the interest on just that principal."""
    interest, principal = row.owes(INTEREST), row.owes(PRINCIPAL)
    if interest + principal <= amount:
        return interest, principal
    contract = state.terms.contract
    days = each_day(row.starts_on, state.today)
    on_one = sum((state.rates.charged(day) for day in days), Fraction(0)) / contract.day_base
    most = int(amount / (1 + on_one)) + 1
    while most + half_up(most * on_one) > amount:
        most -= 1
    principal = min(principal, most)
    return min(interest, amount - principal), principal


def keep(state: State, amount: int, use: Use) -> None:
    """Keep what is left as an overpayment; for a claim that was given up it is a recovery, if it was not sold."""
    is_off = state.charged_off_on is not None and not state.open_rows()
    is_lost = state.given_up == "written_off" or (amount and is_off)
    if is_lost and state.sold_on is None:
        use.recovered = amount
        state.books.income("recovery_income", amount)
    else:
        use.surplus = amount
        state.overpaid += amount
    is_cleared = state.non_accrual_since is not None and state.days_past_due() == 0
    if state.terms.returns_when_cleared and is_cleared:
        state.return_to_accrual()


def spend_overpayment(state: State) -> None:
    """Use an overpayment for what is due."""
    use = begin_use(state, f"from_overpayment:{state.today.isoformat()}", state.overpaid)
    left = share(state, state.overpaid, state.terms.order, use)
    use.amount, state.overpaid = state.overpaid - left, left
    if not use.shares:
        state.uses.remove(use)


def recovered(state: State, fact: Fact) -> None:
    """Use money for a loan that is off the books."""
    state.books.post("settlement", SUSPENSE, fact["amount"])
    use_for_what_is_owed(state, fact.name, fact["amount"])


def use_for_what_is_owed(state: State, name: str, amount: int) -> None:
    """Use an amount in suspense in the usual order."""
    use = begin_use(state, name, amount)
    keep(state, share(state, amount, in_force(state, state.terms.order), use), use)


def refunded(state: State, fact: Fact) -> None:
    """Pay an overpayment back; what goes beyond it is owed again."""
    from_overpayment = min(state.overpaid, fact["amount"])
    state.overpaid -= from_overpayment
    state.books.post(SUSPENSE, "settlement", from_overpayment)
    if beyond := fact["amount"] - from_overpayment:
        owe_again(state, fact.name, "refund", {PRINCIPAL: beyond})


def charged_back(state: State, fact: Fact) -> None:
    """Owe again what a payment had settled, and what earlier chargebacks of it left of that."""
    taken = state.charged_back.setdefault(fact["of"], dict.fromkeys(COMPONENTS, 0))
    left, amounts = fact["amount"], dict.fromkeys(COMPONENTS, 0)
    for what in state.terms.chargeback_order:
        settled = sum(
            amount
            for use in state.uses
            if use.name == fact["of"]
            for _, part, amount in use.shares
            if part == what
        )
        amounts[what] = min(left, settled - taken[what])
        taken[what] += amounts[what]
        left -= amounts[what]
    from_overpayment = min(left, state.overpaid)
    state.overpaid -= from_overpayment
    state.books.post(SUSPENSE, "settlement", from_overpayment)
    amounts[PRINCIPAL] += left - from_overpayment
    owe_again(state, fact.name, "chargeback", amounts)


def owe_again(state: State, name: str, kind: str, amounts: dict[str, int]) -> None:
    """Add a row for money that was paid back."""
    asks = dict.fromkeys(COMPONENTS, 0) | amounts
    row = state.new_row(name, kind, state.today, dict(asks))
    row.brought = dict(asks)
    for what, amount in asks.items():
        state.books.owe_again(what, amount)
    state.add(row)
    if state.overpaid:
        spend_overpayment(state)
