"""Random lives of loans as lists of dated facts, for the laws of servicing.

Wide on purpose: every method, revolving draws, every kind of fact, and facts that make little sense. A life
is drawn from one seed, which is what a failing test prints.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st

from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import AdvanceOrder, AllocationMode, Rule, Timing, default_rules
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis, Batch, Grace, GraceInterest, Method
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing import facts as kinds
from ledger.domain.servicing.terms import OverdueRules, PaymentRules, Revolving, ServicingTerms
from ledger.kernel.frequencies import DueDateRule, Frequency, Unit

START = date(2024, 1, 31)
AGREED_MINOR = 5_000_000
MONTHLY = DueDateRule(frequency=Frequency(Unit.MONTH, 1))
SEEDS = st.integers(0, 2**32 - 1)
ORDERS = [
    PaymentRules(),
    PaymentRules(mode=AllocationMode.BY_COMPONENT),
    PaymentRules(rules=default_rules(order=tuple(reversed(STANDARD_ORDER)))),
    PaymentRules(rules=(*default_rules(), Rule(Timing.IN_ADVANCE, "principal")), advance=AdvanceOrder.LAST),
]


def lives(size=14):
    """Return terms and facts: the first payout is on the first day, in one piece for agreed batches."""
    return SEEDS.map(lambda seed: life_of(Random(seed), size))


def life_of(chance, size):
    terms = servicing_terms(chance)
    whole = not isinstance(terms.contract, Revolving) and terms.contract.method in (
        Method.CUSTOM,
        Method.FLAT,
    )
    first = AGREED_MINOR if whole else chance.choice([AGREED_MINOR, 2_000_000])
    facts = [kinds.Disbursed(id="payout", effective_date=START, sequence=1, amount_minor=first)]
    windows = sorted(START + timedelta(days=after) for after in chance.sample(range(420), 2))
    for sequence in range(2, chance.randint(0, size) + 2):
        facts.append(any_fact(chance, terms, facts, sequence, windows))
    if first < AGREED_MINOR and chance.random() < 0.5:
        second = START + timedelta(days=chance.randint(0, 25))
        facts.append(
            kinds.Disbursed(
                id="second", effective_date=second, sequence=99, amount_minor=AGREED_MINOR - first
            )
        )
    return terms, tuple(facts)


def servicing_terms(chance):
    contract = any_contract(chance)
    return ServicingTerms(
        contract=contract,
        overdue=OverdueRules(
            grace_days=chance.randint(0, 5),
            grace_mode=chance.choice(list(GraceMode)),
            compound=chance.choice(list(CompoundMode)),
            day_base=chance.choice((360, 365)),
        ),
        default_rules=chance.choice(ORDERS),
        rules_by_kind=((kinds.PaymentKind.GOODWILL_CREDIT, chance.choice(ORDERS)),),
        principal_first_after_dpd=chance.choice([None, 20, 90]),
        early_fee_e8=0 if isinstance(contract, Revolving) else chance.choice([0, 1_000_000]),
        early_mode=chance.choice(list(Replan)),
        tolerance_minor=chance.choice([0, 0, 500]),
        non_accrual_after_dpd=chance.choice([None, 30, 90]),
        returns_when_cleared=chance.random() < 0.5,
    )


def any_contract(chance):
    method = chance.choice([*Method, None])
    rates = RateTable.constant(chance.choice([0, 5_000_000, 10_800_000, 14_400_000, 18_000_000]))
    if method is None:
        return Revolving(
            limit_minor=AGREED_MINOR,
            rates=rates,
            term_days=chance.randint(1, 200),
            settlement=chance.choice(list(Settlement)),
        )
    count = chance.randint(1, 9)
    batches, grace = (), Grace()
    if method is Method.CUSTOM:
        parts = [AGREED_MINOR // count] * (count - 1)
        parts.append(AGREED_MINOR - sum(parts))
        batches = tuple(Batch(START + timedelta(days=30 * (at + 1)), part) for at, part in enumerate(parts))
    elif method in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL) and count > 3:
        put_off = chance.randint(0, 2)
        grace = Grace(
            principal_rows=chance.randint(put_off, 2),
            interest_rows=put_off,
            interest=chance.choice(list(GraceInterest)),
        )
    is_exact = method is Method.CUSTOM or chance.random() < 0.5
    return PlanTerms(
        method=method,
        principal_minor=AGREED_MINOR,
        rates=rates,
        start=START,
        count=count,
        due_dates=MONTHLY,
        basis=Basis.EXACT if is_exact else Basis.PERIODIC,
        batches=batches,
        grace=grace,
    )


def any_amount(chance):
    return chance.randint(1, chance.choice([200_000, 200_000, 6_000_000]))


def any_fact(chance, terms, facts, sequence, windows):  # noqa: C901 - one case for each kind
    on = START + timedelta(days=chance.randint(0, 420))
    common = {"id": f"f{sequence}", "effective_date": on, "sequence": sequence}
    amount, maybe = any_amount(chance), chance.choice([None, any_amount(chance)])
    match chance.randint(0, 22):
        case 0:
            due_on = on + timedelta(days=chance.randint(0, 60))
            is_late_fee = chance.random() < 0.5
            return kinds.ChargeAdded(**common, due_on=due_on, amount_minor=amount, is_late_fee=is_late_fee)
        case 1:
            return kinds.InterestWaived(**common, amount_minor=maybe)
        case 2:
            return kinds.PenaltyWaived(**common, amount_minor=maybe)
        case 3:
            return kinds.Refunded(**common, amount_minor=chance.randint(1, 50_000))
        case 4:
            return kinds.Accelerated(**common, due_on=on + timedelta(days=chance.randint(0, 10)))
        case 5:
            decisions = [kinds.NonAccrualStarted, kinds.NonAccrualEnded, kinds.ChargedOff]
            return chance.choice(decisions)(**common)
        case 6:
            return kinds.RateChanged(**common, rate_e8=chance.choice([0, 6_000_000, 20_000_000]))
        case 7 if chance.random() < 0.4:
            return kinds.Sold(**common, price_minor=amount, buyer="B-7")
        case 7:
            return chance.choice([kinds.WrittenOff, kinds.SettledAtDiscount])(**common)
        case 8:
            return kinds.Recovered(**common, amount_minor=amount)
        case 9:
            return new_plan(chance, terms, common)
        case 10 if not any(isinstance(fact, kinds.InterestPaused) for fact in facts):
            return kinds.InterestPaused(**{**common, "effective_date": windows[0]}, until=windows[1])
        case 11 if not any(isinstance(fact, kinds.PromotionGranted) for fact in facts):
            until = chance.choice([None, on + timedelta(days=chance.randint(1, 90))])
            return kinds.PromotionGranted(**common, share_e8=85_000_000, until=until)
        case 12 | 13 | 14 if found := about_another(chance, facts, common):
            return found
    return kinds.PaymentReceived(
        **common,
        amount_minor=amount,
        payment=chance.choice(list(kinds.PaymentKind)),
        instruction=chance.choice(list(kinds.Instruction)),
    )


def new_plan(chance, terms, common):
    on, takes = common["effective_date"], chance.random() < 0.5
    change = chance.choice(list(kinds.ChangeKind))
    if terms.is_revolving:
        due_on = on + timedelta(days=chance.randint(1, 90))
        return kinds.PlanChanged(**common, change=change, due_on=due_on, takes_overdue=takes)
    plan = PlanTerms(
        method=chance.choice([Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.BULLET]),
        principal_minor=1,
        rates=RateTable.constant(9_000_000),
        start=on,
        count=chance.randint(1, 6),
        due_dates=MONTHLY,
        basis=chance.choice(list(Basis)),
    )
    interest = chance.choice(list(kinds.OpenInterest))
    return kinds.PlanChanged(**common, change=change, terms=plan, takes_overdue=takes, interest=interest)


def about_another(chance, facts, common):
    """Reverse, charge back, waive, adjust or end one of the facts before, on its day or later."""
    used = {fact.of for fact in facts if isinstance(fact, kinds.Reversal)}
    others = [fact for fact in facts[1:] if not isinstance(fact, kinds.Reversal) and fact.id not in used]
    if not others:
        return None
    target, most = chance.choice(others), any_amount(chance)
    on = target.effective_date + timedelta(days=chance.randint(0, 90))
    common = {**common, "effective_date": on, "of": target.id}
    if chance.random() < 0.5:
        if isinstance(target, kinds.PaymentReceived):
            return kinds.Chargeback(**common, amount_minor=min(most, target.amount_minor))
        if isinstance(target, kinds.ChargeAdded):
            chosen = chance.choice([kinds.ChargeWaived, kinds.ChargeAdjusted])
            return chosen(**common, amount_minor=most)
        if isinstance(target, kinds.PromotionGranted):
            return kinds.PromotionEnded(**common)
    if isinstance(target, kinds.PaymentReceived | kinds.Refunded | kinds.Recovered | kinds.Chargeback):
        return kinds.PaymentReversed(**common)
    if isinstance(target, kinds.ChargedOff | kinds.WrittenOff | kinds.SettledAtDiscount):
        return kinds.ChargeOffUndone(**common)
    if isinstance(target, kinds.Sold):
        return kinds.SaleUndone(**common)
    return kinds.ChangeUndone(**common)
