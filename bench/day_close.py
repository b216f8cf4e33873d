"""What does closing a business day cost per loan?

Two parts: the set-based accrual of one shard against the physical limit (INSERT .. SELECT of the same
rows), and the whole day close of real loans with all its steps.
"""

from __future__ import annotations

import time
from datetime import timedelta

from bench.setting import FIRST_DAY, open_empty_books

SEGMENTS = 50_000
SELLERS = 30
LOANS_EACH = 5
DAYS = 10


def accrual_of_one_shard() -> dict:
    """Post one date for 50,000 loans in one shard."""
    from django.db import connection

    from ledger.commands.post_accrual import PostAccrual
    from tests.builders.sellers import give

    open_empty_books()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accrual_segment SELECT gen_random_uuid(), 'interest', %s, 7, 'interest', 'revolving-daily',"
            " 'CNY', NULL, %s, (1000000 + n) * 14400000::numeric, 36000000000, 0 FROM generate_series(1, %s) n",
            (FIRST_DAY, FIRST_DAY, SEGMENTS),
        )
        cursor.execute("ANALYZE accrual_segment")
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_rows (d date, s smallint, l uuid, k text, kind text, a bigint)"
        )
        begun = time.perf_counter()
        cursor.execute(
            "INSERT INTO bench_rows SELECT started_on, shard, loan_id, key, kind, 1 FROM accrual_segment"
        )
        physical = time.perf_counter() - begun
    begun = time.perf_counter()
    give(PostAccrual(shard=7, business_date=FIRST_DAY)).value()
    seconds = time.perf_counter() - begun
    return {
        "loans": SEGMENTS,
        "us_per_loan": seconds / SEGMENTS * 1e6,
        "loans_per_second": SEGMENTS / seconds,
        "physical_rows_per_second": SEGMENTS / physical,
        "ratio": physical / seconds,
    }


def whole_day_close() -> dict:
    """Close ten days for 150 loans of 30 sellers: accrual, debit, ageing, deduction, blacklist."""
    from ledger.day_close import close_shards_through
    from tests.builders.sellers import pay_outs, seller_with_line

    open_empty_books()
    sellers = [seller_with_line(reference=f"close-{number}") for number in range(SELLERS)]
    for seller in sellers:
        for _ in range(LOANS_EACH):
            seller.draw(100_000, product="revolving-daily", term=30).value()
    pay_outs()
    shards = sorted({seller.shard for seller in sellers})
    begun = time.perf_counter()
    close_shards_through(shards=shards, through=FIRST_DAY + timedelta(days=DAYS - 1))
    seconds = time.perf_counter() - begun
    loans = SELLERS * LOANS_EACH
    return {
        "loans": loans,
        "shards": len(shards),
        "days": DAYS,
        "ms_per_shard_and_day": seconds / len(shards) / DAYS * 1000,
        "us_per_loan_and_day": seconds / loans / DAYS * 1e6,
    }
