"""Importing a loan book: borrower by borrower, every step a command, every line accounted for.

Owns: the order of things. An entity comes first, then its accounts and its line, then one command for each
loan, which is taken whole or not at all; what is refused does not hold up the others. Given again, the same
files change nothing and finish what was interrupted. A dry run gives the same commands inside a rehearsal.
Refuses to know: how lines are read (``reading``), and what a loan is checked for (its command).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import Actor, Command, Outcome
from ledger.eventstore.processor import BooksNotOpen, execute, rehearsal
from ledger.kernel.refusals import Refusal
from lending.book_import import layout
from lending.book_import.cells import LineNotTaken
from lending.book_import.import_report import BookReport, LineOutcome
from lending.book_import.reading import read_book
from lending.book_import.told import ToldEntity, ToldLoan
from lending.commands.import_loan import ImportLine, ImportLoan
from lending.commands.register_entity import LinkAccount, RegisterEntity
from lending.models import CreditLine, LegalEntity, ShopAccount

TAKEN, THERE = LineOutcome.TAKEN, LineOutcome.ALREADY_THERE
_NO_ENTITY: Final = LineNotTaken("entity_refused", "the entity is refused", field="entity_reference")
_NO_LINE: Final = LineNotTaken("line_refused", "the entity has no credit line", field="entity_reference")
_NO_ACCOUNT: Final = LineNotTaken(
    "account_refused", "the account is refused or not told", field="external_id"
)
_NO_LOAN: Final = LineNotTaken("loan_refused", "the loan is refused as a whole", field="loan")


@dataclass
class _Work:
    """One import under way; ``run`` makes its keys its own, and what is there already is seen by its names."""

    report: BookReport
    actor: Actor
    run: str
    tolerance_minor: int
    account_ids: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def give(self, command: Command, *, file: str, number: int) -> Outcome:
        """Give the command of one line; its refusal is the line's."""
        outcome = execute(command, actor=self.actor, key=f"import:{self.run}:{file}:{number}")
        if outcome.refusal is not None:
            self.report.refuse(file, number, outcome.refusal)
        return outcome


def import_book(
    *, directory: Path, actor: Actor, run: str, tolerance_minor: int = 0, is_dry: bool = False
) -> BookReport:
    """Take over the loans of a directory of files; ``run`` names this attempt and is used once.

    Refusals: BooksNotOpen, and of files as a whole those of ``read_book``; nothing is stored then.
    """
    if business_date().open_date is None:
        raise BooksNotOpen("No business date is open; the books have not been opened.")
    report = BookReport(is_dry=is_dry, tolerance_minor=tolerance_minor)
    for entity in read_book(directory, report).entities.values():
        with rehearsal(is_dry=is_dry):
            _take_entity(entity, _Work(report, actor, run, tolerance_minor))
    return report


def _take_entity(entity: ToldEntity, work: _Work) -> None:
    if not _register(entity, work):
        _refuse_all(entity, work, _NO_ENTITY)
        return
    _link(entity, work)
    line_id = _open_line(entity, work)
    for loan in entity.loans:
        account_id = work.account_ids.get((loan.platform, loan.account))
        if line_id is None or account_id is None:
            _refuse_loan(loan, work, _NO_LINE if line_id is None else _NO_ACCOUNT)
        elif loan.broken:
            why = LineNotTaken("history_refused", "; ".join(loan.broken[:3]), field="loan")
            _refuse_loan(loan, work, why)
        else:
            _take_loan(entity, loan, line_id, account_id, work)


def _register(entity: ToldEntity, work: _Work) -> bool:
    file, number = layout.ENTITIES.file, entity.number
    known = LegalEntity.objects.filter(id=entity.entity_id).first()
    if known is None:
        command = RegisterEntity(reference=entity.reference, country=entity.country, currency=entity.currency)
        return _is_taken(work.give(command, file=file, number=number), work, file, number)
    if (known.country, known.currency) != (entity.country, entity.currency):
        why = LineNotTaken("entity_differs", "the entity has another country or currency", field="currency")
        work.report.refuse(file, number, why)
        return False
    work.report.settle(file, number, THERE)
    return True


def _link(entity: ToldEntity, work: _Work) -> None:
    file = layout.ACCOUNTS.file
    for name, account in entity.accounts.items():
        command = LinkAccount(
            entity_id=entity.entity_id,
            platform=account.platform,
            external_id=account.external_id,
            role=account.role,
            opened_on=account.opened_on,
            consent_granted_on=account.consent_granted_on,
        )
        is_there = ShopAccount.objects.filter(id=command.account_id).exists()
        if is_there:
            work.report.settle(file, account.number, THERE)
        elif not _is_taken(work.give(command, file=file, number=account.number), work, file, account.number):
            continue
        work.account_ids[name] = command.account_id


def _open_line(entity: ToldEntity, work: _Work) -> UUID | None:
    """Return the line that loans are taken onto: the one the entity has, or the one that is told."""
    file, told = layout.LINES.file, entity.line
    known = CreditLine.objects.filter(entity_id=entity.entity_id).exclude(status="closed").first()
    if known is not None:
        if told is not None:
            stays = known.limit_minor != told.limit_minor
            sentence = "the entity has a line already, and its limit stays as it is" if stays else ""
            work.report.settle(file, told.number, THERE, sentence=sentence)
        return known.id
    if told is None:
        return None
    command = ImportLine(entity_id=entity.entity_id, limit_minor=told.limit_minor)
    outcome = work.give(command, file=file, number=told.number)
    return command.line_id if _is_taken(outcome, work, file, told.number) else None


def _take_loan(entity: ToldEntity, loan: ToldLoan, line_id: UUID, account_id: UUID, work: _Work) -> None:
    command = ImportLoan(
        external_id=loan.external_id,
        entity_id=entity.entity_id,
        line_id=line_id,
        account_id=account_id,
        currency=entity.currency,
        product_code=loan.product_code,
        principal_minor=loan.principal_minor,
        term=loan.term,
        disbursed_on=loan.disbursed_on,
        batches=loan.batches,
        facts=loan.life,
        plans=tuple(loan.plans),
        controls=tuple(told for _, told in loan.controls),
        tolerance_minor=work.tolerance_minor,
    )
    outcome = work.give(command, file=layout.LOANS.file, number=loan.number)
    if outcome.refusal is not None:
        _blame(loan, outcome.refusal, work)
        _refuse_loan(loan, work, _NO_LOAN)
        return
    found = TAKEN if outcome.result["is_new"] else THERE
    for file, number in _places(loan):
        work.report.settle(file, number, found)


def _blame(loan: ToldLoan, refusal: Refusal, work: _Work) -> None:
    """Name the fact or the balance for which a loan is refused, besides the loan itself."""
    for number, fact in loan.facts:
        if fact.id == refusal.details.get("id"):
            work.report.refuse(layout.FACTS.file, number, refusal)
    for number, told in loan.controls:
        if told.as_of.isoformat() == refusal.details.get("as_of"):
            work.report.refuse(layout.BALANCES.file, number, refusal)


def _places(loan: ToldLoan) -> Iterable[tuple[str, int]]:
    yield layout.LOANS.file, loan.number
    yield from ((layout.FACTS.file, number) for number, _ in loan.facts)
    yield from ((layout.BALANCES.file, number) for number, _ in loan.controls)


def _refuse_loan(loan: ToldLoan, work: _Work, why: LineNotTaken) -> None:
    for file, number in _places(loan):
        work.report.refuse(file, number, why)


def _refuse_all(entity: ToldEntity, work: _Work, why: LineNotTaken) -> None:
    for account in entity.accounts.values():
        work.report.refuse(layout.ACCOUNTS.file, account.number, why)
    if entity.line is not None:
        work.report.refuse(layout.LINES.file, entity.line.number, why)
    for loan in entity.loans:
        _refuse_loan(loan, work, why)


def _is_taken(outcome: Outcome, work: _Work, file: str, number: int) -> bool:
    if outcome.refusal is not None:
        return False
    work.report.settle(file, number, TAKEN)
    return True
