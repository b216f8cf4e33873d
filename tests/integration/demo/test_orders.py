"""Choosing the first business day of an order file, and grouping its sellers."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from config.demo.orders import (
    ACCOUNTS_PER_ENTITY_MAX,
    OrdersUnusable,
    first_business_day,
    group_sellers,
    survey_orders,
    write_orders,
)
from ledger.kernel.refusals import Refusal

HEADER = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state"


class TestFirstBusinessDay:
    @pytest.mark.parametrize(
        ("days", "first"),
        [
            ({date(2018, 5, 31): 1}, date(2018, 6, 1)),
            ({date(2018, 12, 1): 3}, date(2019, 1, 1)),
            # 19 of 20 orders lie in May: the last one, far in the future, does not move the day.
            ({date(2018, 5, 2): 19, date(2020, 4, 9): 1}, date(2018, 6, 1)),
            ({date(2018, 5, 2): 18, date(2020, 4, 9): 2}, date(2020, 5, 1)),
        ],
    )
    def test_follows_the_month_of_the_95th_percentile(self, days, first):
        assert first_business_day(Counter(days)) == first


class TestGroupSellers:
    @pytest.mark.parametrize(("sellers", "entities"), [(1, 200), (7, 7), (1127, 200), (1127, 1), (500, 3)])
    def test_gives_every_seller_one_entity_of_at_most_120_accounts(self, sellers, entities):
        names = tuple(f"s{number:04d}" for number in range(sellers))
        grouped = group_sellers(names, entities=entities, seed=1)
        sizes = Counter(grouped.values())
        assert set(grouped) == set(names)
        assert max(sizes.values()) <= ACCOUNTS_PER_ENTITY_MAX
        assert len(sizes) == min(sellers, max(entities, -(-sellers // ACCOUNTS_PER_ENTITY_MAX)))

    def test_has_a_heavy_tail(self):
        sizes = Counter(group_sellers(tuple(map(str, range(1127))), entities=200, seed=1).values())
        assert max(sizes.values()) > 50
        assert sum(size <= 3 for size in sizes.values()) > 100

    def test_depends_on_the_seed_alone(self):
        names = tuple(map(str, range(100)))
        assert group_sellers(names, entities=9, seed=1) == group_sellers(names, entities=9, seed=1)
        assert group_sellers(names, entities=9, seed=1) != group_sellers(names, entities=9, seed=2)


class TestSurveyOrders:
    def test_reads_its_own_orders(self, tmp_path):
        path = write_orders(directory=tmp_path, seed=3, entities=5)
        survey = survey_orders(path, currency="BRL")
        assert survey.names_entities
        assert survey.currencies == ("CNY",)
        assert survey.first_day == date(2026, 7, 1)
        assert (
            path.read_bytes() == write_orders(directory=tmp_path / "again", seed=3, entities=5).read_bytes()
        )

    def test_says_why_no_line_can_be_taken(self, tmp_path):
        path = tmp_path / "bad.csv"
        path.write_text(f"{HEADER}\ns1,o1,1,2018-02-30,1,0,SP\n")
        with pytest.raises(OrdersUnusable, match="does not exist in the calendar"):
            survey_orders(path, currency="BRL")

    def test_refuses_orders_from_before_the_first_product(self, tmp_path):
        path = tmp_path / "old.csv"
        path.write_text(f"{HEADER}\ns1,o1,1,2009-05-05,1,0,SP\n")
        with pytest.raises(OrdersUnusable, match="end before"):
            survey_orders(path, currency="BRL")

    def test_refuses_a_file_that_is_no_order_file(self, tmp_path):
        path = tmp_path / "other.csv"
        path.write_text("name,age\nx,1\n")
        with pytest.raises(Refusal, match="header does not name"):
            survey_orders(path, currency="BRL")
