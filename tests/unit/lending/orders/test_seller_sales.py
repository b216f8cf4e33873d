"""Sales by seller: sums by month, repeats, and sellers that change their entity."""

from __future__ import annotations

from datetime import date

from lending.domain.entity_events import MonthTurnover
from tests.unit.lending.orders.files import HEADER, parse, refusals, row


class TestSellerSales:
    def test_adds_goods_without_freight_by_seller_and_month(self):
        account = parse(
            row(),
            row(line="2", goods_amount="7.50", freight_amount="99.00"),
            row(order_id="o2", shipped_by="2018-06-01"),
            row(seller_id="s2", order_id="o3"),
        )
        first, second = account.sellers
        assert first.months == (MonthTurnover("2018-06", 1, 11_250), MonthTurnover("2018-07", 1, 12_000))
        assert (first.first_order_on, first.last_order_on) == (date(2018, 6, 1), date(2018, 7, 31))
        assert (first.line_count, first.order_count, first.amount_minor) == (3, 2, 23_250)
        assert (second.seller_id, second.amount_minor) == ("s2", 11_250)

    def test_counts_an_order_once_in_the_month_of_its_first_line(self):
        account = parse(row(), row(line="2", shipped_by="2018-08-02"))
        assert [(held.month, held.orders) for held in account.sellers[0].months] == [
            ("2018-07", 1),
            ("2018-08", 0),
        ]

    def test_refuses_a_repeat_even_with_another_amount(self):
        account = parse(row(), row(goods_amount="1.00"), row(line="2"), row(line="2"), row(line="1"))
        assert refusals(account) == [(3, "duplicate"), (5, "duplicate"), (6, "duplicate")]
        assert account.sellers[0].amount_minor == 22_500

    def test_keeps_equal_orders_of_other_sellers_and_platforms_apart(self):
        header = f"{HEADER},platform"
        account = parse(f"{row()},taobao", f"{row()},amazon", f"{row(seller_id='s2')},amazon", header=header)
        assert account.refused == ()
        assert [(held.platform, held.seller_id) for held in account.sellers] == [
            ("amazon", "s1"),
            ("amazon", "s2"),
            ("taobao", "s1"),
        ]

    def test_refuses_a_line_that_gives_a_seller_to_another_entity(self):
        header = f"{HEADER},entity_id"
        account = parse(f"{row()},E1", f"{row(order_id='o2')},E2", f"{row(order_id='o3')},E1", header=header)
        assert refusals(account) == [(3, "entity_conflict")]
        assert account.sellers[0].line_count == 2
