"""Record that something happened to a loan: everything but its payout and the payments of its borrower.

Owns: the command, whose fields are those of all kinds of facts, that it records nothing which needs two
people, and moving the money that a fact takes or gives.
Refuses to know: which fields a kind has (the fact itself), what it leads to and may come to (the loan), which
facts need two people (a policy), and which roles may give it (the door).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from ledger.commands.loan_money import give_back, take_from
from ledger.commands.loan_reactions import following
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import FactKind, NewPlan, RecordedFact
from ledger.domain.servicing.facts import PaymentKind
from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.policies.second_person import AtStake, SecondPersonNeeded, needs_second_person

# Details a fact may have, by the names of the command's fields.
_DETAILS = (
    "amount_minor",
    "of",
    "due_on",
    "until",
    "rate_e8",
    "share_e8",
    "is_late_fee",
    "payment",
    "instruction",
    "change",
    "takes_overdue",
    "interest",
    "price_minor",
    "buyer",
)
# Fields that requests of earlier releases did not have: where they say nothing, a fingerprint is what it was then.
_LATER = ("price_minor", "buyer")


@dataclass(frozen=True, kw_only=True)
class RecordLoanFact(Command):
    """A fact of any kind about a loan, by its value date; without one it counts from the open date on.

    ``account_ids`` are the settlement accounts that money may move on; they are locked first.
    """

    name: ClassVar[str] = "record_loan_fact"

    loan_id: UUID
    line_id: UUID
    kind: FactKind
    account_ids: tuple[UUID, ...]
    source_account_id: UUID | None = None
    value_date: date | None = None
    reason: str = ""
    amount_minor: int | None = None
    of: str | None = None
    due_on: date | None = None
    until: date | None = None
    rate_e8: int | None = None
    share_e8: int | None = None
    is_late_fee: bool | None = None
    payment: str | None = None
    instruction: str | None = None
    change: str | None = None
    takes_overdue: bool | None = None
    interest: str | None = None
    plan: NewPlan | None = None
    price_minor: int | None = None
    buyer: str | None = None

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.loan_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line and the accounts."""
        return (self.line_id, *self.account_ids)

    def fingerprint(self) -> str:
        """Return the digest of what is asked for."""
        return fingerprint_of(self.name, self.asked())

    def asked(self) -> dict[str, Any]:
        """Return the fields that count in a fingerprint."""
        return {name: value for name, value in vars(self).items() if name not in _LATER or value is not None}

    def details(self) -> dict[str, Any]:
        """Return what was said beyond the common fields."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name in _DETAILS}
        return {name: value for name, value in said.items() if value is not None}


@handles(RecordLoanFact)
def record_loan_fact(command: RecordLoanFact, work: UnitOfWork) -> dict[str, Any]:
    """Refuses SecondPersonNeeded whoever asks, and what ``carry_out`` refuses."""
    loan = work.load(LoanAccount, command.loan_id)
    if needs_two(command, loan, on=work.effective_date):
        raise SecondPersonNeeded(
            "This gives money away: propose it, and have another person approve it.", field="kind"
        )
    return carry_out(command, work)


def needs_two(command: RecordLoanFact, loan: LoanAccount, *, on: date) -> bool:
    """Say whether one person may not record a fact alone on a day."""
    undone = loan.state.fact(command.of) if command.of is not None else None
    stake = AtStake(
        outstanding_minor=loan.state.standing.outstanding_minor,
        currency=loan.state.contract.currency,
        status=loan.state.status,
        undone=undone.kind if undone is not None else None,
    )
    return needs_second_person(command.kind, command.details(), stake=stake, on=on)


def carry_out(command: RecordLoanFact, work: UnitOfWork) -> dict[str, Any]:
    """Record a fact that one person may record, or that a second one has approved.

    Refuses what the loan and the accounts refuse, a loan of another line, and an account of another entity.
    """
    loan = work.load(LoanAccount, command.loan_id)
    if loan.state.line_id != command.line_id:
        raise NotFound("The loan was not drawn on this line.", field="line_id")
    source = _source(command, loan, work)
    before = loan.state.books.settlement
    with following(work, loan):
        fact = loan.record(
            effective_date=work.effective_date,
            kind=command.kind,
            fact_id=str(work.new_id(loan.id, "fact")),
            value_date=command.value_date,
            plan=command.plan,
            reason=command.reason,
            source_account_id=source,
            **command.details(),
        )
    _move_money(loan, fact, loan.state.books.settlement - before, work)
    return fact_result(loan, fact)


def fact_result(loan: LoanAccount, fact: RecordedFact) -> dict[str, Any]:
    """Return what was recorded and where the loan stands now, as JSON values."""
    standing = loan.state.standing
    return {
        "loan_id": str(loan.id),
        "fact_id": fact.id,
        "kind": fact.kind.value,
        "value_date": fact.value_date.isoformat(),
        "status": str(loan.state.status),
        "outstanding_minor": standing.outstanding_minor,
        "overpaid_minor": standing.overpaid_minor,
        "schedule_version": standing.schedule_version,
    }


def _source(command: RecordLoanFact, loan: LoanAccount, work: UnitOfWork) -> UUID | None:
    """Return the account that was named; refuses one that does not belong to the borrower."""
    if command.source_account_id is None:
        return None
    account = work.load(SettlementAccount, command.source_account_id)
    if account.state.entity_id != loan.state.entity_id:
        raise NotFound("The borrower has no such account.", field="source_account_id")
    return account.id


def _move_money(loan: LoanAccount, fact: RecordedFact, given_minor: int, work: UnitOfWork) -> None:
    """Let the accounts follow: what the loan gave back is credited, what it took is debited."""
    if given_minor == 0 or fact.kind is FactKind.DISBURSEMENT_REVERSED:
        return  # a payout that came back is with the bank
    account_id = _account_of(loan, fact)
    if given_minor > 0:
        give_back(account_id, loan=loan, amount_minor=given_minor, reason=fact.kind.value, work=work)
        return
    source = work.load(SettlementAccount, account_id)
    take_from(source, loan=loan, amount_minor=-given_minor, reason=fact.kind.value, work=work)


def _account_of(loan: LoanAccount, fact: RecordedFact) -> UUID:
    """Return the account that money comes from, or the one that a reversed or returned payment came from."""
    about = loan.state.fact(str(fact.details.get("of"))) if "of" in fact.details else None
    named = fact.source_account_id or (about.source_account_id if about else "")
    assert loan.state.account_id is not None
    return UUID(named) if named else loan.state.account_id


def moves_cash(kind: FactKind, payment: str | None) -> bool:
    """Say whether a fact takes money from an account: a goodwill credit is the lender's own."""
    is_payment = kind is FactKind.PAYMENT_RECEIVED and payment != PaymentKind.GOODWILL_CREDIT
    return is_payment or kind is FactKind.RECOVERED
