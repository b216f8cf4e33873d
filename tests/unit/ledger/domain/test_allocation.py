"""Allocation: the worked payment of 2,500.00 and the change of order after 90 days."""

from __future__ import annotations

import pytest

from ledger.domain.allocation import STANDARD_ORDER, InstalmentBuckets, allocate, order_at

FIRST = InstalmentBuckets(
    number=1, penalty_minor=4_000, compound_minor=120, interest_minor=9_600, principal_minor=200_000
)
SECOND = InstalmentBuckets(number=2, penalty_minor=1_200, interest_minor=7_200, principal_minor=200_000)
BOTH = frozenset({1, 2})
PRINCIPAL_FIRST = ("principal", "fee", "penalty", "compound", "interest")


def part(number, penalty=0, compound=0, interest=0, principal=0, fee=0):
    return InstalmentBuckets(
        number=number,
        fee_minor=fee,
        penalty_minor=penalty,
        compound_minor=compound,
        interest_minor=interest,
        principal_minor=principal,
    )


class TestAllocate:
    @pytest.mark.parametrize(
        ("amount_minor", "parts", "left_over_minor"),
        [
            # The worked payment: instalment 1 in full, 362.80 go on to instalment 2.
            (250_000, [part(1, 4_000, 120, 9_600, 200_000), part(2, 1_200, 0, 7_200, 27_880)], 0),
            (4_000, [part(1, 4_000)], 0),
            (4_100, [part(1, 4_000, 100)], 0),
            (213_720, [part(1, 4_000, 120, 9_600, 200_000)], 0),
            (213_721, [part(1, 4_000, 120, 9_600, 200_000), part(2, 1)], 0),
            (425_000, [part(1, 4_000, 120, 9_600, 200_000), part(2, 1_200, 0, 7_200, 200_000)], 2_880),
        ],
    )
    def test_pays_the_oldest_instalment_in_the_standard_order(self, amount_minor, parts, left_over_minor):
        result = allocate(amount_minor=amount_minor, dues=[FIRST, SECOND], overdue=BOTH)
        assert (list(result.parts), result.left_over_minor) == (parts, left_over_minor)
        assert result.order == STANDARD_ORDER

    def test_pays_fees_before_penalty(self):
        due = part(1, penalty=100, fee=50, interest=10)
        assert allocate(amount_minor=120, dues=[due]).parts == (part(1, penalty=70, fee=50),)

    def test_pays_nothing_twice_when_principal_comes_first(self):
        owed = FIRST.total_minor + SECOND.total_minor
        result = allocate(
            amount_minor=owed + 1_000, dues=[FIRST, SECOND], order=PRINCIPAL_FIRST, overdue=BOTH
        )
        assert (result.parts, result.left_over_minor) == ((FIRST, SECOND), 1_000)

    @pytest.mark.parametrize(
        ("amount_minor", "parts"),
        [
            (250_000, [part(1, principal=200_000), part(2, principal=50_000)]),
            (405_000, [part(1, 4_000, 120, 880, 200_000), part(2, principal=200_000)]),
        ],
    )
    def test_pays_all_overdue_principal_first_when_the_order_says_so(self, amount_minor, parts):
        result = allocate(
            amount_minor=amount_minor, dues=[FIRST, SECOND], order=PRINCIPAL_FIRST, overdue=BOTH
        )
        assert list(result.parts) == parts

    def test_keeps_principal_last_for_an_instalment_that_is_only_due(self):
        result = allocate(
            amount_minor=202_000, dues=[FIRST, SECOND], order=PRINCIPAL_FIRST, overdue=frozenset({1})
        )
        assert list(result.parts) == [part(1, 2_000, principal=200_000)]

    def test_follows_another_order_that_a_contract_states(self):
        order = ("interest", "principal", "fee", "penalty", "compound")
        assert allocate(amount_minor=9_700, dues=[FIRST], order=order).parts == (part(1, 0, 0, 9_600, 100),)


class TestOrderAt:
    @pytest.mark.parametrize(
        ("days_past_due", "order"),
        [(0, STANDARD_ORDER), (90, STANDARD_ORDER), (91, PRINCIPAL_FIRST), (400, PRINCIPAL_FIRST)],
    )
    def test_turns_to_principal_first_on_day_91(self, days_past_due, order):
        found = order_at(days_past_due=days_past_due, order=STANDARD_ORDER, principal_first_after_dpd=90)
        assert found == order
