"""Reading an order file: every line is taken or refused with a reason, and none is lost.

Owns: the header, the order of the checks, and the account of the file (taken + refused = lines).
Refuses to know: entities, consents and limits; it says what the file says.
Columns: seller_id, order_id, line, shipped_by, goods_amount, freight_amount, seller_state; and, where
the marketplace gives them, entity_id, platform, currency. Other columns are ignored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ledger.kernel.currencies import scale_of
from lending.orders.file_refusals import OrderFileColumnsMissing, OrderFileColumnsRepeated, OrderFileEmpty
from lending.orders.file_source import BYTES_MAX, ByteStream, open_order_text
from lending.orders.line_rules import OPTIONAL, REQUIRED, check_record, judge_record
from lending.orders.order_lines import LineRefused, OrderLine, RefusedLine
from lending.orders.records import Record, RecordReader
from lending.orders.seller_sales import SalesTally, SellerSales


@dataclass(frozen=True, slots=True)
class OrderFile:
    """The account of one file. Blank lines are not lines; they are counted apart."""

    sha256: str
    line_count: int
    taken_count: int
    blank_count: int
    refused: tuple[RefusedLine, ...]
    sellers: tuple[SellerSales, ...]

    @property
    def refused_count(self) -> int:
        """Return how many lines do not count."""
        return len(self.refused)

    @property
    def reasons(self) -> dict[str, int]:
        """Return how many lines were refused for each reason, the commonest first."""
        return dict(Counter(line.code for line in self.refused).most_common())


def parse_order_file(
    source: str | Path | ByteStream,
    *,
    currency: str = "BRL",
    as_of: date,
    on_line: Callable[[OrderLine], None] | None = None,
    bytes_max: int = BYTES_MAX,
) -> OrderFile:
    """Read a file to its end and give the account of it; ``on_line`` sees each line that is taken.

    Taken lines are not kept, so a million of them cost little memory; sums by seller are.
    Refusals: OrderFileTooLarge, OrderFileEncoding, OrderFileNotCsv, OrderFileEmpty,
    OrderFileColumnsMissing, OrderFileColumnsRepeated, CurrencyUnknown.
    """
    scale_of(currency)
    tally, refused, taken_count = SalesTally(), [], 0
    with open_order_text(source, bytes_max=bytes_max) as (text, sha256):
        reader = RecordReader(text)
        for judged in _judged_lines(reader, tally, currency=currency, as_of=as_of):
            if isinstance(judged, RefusedLine):
                refused.append(judged)
                continue
            taken_count += 1
            if on_line is not None:
                on_line(judged)
    return OrderFile(
        sha256=sha256,
        line_count=taken_count + len(refused),
        taken_count=taken_count,
        blank_count=reader.blank_count,
        refused=tuple(refused),
        sellers=tally.sales(),
    )


def iterate_order_lines(
    source: str | Path | ByteStream, *, currency: str = "BRL", as_of: date, bytes_max: int = BYTES_MAX
) -> Iterator[OrderLine | RefusedLine]:
    """Give every line of a file as it is judged. Refusals: those of ``parse_order_file``."""
    scale_of(currency)
    with open_order_text(source, bytes_max=bytes_max) as (text, _):
        yield from _judged_lines(RecordReader(text), SalesTally(), currency=currency, as_of=as_of)


def _judged_lines(
    reader: RecordReader, tally: SalesTally, *, currency: str, as_of: date
) -> Iterator[OrderLine | RefusedLine]:
    records = iter(reader)
    columns = _columns(next(records, None), reader)
    first = next(records, None)
    if first is None:
        raise OrderFileEmpty("the file has a header and no order lines", field="file")
    yield _judged(first, tally, reader, columns, currency=currency, as_of=as_of)
    for record in records:
        yield _judged(record, tally, reader, columns, currency=currency, as_of=as_of)


def _judged(
    record: Record,
    tally: SalesTally,
    reader: RecordReader,
    columns: dict[str, int],
    *,
    currency: str,
    as_of: date,
) -> OrderLine | RefusedLine:
    try:
        check_record(record=record, width=reader.width or 0)
        line = judge_record(
            line_number=record.line_number,
            cells=record.cells,
            columns=columns,
            currency=currency,
            as_of=as_of,
        )
        tally.add(line)
    except LineRefused as refusal:
        return refusal.at(record.line_number)
    return line


def _columns(header: Record | None, reader: RecordReader) -> dict[str, int]:
    if header is None:
        raise OrderFileEmpty("the file is empty", field="file")
    names = [cell.strip().lower() for cell in header.cells]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise OrderFileColumnsMissing(
            f"the header does not name: {', '.join(missing)}", field="file", columns=missing
        )
    repeated = sorted({name for name in names if name in REQUIRED + OPTIONAL and names.count(name) > 1})
    if repeated:
        raise OrderFileColumnsRepeated(
            f"the header names twice: {', '.join(repeated)}", field="file", columns=repeated
        )
    reader.width = len(names)
    return {name: names.index(name) for name in REQUIRED + OPTIONAL if name in names}
