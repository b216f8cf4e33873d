"""Propose a fact that gives money away, and decide on a proposal.

Owns: the three use cases: what is proposed is tried on a copy of the loan first, and what is approved is carried
out exactly as it was proposed, in the commit that closes the proposal. No other command records such a fact.
Refuses to know: which roles propose and approve (the door), and what the fact leads to (the loan).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from ledger.commands.record_loan_fact import RecordLoanFact, carry_out, needs_two
from ledger.domain.loan_account import LoanAccount
from ledger.domain.loan_record import RecordedFact, recorded
from ledger.domain.proposal import Proposal, ProposalChanged
from ledger.domain.proposal_events import ProposalState
from ledger.domain.servicing.differing import Adjustment, changes_of_books
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.unit_of_work import NotFound, UnitOfWork
from ledger.policies.second_person import SecondPersonNotNeeded

_DATES: Final = ("due_on", "until")


@dataclass(frozen=True, kw_only=True)
class ProposeLoanFact(Command):
    """Ask for a fact; ``fact`` is the whole command that another person is to approve."""

    name: ClassVar[str] = "propose_loan_fact"

    fact: RecordLoanFact

    def home(self) -> UUID:
        """Return the loan's identifier."""
        return self.fact.loan_id

    def fingerprint(self) -> str:
        """Return the digest of what is asked for."""
        return fingerprint_of(self.name, {"fact": self.fact.asked()})


@handles(ProposeLoanFact)
def propose_loan_fact(command: ProposeLoanFact, work: UnitOfWork) -> dict[str, Any]:
    """Refuses SecondPersonNotNeeded, and whatever the loan would refuse today."""
    loan = work.load(LoanAccount, command.fact.loan_id)
    state, on = loan.state, work.effective_date
    if state.line_id != command.fact.line_id:
        raise NotFound("The loan was not drawn on this line.", field="line_id")
    wish = replace(command.fact, value_date=command.fact.value_date or on)
    if not needs_two(wish, loan, on=on):
        raise SecondPersonNotNeeded("One person may record this alone.", field="kind")
    effect = _tried(loan, wish, on)
    fact = _kept(wish)
    proposal = Proposal.blank(work.new_id(loan.id, "proposal"))
    work.add(proposal)
    assert state.entity_id is not None
    proposal.make(
        effective_date=on,
        entity_id=state.entity_id,
        loan_id=loan.id,
        line_id=wish.line_id,
        account_ids=wish.account_ids,
        currency=state.contract.currency,
        fact=fact,
        effect=effect,
        fingerprint=command_of(loan.id, wish.line_id, wish.account_ids, fact).fingerprint(),
        proposed_by=work.meta["actor"],
    )
    return proposal_result(proposal)


@dataclass(frozen=True, kw_only=True)
class DecideProposal(Command):
    """What both decisions name: the proposal, and what its fact locks."""

    proposal_id: UUID
    line_id: UUID
    account_ids: tuple[UUID, ...]

    def home(self) -> UUID:
        """Return the proposal's identifier, which lives where the loan does."""
        return self.proposal_id

    def hot(self) -> tuple[UUID, ...]:
        """Lock the line and the accounts."""
        return (self.line_id, *self.account_ids)


@dataclass(frozen=True, kw_only=True)
class ApproveProposal(DecideProposal):
    """Carry out what was proposed; ``seen`` is the fingerprint of the proposal as the approver has read it."""

    name: ClassVar[str] = "approve_proposal"

    seen: str


@handles(ApproveProposal)
def approve_proposal(command: ApproveProposal, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the proposal refuses, and what the loan refuses by now; then the proposal stays open."""
    proposal = work.load(Proposal, command.proposal_id)
    person = work.meta["actor"]
    proposal.require_approvable(fingerprint=command.seen, approved_by=person)
    fact = proposed_command(proposal.state)
    if fact.fingerprint() != proposal.state.fingerprint:
        raise ProposalChanged("What is stored is not what was proposed.", field="proposal_id")
    done = carry_out(fact, work)
    proposal.approve(
        effective_date=work.effective_date,
        fingerprint=command.seen,
        fact_id=done["fact_id"],
        approved_by=person,
    )
    return {**proposal_result(proposal), "fact_id": done["fact_id"]}


@dataclass(frozen=True, kw_only=True)
class RejectProposal(DecideProposal):
    """Turn a proposal down, or take an own one back."""

    name: ClassVar[str] = "reject_proposal"

    reason: str


@handles(RejectProposal)
def reject_proposal(command: RejectProposal, work: UnitOfWork) -> dict[str, Any]:
    """Refuses what the proposal refuses."""
    proposal = work.load(Proposal, command.proposal_id)
    proposal.reject(effective_date=work.effective_date, reason=command.reason, rejected_by=work.meta["actor"])
    return {**proposal_result(proposal), "fact_id": None}


def proposal_result(proposal: Proposal) -> dict[str, Any]:
    """Return where a proposal stands, as JSON values."""
    state = proposal.state
    return {
        "proposal_id": str(proposal.id),
        "loan_id": str(state.loan_id),
        "status": str(state.status),
        "fingerprint": state.fingerprint,
    }


def proposed_command(state: ProposalState) -> RecordLoanFact:
    """Return the command that was proposed."""
    assert state.loan_id is not None
    assert state.line_id is not None
    assert state.fact is not None
    return command_of(state.loan_id, state.line_id, state.account_ids, state.fact)


def command_of(
    loan_id: UUID, line_id: UUID, account_ids: tuple[UUID, ...], fact: RecordedFact
) -> RecordLoanFact:
    """Return the command that records a fact as it is kept."""
    details: dict[str, Any] = {
        name: date.fromisoformat(str(value)) if name in _DATES else value
        for name, value in fact.details.items()
    }
    return RecordLoanFact(
        loan_id=loan_id,
        line_id=line_id,
        kind=fact.kind,
        account_ids=account_ids,
        source_account_id=UUID(fact.source_account_id) if fact.source_account_id else None,
        value_date=fact.value_date,
        reason=fact.reason,
        plan=fact.plan,
        **details,
    )


def _kept(wish: RecordLoanFact) -> RecordedFact:
    assert wish.value_date is not None
    return recorded(
        wish.kind,
        fact_id="",
        value_date=wish.value_date,
        plan=wish.plan,
        source_account_id=str(wish.source_account_id or ""),
        reason=wish.reason,
        **wish.details(),
    )


def _tried(loan: LoanAccount, wish: RecordLoanFact, on: date) -> tuple[Adjustment, ...]:
    """Return what the fact would change in the books today. Refuses what the loan refuses."""
    tried = loan.copy()
    tried.record(
        effective_date=on,
        kind=wish.kind,
        fact_id="proposed",
        value_date=wish.value_date,
        plan=wish.plan,
        reason=wish.reason,
        source_account_id=wish.source_account_id,
        **wish.details(),
    )
    return changes_of_books(loan.position(on).books, tried.position(on).books)
