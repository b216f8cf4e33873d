"""Money for a loan that has left the books."""

from __future__ import annotations

from ledger.domain.servicing import facts as kinds
from tests.unit.ledger.domain.servicing.builders import Story, loan, plan, used


class TestMoneyRecovered:
    def test_beyond_what_is_due_is_the_payers_while_rows_are_to_come(self):
        story = Story(loan(plan())).tell(kinds.ChargedOff, "2024-03-19")
        story.tell(kinds.Recovered, "2024-03-20", amount_minor=1_000, id="money")
        position = story.on("2024-03-20")
        assert used(position, "money").recovered_minor == 0
        assert (position.overpaid_minor, position.books.recovery_income) == (1_000, 0)
