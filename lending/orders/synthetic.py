"""A made-up order file in the form that ``order_file`` reads, for demonstrations.

Owns: turning monthly turnover into order lines, and a handful of dirty lines so that a refusal report
has something to show. The same generator state gives the same bytes.
Refuses to know: clocks; the months end with the last full month before ``as_of``.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final, TextIO

from ledger.kernel.periods import months_after
from lending.orders.line_rules import REQUIRED
from lending.orders.synthetic_sellers import Seller, Shop, make_sellers

COLUMNS: Final = (*REQUIRED, "platform", "entity_id", "currency")
CURRENCY: Final = "CNY"
# An entity with few shops has this many order lines a month; one with more has one line for each shop.
_LINES_PER_MONTH: Final = 4

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SyntheticOrders:
    """What was written; ``line_count`` includes the dirty lines, not the header."""

    entity_count: int
    account_count: int
    line_count: int
    dirty_count: int


def write_synthetic_orders(
    stream: TextIO, *, rng: Random, as_of: date, entities: int = 200, months: int = 14
) -> SyntheticOrders:
    """Write an order file for ``entities`` borrowers over ``months`` full months."""
    sellers = make_sellers(entities=entities, months=months, rng=rng)
    rows = [row for seller in sellers for row in _rows_of(seller, as_of=as_of, months=months, rng=rng)]
    dirty = _dirty_rows(rows, as_of=as_of)
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    writer.writerows(dirty)
    return SyntheticOrders(
        entity_count=len(sellers),
        account_count=sum(len(seller.shops) for seller in sellers),
        line_count=len(rows) + len(dirty),
        dirty_count=len(dirty),
    )


def _rows_of(seller: Seller, *, as_of: date, months: int, rng: Random) -> Iterator[Row]:
    for index in range(months):
        start = months_after(as_of.replace(day=1), months=index - months)
        turnover_minor = seller.turnover_minor(index=index, calendar_month=start.month, rng=rng)
        if turnover_minor > 0:
            yield from _month_rows(seller, start, turnover_minor, rng)


def _month_rows(seller: Seller, start: date, turnover_minor: int, rng: Random) -> Iterator[Row]:
    per_shop = max(1, _LINES_PER_MONTH // len(seller.shops))
    shops = [shop for shop in seller.shops for _ in range(per_shop)]
    weights = [rng.randint(50, 150) for _ in shops]
    order_id, line, previous = "", 0, None
    for shop, weight in zip(shops, weights, strict=True):
        # Now and then a second line belongs to the order before it.
        same_order = shop is previous and rng.randrange(5) == 0
        line = line + 1 if same_order else 1
        order_id = order_id if same_order else f"{rng.getrandbits(48):012x}"
        previous = shop
        goods_minor = max(1, turnover_minor * weight // sum(weights))
        yield _row(seller, shop, order_id, line, _moment(start, rng), goods_minor, rng)


def _row(
    seller: Seller, shop: Shop, order_id: str, line: int, moment: str, goods_minor: int, rng: Random
) -> Row:
    freight_minor = min(5_000, goods_minor * rng.randint(3, 9) // 100)
    return (
        shop.seller_id,
        order_id,
        str(line),
        moment,
        _text(goods_minor),
        _text(freight_minor),
        seller.region,
        shop.platform,
        seller.entity_id,
        CURRENCY,
    )


def _dirty_rows(rows: list[Row], *, as_of: date) -> list[Row]:
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    return [
        first,
        _changed(last, order_id="dirty-1", shipped_by=f"{as_of.year - 1}-02-30T10:00:00"),
        _changed(last, order_id="dirty-2", shipped_by=f"{as_of.year + 3}-01-01T10:00:00"),
        _changed(last, order_id="dirty-3", goods_amount="-12.00"),
        _changed(last, order_id="dirty-4", goods_amount="1.234,50"),
        _changed(last, order_id="dirty-5", goods_amount=""),
        _changed(first, order_id="dirty-6", line="0"),
    ]


def _changed(row: Row, **cells: str) -> Row:
    return tuple(cells.get(name, value) for name, value in zip(COLUMNS, row, strict=True))


def _moment(start: date, rng: Random) -> str:
    day = rng.randint(1, monthrange(start.year, start.month)[1])
    return f"{start:%Y-%m}-{day:02d}T{rng.randrange(24):02d}:{rng.randrange(60):02d}:00"


def _text(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
