"""Things that happen to a loan, drawn at random, each tried on the day it comes up.

Wide on purpose: late payments, reversals long after, waivers, charges, refunds, charge-backs, rates, pauses,
new plans and the end of a loan. What the loan refuses is part of its life: it has to change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from hypothesis import strategies as st

from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.loan_record import FactKind, NewPlan
from ledger.domain.servicing.facts import ChangeKind, Instruction, OpenInterest, PaymentKind
from ledger.kernel.refusals import Refusal
from tests.properties.loan_life import SOURCE, Life

PLAIN = ("instalment",) * 5 + ("prepayment",) * 3 + ("payoff",)
MONEY = ("raw_payment", "raw_payment", "refund", "chargeback", "recovered")
UNDOING = (*("reversal",) * 3, "change_undone", "charge_off_undone", "sale_undone", "payout_back")
CHARGES = ("charge", "charge", "charge_waived", "charge_adjusted", "interest_waived", "penalty_waived")
RATES = ("rate", "pause", "promotion", "promotion_ended")
DECISIONS = (
    "new_plan",
    "new_plan",
    "accelerated",
    "non_accrual",
    "accrual",
    "charged_off",
    "given_up",
    "sold",
)
ACTIONS = PLAIN * 2 + MONEY + UNDOING + CHARGES + RATES + DECISIONS
CHANGES = (
    FactKind.RATE_CHANGED,
    FactKind.INTEREST_PAUSED,
    FactKind.PROMOTION_GRANTED,
    FactKind.PLAN_CHANGED,
    FactKind.CHARGE_ADDED,
    FactKind.CHARGE_WAIVED,
    FactKind.INTEREST_WAIVED,
    FactKind.PENALTY_WAIVED,
    FactKind.ACCELERATED,
    FactKind.NON_ACCRUAL_STARTED,
)
DONE_WITH = (FactKind.CHARGED_OFF, FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT)


@dataclass(frozen=True)
class Happening:
    """What happens after ``wait`` days, by a value date ``back`` days before; the rest says how much."""

    wait: int
    action: str
    share: int
    back: int
    choice: int


happenings = st.builds(
    Happening,
    wait=st.one_of(st.integers(0, 3), st.integers(4, 40), st.integers(28, 31), st.just(100)),
    action=st.sampled_from(ACTIONS),
    share=st.integers(1, 120),
    back=st.one_of(st.just(0), st.integers(0, 70)),
    choice=st.integers(0, 999),
)


def amount_for(life: Life, kind: str, share: int) -> int | None:
    """Return a share (in percent) of what the kind could take; now and then leave it to the loan."""
    if kind == "payoff" or share > 115:
        return None
    loan, on = life.loan, life.today
    quote = loan.payoff_quote(on)
    if kind == "prepayment":
        reached = quote.due.total_minor + quote.broken_interest_minor
        return max(1, reached + (quote.total_minor - reached) * share // 100)
    reachable = quote.total_minor if loan.state.contract.is_revolving else loan.due_amount(on)
    return max(1, reachable * share // 100)


def happen(life: Life, what: Happening):
    """Let it happen today and return what the loan answered."""
    return _ACTS.get(what.action, _repay)(life, what)


def known(life: Life, *kinds: FactKind):
    """Return the facts of some kinds, the latest last."""
    return [fact for _, fact in life.loan.state.facts if fact.kind in kinds]


def _day(life: Life, what: Happening):
    return max(life.today - timedelta(days=what.back), life.loan.state.disbursed_on)


def _some(life: Life, what: Happening) -> int:
    return max(1, life.loan.state.principal_minor * what.share // 1_000)


def _name(life: Life) -> str:
    return f"f{life.loan.version}"


def _of(life: Life, what: Happening, *kinds: FactKind):
    facts = known(life, *kinds)
    return facts[what.choice % len(facts)] if facts else None


def _repay(life, what):
    mode = (None, "shorten_term", "reduce_instalment")[what.choice % 3]
    try:
        asked = amount_for(life, what.action, what.share)
    except Refusal:  # the state refuses a quote, and the payment below as well
        asked = 1_000
    return life.repay(what.action, asked, mode=mode, value_date=_day(life, what))


def _raw_payment(life, what):
    payments, wanted = list(PaymentKind), list(Instruction)
    return life.record(
        FactKind.PAYMENT_RECEIVED,
        _name(life),
        _day(life, what),
        amount_minor=_some(life, what) * (1 + 9 * (what.choice % 2)),
        payment=payments[what.choice % len(payments)],
        instruction=wanted[what.choice % len(wanted)],
        source_account_id=SOURCE,
    )


def _refund(life, what):
    overpaid = life.loan.state.standing.overpaid_minor
    amount = max(1, overpaid * what.share // 100)
    return life.record(FactKind.REFUNDED, _name(life), _day(life, what), amount_minor=amount)


def _chargeback(life, what):
    paid = _of(life, what, FactKind.PAYMENT_RECEIVED)
    if paid:
        amount = max(1, paid.amount_minor * what.share // 100)
        on = max(paid.value_date, _day(life, what))
        return life.record(FactKind.CHARGEBACK, _name(life), on, of=paid.id, amount_minor=amount)
    return None


def _recovered(life, what):
    return life.record(FactKind.RECOVERED, _name(life), _day(life, what), amount_minor=_some(life, what))


def _undo(kind: FactKind, *undone: FactKind):
    def act(life, what):
        target = _of(life, what, *undone)
        if target is None:
            return None
        # Some reversals count from the very day of what they undo, others from today or in between.
        on = max(target.value_date, _day(life, what))
        return life.record(kind, _name(life), on, of=target.id)

    return act


def _charge(life, what):
    on = _day(life, what)
    return life.record(
        FactKind.CHARGE_ADDED,
        _name(life),
        on,
        due_on=on + timedelta(days=what.choice % 40),
        amount_minor=_some(life, what),
        is_late_fee=what.choice % 3 == 0,
    )


def _about_charge(kind: FactKind):
    def act(life, what):
        charge = _of(life, what, FactKind.CHARGE_ADDED)
        if charge is None:
            return None
        named = kind is FactKind.CHARGE_ADJUSTED or what.choice % 2
        amount = {"amount_minor": max(1, charge.amount_minor * what.share // 120)} if named else {}
        on = max(charge.value_date, _day(life, what))
        return life.record(kind, _name(life), on, of=charge.id, **amount)

    return act


def _waiver(kind: FactKind):
    def act(life, what):
        owed = life.loan.owed(life.today)
        some = owed.interest_minor if kind is FactKind.INTEREST_WAIVED else owed.penalty_minor
        amount = {"amount_minor": max(1, some * what.share // 120)} if what.choice % 2 else {}
        return life.record(kind, _name(life), _day(life, what), **amount)

    return act


def _rate(life, what):
    rate_e8 = (0, 6_000_000, 12_345_678, 20_000_000)[what.choice % 4]
    return life.record(FactKind.RATE_CHANGED, _name(life), _day(life, what), rate_e8=rate_e8)


def _pause(life, what):
    on = _day(life, what)
    return life.record(FactKind.INTEREST_PAUSED, _name(life), on, until=on + timedelta(days=what.share))


def _promotion(life, what):
    on = _day(life, what)
    until = on + timedelta(days=what.share) if what.choice % 2 else None
    return life.record(FactKind.PROMOTION_GRANTED, _name(life), on, share_e8=85_000_000, until=until)


def _new_plan(life, what):
    on, changes = _day(life, what), list(ChangeKind)
    common = {"change": changes[what.choice % len(changes)], "takes_overdue": what.choice % 3 > 0}
    if life.loan.state.contract.is_revolving:
        due_on = on + timedelta(days=what.share)
        return life.record(FactKind.PLAN_CHANGED, _name(life), on, due_on=due_on, **common)
    methods = (ContractMethod.EQUAL_INSTALMENT, ContractMethod.EQUAL_PRINCIPAL, ContractMethod.BULLET)
    repayment = RepaymentTerms(method=methods[what.choice % 3])
    plan = NewPlan(repayment=repayment, annual_rate_e8=9_000_000, term=1 + what.choice % 6)
    interest = list(OpenInterest)[what.share % 3]
    return life.record(FactKind.PLAN_CHANGED, _name(life), on, plan=plan, interest=interest, **common)


def _accelerated(life, what):
    on = _day(life, what)
    return life.record(FactKind.ACCELERATED, _name(life), on, due_on=on + timedelta(days=what.choice % 10))


def _decision(kind: FactKind):
    def act(life, what):
        return life.record(kind, _name(life), _day(life, what))

    return act


def _sold(life, what):
    price = _some(life, what) * (1 + 9 * (what.choice % 2))
    return life.record(FactKind.SOLD, _name(life), _day(life, what), price_minor=price, buyer="B-7")


def _given_up(life, what):
    kind = (FactKind.WRITTEN_OFF, FactKind.SETTLED_AT_DISCOUNT)[what.choice % 2]
    return life.record(kind, _name(life), _day(life, what))


_ACTS = {
    "raw_payment": _raw_payment,
    "refund": _refund,
    "chargeback": _chargeback,
    "recovered": _recovered,
    "reversal": _undo(FactKind.PAYMENT_REVERSED, FactKind.PAYMENT_RECEIVED, FactKind.REFUNDED),
    "change_undone": _undo(FactKind.CHANGE_UNDONE, *CHANGES),
    "charge_off_undone": _undo(FactKind.CHARGE_OFF_UNDONE, *DONE_WITH),
    "payout_back": _undo(FactKind.DISBURSEMENT_REVERSED, FactKind.DISBURSED),
    "charge": _charge,
    "charge_waived": _about_charge(FactKind.CHARGE_WAIVED),
    "charge_adjusted": _about_charge(FactKind.CHARGE_ADJUSTED),
    "interest_waived": _waiver(FactKind.INTEREST_WAIVED),
    "penalty_waived": _waiver(FactKind.PENALTY_WAIVED),
    "rate": _rate,
    "pause": _pause,
    "promotion": _promotion,
    "promotion_ended": _undo(FactKind.PROMOTION_ENDED, FactKind.PROMOTION_GRANTED),
    "new_plan": _new_plan,
    "accelerated": _accelerated,
    "non_accrual": _decision(FactKind.NON_ACCRUAL_STARTED),
    "accrual": _decision(FactKind.NON_ACCRUAL_ENDED),
    "charged_off": _decision(FactKind.CHARGED_OFF),
    "given_up": _given_up,
    "sold": _sold,
    "sale_undone": _undo(FactKind.SALE_UNDONE, FactKind.SOLD),
}
