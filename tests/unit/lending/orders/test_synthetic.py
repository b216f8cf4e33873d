"""The made-up order file: the same for a seed, in the form the reader takes, and worth lending to."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from io import BytesIO, StringIO
from random import Random

import pytest

from lending.orders.order_file import parse_order_file
from lending.orders.synthetic import write_synthetic_orders
from lending.orders.synthetic_sellers import PLATFORMS
from lending.policies.turnover import six_months_before

AS_OF = date(2024, 7, 10)


def written(*, seed=1, entities=200, **options):
    stream = StringIO()
    summary = write_synthetic_orders(stream, rng=Random(seed), as_of=AS_OF, entities=entities, **options)
    return summary, stream.getvalue()


@pytest.fixture(scope="module")
def demo():
    summary, text = written()
    return summary, parse_order_file(BytesIO(text.encode()), as_of=AS_OF)


class TestWriteSyntheticOrders:
    def test_gives_the_same_bytes_for_the_same_seed(self):
        assert written(entities=20) == written(entities=20)
        assert written(entities=20) != written(entities=20, seed=2)

    def test_is_read_back_with_only_the_dirty_lines_refused(self, demo):
        summary, account = demo
        assert account.line_count == summary.line_count
        assert account.refused_count == summary.dirty_count == len(account.reasons)
        assert len(account.sellers) <= summary.account_count

    def test_stays_small(self, demo):
        assert 10_000 < demo[0].line_count <= 25_000

    def test_spreads_entities_over_platforms_with_one_of_a_hundred_and_twenty_shops(self, demo):
        shops = Counter(seller.entity_id for seller in demo[1].sellers)
        assert max(shops.values()) == 120
        assert min(shops.values()) == 1
        assert len(shops) == 200
        assert {seller.platform for seller in demo[1].sellers} == set(PLATFORMS)
        assert {seller.currency for seller in demo[1].sellers} == {"CNY"}

    def test_covers_fourteen_full_months(self, demo):
        months = sorted({month.month for seller in demo[1].sellers for month in seller.months})
        assert (months[0], months[-1], len(months)) == ("2023-05", "2024-06", 14)

    def test_has_weak_and_strong_and_new_sellers(self, demo):
        turnover, started = defaultdict(Counter), {}
        for seller in demo[1].sellers:
            for month in seller.months:
                turnover[seller.entity_id][month.month] += month.amount_minor
            first = started.get(seller.entity_id, seller.first_order_on)
            started[seller.entity_id] = min(first, seller.first_order_on)
        averages = sorted(
            six_months_before(applied_on=AS_OF, turnover_minor=months).average for months in turnover.values()
        )
        assert averages[5] < 100_000
        assert averages[-5] > 10_000_000
        assert averages[-1] < 100_000_000
        assert sum(day >= date(2024, 1, 1) for day in started.values()) >= 5

    @pytest.mark.parametrize("entities", [0, 1, 49])
    def test_works_for_few_entities(self, entities):
        summary, text = written(entities=entities)
        assert summary.entity_count == entities
        assert text.startswith("seller_id,order_id,line,")
