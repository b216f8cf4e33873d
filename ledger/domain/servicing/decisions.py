"""Charges, waivers and decisions about the whole loan.

Owns: what they do to rows and totals. What a waiver asks for and cannot find is not an error: it is noted.
Refuses to know: payments, plans, and who approved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
from ledger.domain.servicing.facts import (
    ChargeAdded,
    ChargeAdjusted,
    ChargeWaived,
    InterestWaived,
    PenaltyWaived,
    Sold,
)
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.payments import credit, spend_overpayment
from ledger.domain.servicing.planning import balance_to_come
from ledger.domain.servicing.running_totals import GivenUp
from ledger.kernel.rates import RATE_UNIT


def add_charge(life: Life, fact: ChargeAdded) -> None:
    """Ask for a fee, a late fee only within the ceiling on all charges of overdue rows.

    Where no payout stands there is no loan to charge for: nothing is asked.
    """
    amount = fact.amount_minor if life.totals.disbursed else 0
    if fact.is_late_fee:
        amount = min(amount, _room_for_late_fees(life, fact.effective_date))
        life.totals.not_charged += fact.amount_minor - amount
    amounts = none_each()
    amounts[FEE] = amount
    claim = life.new_claim(name=fact.id, kind=RowKind.CHARGE, due_on=fact.due_on, amounts=amounts)
    claim.is_late_fee = fact.is_late_fee
    claim.settled_on = None if amount else fact.due_on
    life.totals.charged += amount
    life.charges[fact.id] = life.add(claim)
    if life.overpaid and fact.due_on <= fact.effective_date:
        spend_overpayment(life, fact.effective_date)


def waive_charge(life: Life, fact: ChargeWaived) -> None:
    """Give up what is unpaid of a charge."""
    claim = life.charges[fact.of]
    _waive(life, [(claim, FEE)], fact.id, fact.amount_minor, fact.effective_date)


def adjust_charge(life: Life, fact: ChargeAdjusted) -> None:
    """Take a charge back in part: unpaid first, and what was paid becomes money for the loan."""
    claim, on = life.charges[fact.of], fact.effective_date
    most = min(fact.amount_minor, claim.amounts[FEE] - claim.waived[FEE])
    unpaid = min(most, life.open(claim, on)[FEE])
    if unpaid:
        life.waive(claim, FEE, unpaid, on)
    life.waivers.append((fact.id, fact.amount_minor, most))
    if most > unpaid:
        life.totals.adjusted_fees += most - unpaid
        credit(life, fact_id=fact.id, on=on, label="charge_adjusted", amount_minor=most - unpaid)


def waive_interest(life: Life, fact: InterestWaived) -> None:
    """Give up interest earned by the day, the oldest row first."""
    on = fact.effective_date
    earned = [(claim, INTEREST) for claim in life.rows_open() if not claim.capitalised_minor]
    _waive(life, earned, fact.id, fact.amount_minor, on)


def waive_penalty(life: Life, fact: PenaltyWaived) -> None:
    """Give up penalties, then compound interest, the oldest row first."""
    rows = life.rows_open()
    charges = [*((claim, PENALTY) for claim in rows), *((claim, COMPOUND) for claim in rows)]
    _waive(life, charges, fact.id, fact.amount_minor, fact.effective_date)


def give_up(life: Life, on: date, how: GivenUp) -> None:
    """Let an overpayment pay what is left, due or not; the rest is given up. What was sold is not given up."""
    if life.sold_on is not None:
        return
    _fall_due(life, on)
    if life.overpaid:
        spend_overpayment(life, on)
    life.given_up, life.given_up_on = how, on


def give_up_what_is_owed(life: Life, on: date) -> None:
    """Give up everything that is owed: on the day itself what is left, later what is owed again; nothing grows."""
    _fall_due(life, on)
    for claim in life.rows_open():
        life.give_up(claim, on)


def sell(life: Life, fact: Sold) -> None:
    """Let the buyer have everything that is left, due or not, for the price; what is sold is sold once."""
    if life.sold_on is None:
        life.sold_on, life.totals.price = fact.effective_date, fact.price_minor


def hand_over_what_is_owed(life: Life, on: date) -> None:
    """Let the buyer have what is owed: everything on the day of the sale, later what is owed again.

    The price stays as it was agreed, so the lender loses what is owed again because of the time before.
    """
    _fall_due(life, on)
    for claim in life.rows_open():
        life.sell(claim, on)


def _fall_due(life: Life, on: date) -> None:
    """Let everything that is to come fall due on a day, with interest to the day."""
    to_come = life.rows_to_come(on)
    if to_come:
        interest = broken_interest(life, to_come, on, ends=True)
        due_at_once(life, on, interest_minor=interest, principal_minor=balance_to_come(to_come))
    life.call_in_charges(on)


def _waive(
    life: Life, parts: Iterable[tuple[Claim, int]], fact_id: str, amount_minor: int | None, on: date
) -> None:
    done = 0
    for claim, component in parts:
        owed = claim.open_interest(on) if component == INTEREST else life.open(claim, on)[component]
        given = max(0, owed if amount_minor is None else min(owed, amount_minor - done))
        if given:
            life.waive(claim, component, given, on)
            done += given
    life.waivers.append((fact_id, amount_minor if amount_minor is not None else done, done))


def _room_for_late_fees(life: Life, on: date) -> int:
    """Return what the ceiling on overdue amounts leaves after penalties and earlier late fees."""
    overdue, day_base = life.terms.overdue, life.terms.overdue.day_base
    cap, charged = 0, sum(claim.amounts[FEE] for claim in life.charges.values() if claim.is_late_fee)
    for claim in life.rows_due(on):
        if on > claim.grace_ends:
            owed = life.open(claim, on)
            base = owed[PRINCIPAL] + owed[INTEREST]
            cap += base * overdue.ceiling_e8 * (on - claim.charged_from).days
            charged += owed[PENALTY] + owed[COMPOUND]
    most = (2 * cap + RATE_UNIT * day_base) // (2 * RATE_UNIT * day_base)
    return max(0, most - charged)
