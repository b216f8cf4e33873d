"""Two people approve the same proposal at the same moment: it is carried out once."""

from __future__ import annotations

from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.domain.proposal import ProposalAlreadyDecided
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import execute
from ledger.proposal_models import Proposal
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.threads import together

CARRIED_OUT = "SELECT count(*) FROM es_event WHERE topic = 'loan.payment_received'"


class TestTwoApprovals:
    def test_at_once_carry_the_proposal_out_once(self, committed_books):
        seller = seller_with_line()
        fact = RecordLoanFact(
            loan_id=seller.borrow(600_000),
            line_id=seller.line_id,
            kind=FactKind.PAYMENT_RECEIVED,
            account_ids=(seller.accounts[0],),
            amount_minor=1_000,
            payment="goodwill_credit",
            reason="a wrong letter",
        )
        made = execute(ProposeLoanFact(fact=fact), actor=Actor("user:1"), key="propose").value()
        row = Proposal.objects.get(id=made["proposal_id"])
        command = ApproveProposal(
            proposal_id=row.id,
            line_id=row.line_id,
            account_ids=(seller.accounts[0],),
            seen=row.fingerprint,
        )
        outcomes = together(
            *(
                lambda person=person: execute(command, actor=Actor(f"user:{person}"), key=f"yes-{person}")
                for person in (2, 3, 4)
            )
        )
        refused = [type(outcome.refusal) for outcome in outcomes if outcome.refusal is not None]
        assert refused == [ProposalAlreadyDecided, ProposalAlreadyDecided]
        assert one(CARRIED_OUT) == 1
        assert_books_hold()
