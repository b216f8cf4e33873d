"""What a reversed payment does to the line and to the accounts, written by the processor and rebuilt.

Method: a command of this file takes each step back in the same commit, because no loan takes part in it; so
the books hold afterwards, and every event on the way has been stored, posted and projected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import connection

from ledger.domain.settlement_account import SettlementAccount
from ledger.eventstore import commands
from ledger.eventstore.commands import Command
from lending.domain.credit_line import CreditLine
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, seller_with_line
from tests.builders.world_laws import assert_laws_hold


@dataclass(frozen=True, kw_only=True)
class ThereAndBack(Command):
    """Owe principal again and repay it; take money out for loans and give it back."""

    name: ClassVar[str] = "probe_there_and_back"

    line_id: UUID
    account_id: UUID
    linked_id: UUID
    loan_id: UUID
    amount_minor: int

    def home(self) -> UUID:
        return self.line_id

    def hot(self) -> tuple[UUID, ...]:
        return (self.line_id, self.account_id)


def there_and_back(command, work):
    line, account = (
        work.load(CreditLine, command.line_id),
        work.load(SettlementAccount, command.account_id),
    )
    moved = {
        "loan_id": command.loan_id,
        "amount_minor": command.amount_minor,
        "effective_date": work.effective_date,
    }
    line.owe_again(**moved)
    line.restore_limit(**moved)
    account.debit(reason="probe", **moved)
    account.credit(reason="probe", **moved)
    account.deduct(loan_account_id=command.linked_id, reason="probe", **moved)
    account.return_deduction(loan_account_id=command.linked_id, reason="probe", **moved)
    return {}


@pytest.fixture
def lent(books, monkeypatch):
    monkeypatch.setitem(commands.HANDLERS, ThereAndBack, there_and_back)
    seller = seller_with_line()
    loan_id = seller.borrow(600_000)
    seller.receive(50_000_000).value()
    return seller, loan_id


class TestMoneyThatComesBack:
    @pytest.mark.parametrize("above_minor", [-100, 0, 100])
    def test_is_posted_and_projected_up_to_the_limit_and_above_it(self, lent, above_minor):
        seller, loan_id = lent
        limit = one("SELECT limit_minor FROM credit_line")
        amount = limit - 600_000 + above_minor
        give(
            ThereAndBack(
                line_id=seller.line_id,
                account_id=seller.accounts[0],
                linked_id=seller.accounts[1],
                loan_id=loan_id,
                amount_minor=amount,
            )
        ).value()
        uncommitted = min(amount, limit - 600_000)
        expected = {
            "line.drawn_again": [("9001", "C", uncommitted), ("9099", "D", uncommitted)],
            "line.restored": [("9001", "D", uncommitted), ("9099", "C", uncommitted)],
            "settlement.deducted": [("2101", "C", amount), ("2101", "D", amount)],
            "settlement.deduction_returned": [("2101", "C", amount), ("2101", "D", amount)],
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT e.topic, l.account, l.side, l.amount_minor FROM journal_entry e"
                " JOIN journal_line l USING (posting_date, shard, pos)"
                " WHERE e.topic = ANY (%s) ORDER BY 1, 2, 3",
                [list(expected)],
            )
            found = cursor.fetchall()
        assert found == [(topic, *line) for topic in sorted(expected) for line in expected[topic]]
        assert_laws_hold()
        assert_books_hold()
