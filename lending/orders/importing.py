"""Importing an order file: entities, shop accounts, sales, and an account of every line.

Owns: the order of things. The file is read once and refused as a whole or not at all; sellers become
linked accounts; lines are stored as evidence and claimed by one batch per account; then each account's
sales are recorded from the lines its batch holds. Interrupted anywhere, the same file finishes the work;
imported twice, it changes nothing.
Refuses to know: how lines are judged (``order_file``) and what sales lead to (commands, policies).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings

from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import BooksNotOpen, KeyReused, execute
from ledger.kernel.refusals import Refusal, RefusalKind
from lending.commands.register_entity import RecordSales
from lending.domain.entity_refusals import SalesInvalid
from lending.domain.sales_batch import SAMPLING_FACTOR_MAX
from lending.models import OrderImport
from lending.orders.evidence import Evidence, claim, release
from lending.orders.file_source import ByteStream
from lending.orders.import_report import ImportReport, RefusedRow
from lending.orders.import_work import ImportTerms, ImportWork, chunks_of, read_aside
from lending.orders.linking import Account, Linker
from lending.orders.order_file import OrderFile
from lending.orders.order_lines import LineRefused, OrderLine
from lending.orders.seller_sales import SellerSales

PLATFORM_DEFAULT = "marketplace"


class ImportDateAhead(Refusal):
    """Sales are counted through a date that the books have not reached."""

    code = "LENDING_IMPORT_DATE_AHEAD"
    kind = RefusalKind.INVALID


def import_orders(
    *,
    source: str | Path | ByteStream,
    file_name: str,
    as_of: date,
    actor: Actor,
    currency: str = "BRL",
    platform: str = PLATFORM_DEFAULT,
    sampling_factor: int = 1,
    grouping: Mapping[str, str] | None = None,
) -> ImportReport:
    """Take in an order file. ``grouping`` names the entity of each seller where the file does not.

    Refusals: BooksNotOpen, ImportDateAhead, SalesInvalid, and those of ``parse_order_file``. What is
    refused of single entities, accounts or lines stands in the report.
    """
    terms = ImportTerms(
        as_of=as_of,
        currency=currency,
        platform=platform,
        sampling_factor=sampling_factor,
        actor=actor,
        bytes_max=settings.LOANBOOK_ORDER_FILE_BYTES_MAX,
    )
    _check(terms)
    with TemporaryFile() as spool:
        work = _begin(read_aside(source, spool, terms=terms), terms, grouping=grouping or {})
        for lines in chunks_of(spool):
            _claim(lines, work)
    for sales in work.held.sales():
        _record(sales, work)
    return _keep(_report(work, file_name=file_name))


def _begin(file: OrderFile, terms: ImportTerms, *, grouping: Mapping[str, str]) -> ImportWork:
    name = terms.import_id(file_sha256=file.sha256)
    linker = Linker(actor=terms.actor, import_id=name, as_of=terms.as_of, platform=terms.platform)
    linker.link_all(file.sellers, grouping=grouping)
    refused = [RefusedRow(row.line_number, row.code, row.sentence) for row in file.refused]
    return ImportWork(id=name, terms=terms, file=file, linker=linker, refused=refused)


def _check(terms: ImportTerms) -> None:
    if not 1 <= terms.sampling_factor <= SAMPLING_FACTOR_MAX:
        raise SalesInvalid(
            f"A sampling factor is a whole number from 1 to {SAMPLING_FACTOR_MAX}.", field="sampling_factor"
        )
    opened = business_date().open_date
    if opened is None:
        raise BooksNotOpen("No business date is open; the books have not been opened.")
    if terms.as_of > opened:
        raise ImportDateAhead(
            f"Sales cannot be counted through {terms.as_of}; the books are at {opened}.",
            field="as_of",
            open_date=opened.isoformat(),
        )


def _claim(lines: Sequence[OrderLine], work: ImportWork) -> None:
    """Store lines as evidence; a line without an account, or that another batch holds, is refused."""
    offered = []
    for line in lines:
        linked = work.linker.account_of(line)
        if isinstance(linked, Refusal):
            work.refuse(line.line_number, linked.code, linked.message)
            continue
        batch = work.batch_id(account_id=linked.id, currency=line.currency)
        offered.append(Evidence(linked.id, batch, line))
    held_by_others = claim(offered)
    for place, row in enumerate(offered):
        if place in held_by_others:
            work.refuse(
                row.line.line_number, "already_imported", "the line was imported with an earlier file"
            )
        else:
            _hold(row, work)


def _hold(row: Evidence, work: ImportWork) -> None:
    try:
        work.held.add(row.line)
    except LineRefused as refused:
        work.refuse(row.line.line_number, refused.code, refused.at(row.line.line_number).sentence)
    else:
        work.numbers.setdefault(row.batch_id, []).append(row.line.line_number)


def _record(sales: SellerSales, work: ImportWork) -> None:
    """Record the sales of one account; if they are refused, so is every line they stand on."""
    account = work.linker.account_of(sales)
    assert isinstance(account, Account)
    batch = work.batch_id(account_id=account.id, currency=sales.currency)
    command = RecordSales(
        entity_id=account.entity_id,
        account_id=account.id,
        batch_id=str(batch),
        file_sha256=work.file.sha256,
        sampling_factor=work.terms.sampling_factor,
        currency=sales.currency,
        months=sales.months,
        first_order_on=sales.first_order_on,
        last_order_on=sales.last_order_on,
    )
    refusal = execute(command, actor=work.terms.actor, key=f"orders:{batch}").refusal
    if refusal is None:
        return
    # Busy decided nothing: the lines stay with the batch, and the same file finishes the work. A key that
    # was used means that sales of this batch are recorded, and they keep their evidence.
    if refusal.kind is not RefusalKind.UNAVAILABLE and not isinstance(refusal, KeyReused):
        release(batch)
    for number in work.numbers[batch]:
        work.refuse(number, refusal.code, refusal.message)


def _report(work: ImportWork, *, file_name: str) -> ImportReport:
    linked = [account for account in work.linker.accounts.values() if isinstance(account, Account)]
    return ImportReport(
        import_id=work.id,
        file_name=file_name,
        file_sha256=work.file.sha256,
        as_of=work.terms.as_of,
        sampling_factor=work.terms.sampling_factor,
        lines=work.file.line_count,
        blank_lines=work.file.blank_count,
        refused=tuple(sorted(work.refused, key=lambda row: row.number)),
        entities=len({account.entity_id for account in linked}),
        entities_new=work.linker.entities_new,
        accounts=len(linked),
        accounts_new=work.linker.accounts_new,
    )


def _keep(report: ImportReport) -> ImportReport:
    """Store the report under the name of the import; a repeat of the import leaves the first one."""
    OrderImport.objects.bulk_create(
        [
            OrderImport(
                id=report.import_id,
                file_name=report.file_name,
                file_sha256=report.file_sha256,
                as_of=report.as_of,
                lines=report.lines,
                taken=report.taken,
                refused=len(report.refused),
                refusals=[row.as_json() for row in report.refused],
            )
        ],
        ignore_conflicts=True,
    )
    return report
