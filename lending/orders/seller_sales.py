"""Adding order lines up: what each seller sold in each month.

Owns: the sums by seller, which line repeats an earlier one, and which seller changes its entity.
Refuses to know: files and cells. Turnover is the goods amount; freight is not revenue. An order counts
once, in the month of its first line. Memory grows by about a hundred bytes for each order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b

from lending.domain.entity_events import MonthTurnover
from lending.orders.order_lines import LineRefused, OrderLine


@dataclass(frozen=True, slots=True)
class SellerSales:
    """One seller of one file, in one currency; ``months`` rise and hold only months with orders."""

    seller_id: str
    platform: str | None
    entity_id: str | None
    currency: str
    seller_state: str
    months: tuple[MonthTurnover, ...]
    first_order_on: date
    last_order_on: date
    line_count: int

    @property
    def amount_minor(self) -> int:
        """Return the goods sold in all months."""
        return sum(row.amount_minor for row in self.months)

    @property
    def order_count(self) -> int:
        """Return the orders of all months."""
        return sum(row.orders for row in self.months)


@dataclass(slots=True)
class _Sums:
    first: OrderLine
    last_order_on: date
    first_order_on: date
    line_count: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)


class SalesTally:
    """Takes lines one by one and refuses those that contradict an earlier one."""

    def __init__(self) -> None:
        self._seen: dict[bytes, int | set[int]] = {}
        self._entities: dict[tuple[str | None, str], str | None] = {}
        self._sums: dict[tuple[str, str, str], _Sums] = {}

    def add(self, line: OrderLine) -> None:
        """Count a line. Raises LineRefused for a repeat or a change of entity; nothing is counted then."""
        seller = (line.platform, line.seller_id)
        if self._entities.get(seller, line.entity_id) != line.entity_id:
            raise LineRefused("entity_conflict", field="entity_id", value=line.entity_id or "")
        new_order = self._check_new(line)
        self._entities[seller] = line.entity_id
        key = (line.platform or "", line.seller_id, line.currency)
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = _Sums(line, line.shipped_on, line.shipped_on)
        month = line.month
        sums.amounts[month] = sums.amounts.get(month, 0) + line.goods_minor
        sums.orders[month] = sums.orders.get(month, 0) + new_order
        sums.line_count += 1
        sums.first_order_on = min(sums.first_order_on, line.shipped_on)
        sums.last_order_on = max(sums.last_order_on, line.shipped_on)

    def sales(self) -> tuple[SellerSales, ...]:
        """Return the sums of every seller, in the order of platform, seller and currency."""
        return tuple(_sales_of(self._sums[key]) for key in sorted(self._sums))

    def _check_new(self, line: OrderLine) -> bool:
        # Sixteen bytes of a hash stand for the order, so that a million orders fit in memory.
        name = "\0".join((line.platform or "", line.seller_id, line.order_id))
        key = blake2b(name.encode(), digest_size=16).digest()
        known = self._seen.get(key)
        if known is None:
            self._seen[key] = line.line
            return True
        lines = known if isinstance(known, set) else {known}
        if line.line in lines:
            raise LineRefused("duplicate")
        lines.add(line.line)
        self._seen[key] = lines
        return False


def _sales_of(sums: _Sums) -> SellerSales:
    return SellerSales(
        seller_id=sums.first.seller_id,
        platform=sums.first.platform,
        entity_id=sums.first.entity_id,
        currency=sums.first.currency,
        seller_state=sums.first.seller_state,
        months=tuple(
            MonthTurnover(month, sums.orders[month], sums.amounts[month]) for month in sorted(sums.amounts)
        ),
        first_order_on=sums.first_order_on,
        last_order_on=sums.last_order_on,
        line_count=sums.line_count,
    )
