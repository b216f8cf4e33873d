"""What a batch of sales must look like before it may change an entity's turnover.

Owns: the checks of months, amounts, dates and the sampling factor.
Refuses to know: order files, and what the entity sold before.
A sampling factor of 11 says that about one order in eleven is in the file; it is a whole number of 1 or more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from ledger.kernel.money import MINOR_UNITS_MAX
from lending.domain.entity_events import MonthTurnover
from lending.domain.entity_refusals import SalesInvalid

MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
SAMPLING_FACTOR_MAX: Final = 1_000


def check_sales_batch(
    *,
    months: Sequence[MonthTurnover],
    sampling_factor: int,
    first_order_on: date,
    last_order_on: date,
    effective_date: date,
) -> None:
    """Accept a batch that is consistent and not ahead of the day. Refusals: SalesInvalid."""
    if type(sampling_factor) is not int or not 1 <= sampling_factor <= SAMPLING_FACTOR_MAX:
        raise SalesInvalid(
            f"a sampling factor is a whole number from 1 to {SAMPLING_FACTOR_MAX}", field="sampling_factor"
        )
    if not first_order_on <= last_order_on <= effective_date:
        raise SalesInvalid(
            "the first order comes before the last one, and no order after the day", field="last_order_on"
        )
    if not months:
        raise SalesInvalid("a batch of sales has at least one month", field="months")
    if len({row.month for row in months}) != len(months):
        raise SalesInvalid("each month appears once in a batch", field="months")
    for row in months:
        _check_month(
            row,
            sampling_factor=sampling_factor,
            first=f"{first_order_on:%Y-%m}",
            last=f"{last_order_on:%Y-%m}",
        )


def _check_month(row: MonthTurnover, *, sampling_factor: int, first: str, last: str) -> None:
    if not MONTH.fullmatch(row.month):
        raise SalesInvalid(f"{row.month!r} is not a month of the form 2024-07", field="months")
    if not first <= row.month <= last:
        raise SalesInvalid(f"month {row.month} lies outside the first and last order", field="months")
    # None is possible: an order counts in the month of its first line, its other lines may fall in the next.
    if type(row.orders) is not int or row.orders < 0:
        raise SalesInvalid(f"month {row.month} has a negative count of orders", field="months")
    if type(row.amount_minor) is not int or not 0 <= row.amount_minor * sampling_factor <= MINOR_UNITS_MAX:
        raise SalesInvalid(f"month {row.month} has an amount the books cannot hold", field="months")
