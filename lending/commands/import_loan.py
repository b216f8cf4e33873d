"""Take over a line and a loan that were lived in other books.

Owns: bringing together the line, the account, the product as it was on the day of the payout, and the loan
with its whole life, checked against what its old books said. Refuses to know: files (``lending.book_import``).
What the loan still owes counts as drawn, also above the limit; no money moves, in the bank or on an account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_controls import ControlBalance, ControlBalanceMissing, require_agreement
from ledger.domain.loan_record import RecordedFact
from ledger.domain.loan_rules import ValueDateAhead, ValueDateBeforePayout
from ledger.domain.plans.choices import Batch
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.shards import sibling_id
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.kernel.refusals import Refusal
from ledger.policies.agreeing import loan_terms_of
from ledger.policies.product_terms import ProductTerms
from ledger.product_versions import OF_PRODUCT, product_of
from lending.commands.drawdown import AccountOfAnotherEntity, check_currency
from lending.domain.credit_line import CreditLine
from lending.domain.entity import LegalEntity
from lending.domain.told_plan import ToldPlan, with_plans

CONTENT = "SELECT state->>'content' FROM es_event WHERE originator_id = %s AND topic = 'loan.taken_over'"
# What is not part of a loan's content: it may be told otherwise when the same loan is told again.
_BESIDES = frozenset({"line_id", "controls", "tolerance_minor"})


class LoanImportedOtherwise(Refusal):
    """The loan was taken over before, with other terms or another history; later facts are recorded on the loan."""

    code = "LENDING_LOAN_IMPORTED_OTHERWISE"


@dataclass(frozen=True, kw_only=True)
class ImportLine(Command):
    """Open the credit line an entity had in other books."""

    name: ClassVar[str] = "import_line"

    entity_id: UUID
    limit_minor: int

    def home(self) -> UUID:
        """Return the entity's identifier."""
        return self.entity_id

    @property
    def line_id(self) -> UUID:
        """Return the identifier of the line: an entity has one from other books."""
        return sibling_id(self.entity_id, "line", "imported")


@handles(ImportLine)
def import_line(command: ImportLine, work: UnitOfWork) -> dict[str, Any]:
    """Refuses LineExists, NotFound, and what the line refuses."""
    entity = work.load(LegalEntity, command.entity_id)
    line = work.find(CreditLine, command.line_id) or CreditLine.blank(command.line_id)
    work.add(line)
    line.open(
        entity_id=entity.id,
        currency=entity.state.currency,
        limit_minor=command.limit_minor,
        effective_date=work.effective_date,
    )
    return {"line_id": str(line.id)}


@dataclass(frozen=True, kw_only=True)
class ImportLoan(Command):
    """A loan by its name in other books, with its facts in value order, the new plans that changes among them
    brought, and the balances to hold it against.

    ``tolerance_minor`` is how far principal and overdue amount may lie apart; days past due never may.
    """

    name: ClassVar[str] = "import_loan"

    external_id: str
    entity_id: UUID
    line_id: UUID
    account_id: UUID
    currency: str
    product_code: str
    principal_minor: int
    term: int
    disbursed_on: date
    batches: tuple[Batch, ...] = ()
    facts: tuple[RecordedFact, ...] = ()
    plans: tuple[ToldPlan, ...] = ()
    controls: tuple[ControlBalance, ...] = ()
    tolerance_minor: int = 0

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line and the account."""
        return (self.line_id, self.account_id)

    def reads(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """Ask for the product's versions, and what was told of the loan when it was taken over."""
        return ((OF_PRODUCT, (self.product_code, self.product_code)), (CONTENT, (self.loan_id,)))

    @property
    def loan_id(self) -> UUID:
        """Return the identifier: always the same for the same entity and external identifier."""
        return sibling_id(self.entity_id, "loan", "imported", self.external_id)

    @property
    def content(self) -> str:
        """Return the digest of the loan's terms and history."""
        told = {name: value for name, value in vars(self).items() if name not in _BESIDES}
        if not self.plans:
            # Loans were taken over before new plans could be told; their digests stay what they are.
            del told["plans"]
        return fingerprint_of(self.name, told)


@handles(ImportLoan)
def import_loan(command: ImportLoan, work: UnitOfWork) -> dict[str, Any]:
    """Refuses LoanImportedOtherwise, a foreign account or currency, ControlBalanceMissing, ControlBalanceDiffers,
    and what the product of the day and the loan refuse. The same loan once more changes nothing.
    """
    versions, known = work.reads
    if known:
        if known[0][0] != command.content:
            raise LoanImportedOtherwise("The loan was taken over with another history.", field="external_id")
        return {"loan_id": str(command.loan_id), "is_new": False}
    _require_own(command, work)
    product = product_of(versions, code=command.product_code, on=command.disbursed_on)
    _require_offered(product, command)
    loan = LoanAccount.blank(command.loan_id)
    work.add(loan)
    with following(work, loan):
        _take_over(loan, product, command, work.effective_date)
    _require_agreement(loan, command, work.effective_date)
    return {"loan_id": str(loan.id), "is_new": True, "status": str(loan.state.status)}


def _require_own(command: ImportLoan, work: UnitOfWork) -> None:
    line = work.load(CreditLine, command.line_id)
    account = work.load(SettlementAccount, command.account_id)
    if {line.state.entity_id, account.state.entity_id} != {command.entity_id}:
        raise AccountOfAnotherEntity("Line or account belong to another entity.", field="account_id")
    check_currency(command.currency, line.state.currency)


def _require_offered(product: ProductTerms, command: ImportLoan) -> None:
    product.require_currency(command.currency)
    product.require_term(command.term)
    product.require_amount(command.principal_minor)
    product.require_batches(
        command.batches,
        amount_minor=command.principal_minor,
        term=command.term,
        start=command.disbursed_on,
    )


def _take_over(loan: LoanAccount, product: ProductTerms, command: ImportLoan, on: date) -> None:
    if command.disbursed_on > on:
        raise ValueDateAhead("The payout lies after the open business date.", field="disbursed_on")
    loan.request(
        effective_date=on,
        entity_id=command.entity_id,
        line_id=command.line_id,
        account_id=command.account_id,
        principal_minor=command.principal_minor,
        terms=loan_terms_of(
            product, currency=command.currency, term=command.term, signed_on=command.disbursed_on
        ),
        conventions=product.conventions(command.batches),
        paid_out_on=command.disbursed_on,
    )
    loan.take_over(
        effective_date=on,
        paid_out_on=command.disbursed_on,
        facts=with_plans(command.facts, command.plans, own=product.repayment),
        origin=command.external_id,
        content=command.content,
    )


def _require_agreement(loan: LoanAccount, command: ImportLoan, on: date) -> None:
    if not command.controls:
        raise ControlBalanceMissing("No balance is told to hold the loan against.", field="controls")
    for told in command.controls:
        day = told.as_of.isoformat()
        if told.as_of > on:
            raise ValueDateAhead(
                "A balance of a day to come cannot be held against anything.", field="as_of", as_of=day
            )
        if told.as_of < command.disbursed_on:
            raise ValueDateBeforePayout("There was no loan on that day.", field="as_of", as_of=day)
        position = loan.position(on, as_of=told.as_of)
        require_agreement(position, told, tolerance_minor=command.tolerance_minor)
