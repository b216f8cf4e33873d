"""Why a balance is what it is: postings and accruals that sum to it exactly."""

from __future__ import annotations

import pytest

from ledger.explanations import COMPONENTS, explanation
from ledger.models import JournalLine, Loan
from tests.builders.books import assert_books_hold


def explained(history, component):
    return explanation(loan=Loan.objects.get(id=history.loan_id), component=component)


class TestAnExplanation:
    def test_of_every_component_sums_to_its_balance(self, history):
        found = {name: explained(history, name) for name in COMPONENTS}
        assert {name: one.total_minor for name, one in found.items()} == {
            name: one.balance_minor for name, one in found.items()
        }
        assert found["principal"].balance_minor == Loan.objects.get(id=history.loan_id).outstanding_minor
        assert sum(1 for one in found.values() if one.balance_minor) >= 6
        assert_books_hold()

    @pytest.mark.parametrize(
        "component", ["principal", "interest_receivable", "penalty_income", "fee_receivable"]
    )
    def test_names_only_postings_that_stand_in_the_journal(self, history, component):
        found = explained(history, component)
        sign = 1 if found.side == "debit" else -1
        for posting in found.postings:
            lines = JournalLine.objects.filter(
                posting_date=posting.posting_date, shard=posting.shard, pos=posting.pos, account=found.account
            )
            posted = sum(line.amount_minor if line.side == "D" else -line.amount_minor for line in lines)
            assert sign * posted == posting.amount_minor
        in_journal = JournalLine.objects.filter(loan_id=history.loan_id, account=found.account)
        assert {(line.shard, line.pos) for line in in_journal} == {
            (one.shard, one.pos) for one in found.postings
        }

    def test_says_who_caused_a_posting_and_why(self, history):
        waived = [
            one for one in explained(history, "penalty_receivable").postings if one.kind == "penalty_waived"
        ]
        assert len(waived) == 1
        assert (waived[0].actor, waived[0].command, waived[0].reason) == (
            "user:approver",
            "approve_proposal",
            "agreed",
        )
        assert waived[0].key
        assert waived[0].value_date == waived[0].posting_date
        assert waived[0].amount_minor == -100

    def test_gathers_the_closes_of_days_by_month(self, history):
        accrued = explained(history, "interest_income").accruals
        assert [(one.month.month, one.kind) for one in accrued] == [
            (1, "interest"),
            (2, "interest"),
            (3, "interest"),
        ]
        assert accrued[0].days == 30  # 2 to 31 January
        assert all(one.amount_minor > 0 for one in accrued)

    def test_whose_sum_is_wrong_would_show(self, history, monkeypatch):
        from ledger import explanations

        monkeypatch.setattr(explanations, "_accruals", lambda *_: [])
        found = explained(history, "interest_income")
        assert found.total_minor != found.balance_minor
