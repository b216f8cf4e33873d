"""How long does closing a business day take, with a million loans on the books?

The portfolio is made in two parts, neither by hand: loans that have nothing due that day (``bench.portfolio``)
and whole sellers whose loan is due (``bench.clones``), of whom most have the money and some have not. The day is
closed as in production by two worker processes, which share the shards between them.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from bench.accrual import processor_of_server
from bench.clones import REFERENCE, fill, keep_original
from bench.portfolio import load, open_on
from bench.setting import FIRST_DAY, open_empty_books

SELLERS = 30
LOANS_EACH = 5
DAYS = 10
LOANS = 1_000_000
DUE = 4_000  # each is a command of its own; the time per command says what another day would take
WITHOUT_MONEY = 200  # a twentieth of those
PROCESSES = 2
SHARDS = 256
DUE_DAY = date(2024, 2, 2)  # one month after the originals were paid out
BAR_SECONDS = 120


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


def day_close_of_a_million() -> dict:
    """Close one day on which some of a million loans are due."""
    made = _make_books()
    seconds, work = _close_in_processes()
    return {
        "loans": LOANS,
        "due": DUE,
        "due_without_money": WITHOUT_MONEY,
        "seconds_to_make_the_books": made,
        "seconds": seconds,
        "loans_per_second": LOANS / seconds,
        "both_processes_together": dict(sorted(work.items())),
        **_outcome(),
        "bar_seconds": BAR_SECONDS,
        "met": seconds <= BAR_SECONDS,
    }


def _make_books() -> float:
    begun = time.perf_counter()
    keep_original("paying", lambda: _due_seller(money=200_000))
    keep_original("short", lambda: _due_seller(money=0))
    open_empty_books()
    open_on(DUE_DAY)
    fill("paying", first=1, last=DUE - WITHOUT_MONEY)
    fill("short", first=DUE - WITHOUT_MONEY + 1, last=DUE)
    load(loans=LOANS - DUE, day=DUE_DAY)
    _run("VACUUM ANALYZE")
    return time.perf_counter() - begun


def _due_seller(*, money: int) -> None:
    from tests.builders.sellers import seller_with_line

    seller = seller_with_line(reference=REFERENCE, accounts=1)
    seller.borrow(300_000, product="instalment-monthly", term=3)
    if money:
        seller.receive(money, reference=f"{REFERENCE}-receipt")


def _close_in_processes() -> tuple[float, Counter[str]]:
    """Close every shard and return the time that passed, and the time of the processes by step."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    begun = time.perf_counter()
    children = [
        context.Process(target=_close_some, args=(range(n, SHARDS, PROCESSES), results))
        for n in range(PROCESSES)
    ]
    for child in children:
        child.start()
    work = sum((results.get(timeout=3600) for _ in children), Counter())
    seconds = time.perf_counter() - begun
    for child in children:
        child.join()
    return seconds, work


def _close_some(shards: range, results) -> None:
    from ledger import day_close

    spent: Counter[str] = Counter()
    steps = day_close._STEPS  # noqa: SLF001
    steps[:] = [replace(step, run=_timed(step, spent)) for step in steps]
    begun, server, client = time.perf_counter(), processor_of_server(), time.process_time()
    day_close.close_shards_through(shards=shards, through=DUE_DAY)
    spent["everything"] = time.perf_counter() - begun
    spent["everything, processor of the client"] = time.process_time() - client
    spent["everything, processor of the server"] = processor_of_server() - server
    spent["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    results.put(spent)


def _timed(step, spent: Counter[str]):
    def run(shard: int, day: date) -> int:
        begun, server, client = time.perf_counter(), processor_of_server(), time.process_time()
        done = step.run(shard, day)
        spent[step.name] += time.perf_counter() - begun
        spent[f"{step.name}, processor of the client"] += time.process_time() - client
        spent[f"{step.name}, processor of the server"] += processor_of_server() - server
        spent[f"commands of {step.name}"] += done
        return done

    return run


def _outcome() -> dict:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM es_shard WHERE closed_through = %s), (SELECT sum(rows) FROM accrual_run),"
            " (SELECT count(*) FROM repayment), (SELECT count(*) FROM loan WHERE status = 'overdue')",
            (DUE_DAY,),
        )
        names = ("shards_closed", "accrual_rows", "repayments", "overdue_loans")
        return dict(zip(names, cursor.fetchone(), strict=True))


def _run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
