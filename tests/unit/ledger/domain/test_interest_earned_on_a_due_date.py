"""Interest paid in advance for days that a smaller balance does not bear: the loan wakes on the day it is earned."""

from __future__ import annotations

from ledger.domain.loan_recording import recording_of
from ledger.domain.loan_state import LoanState
from ledger.domain.servicing.facts import Instruction, PaymentKind
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan


class TestARowWithMoreInterestPaidThanItBears:
    def repaid(self):
        # All interest and a part of the principal in advance, then most of the rest a day before the due date.
        story = Story(loan(bullet())).paid("2024-04-02", 109_600, instruction=Instruction.NEXT)
        return story.paid("2024-04-03", 600_000, payment=PaymentKind.EARLY, instruction=Instruction.REDUCE)

    def test_wakes_the_loan_on_its_due_date(self):
        standing = recording_of(self.repaid().on("2024-04-03"), LoanState()).standing
        assert standing.wakes_on == day("2024-04-04")

    def test_earns_it_on_that_day_and_not_before(self):
        before, after = self.repaid().on("2024-04-03"), self.repaid().on("2024-04-04")
        assert before.books.interest_receivable < after.books.interest_receivable == 0
