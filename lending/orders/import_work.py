"""An import under way: how its file is read, what names it, and what is decided about its lines.

Owns: the names that make a repeat of an import the same import, the lines kept aside on disk (a large
file must not fill the memory), and the tally of lines that count. Refuses to know: the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO
from uuid import UUID, uuid5

import msgspec

from ledger.eventstore.commands import Actor
from ledger.eventstore.shards import NAMESPACE
from lending.orders.file_source import BYTES_MAX, ByteStream
from lending.orders.import_report import RefusedRow
from lending.orders.linking import Linker
from lending.orders.order_file import OrderFile, parse_order_file
from lending.orders.order_lines import OrderLine
from lending.orders.seller_sales import SalesTally

LINES_PER_CHUNK = 5_000


@dataclass(frozen=True, kw_only=True)
class ImportTerms:
    """How a file is to be read; together with its content this names the import."""

    as_of: date
    currency: str
    platform: str
    sampling_factor: int
    actor: Actor
    bytes_max: int = BYTES_MAX

    def import_id(self, *, file_sha256: str) -> UUID:
        """Return the name of the import: the same for the same file, read the same way by the same hand."""
        parts = (file_sha256, self.as_of, self.currency, self.platform, self.sampling_factor)
        return uuid5(NAMESPACE, ":".join(("import", *map(str, parts), self.actor.principal)))


@dataclass
class ImportWork:
    """One import under way: what has been decided so far about the lines of its file."""

    id: UUID
    terms: ImportTerms
    file: OrderFile
    linker: Linker
    refused: list[RefusedRow]
    held: SalesTally = field(default_factory=SalesTally)
    # Where the lines of a batch stand in the file, for the case that its sales are refused as a whole.
    numbers: dict[UUID, list[int]] = field(default_factory=dict)

    def batch_id(self, *, account_id: UUID, currency: str) -> UUID:
        """Return the name of one account's sales in this import."""
        return uuid5(account_id, f"{self.id}:{currency}")

    def refuse(self, number: int, code: str, sentence: str) -> None:
        """Note that a line does not count."""
        self.refused.append(RefusedRow(number, code, sentence))


def read_aside(source: str | Path | ByteStream, spool: IO[bytes], *, terms: ImportTerms) -> OrderFile:
    """Judge every line and keep the taken ones aside. Refusals: those of ``parse_order_file``."""
    encoder = msgspec.json.Encoder()

    def keep(line: OrderLine) -> None:
        named = line if line.platform else replace(line, platform=terms.platform)
        spool.write(encoder.encode(named))
        spool.write(b"\n")

    return parse_order_file(
        source,
        currency=terms.currency,
        as_of=terms.as_of,
        on_line=keep,
        bytes_max=terms.bytes_max,
    )


def chunks_of(spool: IO[bytes]) -> Iterator[list[OrderLine]]:
    """Give the lines that were kept aside, some thousands at a time."""
    spool.seek(0)
    decoder = msgspec.json.Decoder(OrderLine)
    while chunk := [decoder.decode(text) for text in islice(spool, LINES_PER_CHUNK)]:
        yield chunk
