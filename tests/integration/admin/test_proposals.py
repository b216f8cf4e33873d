"""Deciding on proposals in the admin, and the two questions on a loan's page."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from config.identities import ACCOUNTANT, AUDITOR, COLLECTOR, REVIEWER, actor_of
from ledger.commands.propose_loan_fact import ProposeLoanFact
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import execute
from ledger.proposal_models import Proposal
from tests.builders.books import assert_books_hold
from tests.builders.sellers import seller_with_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def lent(books):
    seller = seller_with_line()
    return seller, seller.borrow(600_000)


def propose(lent, by="user:999"):
    seller, loan_id = lent
    fact = RecordLoanFact(
        loan_id=loan_id,
        line_id=seller.line_id,
        kind=FactKind.PAYMENT_RECEIVED,
        account_ids=(seller.accounts[0],),
        amount_minor=1_000,
        payment="goodwill_credit",
        reason="a wrong letter",
    )
    result = execute(ProposeLoanFact(fact=fact), actor=Actor(by), key=str(uuid4())).value()
    return Proposal.objects.get(id=result["proposal_id"])


def address(row, verb):
    return reverse(f"admin:ledger_proposal_{verb}", args=[row.pk])


def page(client, row):
    return client.get(reverse("admin:ledger_proposal_change", args=[row.pk])).content.decode()


class TestAProposal:
    def test_is_listed_and_shown_with_its_effect(self, staff, lent):
        row = propose(lent)
        client = staff(REVIEWER)
        assert "payment received" in client.get(reverse("admin:ledger_proposal_changelist")).content.decode()
        shown = page(client, row)
        assert row.fingerprint in shown
        assert "a wrong letter" in shown
        assert "10.00 CNY" in shown

    def test_is_approved_as_it_was_read(self, staff, lent):
        row = propose(lent)
        client = staff(ACCOUNTANT)
        form = client.get(address(row, "approve")).content.decode()
        said = dict(re.findall(r'name="(key|seen)" value="([^"]+)"', form))
        answer = client.post(address(row, "approve"), said, follow=True)
        assert "carried out" in answer.content.decode()
        row.refresh_from_db()
        assert row.status == "approved"
        assert address(row, "approve") not in page(client, row)
        assert_books_hold()

    def test_is_void_once_it_reads_otherwise(self, staff, lent):
        row = propose(lent)
        said = {"key": str(uuid4()), "seen": "another"}
        answer = staff(ACCOUNTANT).post(address(row, "approve"), said, follow=True)
        assert "LEDGER_PROPOSAL_CHANGED" in answer.content.decode()
        row.refresh_from_db()
        assert row.status == "pending"
        assert_books_hold()

    def test_is_not_approved_by_whoever_made_it(self, staff, lent):
        client = staff(ACCOUNTANT)
        row = propose(lent, by=actor_of(User.objects.get(username=f"some-{ACCOUNTANT}")).principal)
        said = {"key": str(uuid4()), "seen": row.fingerprint}
        answer = client.post(address(row, "approve"), said, follow=True)
        assert "LEDGER_APPROVAL_BY_SAME_PERSON" in answer.content.decode()
        assert_books_hold()

    def test_is_rejected_with_a_reason(self, staff, lent):
        row = propose(lent)
        said = {"key": str(uuid4()), "reason": "no letter was wrong"}
        staff(REVIEWER).post(address(row, "reject"), said)
        row.refresh_from_db()
        assert (row.status, row.decision_reason) == ("rejected", "no letter was wrong")
        assert_books_hold()

    @pytest.mark.parametrize("role", [COLLECTOR, AUDITOR])
    def test_is_read_and_not_decided_on_by_others(self, staff, lent, role):
        row = propose(lent)
        client = staff(role)
        assert address(row, "approve") not in page(client, row)
        said = {"key": str(uuid4()), "seen": row.fingerprint}
        assert client.post(address(row, "approve"), said).status_code == 403
        row.refresh_from_db()
        assert row.status == "pending"


class TestALoansPage:
    def ask(self, staff, lent, **asked):
        where = reverse("admin:ledger_loan_change", args=[lent[1]])
        return staff(AUDITOR).get(where, asked).content.decode()

    def test_answers_how_the_loan_stood(self, staff, lent):
        shown = self.ask(staff, lent, section="time-machine", as_of="2024-02-20")
        assert "On 2024-02-20" in shown
        assert "Days past due" in shown

    def test_says_when_the_books_did_not_know_the_loan_yet(self, staff, lent):
        assert "LEDGER_NOT_KNOWN_THEN" in self.ask(staff, lent, known_at="2001-01-01T00:00")

    def test_names_the_notation_of_a_date_it_cannot_read(self, staff, lent):
        assert "A day is written YYYY-MM-DD" in self.ask(staff, lent, as_of="yesterday")

    def test_explains_a_balance(self, staff, lent):
        shown = self.ask(staff, lent, section="why", component="principal")
        assert "Sum of the lines below" in shown
        assert "6,000.00 CNY" in shown

    def test_works_nothing_out_until_somebody_asks(self, staff, lent):
        assert "Sum of the lines below" not in self.ask(staff, lent)
