"""Small order files for tests, written as text."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from lending.orders.order_file import parse_order_file

HEADER = "seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state"
GOOD = "s1,o1,1,2018-07-31T18:30:00,112.50,14.95,SP"
AS_OF = date(2018, 8, 31)


def row(**cells):
    """Return a good line with some cells changed."""
    names = HEADER.split(",")
    values = dict(zip(names, GOOD.split(","), strict=True)) | cells
    return ",".join(values[name] for name in names)


def parse(*lines, header=HEADER, newline="\n", **options):
    """Return the account of a file with these lines."""
    text = newline.join([header, *lines]) + newline
    return parse_bytes(text.encode(), **options)


def parse_bytes(content, *, as_of=AS_OF, **options):
    """Return the account of a file with these bytes."""
    return parse_order_file(BytesIO(content), as_of=as_of, **options)


def refusals(account):
    """Return line numbers and reasons."""
    return [(line.line_number, line.code) for line in account.refused]
