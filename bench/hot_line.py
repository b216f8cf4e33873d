"""What happens when 50 customers of one entity draw on one line at the same moment?

Each thread has its own connection and draws a tenth of what is available, so about ten fit. Measured: how
often a command had to be tried, and whether the limit was ever passed.
"""

from __future__ import annotations

import statistics
import threading
import time

from bench.setting import open_empty_books

THREADS = 50


def fifty_drawdowns_at_once() -> dict:
    """Race 50 drawdowns on one line and count attempts, acceptances and the time to the last answer."""
    from lending.commands.drawdown import RequestDrawdown
    from tests.builders.sellers import one, seller_with_line

    open_empty_books()
    seller = seller_with_line(reference="hot", monthly_minor=50_000_000)
    limit = one("SELECT limit_minor FROM credit_line WHERE id = %s", seller.line_id)
    command = RequestDrawdown(
        line_id=seller.line_id,
        account_id=seller.accounts[0],
        amount_minor=limit // 10,
        currency="CNY",
        product_code="revolving-daily",
        term=30,
    )
    outcomes, seconds, total = _race(command)
    reserved = one("SELECT reserved_minor FROM credit_line WHERE id = %s", seller.line_id)
    attempts = statistics.mean(outcome.attempts for outcome in outcomes)
    accepted = sum(outcome.refusal is None for outcome in outcomes)
    return {
        "attempts_each": attempts,
        "accepted": accepted,
        "refused": THREADS - accepted,
        "limit_minor": limit,
        "reserved_minor": reserved,
        "limit_passed": reserved > limit,
        "all_done_ms": total * 1000,
        "p95_ms": sorted(seconds)[int(THREADS * 0.95)] * 1000,
        "bar": "1.0 attempts each, limit never passed",
        "met": attempts == 1.0 and reserved <= limit and accepted == 10,
    }


def _race(command) -> tuple[list, list[float], float]:
    from django.db import connection

    from ledger.eventstore.commands import Actor
    from ledger.eventstore.processor import execute

    barrier = threading.Barrier(THREADS + 1)
    outcomes, seconds = [], []

    def draw(number: int) -> None:
        connection.ensure_connection()
        barrier.wait()
        begun = time.perf_counter()
        outcomes.append(execute(command, actor=Actor(f"user:{number}"), key="at-once"))
        seconds.append(time.perf_counter() - begun)
        connection.close()

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return outcomes, seconds, time.perf_counter() - begun
