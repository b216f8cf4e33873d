"""Signs that ask for a second look, from their thresholds on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lending.policies.fraud_flags import FlagPolicy, flags_of
from lending.policies.seller_facts import Comparison, SellerFacts


def transfers(count, *, amount=10_000, every=3):
    return tuple((date(2024, 1, 1) + timedelta(days=every * n), amount) for n in range(count))


def seen(policy=None, **facts):
    found = flags_of(SellerFacts(**facts), **({} if policy is None else {"policy": policy}))
    return [(flag.code, flag.manual) for flag in found]


class TestFlags:
    @pytest.mark.parametrize(
        ("facts", "found"),
        [
            ({}, []),
            ({"top_5_share_bps": 7_999}, []),
            ({"top_5_share_bps": 8_000}, [("concentration", True)]),
            ({"orders_without_logistics_bps": 2_000}, []),
            ({"orders_without_logistics_bps": 2_001}, [("fake_trade", True)]),
            ({"transfers": transfers(9)}, []),
            ({"transfers": transfers(10)}, [("cash_out", True)]),
            ({"transfers": (*transfers(5), *transfers(5, amount=20_000))}, []),
            ({"transfers": (*transfers(9), (date(2024, 1, 29), 10_000))}, []),
            ({"key_changes_7_days": 2}, []),
            ({"key_changes_7_days": 3}, [("key_changes", True)]),
            ({"device_applicants_24_hours": 2}, []),
            ({"device_applicants_24_hours": 3}, [("shared_device", True)]),
            ({"device_signals": ("new_device",)}, [("device", False)]),
            ({"device_signals": ("proxy", "proxy")}, [("device", False)]),
            ({"device_signals": ("new_device", "proxy")}, [("device", True)]),
            ({"applied_hour": 0}, [("night_application", False)]),
            ({"applied_hour": 3}, [("night_application", False)]),
            ({"applied_hour": 5}, [("night_application", False)]),
            ({"applied_hour": 6}, []),
            ({"applied_hour": 23}, []),
        ],
    )
    def test_are_seen_from_each_threshold_on(self, facts, found):
        assert seen(**facts) == found

    @pytest.mark.parametrize(("hour", "is_night"), [(21, False), (22, True), (5, True), (6, False)])
    def test_take_a_night_that_begins_before_midnight(self, hour, is_night):
        assert bool(seen(FlagPolicy(night_from=22), applied_hour=hour)) is is_night

    @pytest.mark.parametrize(
        ("value", "is_unusual"), [("79.99", True), ("80", False), ("300", False), ("300.01", True)]
    )
    def test_see_what_is_outside_the_range_of_the_industry(self, value, is_unusual):
        compared = Comparison("ticket_size", Decimal(value), Decimal(80), Decimal(300))
        assert seen(comparisons=(compared,)) == ([("unusual:ticket_size", True)] if is_unusual else [])

    def test_find_regular_transfers_among_others(self):
        noise = ((date(2024, 1, 2), 10_000), (date(2024, 1, 5), 77))
        late = tuple((on + timedelta(days=40), minor) for on, minor in transfers(10, every=7))
        assert seen(transfers=(*noise, *reversed(late))) == [("cash_out", True)]
