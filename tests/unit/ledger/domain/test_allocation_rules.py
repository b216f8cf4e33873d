"""Sharing out by rules: the worked payment, both loops, long arrears, in advance, and the surplus."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.allocation import InstalmentBuckets
from ledger.domain.allocation_rules import (
    AdvanceOrder,
    AllocationMode,
    AllocationRulesInvalid,
    DatedDue,
    Rule,
    Timing,
    default_rules,
    share_out,
)

ON = date(2024, 4, 20)
ONE = DatedDue(
    date(2024, 3, 5),
    InstalmentBuckets(
        number=1, penalty_minor=4_000, compound_minor=120, interest_minor=9_600, principal_minor=200_000
    ),
)
TWO = DatedDue(
    date(2024, 4, 5),
    InstalmentBuckets(number=2, penalty_minor=1_200, interest_minor=7_200, principal_minor=200_000),
)


def named(*names):
    return tuple(Rule.named(name) for name in names)


def shares(amount, *, dues=(TWO, ONE), on=ON, rules=None, **more):
    found = share_out(amount_minor=amount, on=on, dues=dues, rules=rules or default_rules(), **more)
    return [(share.number, share.rule.bucket, share.amount_minor) for share in found.shares]


class TestShareOut:
    def test_matches_the_worked_payment(self):
        assert shares(250_000) == [
            (1, "penalty", 4_000),
            (1, "compound", 120),
            (1, "interest", 9_600),
            (1, "principal", 200_000),
            (2, "penalty", 1_200),
            (2, "interest", 7_200),
            (2, "principal", 27_880),
        ]

    def test_by_component_pays_one_part_everywhere_first(self):
        assert shares(20_000, mode=AllocationMode.BY_COMPONENT) == [
            (1, "penalty", 4_000),
            (2, "penalty", 1_200),
            (1, "compound", 120),
            (1, "interest", 9_600),
            (2, "interest", 5_080),
        ]

    @pytest.mark.parametrize(
        ("days", "first"), [(90, (1, "penalty", 4_000)), (91, (1, "principal", 200_000))]
    )
    def test_pays_principal_first_after_ninety_days(self, days, first):
        assert shares(250_000, days_past_due=days)[0] == first

    @pytest.mark.parametrize("mode", list(AllocationMode))
    def test_after_ninety_days_pays_all_overdue_principal_before_anything_else(self, mode):
        found = shares(405_000, days_past_due=91, mode=mode)
        assert found == [
            (1, "principal", 200_000),
            (2, "principal", 200_000),
            (1, "penalty", 4_000),
            *(
                [(1, "compound", 120), (1, "interest", 880)]
                if mode is AllocationMode.BY_INSTALMENT
                else [(2, "penalty", 1_000)]
            ),
        ]

    def test_never_puts_principal_first_where_that_is_not_agreed(self):
        found = shares(250_000, days_past_due=500, principal_first_after_dpd=None)
        assert found[0] == (1, "penalty", 4_000)

    def test_leaves_principal_where_no_rule_pays_it(self):
        found = share_out(
            amount_minor=300_000, on=ON, dues=(ONE,), rules=named("past_due.interest"), days_past_due=200
        )
        assert (found.principal_first, found.left_over_minor) == (False, 290_400)

    def test_pays_nothing_in_advance_by_itself(self):
        found = share_out(amount_minor=250_000, on=date(2024, 3, 5), dues=(ONE, TWO), rules=default_rules())
        assert {share.number for share in found.shares} == {1}
        assert found.left_over_minor == 250_000 - 213_720

    @pytest.mark.parametrize(("advance", "number"), [(AdvanceOrder.NEXT, 1), (AdvanceOrder.LAST, 2)])
    def test_in_advance_begins_at_the_next_or_the_last(self, advance, number):
        found = shares(100, on=date(2024, 1, 1), rules=named("in_advance.principal"), advance=advance)
        assert found == [(number, "principal", 100)]

    def test_reports_the_order_it_used(self):
        found = share_out(
            amount_minor=1,
            on=ON,
            dues=(ONE,),
            rules=default_rules(order=("interest", "principal")),
            days_past_due=91,
        )
        assert [rule.name for rule in found.rules] == [
            "past_due.principal",
            "past_due.interest",
            "due.interest",
            "due.principal",
        ]
        assert found.principal_first

    def test_gives_everything_that_is_owed_and_no_more(self):
        found = share_out(amount_minor=500_000, on=ON, dues=(ONE, TWO), rules=default_rules())
        assert sum(share.amount_minor for share in found.shares) == 213_720 + 208_400
        assert found.left_over_minor == 500_000 - 213_720 - 208_400

    @pytest.mark.parametrize("rules", [(), named("due.fee", "due.fee")])
    def test_refuses_no_rules_and_repeated_ones(self, rules):
        with pytest.raises(AllocationRulesInvalid) as refused:
            share_out(amount_minor=1, on=ON, dues=(ONE,), rules=rules)
        assert refused.value.field == "rules"


class TestRule:
    def test_is_read_by_its_name(self):
        assert Rule.named("in_advance.fee") == Rule(Timing.IN_ADVANCE, "fee")

    @pytest.mark.parametrize("name", ["", "due", "due.tax", "later.fee", "fee.due"])
    def test_refuses_names_that_do_not_exist(self, name):
        with pytest.raises(AllocationRulesInvalid) as refused:
            Rule.named(name)
        assert (refused.value.field, refused.value.details) == ("rules", {"rule": name})

    def test_quotes_no_more_of_a_wrong_name_than_can_be_read(self):
        with pytest.raises(AllocationRulesInvalid) as refused:
            Rule.named("x" * 41)
        assert refused.value.details == {"rule": "x" * 40}


class TestTheWords:
    def test_by_which_a_contract_names_its_way_do_not_change(self):
        assert [*Timing] == ["past_due", "due", "in_advance"]
        assert [*AllocationMode] == ["by_instalment", "by_component"]
        assert [*AdvanceOrder] == ["next", "last"]
