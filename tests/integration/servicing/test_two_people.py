"""What gives money away is proposed by one person and carried out by another one, once."""

from __future__ import annotations

import ast
import itertools
from datetime import timedelta

import pytest
from django.db import connection

from ledger.commands.propose_loan_fact import ApproveProposal, ProposeLoanFact, RejectProposal
from ledger.commands.record_loan_fact import RecordLoanFact
from ledger.domain.loan_record import FactKind
from ledger.eventstore.commands import Actor
from ledger.eventstore.processor import execute
from ledger.loan_positions import position_shown
from ledger.models import EsEvent
from ledger.policies.second_person import ALWAYS, charge_off_alone_minor
from ledger.proposal_models import Proposal
from tests.builders.books import assert_books_hold
from tests.builders.sellers import one, seller_with_line
from tests.builders.source_tree import modules
from tests.builders.storage import fingerprint

MAKER, CHECKER = Actor("user:11"), Actor("user:12")
_keys = itertools.count(1)


def give(command, by, *, key=None, dry_run=False):
    return execute(command, actor=by, key=key or f"two-{next(_keys)}", dry_run=dry_run)


def waiver(history, **changes):
    said = {"kind": FactKind.PENALTY_WAIVED, "amount_minor": 54, "reason": "hardship"} | changes
    return RecordLoanFact(
        loan_id=history.loan_id,
        line_id=history.seller.line_id,
        account_ids=(history.seller.accounts[0],),
        **said,
    )


def propose(history, *, by=MAKER, **changes):
    result = give(ProposeLoanFact(fact=waiver(history, **changes)), by).value()
    return Proposal.objects.get(id=result["proposal_id"])


def approval(row, **changes):
    said = {"proposal_id": row.id, "line_id": row.line_id, "account_ids": (), "seen": row.fingerprint}
    return ApproveProposal(**(said | changes))


class TestAProposal:
    def test_changes_nothing_of_the_loan_and_says_what_it_would(self, history):
        before = fingerprint()
        row = propose(history)
        after = fingerprint()
        assert {name for name in after if after[name] != before[name]} == {"proposal", "es_event", "es_shard"}
        assert (row.status, row.proposed_by, row.kind, row.amount_minor) == (
            "pending",
            "user:11",
            "penalty_waived",
            54,
        )
        effect = {one["component"]: one["amount_minor"] for one in row.effect}
        assert effect == {"penalty_receivable": -54, "waiver_expense": 54}
        assert_books_hold()

    def test_that_another_person_approves_is_carried_out_in_one_commit(self, history):
        row = propose(history)
        result = give(approval(row), CHECKER).value()
        row.refresh_from_db()
        assert (row.status, row.decided_by, row.fact_id) == ("approved", "user:12", result["fact_id"])
        event = EsEvent.objects.get(topic="loan.penalty_waived", meta__actor="user:12")
        assert event.state["fact"]["details"] == {"amount_minor": 54}
        assert event.state["fact"]["reason"] == "hardship"
        moved = {one["component"]: one["amount_minor"] for one in event.state["adjustments"]}
        assert moved == {"penalty_receivable": -54, "waiver_expense": 54}
        approved = EsEvent.objects.get(topic="proposal.approved", originator_id=row.id)
        assert approved.recorded_at == event.recorded_at
        assert_books_hold()

    def test_of_a_sale_shows_what_it_gains_and_loses_and_is_made_by_two_people(self, history):
        row = propose(history, kind=FactKind.SOLD, amount_minor=None, price_minor=400_000, buyer="B-7")
        effect = {one["component"]: one["amount_minor"] for one in row.effect}
        claim = -sum(effect[name] for name in effect if name.endswith(("principal", "_receivable")))
        # Interest to the day differs by some cents from what the days of the month have posted.
        claim += effect["interest_income"]
        assert (effect["sale_price"], effect["loss"]) == (400_000, claim - 400_000)
        assert position_shown(loan_id=history.loan_id).status == "overdue"
        sale = give(approval(row), CHECKER).value()["fact_id"]
        assert position_shown(loan_id=history.loan_id).status == "sold"
        back = propose(history, by=CHECKER, kind=FactKind.SALE_UNDONE, amount_minor=None, of=sale)
        assert give(approval(back), CHECKER).refusal.code == "LEDGER_APPROVAL_BY_SAME_PERSON"
        give(approval(back), MAKER).value()
        assert position_shown(loan_id=history.loan_id).status == "overdue"
        assert_books_hold()

    def test_that_is_rejected_leaves_the_loan_alone(self, history):
        row = propose(history)
        events = EsEvent.objects.filter(originator_id=history.loan_id).count()
        command = RejectProposal(
            proposal_id=row.id, line_id=row.line_id, account_ids=(), reason="no hardship seen"
        )
        assert give(command, CHECKER).value()["status"] == "rejected"
        row.refresh_from_db()
        assert (row.status, row.decision_reason) == ("rejected", "no hardship seen")
        assert EsEvent.objects.filter(originator_id=history.loan_id).count() == events
        assert give(approval(row), CHECKER).refusal.code == "LEDGER_PROPOSAL_ALREADY_DECIDED"
        assert_books_hold()

    def test_keeps_the_day_it_was_meant_for(self, history):
        row = propose(history)
        made_on = history.seller.today()
        history.close_through(72)
        give(approval(row), CHECKER).value()
        event = EsEvent.objects.get(topic="loan.penalty_waived", meta__actor="user:12")
        assert (event.state["value_date"], event.effective_date) == (
            made_on.isoformat(),
            history.seller.today(),
        )
        assert_books_hold()

    def test_of_goodwill_repays_the_loan_only_once_it_is_approved(self, history):
        row = propose(history, kind=FactKind.PAYMENT_RECEIVED, amount_minor=100, payment="goodwill_credit")
        due = position_shown(loan_id=history.loan_id).due_minor
        give(approval(row), CHECKER).value()
        after = position_shown(loan_id=history.loan_id)
        assert (after.due_minor, after.books.goodwill_expense) == (due - 100, 100)
        assert_books_hold()


class TestARefusal:
    def refused(self, command, by):
        before = fingerprint()
        refusal = give(command, by).refusal
        assert fingerprint() == before
        assert_books_hold()
        return refusal.code if refusal else None

    def test_meets_the_same_person_by_whatever_session_or_role(self, history):
        row = propose(history)
        again = Actor("user:11", frozenset({"administrator", "accountant"}))
        assert self.refused(approval(row), again) == "LEDGER_APPROVAL_BY_SAME_PERSON"

    def test_meets_an_approval_of_something_else(self, history):
        row = propose(history)
        other = propose(history, amount_minor=55)
        assert self.refused(approval(row, seen=other.fingerprint), CHECKER) == "LEDGER_PROPOSAL_CHANGED"

    def test_meets_a_proposal_whose_stored_wish_was_altered(self, history):
        row = propose(history)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "UPDATE es_event SET state = jsonb_set(state::jsonb, '{fact,details,amount_minor}', '5400')"
                " WHERE originator_id = %s",
                [row.id],
            )
            cursor.execute("SET LOCAL session_replication_role = origin")
        refusal = give(approval(row), CHECKER).refusal
        assert refusal.code == "LEDGER_PROPOSAL_CHANGED"
        assert not EsEvent.objects.filter(topic="loan.penalty_waived", meta__actor="user:12").exists()

    def test_meets_what_one_person_may_record(self, history):
        wish = ProposeLoanFact(
            fact=waiver(history, kind=FactKind.CHARGE_ADDED, due_on=history.seller.today())
        )
        assert self.refused(wish, MAKER) == "LEDGER_SECOND_PERSON_NOT_NEEDED"

    def test_meets_a_wish_that_the_loan_would_refuse_today(self, history):
        wish = ProposeLoanFact(fact=waiver(history, amount_minor=10**9))
        assert self.refused(wish, MAKER) == "LEDGER_WAIVER_ABOVE_OWED"

    def test_leaves_a_proposal_open_that_the_loan_refuses_by_now(self, history):
        row = propose(history, amount_minor=100)
        history.fact(FactKind.PENALTY_WAIVED)
        assert self.refused(approval(row), CHECKER) == "LEDGER_WAIVER_ABOVE_OWED"
        row.refresh_from_db()
        assert row.status == "pending"


class TestOnePerson:
    """The command itself refuses, so that no door can forget to ask."""

    @pytest.mark.parametrize("by", [MAKER, Actor("system:policy", frozenset({"system"})), Actor("user:1")])
    @pytest.mark.parametrize(
        "said",
        [
            *({"kind": kind, "amount_minor": None} for kind in sorted(ALWAYS)),
            {"kind": FactKind.PAYMENT_RECEIVED, "amount_minor": 100, "payment": "goodwill_credit"},
            {"kind": FactKind.PLAN_CHANGED, "amount_minor": None, "change": "restructure", "interest": "forgiven"},
        ],
        ids=lambda said: said["kind"].value,
    )  # fmt: skip
    def test_gives_no_money_away_by_the_command_itself(self, history, said, by):
        before = fingerprint()
        refusal = give(waiver(history, **said), by).refusal
        assert (refusal.code, refusal.field) == ("LEDGER_SECOND_PERSON_NEEDED", "kind")
        assert fingerprint() == before

    def test_charges_off_no_more_than_the_policy_says(self, books):
        seller = seller_with_line()
        most = charge_off_alone_minor("CNY", on=seller.today())
        loans = [seller.borrow(amount_minor) for amount_minor in (most + 100, most)]
        seller.close_through(seller.today() + timedelta(days=60))
        large, small = (
            RecordLoanFact(loan_id=loan_id, line_id=seller.line_id, kind=FactKind.CHARGED_OFF, account_ids=())
            for loan_id in loans
        )
        before = fingerprint()
        assert give(large, MAKER).refusal.code == "LEDGER_SECOND_PERSON_NEEDED"
        assert fingerprint() == before
        assert give(small, MAKER).value()["status"] == "charged_off"
        assert_books_hold()

    def test_gives_nothing_back_that_would_not_be_owed_again(self, history):
        paid = one(
            "SELECT payment_id FROM repayment WHERE loan_id = %s AND reversed_on IS NULL LIMIT 1",
            history.loan_id,
        )
        back = waiver(history, kind=FactKind.PAYMENT_REVERSED, amount_minor=None, of=paid)
        give(back, MAKER, dry_run=True).value()
        history.seller.tell(history.loan_id, FactKind.WRITTEN_OFF, reason="insolvent")
        before = fingerprint()
        assert give(back, MAKER).refusal.code == "LEDGER_SECOND_PERSON_NEEDED"
        assert fingerprint() == before
        row = Proposal.objects.get(id=give(ProposeLoanFact(fact=back), MAKER).value()["proposal_id"])
        assert give(approval(row, account_ids=back.account_ids), CHECKER).value()["status"] == "approved"
        assert_books_hold()

    def test_undoes_no_charge(self, history):
        charge = history.seller.tell(
            history.loan_id, FactKind.CHARGE_ADDED, amount_minor=900, due_on=history.seller.today()
        )
        undoing = waiver(history, kind=FactKind.CHANGE_UNDONE, amount_minor=None, of=charge)
        before = fingerprint()
        assert give(undoing, MAKER).refusal.code == "LEDGER_SECOND_PERSON_NEEDED"
        assert fingerprint() == before
        assert_books_hold()

    def test_has_no_other_command_that_carries_such_a_fact_out(self):
        callers = {
            name
            for name, module in modules().items()
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "carry_out"
        }
        assert callers == {"ledger.commands.record_loan_fact", "ledger.commands.propose_loan_fact"}


class TestAKey:
    def test_that_is_sent_again_is_answered_alike(self, history):
        row = propose(history)
        first = give(approval(row), CHECKER, key="approve-it").value()
        again = give(approval(row), CHECKER, key="approve-it")
        assert (again.replayed, again.value()) == (True, first)
        assert EsEvent.objects.filter(topic="loan.penalty_waived", meta__actor="user:12").count() == 1
        assert_books_hold()


class TestADryRun:
    @pytest.mark.parametrize("what", ["propose", "approve"])
    def test_changes_nothing(self, history, what):
        row = propose(history)
        command = ProposeLoanFact(fact=waiver(history)) if what == "propose" else approval(row)
        before = fingerprint(attempts=True)
        assert give(command, CHECKER, dry_run=True).value()
        assert fingerprint(attempts=True) == before
