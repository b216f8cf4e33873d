"""What is owed by a day, each part of it."""

from __future__ import annotations

from ledger.domain.allocation import Buckets
from ledger.domain.loan_questions import owed_on
from ledger.domain.servicing import facts as kinds
from tests.unit.ledger.domain.servicing.builders import Story, bullet, day, loan

DUE, LATER = "2024-04-04", "2024-04-29"


class TestWhatIsOwed:
    def test_is_every_charge_unpaid_and_all_that_25_days_cost(self):
        story = Story(loan(bullet()))
        story.tell(kinds.ChargeAdded, "2024-03-20", due_on=day(DUE), amount_minor=3_000).paid(DUE, 1_000)
        # 8,000.00 and 96.00 of interest at 21.6% for 25 days over 360 cost 120.00 and 1.44.
        assert owed_on(story.on(LATER)) == Buckets(
            fee_minor=2_000,
            penalty_minor=12_000,
            compound_minor=144,
            interest_minor=9_600,
            principal_minor=800_000,
        )
