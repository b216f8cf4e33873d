"""Money over rows: the same answer as sharing one payment over given dues, and the worked example."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from ledger.domain.allocation import STANDARD_ORDER, InstalmentBuckets
from ledger.domain.allocation_rules import (
    AdvanceOrder,
    AllocationMode,
    DatedDue,
    Rule,
    Timing,
    default_rules,
    share_out,
)
from ledger.domain.plans.rate_table import RateTable
from ledger.domain.plans.revolving import Settlement
from ledger.domain.servicing.claims import Paces, RowKind
from ledger.domain.servicing.life import Life
from ledger.domain.servicing.payments import spend_overpayment
from ledger.domain.servicing.rate_index import contract_index, penalty_index
from ledger.domain.servicing.running_totals import UseOfMoney
from ledger.domain.servicing.sharing import share
from ledger.domain.servicing.terms import OverdueRules, PaymentRules
from tests.unit.ledger.domain.servicing.builders import Story, draws, loan, shares

ON = date(2024, 4, 20)
FREE = OverdueRules(uplift_e8=0)
STANDARD = PaymentRules()


def life_with(dues, **terms):
    """Return a life whose rows owe exactly the given amounts, without anything growing."""
    rates = RateTable.constant(0)
    paces = Paces(penalty=penalty_index(rates, FREE), until_maturity=None, compounds=True)
    life = Life(
        terms=loan(draws(), overdue=FREE, **terms),
        rates=rates,
        paces=paces,
        daily=contract_index(rates, day_base=360),
        now=date.min,
        spend=spend_overpayment,
    )
    for due_on, amounts in dues:
        name = str(len(life.rows) + 1)
        life.add(life.new_claim(name=name, kind=RowKind.INSTALMENT, due_on=due_on, amounts=list(amounts)))
    return life


def shared(life, amount, rules=STANDARD):
    use = UseOfMoney("p", ON, "instalment", amount, days_past_due=life.days_past_due(ON))
    left = share(life, amount, rules, use)
    return [(row, STANDARD_ORDER[part], given) for row, part, given in use.shares], left


class TestAPayment:
    def test_of_2500_over_two_rows_ends_in_the_principal_of_the_second(self):
        dues = [
            (date(2024, 3, 5), (0, 4_000, 120, 9_600, 200_000)),
            (date(2024, 4, 5), (0, 1_200, 0, 7_200, 200_000)),
        ]
        given, left = shared(life_with(dues), 250_000)
        assert left == 0
        assert given == [
            ("1", "penalty", 4_000),
            ("1", "compound", 120),
            ("1", "interest", 9_600),
            ("1", "principal", 200_000),
            ("2", "penalty", 1_200),
            ("2", "interest", 7_200),
            ("2", "principal", 27_880),
        ]

    @pytest.mark.parametrize("seed", range(60))
    def test_is_shared_out_as_over_given_dues(self, seed):
        chance = Random(seed)
        dues = sorted(
            (
                ON + timedelta(days=chance.choice([-95, -40, -10, 0, 20])),
                [chance.randint(0, 900) for _ in range(5)],
            )
            for _ in range(chance.randint(1, 6))
        )
        rules = PaymentRules(
            rules=chance.choice(
                [
                    default_rules(),
                    (*default_rules(order=STANDARD_ORDER[::-1]), Rule(Timing.IN_ADVANCE, "principal")),
                ]
            ),
            mode=chance.choice(list(AllocationMode)),
            advance=chance.choice(list(AdvanceOrder)),
        )
        amount, limit = chance.randint(1, 12_000), chance.choice([None, 20, 90])
        life = life_with(dues, principal_first_after_dpd=limit)
        expected = share_out(
            amount_minor=amount,
            on=ON,
            dues=[_dated(number, *due) for number, due in enumerate(dues, 1)],
            rules=rules.rules,
            mode=rules.mode,
            advance=rules.advance,
            days_past_due=life.days_past_due(ON),
            principal_first_after_dpd=limit,
        )
        given, left = shared(life, amount, rules)
        assert given == [(str(one.number), one.rule.bucket, one.amount_minor) for one in expected.shares]
        assert left == expected.left_over_minor


class TestAPaymentOfADraw:
    def test_repays_principal_even_where_the_interest_on_it_is_larger(self):
        terms = draws(
            20_000_000, limit_minor=100_000, term_days=4_000, settlement=Settlement.ON_REPAID_PRINCIPAL
        )
        # Ten years of 360 days: each 1.00 of principal has borne 2.00 of interest.
        after = date(2024, 3, 5) + timedelta(days=3_600)
        story = Story(loan(terms)).paid(after.isoformat(), 30_000)
        assert shares(story.on(after.isoformat()), "f2") == [
            ("f1", "interest", 20_000),
            ("f1", "principal", 10_000),
        ]


def _dated(number, due_on, amounts):
    named = {f"{bucket}_minor": amount for bucket, amount in zip(STANDARD_ORDER, amounts, strict=True)}
    return DatedDue(due_on, InstalmentBuckets(number=number, **named))
