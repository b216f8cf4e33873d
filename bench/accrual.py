"""What does posting a day's interest cost per loan, and does it stay the same from ten thousand to a million?

The physical limit is an INSERT .. SELECT of as many rows of the same shape into a plain table, in turn with
the command in the same run. Processor time of the server process is given beside the time that passed: it
changes less with what else the machine does. Of each size, every row of a day is compared with the pure
function.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.portfolio import load, open_on
from bench.setting import FIRST_DAY, open_empty_books

SIZES = (10_000, 200_000, 1_000_000)
ROUNDS = 5
SHARD = 7
DAY = FIRST_DAY + timedelta(days=60)
PLAIN = (
    "INSERT INTO bench_rows SELECT %s::date, shard, loan_id, key, kind, 1 FROM accrual_segment"
    " WHERE started_on <= %s AND (ends_on IS NULL OR ends_on > %s)"
)
ROWS_WITH_SEGMENTS = (
    "SELECT s.started_on, s.ends_on, s.accrue_from, s.per_day_numerator, s.denominator, s.carry_numerator,"
    " coalesce(r.amount_minor, 0) FROM accrual_segment s LEFT JOIN accrual_row r"
    " ON r.business_date = %s AND r.loan_id = s.loan_id AND r.key = s.key"
)


class Cost(NamedTuple):
    """What one statement took."""

    seconds: float
    processor_seconds: float
    wal_bytes: int


def accrual_of_one_shard() -> dict:
    """Post some days of each size in one shard."""
    answers = {size: _answer(size) for size in SIZES}
    first, last = answers[SIZES[0]], answers[SIZES[-1]]
    return {
        **{f"{size} loans": answer for size, answer in answers.items()},
        "bar": 0.5,
        "met": all(answer["ratio"] >= 0.5 for answer in answers.values()),
        "largest_to_smallest_per_loan": last["us_per_loan"] / first["us_per_loan"],
        "largest_to_smallest_processor": last["processor_us_per_loan"] / first["processor_us_per_loan"],
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def _answer(loans: int) -> dict:
    open_empty_books()
    load(loans=loans, day=DAY, shard=SHARD)
    open_on(DAY)
    _sql("DROP TABLE IF EXISTS bench_rows", "CREATE TABLE bench_rows (LIKE accrual_row)")
    days = [DAY + timedelta(days=number) for number in range(ROUNDS)]
    pairs = [(_cost(lambda day=day: _sql(PLAIN, day=day)), _cost(lambda day=day: _post(day))) for day in days]
    plain, posted = ([pair[side] for pair in pairs[1:]] for side in (0, 1))  # the first day warms up
    return {
        "us_per_loan": _median(cost.seconds for cost in posted) / loans * 1e6,
        "processor_us_per_loan": _median(cost.processor_seconds for cost in posted) / loans * 1e6,
        "loans_per_second": loans / _median(cost.seconds for cost in posted),
        "physical_rows_per_second": loans / _median(cost.seconds for cost in plain),
        "ratio": _median(a.seconds / b.seconds for a, b in zip(plain, posted, strict=True)),
        "ratio_of_processor_time": _median(
            a.processor_seconds / b.processor_seconds for a, b in zip(plain, posted, strict=True)
        ),
        "table_bytes_per_loan": _one("SELECT pg_total_relation_size('accrual_row')") / loans / ROUNDS,
        "wal_bytes_per_loan": _median(cost.wal_bytes for cost in posted) / loans,
        "compared_with_the_pure_function": _compare(days[-1], loans),
    }


def _post(day: date) -> None:
    from ledger.commands.post_accrual import PostAccrual
    from tests.builders.sellers import give

    give(PostAccrual(shard=SHARD, business_date=day)).value()


def _cost(work: Callable[[], None]) -> Cost:
    wal, processor, begun = (
        _one("SELECT pg_current_wal_insert_lsn()"),
        processor_of_server(),
        time.perf_counter(),
    )
    work()
    seconds = time.perf_counter() - begun
    return Cost(
        seconds, processor_of_server() - processor, int(_one(f"SELECT pg_current_wal_insert_lsn() - '{wal}'"))
    )


def processor_of_server() -> float:
    """Return the processor time of the server's process for this connection, in seconds."""
    stat = Path(f"/proc/{_one('SELECT pg_backend_pid()')}/schedstat")
    return int(stat.read_text().split()[0]) / 1e9


def _compare(day: date, loans: int) -> str:
    """Hold each segment's row, or its absence, against the pure function; refuse to go on if one differs."""
    from django.db import connection, transaction

    from ledger.domain.accrual import Accrual

    compared = wrong = 0
    # A cursor is planned for its first rows unless it is told otherwise: with a nested loop, in this case.
    _sql("ANALYZE accrual_row")
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        _sql("SET LOCAL cursor_tuple_fraction = 1")
        cursor.execute(ROWS_WITH_SEGMENTS, (day,))
        while rows := cursor.fetchmany(5000):
            for started_on, ends_on, accrue_from, *numbers, amount in rows:
                pace = (int(number) for number in numbers)
                exact = Accrual("", "interest", started_on, ends_on, accrue_from, *pace, settled_minor=0)
                is_running = ends_on is None or ends_on > day
                wrong += (exact.amount_of_day(day) if is_running else 0) != amount
                compared += 1
    assert not wrong, f"{wrong} of {compared} segments differ"
    return f"{compared} segments of {loans} loans, {wrong} differ"


def _median(values) -> float:
    return statistics.median(values)


def _sql(*statements: str, day: date | None = None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, (day, day, day) if day else None)


def _one(sql: str):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
