"""Limits that move: the worked festival, the worked receipts, cards, caps and freezes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.policies.limit_changes import (
    Festival,
    Receipt,
    available,
    by_behaviour,
    by_festival,
    by_receipts,
    effective_payers,
)

CAP = 50_000_000
NOVEMBER = Festival(date(2024, 11, 1), date(2024, 11, 15), 13_000)


def receipts(count):
    return [Receipt(f"payer {n}", 100) for n in range(count)]


class TestAFestival:
    @pytest.mark.parametrize(
        ("on", "limit"),
        [
            (date(2024, 10, 31), 12_240_000),
            (date(2024, 11, 1), 15_912_000),
            (date(2024, 11, 15), 15_912_000),
            (date(2024, 11, 16), 12_240_000),
        ],
    )
    def test_raises_from_its_first_to_its_last_day(self, on, limit):
        assert by_festival(12_240_000, festival=NOVEMBER, on=on, cap_minor=CAP).after_minor == limit

    @pytest.mark.parametrize(
        ("limit", "raised"), [(40_000_000, 50_000_000), (60_000_000, 60_000_000), (1, 1)]
    )
    def test_keeps_the_cap_and_cuts_nobody(self, limit, raised):
        assert (
            by_festival(limit, festival=NOVEMBER, on=date(2024, 11, 11), cap_minor=CAP).after_minor == raised
        )


class TestReceipts:
    def test_raise_by_fifty_each_up_to_the_cap(self):
        limit, found = 300_000, []
        for count in (1, 10, 25, 10):
            limit = by_receipts(
                limit, receipts=receipts(count), each_minor=5_000, least_minor=100, cap_minor=500_000
            ).after_minor
            found.append(limit)
        assert found == [305_000, 355_000, 480_000, 500_000]

    def test_count_each_payer_once_and_only_real_money(self):
        given_receipts = [
            Receipt("a", 100),
            Receipt("a", 900),
            Receipt("b", 99),
            Receipt("c", 500, refunded=True),
            Receipt("d", 500, linked=True),
        ]
        assert effective_payers(given_receipts, least_minor=100) == {"a"}

    def test_leave_a_limit_that_is_above_the_cap(self):
        changed = by_receipts(600, receipts=receipts(3), each_minor=50, least_minor=1, cap_minor=500)
        assert (changed.after_minor, changed.count) == (600, 3)

    @given(order=st.permutations([Receipt("a", 100), Receipt("a", 1), Receipt("b", 5, refunded=True)]))
    def test_do_not_depend_on_their_order(self, order):
        changed = by_receipts(0, receipts=order, each_minor=50, least_minor=2, cap_minor=500)
        assert changed.after_minor == 50


class TestBehaviour:
    @pytest.mark.parametrize(
        ("move", "limit", "moved"),
        [
            ("raise", 12_240_000, 14_680_000),
            ("keep", 12_240_000, 12_240_000),
            ("cut", 12_240_000, 9_790_000),
            ("raise", 45_000_000, 50_000_000),
            ("raise", 60_000_000, 60_000_000),
            ("raise", 0, 0),
        ],
    )
    def test_moves_by_a_fifth_rounded_down_to_hundreds(self, move, limit, moved):
        changed = by_behaviour(limit, move=move, share_bps=2_000, step_minor=10_000, cap_minor=CAP)
        assert (changed.before_minor, changed.after_minor) == (limit, moved)

    @given(limit=st.integers(0, 10**9), share=st.integers(0, 10_000), cap=st.integers(0, 10**9))
    def test_never_raises_above_the_cap_and_never_the_wrong_way(self, limit, share, cap):
        up, down = (
            by_behaviour(limit, move=move, share_bps=share, step_minor=100, cap_minor=cap).after_minor
            for move in ("raise", "cut")
        )
        assert 0 <= down <= limit <= up <= max(cap, limit)


class TestWhatIsAvailable:
    @pytest.mark.parametrize(
        ("limit", "outstanding", "frozen", "left"),
        [
            (12_240_000, 13_000_000, False, 0),
            (15_912_000, 13_000_000, False, 2_912_000),
            (100, 100, False, 0),
            (100, 0, True, 0),
        ],
    )
    def test_is_never_negative_and_nothing_while_frozen(self, limit, outstanding, frozen, left):
        assert available(limit, outstanding_minor=outstanding, frozen=frozen) == left
