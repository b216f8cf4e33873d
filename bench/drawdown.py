"""How much of the physical limit does one drawdown command reach?

The limit is a single-row insert and commit on the same connection, measured in turn with the command in
the same run. The command does all it does in production except sending a nudge to the broker: idempotency
key, lock, load, decide, two events with hashes, snapshot, two read models, outbox, one commit.
"""

from __future__ import annotations

import multiprocessing
import statistics
import time
from typing import NamedTuple

from bench.accrual import processor_of_server
from bench.setting import open_empty_books, slow_disk

LINES = 16
ROUNDS = 5
PER_ROUND = 300
SECONDS = 4.0
PROCESSES = 16


def one_connection() -> dict:
    """Interleave rounds of raw inserts, of drawdowns, and of drawdowns that are planned anew; compare medians."""
    lines = _lines(LINES)
    rounds = [_one_round(lines, number) for number in range(ROUNDS + 1)][1:]  # the first one warms caches
    raw, command, anew = ([one[name] for one in rounds] for name in ("raw", "command", "anew"))
    ratios = [plain.passed / whole.passed for plain, whole in zip(raw, command, strict=True)]
    return {
        "raw_us": statistics.median(cost.passed for cost in raw),
        "command_us": statistics.median(cost.passed for cost in command),
        "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
        **_processor("raw", raw),
        **_processor("command", command),
        **_processor("command_planned_anew", anew),
        "ratio_of_processor": _of_processor(raw, command),
        "ratio_of_processor_planned_anew": _of_processor(raw, anew),
        "bar": 0.20,
        # On a busy machine both wait for a processor most of the time, which brings them closer than they are.
        "met": min(statistics.median(ratios), _of_processor(raw, command)) >= 0.20,
    }


class _Cost(NamedTuple):
    """What one call took in microseconds: time that passed, and processor time of client and server."""

    passed: float
    client: float
    server: float


def _one_round(lines: list, number: int) -> dict[str, _Cost]:
    from django.conf import settings

    costs = {"raw": _cost(lambda: _raw_round(PER_ROUND))}
    for name, keeps in (("command", True), ("anew", False)):
        settings.LOANBOOK_KEEP_PLANS = keeps
        costs[name] = _cost(lambda name=name: _command_round(lines, PER_ROUND, f"{name}-{number}"))
        _settle()
    settings.LOANBOOK_KEEP_PLANS = True
    return costs


def _cost(act) -> _Cost:
    client, server = time.process_time(), processor_of_server()
    passed = act()
    spent = (time.process_time() - client, processor_of_server() - server)
    return _Cost(passed * 1e6, *(seconds / PER_ROUND * 1e6 for seconds in spent))


def _processor(name: str, costs: list[_Cost]) -> dict[str, float]:
    return {
        f"{name}_client_us": statistics.median(cost.client for cost in costs),
        f"{name}_server_us": statistics.median(cost.server for cost in costs),
    }


def _of_processor(raw: list[_Cost], command: list[_Cost]) -> float:
    pairs = zip(raw, command, strict=True)
    return statistics.median((a.client + a.server) / (b.client + b.server) for a, b in pairs)


def many_processes_on_a_slow_disk() -> dict:
    """Let 16 processes insert, then draw, each for the same time, with 1 ms added to each WAL flush."""
    lines = _lines(PROCESSES)
    with slow_disk():
        raw, command = [], []
        for number in range(3):
            raw.append(_in_processes(_raw_for_a_while, [None] * PROCESSES, number))
            command.append(_in_processes(_command_for_a_while, lines, number))
            _settle()
    ratios = [done / plain for done, plain in zip(command, raw, strict=True)]
    return {
        "processes": PROCESSES,
        "raw_per_second": statistics.median(raw),
        "commands_per_second": statistics.median(command),
        "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
        "bar": 0.50,
        "met": statistics.median(ratios) >= 0.50,
    }


def _lines(count: int) -> list:
    from tests.builders.sellers import seller_with_line

    open_empty_books()
    return [
        seller_with_line(reference=f"bench-{number}", monthly_minor=50_000_000_00) for number in range(count)
    ]


def _settle() -> None:
    """Answer the payouts, so that lines do not pile up reservations that no bank would leave open."""
    from tests.builders.sellers import pay_outs

    pay_outs()


def _raw_round(count: int) -> float:
    from django.db import connection

    _raw_table()
    begun = time.perf_counter()
    for _ in range(count):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_raw (payload) VALUES (%s)", ["x" * 200])
    return (time.perf_counter() - begun) / count


def _raw_table() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_raw (id bigserial PRIMARY KEY, payload text)")


def _command_round(lines: list, count: int, label: str) -> float:
    from ledger.eventstore.commands import Actor
    from ledger.eventstore.processor import execute

    actor = Actor("user:bench")
    commands = [_drawdown(line) for line in lines]
    begun = time.perf_counter()
    for number in range(count):
        outcome = execute(commands[number % len(commands)], actor=actor, key=f"{label}-{number}")
        assert outcome.refusal is None, outcome.refusal
    return (time.perf_counter() - begun) / count


def _drawdown(seller, amount_minor: int = 10_000):
    from lending.commands.drawdown import RequestDrawdown

    return RequestDrawdown(
        line_id=seller.line_id,
        account_id=seller.accounts[0],
        amount_minor=amount_minor,
        currency="CNY",
        product_code="revolving-daily",
        term=30,
    )


def _in_processes(function, subjects: list, label: object) -> float:
    """Run the function in one forked process per subject and return the sum of their rates."""
    from django.db import connections

    _raw_table()
    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(subjects))
    results = context.Queue()
    children = [
        context.Process(target=_child, args=(function, subject, f"{label}-{number}", barrier, results))
        for number, subject in enumerate(subjects)
    ]
    for child in children:
        child.start()
    rates = [results.get(timeout=SECONDS * 10 + 60) for _ in children]
    for child in children:
        child.join()
    return sum(rates)


def _child(function, subject, label, barrier, results) -> None:
    from django.db import connection

    connection.ensure_connection()
    barrier.wait()
    results.put(function(subject, label))
    connection.close()


def _raw_for_a_while(_subject, _label) -> float:
    from django.db import connection

    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_raw (payload) VALUES (%s)", ["x" * 200])
        done += 1
    return done / (time.perf_counter() - begun)


def _command_for_a_while(seller, label) -> float:
    from ledger.eventstore.commands import Actor
    from ledger.eventstore.processor import execute

    command, actor = _drawdown(seller), Actor("user:bench")
    done, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        outcome = execute(command, actor=actor, key=f"many-{label}-{done}")
        assert outcome.refusal is None, outcome.refusal
        done += 1
    return done / (time.perf_counter() - begun)
