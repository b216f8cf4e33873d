"""Judging one record of an order file: an order line, or the first reason why not.

Owns: the columns, and the rules for each cell in a fixed order (cells, values, line, date, amounts).
Refuses to know: other lines; repeats and conflicts between lines are found by the parser.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from ledger.kernel.currencies import SCALES
from lending.orders.order_lines import LineRefused, OrderLine
from lending.orders.records import Record

REQUIRED: Final = (
    "seller_id",
    "order_id",
    "line",
    "shipped_by",
    "goods_amount",
    "freight_amount",
    "seller_state",
)
OPTIONAL: Final = ("entity_id", "platform", "currency")
TEXT_LENGTH_MAX: Final = 64
# One billion units of a two-decimal currency: sums of a million such lines still fit the books.
AMOUNT_MINOR_MAX: Final = 10**11
EARLIEST: Final = date(1995, 1, 1)

_LINE: Final = re.compile(r"[1-9][0-9]{0,4}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
_AMOUNT: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")
_TEXTS: Final = ("seller_id", "order_id", "seller_state", "entity_id", "platform")


def judge_record(
    *, line_number: int, cells: Sequence[str], columns: Mapping[str, int], currency: str, as_of: date
) -> OrderLine:
    """Return the order line of a record. Raises LineRefused."""
    values = {name: cells[place].strip(" ") for name, place in columns.items()}
    for name in REQUIRED:
        if not values[name]:
            raise LineRefused("value_missing", field=name)
    for name in _TEXTS:
        _check_text(name, values.get(name, ""))
    line, shipped_on = _line_of(values["line"]), _date_of(values["shipped_by"], as_of=as_of)
    code = _currency_of(values.get("currency") or currency)
    goods_minor = _amount_of("goods_amount", values["goods_amount"], scale=SCALES[code])
    if goods_minor == 0:
        raise LineRefused("amount_zero", field="goods_amount", value=values["goods_amount"])
    return OrderLine(
        line_number=line_number,
        seller_id=values["seller_id"],
        order_id=values["order_id"],
        line=line,
        shipped_on=shipped_on,
        goods_minor=goods_minor,
        freight_minor=_amount_of("freight_amount", values["freight_amount"], scale=SCALES[code]),
        currency=code,
        seller_state=values["seller_state"],
        platform=values.get("platform", "").lower() or None,
        entity_id=values.get("entity_id") or None,
    )


def check_record(*, record: Record, width: int) -> None:
    """Refuse a record that could not be cut into cells or does not fit the header. Raises LineRefused."""
    if record.problem:
        raise LineRefused(record.problem)
    if len(record.cells) != width:
        raise LineRefused("cells_missing" if len(record.cells) < width else "cells_extra")


def _check_text(name: str, value: str) -> None:
    if len(value) > TEXT_LENGTH_MAX:
        raise LineRefused("value_too_long", field=name, value=value)
    if not value.isprintable():
        raise LineRefused("value_control_character", field=name, value=value)


def _line_of(value: str) -> int:
    if not _LINE.fullmatch(value):
        raise LineRefused("line_number_invalid", field="line", value=value)
    return int(value)


def _date_of(value: str, *, as_of: date) -> date:
    if not _DATE.fullmatch(value):
        raise LineRefused("date_unreadable", field="shipped_by", value=value)
    try:
        shipped_on = datetime.fromisoformat(value).date()
    except ValueError:
        raise LineRefused("date_impossible", field="shipped_by", value=value) from None
    if shipped_on < EARLIEST:
        raise LineRefused("date_too_old", field="shipped_by", value=value)
    if shipped_on > as_of:
        raise LineRefused("date_after_as_of", field="shipped_by", value=value)
    return shipped_on


def _currency_of(value: str) -> str:
    code = value.upper()
    if code not in SCALES:
        raise LineRefused("currency_unknown", field="currency", value=value)
    return code


def _amount_of(name: str, value: str, *, scale: int) -> int:
    found = _AMOUNT.fullmatch(value)
    if found is None:
        raise LineRefused("amount_unreadable", field=name, value=value)
    sign, whole, decimals = found[1], found[2], found[3] or ""
    if sign:
        raise LineRefused("amount_negative", field=name, value=value)
    if len(decimals) > scale:
        raise LineRefused("amount_too_precise", field=name, value=value)
    # Length first: turning thousands of digits into a number is slow and, beyond a point, refused.
    if len(whole) > len(str(AMOUNT_MINOR_MAX)) or int(whole + decimals.ljust(scale, "0")) > AMOUNT_MINOR_MAX:
        raise LineRefused("amount_too_large", field=name, value=value)
    return int(whole + decimals.ljust(scale, "0"))
