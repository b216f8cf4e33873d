"""The calculator ``loan``: everything about a loan on a day, from its terms and its dated facts.

Owns: its input, the conventions it settles on, and comparing with a life without some facts.
Refuses to know: how a position is derived and written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ledger.calculators.allocation import RULES
from ledger.calculators.catalogue import Calculator, register
from ledger.calculators.fields import Amount, Choice, Day, Name, Rate, Switch, Whole
from ledger.calculators.loan_answers import adjustments_answer, growth_answer, position_answer
from ledger.calculators.loan_facts import FACT, FACTS_MAX, read_facts
from ledger.calculators.plan_fields import CURRENCY, NESTED_PLAN, RATE_FIELDS
from ledger.calculators.plan_reading import nested_plan_terms, rate_table, settled_conventions
from ledger.calculators.quoted_rates import require_one_of
from ledger.calculators.refusals import InputContradictory
from ledger.calculators.schedule import SCHEDULE_EXAMPLE
from ledger.calculators.shapes import Field, Many, Shape
from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.allocation_rules import (
    PRINCIPAL_FIRST_AFTER_DPD,
    AdvanceOrder,
    AllocationMode,
    Rule,
    default_rules,
)
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.domain.plans.terms import PlanTerms
from ledger.domain.servicing.deriving import derive
from ledger.domain.servicing.differing import difference
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.servicing.terms import DAY_BASES, OverdueRules, PaymentRules, Revolving, ServicingTerms
from ledger.kernel.day_count import DayCount
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.classification import NON_ACCRUAL_AFTER_DPD, Scheme

ORDER_FIELDS: Final = {
    "order": Field(
        Many(Choice(STANDARD_ORDER), minimum=5, maximum=5),
        "The order of the five parts, for rows past due and then for those due today.",
        default=None,
        convention=True,
    ),
    "rules": Field(
        Many(Choice(RULES), minimum=1, maximum=len(RULES)),
        "The full order instead; only what it names is paid.",
        default=None,
        convention=True,
    ),
    "mode": Field(
        Choice.of(AllocationMode),
        "Row after row, or part after part.",
        default="by_instalment",
        convention=True,
    ),
    "advance": Field(
        Choice.of(AdvanceOrder), "Where a rule in advance begins.", default="next", convention=True
    ),
}
_DAY_COUNTS: Final = {"360": DayCount.ACT_360, "364": DayCount.ACT_364, "365": DayCount.ACT_365F}
REVOLVING: Final = Shape(
    {
        "limit": Field(Amount(), "What was agreed."),
        "term_days": Field(Whole(1, 36_600), "Each draw falls due so many days after it."),
        "settlement": Field(
            Choice.of(Settlement), "Which interest a repayment settles.", default="all_accrued"
        ),
        "day_base": Field(Choice(tuple(map(str, DAY_BASES))), "Actual days over this many.", default="360"),
        **RATE_FIELDS,
    }
)
OVERDUE: Final = Shape(
    {
        "uplift": Field(Rate(RATE_UNIT), "What is added to the contract rate.", default="0.5"),
        "ceiling": Field(Rate(), "The most a year may cost.", default="0.24"),
        "grace_days": Field(Whole(0, 60), "Days after the due date without charges.", default=3),
        "grace_mode": Field(
            Choice.of(GraceMode), "Whether charges count from the due date.", default="retroactive"
        ),
        "compound": Field(Choice.of(CompoundMode), "Interest on unpaid interest.", default="penalty_rate"),
        "day_base": Field(Choice(tuple(map(str, DAY_BASES))), "Actual days over this many.", default="360"),
    }
)
FIELDS: Final = {
    "currency": CURRENCY,
    "schedule": Field(NESTED_PLAN, "The agreed plan, as the schedule calculator takes it.", default=None),
    "revolving": Field(REVOLVING, "A contract without a plan instead.", default=None, convention=True),
    "overdue": Field(OVERDUE, "What overdue rows cost.", default={}, convention=True),
    **ORDER_FIELDS,
    "orders_by_kind": Field(
        Many(
            Shape({"payment": Field(Choice.of(PaymentKind), "Which payments."), **ORDER_FIELDS}),
            maximum=len(PaymentKind),
        ),
        "Orders of their own for kinds of payments.",
        default=[],
        convention=True,
    ),
    "principal_first_after_dpd": Field(
        Whole(0, 20_000),
        "Beyond so many days past due, principal of rows past due comes first.",
        default=PRINCIPAL_FIRST_AFTER_DPD,
        convention=True,
    ),
    "chargeback_order": Field(
        Many(Choice(STANDARD_ORDER), minimum=5, maximum=5),
        "The order in which money that was taken back is owed again.",
        default=list(reversed(STANDARD_ORDER)),
        convention=True,
    ),
    "early_fee_rate": Field(
        Rate(RATE_UNIT // 10), "Fee on principal repaid early.", default="0", convention=True
    ),
    "early_mode": Field(
        Choice.of(Replan),
        "What an early payment does to the rows to come, if it does not say.",
        default="shorten_term",
        convention=True,
    ),
    "tolerance": Field(
        Amount(zero=True), "Unpaid amounts that do not count as overdue.", default="0", convention=True
    ),
    "non_accrual_after_dpd": Field(
        Whole(0, 20_000),
        "Beyond so many days past due interest is no longer income.",
        default=NON_ACCRUAL_AFTER_DPD,
        convention=True,
    ),
    "returns_when_cleared": Field(
        Switch(), "Interest is income again once nothing is overdue.", default=False, convention=True
    ),
    "scheme": Field(
        Choice.of(Scheme), "The table of the five categories.", default="decree_2023", convention=True
    ),
    "facts": Field(Many(FACT, maximum=FACTS_MAX), "What happened, in any order."),
    "on": Field(Day(), "The day of the answer; later facts do not count."),
    "compare_without": Field(
        Many(Name(), minimum=1, maximum=FACTS_MAX),
        "Ids of facts: the answer also says what they change on the day.",
        default=None,
    ),
    "growth": Field(Switch(), "The answer also says how every row goes on growing.", default=False),
}


def compute_loan(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the position of a loan on a day."""
    currency, on = values["currency"], values["on"]
    terms = _terms(values)
    facts = read_facts(values["facts"], currency=currency)
    position = derive(terms, facts, on=on)
    answer = position_answer(position, terms, currency=currency)
    if values["growth"]:
        answer["growth"] = growth_answer(position, currency=currency)
    if values["compare_without"] is not None:
        left_out = set(values["compare_without"])
        if unknown := sorted(left_out - {fact.id for fact in facts}):
            raise InputContradictory("There is no such fact.", field="compare_without", id=unknown[0])
        # What refers to a fact that is left out never happened either.
        others = [f for f in facts if f.id not in left_out and getattr(f, "of", None) not in left_out]
        before = derive(terms, others, on=on)
        answer["adjustments"] = adjustments_answer(difference(before, position), currency=currency)
        answer["without"] = position_answer(before, terms, currency=currency)
    contract = terms.contract
    answer["conventions"] = settled_conventions(contract) if isinstance(contract, PlanTerms) else {}
    return answer


def _terms(values: Mapping[str, Any]) -> ServicingTerms:
    require_one_of(values, "schedule", "revolving")
    overdue = values["overdue"]
    return ServicingTerms(
        contract=_revolving(values["revolving"]) if values["revolving"] else nested_plan_terms(values),
        overdue=OverdueRules(
            uplift_e8=overdue["uplift"],
            ceiling_e8=overdue["ceiling"],
            grace_days=overdue["grace_days"],
            grace_mode=GraceMode(overdue["grace_mode"]),
            compound=CompoundMode(overdue["compound"]),
            day_base=int(overdue["day_base"]),
        ),
        default_rules=_order(values, ""),
        rules_by_kind=tuple(
            (PaymentKind(given["payment"]), _order(given, f"orders_by_kind[{place}]."))
            for place, given in enumerate(values["orders_by_kind"])
        ),
        principal_first_after_dpd=values["principal_first_after_dpd"],
        chargeback_order=tuple(values["chargeback_order"]),
        early_fee_e8=values["early_fee_rate"],
        early_mode=Replan(values["early_mode"]),
        tolerance_minor=values["tolerance"],
        non_accrual_after_dpd=values["non_accrual_after_dpd"],
        returns_when_cleared=values["returns_when_cleared"],
        scheme=Scheme(values["scheme"]),
    )


def _revolving(values: Mapping[str, Any]) -> Revolving:
    return Revolving(
        limit_minor=values["limit"],
        rates=rate_table(values, day_count=_DAY_COUNTS[values["day_base"]]),
        term_days=values["term_days"],
        settlement=Settlement(values["settlement"]),
        day_base=int(values["day_base"]),
    )


def _order(values: Mapping[str, Any], where: str) -> PaymentRules:
    if values["order"] is not None and values["rules"] is not None:
        raise InputContradictory(
            "Rules say everything; an order is given instead of them.", field=f"{where}order"
        )
    rules = (
        tuple(Rule.named(name) for name in values["rules"])
        if values["rules"] is not None
        else default_rules(order=values["order"] or STANDARD_ORDER)
    )
    return PaymentRules(
        rules=rules, mode=AllocationMode(values["mode"]), advance=AdvanceOrder(values["advance"])
    )


LOAN = register(
    Calculator(
        name="loan",
        title="Everything about a loan on a day, from its dated facts",
        shape=Shape(FIELDS),
        example={
            "currency": "CNY",
            "schedule": {**SCHEDULE_EXAMPLE, "start": "2024-03-05"},
            "facts": [
                {"kind": "disbursed", "id": "payout", "on": "2024-03-05", "amount": "50000.00"},
                {"kind": "payment", "id": "first", "on": "2024-04-05", "amount": "8597.79"},
            ],
            "on": "2024-05-16",
        },
        compute=compute_loan,
    )
)
