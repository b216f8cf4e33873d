"""The order file of a demonstration: written from the seed, or given, and surveyed before anything starts.

Owns: the first business date that suits a file, and grouping sellers where the file names no entity.
Refuses to know: how lines are judged (``lending.orders``) and what an import does with them.
"""

from __future__ import annotations

import heapq
import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from ledger.kernel.periods import months_after
from ledger.policies.product_catalogue import CATALOGUE
from lending.orders.order_file import iterate_order_lines
from lending.orders.order_lines import OrderLine, RefusedLine
from lending.orders.synthetic import write_synthetic_orders
from lending.policies.credit_policy import CREDIT_POLICIES

SYNTHETIC_AS_OF = date(2026, 7, 1)
ACCOUNTS_PER_ENTITY_MAX = 120
PERCENTILE = 95
PRODUCTS_SINCE = max(min(p.effective_from for p in dated) for dated in (CATALOGUE, CREDIT_POLICIES))


class OrdersUnusable(Exception):
    """An order file that can be read, but from which no demonstration can start."""


@dataclass(frozen=True, kw_only=True)
class DemoOrders:
    """A surveyed order file; ``first_day`` is the business date on which the demonstration begins."""

    path: Path
    first_day: date
    names_entities: bool
    sellers: tuple[str, ...]
    currencies: tuple[str, ...]


def write_orders(*, directory: Path, seed: int, entities: int) -> Path:
    """Write the seeded order file and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"orders-seed{seed}-{entities}.csv"
    # Written aside and moved: another demonstration may be reading the same file.
    unfinished = path.with_suffix(f".{os.getpid()}.csv")
    with unfinished.open("w", encoding="utf-8", newline="") as stream:
        rng = Random(f"orders:{seed}")  # noqa: S311 - a demonstration must be repeatable
        write_synthetic_orders(stream, rng=rng, as_of=SYNTHETIC_AS_OF, entities=entities)
    return unfinished.replace(path)


def survey_orders(path: Path, *, currency: str) -> DemoOrders:
    """Read a file once, without any books. Raises OrdersUnusable and refuses what ``parse_order_file`` refuses."""
    days: Counter[date] = Counter()
    sellers: set[str] = set()
    currencies: set[str] = set()
    names_entities, refused = False, None
    for line in iterate_order_lines(path, currency=currency, as_of=date.max):
        if isinstance(line, OrderLine):
            days[line.shipped_on] += 1
            sellers.add(line.seller_id)
            currencies.add(line.currency)
            names_entities = names_entities or line.entity_id is not None
        else:
            refused = refused or line
    if not days:
        raise OrdersUnusable(_nothing_usable(refused))
    first_day = first_business_day(days)
    if first_day < PRODUCTS_SINCE:
        raise OrdersUnusable(f"Its orders end before {PRODUCTS_SINCE}, when the first product was offered.")
    return DemoOrders(
        path=path,
        first_day=first_day,
        names_entities=names_entities,
        sellers=tuple(sorted(sellers)),
        currencies=tuple(sorted(currencies)),
    )


def first_business_day(days: Counter[date]) -> date:
    """Return the first day of the month after the 95th percentile of order dates.

    The last dates of real files are often mistakes; lines after this day are refused and reported.
    """
    threshold = -(-days.total() * PERCENTILE // 100)
    seen = 0
    for day in sorted(days):
        seen += days[day]
        if seen >= threshold:
            return months_after(day.replace(day=1), months=1)
    raise ValueError("there are no days")


def group_sellers(sellers: tuple[str, ...], *, entities: int, seed: int) -> dict[str, str]:
    """Share sellers out among entities with a heavy tail: each has 1 to 120 accounts."""
    rng = Random(f"grouping:{seed}")  # noqa: S311 - a demonstration must be repeatable
    count = min(len(sellers), max(entities, -(-len(sellers) // ACCOUNTS_PER_ENTITY_MAX)))
    shuffled = list(sellers)
    rng.shuffle(shuffled)
    weights = [100_000 // (place + 1) for place in range(count)]
    sizes = _sizes(len(shuffled), weights)
    grouped: dict[str, str] = {}
    for place, size in enumerate(sizes, start=1):
        for _ in range(size):
            grouped[shuffled.pop()] = f"GROUP-{place:04d}"
    return grouped


def _sizes(total: int, weights: list[int]) -> list[int]:
    """Give every entity one account, and each further one to whoever is furthest below its weight."""
    sizes = [1] * len(weights)
    waiting = [(2 * 10**9 // weight, place) for place, weight in enumerate(weights)]
    heapq.heapify(waiting)
    for _ in range(total - len(weights)):
        _, place = heapq.heappop(waiting)
        sizes[place] += 1
        if sizes[place] < ACCOUNTS_PER_ENTITY_MAX:
            heapq.heappush(waiting, ((sizes[place] + 1) * 10**9 // weights[place], place))
    return sizes


def _nothing_usable(first: RefusedLine | None) -> str:
    why = f" The first refused line is {first.line_number}: {first.sentence}." if first else ""
    return f"No line of the order file can be taken.{why}"
