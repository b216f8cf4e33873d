"""How fast are events appended, loaded and followed?

Appending is compared with inserting as many plain rows in one statement; loading is given per event.
"""

from __future__ import annotations

import statistics
import time
from datetime import date
from uuid import UUID, uuid4

from bench.setting import open_empty_books

APPENDED = 1_000
FOLLOWED = 200_000
FOLLOWER_BAR = 50_000
ENTITY = UUID(int=1)


def append_a_thousand() -> dict:
    """Append 1,000 events of one stream in one transaction, against 1,000 plain rows."""
    from django.db import connection, transaction

    open_empty_books()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_raw (id bigserial PRIMARY KEY, payload text)")
    ours, plain = [], []
    for number in range(6):
        begun = time.perf_counter()
        with transaction.atomic():
            _append(_identifier(number), APPENDED)
        ours.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO bench_raw (payload) SELECT unnest(%s::text[])", [["x" * 300] * APPENDED]
            )
        plain.append(time.perf_counter() - begun)
    seconds, raw = statistics.median(ours[1:]), statistics.median(plain[1:])
    return {
        "events_per_second": APPENDED / seconds,
        "plain_rows_per_second": APPENDED / raw,
        "ratio": raw / seconds,
    }


def load_streams() -> dict:
    """Fold streams of 100 and 1,000 events into a settlement account."""
    from django.db import transaction

    from ledger.domain.settlement_account import SettlementAccount
    from ledger.eventstore.unit_of_work import replay

    open_empty_books()
    result = {}
    for length in (100, 1_000):
        stream = _identifier(length)
        with transaction.atomic():
            _append(stream, length)
        times = []
        for _ in range(20):
            begun = time.perf_counter()
            account = replay(SettlementAccount, stream)
            times.append(time.perf_counter() - begun)
        assert account is not None
        assert account.version == length
        result[f"load_{length}_ms"] = statistics.median(times) * 1000
    return result


def follower_catch_up() -> dict:
    """Bring the portfolio follower from nothing to 200,000 events in many shards."""
    from django.db import connection

    from ledger.eventstore.followers import follow

    open_empty_books()
    _fill(FOLLOWED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    begun = time.perf_counter()
    done = follow("portfolio")
    rate = done / (time.perf_counter() - begun)
    return {"events": done, "events_per_second": rate, "bar": FOLLOWER_BAR, "met": rate >= FOLLOWER_BAR}


def _fill(count: int) -> None:
    """Fill shards through the store's own append, 1,000 events a stream."""
    from django.db import transaction

    for number in range(count // APPENDED):
        with transaction.atomic():
            _append(_identifier(number), APPENDED)


def _identifier(number: int) -> UUID:
    return UUID(bytes=bytes([number % 256]) + uuid4().bytes[1:])


def _append(stream: UUID, count: int) -> None:
    from ledger.domain.settlement_account_events import SettlementOpened, SettlementReceived
    from ledger.eventstore.recorder import EVENT_STORE

    head: dict = {
        "originator_id": stream,
        "effective_date": date(2024, 1, 2),
        "entity_id": ENTITY,
        "account_id": stream,
        "currency": "CNY",
    }
    events: list = [SettlementOpened(originator_version=1, **head)]
    events.extend(
        SettlementReceived(
            originator_version=version,
            amount_minor=100,
            channel="bench",
            reference=f"r{version}",
            value_date=head["effective_date"],
            **head,
        )
        for version in range(2, count + 1)
    )
    EVENT_STORE.put(events)
