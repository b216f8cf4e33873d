"""What may still be called of a loan that is paid out in parts, written down again from the rules.

Owns: the rest as it goes by what was called, paid, failed and ended, and why a call is refused.
Refuses to know: what a part does to the plan, which the reference loan says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.reference.facts import Fact
from tests.reference.position import Position
from tests.twice.expecting import RUNNING, UNDER_WAY, refused_in_state


@dataclass
class KnownParts:
    """Amounts in minor units; ``count`` has the first part among those that were paid or are under way."""

    rest: int
    most: int
    until: date
    count: int = 1
    under_way: str = ""
    amount: int = 0

    def called(self, name: str, amount: int) -> None:
        """Know of a part that the bank is asked for."""
        self.rest, self.count, self.under_way, self.amount = self.rest - amount, self.count + 1, name, amount

    def answered(self, *, is_paid: bool) -> None:
        """Know what the bank said; the last part that there may be ends the rest when it is paid."""
        if not is_paid:
            self.rest, self.count = self.rest + self.amount, self.count - 1
        elif self.count >= self.most:
            self.rest = 0
        self.under_way, self.amount = "", 0

    def after(self, fact: Fact) -> None:
        """End the rest with a decision that ends it."""
        if fact.what == "accelerated" or (fact.what == "plan_changed" and fact["change"] == "restructure"):
            self.rest = 0

    def on(self, today: date, position: Position) -> None:
        """End the rest with its time, or with the loan."""
        if today > self.until or position.status not in RUNNING:
            self.rest = 0


def refusal_of_call(parts: KnownParts | None, position: Position, amount: int) -> str | None:
    """Return why the loan refuses a call; the line and other loans of the borrower may refuse it besides."""
    rest = parts.rest if parts else 0
    if position.status in RUNNING:
        if position.status == "overdue":
            return "LEDGER_LOAN_OVERDUE"
    elif position.status == "not_disbursed":
        return "LEDGER_LOAN_ALREADY_CANCELLED"
    else:
        return refused_in_state(position.status, "call_part")
    if parts is not None and parts.under_way:
        return UNDER_WAY
    if not rest:
        return "LEDGER_NOTHING_TO_CALL"
    return None if 1 <= amount <= rest else "LEDGER_PART_ABOVE_REST"
