"""A loan that is paid out in parts: what was agreed, what is under way, and what may still be called.

Owns: the record of it and the rules by which a part is called. What is under way and what is still to call is
what the credit line holds for the loan once its first part was paid.
Refuses to know: the line, the bank, what a part does to the plan, and in which state a loan takes which
command (``loan_chart``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from ledger.domain.loan_record import FactKind, RecordedFact
from ledger.domain.servicing.facts import ChangeKind
from ledger.kernel.refusals import Refusal, RefusalKind

# The fact that records the first payout has this name in every loan.
FIRST: Final = "payout"


class PaidInOneSum(Refusal):
    """The loan was agreed to be paid out in one sum, or nothing of it is left to call."""

    code = "LEDGER_NOTHING_TO_CALL"


class PartAboveRest(Refusal):
    """A part is a positive amount and no more than is left to call."""

    code = "LEDGER_PART_ABOVE_REST"
    kind = RefusalKind.INVALID


class PartUnderWay(Refusal):
    """The bank has not answered about a part; what would change its ground waits for the answer."""

    code = "LEDGER_PART_UNDER_WAY"


class PartNotUnderWay(Refusal):
    """No such part is with the bank; each is answered once."""

    code = "LEDGER_PART_NOT_UNDER_WAY"


class AvailabilityEnded(Refusal):
    """The days in which the rest could be called are over."""

    code = "LEDGER_AVAILABILITY_ENDED"


class RestEnds(StrEnum):
    """Why nothing more of a loan can be called."""

    GIVEN_UP = "given_up"
    LAPSED = "lapsed"
    PARTS_USED_UP = "parts_used_up"
    CALLED_IN = "called_in"
    RESTRUCTURED = "restructured"
    LOAN_ENDED = "loan_ended"


_ENDING: Final = {FactKind.ACCELERATED: RestEnds.CALLED_IN, FactKind.PLAN_CHANGED: RestEnds.RESTRUCTURED}
# What waits for the bank's answer: decisions of the lender that a part would arrive on top of.
WAITING: Final = frozenset(
    {
        FactKind.PLAN_CHANGED,
        FactKind.CHANGE_UNDONE,
        FactKind.ACCELERATED,
        FactKind.CHARGED_OFF,
        FactKind.WRITTEN_OFF,
        FactKind.SETTLED_AT_DISCOUNT,
        FactKind.SOLD,
    }
)


@dataclass(frozen=True, kw_only=True)
class LoanParts:
    """Amounts in minor units. ``called`` counts parts that were paid or are under way, the first included.

    ``available_until`` is the last day on which the rest may be called.
    """

    first_minor: int
    parts_max: int
    available_until: date
    rest_minor: int
    called: int = 1
    under_way: str = ""
    under_way_minor: int = 0

    @property
    def held_minor(self) -> int:
        """Return what the line holds for the loan beyond its first part."""
        return self.rest_minor + self.under_way_minor

    def with_called(self, part_id: str, amount_minor: int) -> LoanParts:
        """Return the parts with one more under way."""
        return replace(
            self,
            rest_minor=self.rest_minor - amount_minor,
            called=self.called + 1,
            under_way=part_id,
            under_way_minor=amount_minor,
        )

    def with_paid(self) -> LoanParts:
        """Return the parts after the bank paid the one under way."""
        return replace(self, under_way="", under_way_minor=0)

    def with_failed(self) -> LoanParts:
        """Return the parts as they were before the one under way was called."""
        rest = self.rest_minor + self.under_way_minor
        return replace(self, rest_minor=rest, called=self.called - 1, under_way="", under_way_minor=0)

    def without_rest(self) -> LoanParts:
        """Return the parts with nothing left to call."""
        return replace(self, rest_minor=0)


def rest_ends(
    parts: LoanParts | None, *, on: date, is_running: bool, fact: RecordedFact | None = None
) -> RestEnds | None:
    """Return why the rest ends on a day, after a fact if there was one; None while it can be called.

    A deferral leaves the rest; a restructuring is another contract. What is under way is not part of the rest.
    """
    if parts is None or not parts.rest_minor:
        return None
    if not is_running:
        return RestEnds.LOAN_ENDED
    if (
        fact is not None
        and fact.kind in _ENDING
        and fact.details.get("change") in (None, ChangeKind.RESTRUCTURE)
    ):
        return _ENDING[fact.kind]
    if on > parts.available_until:
        return RestEnds.LAPSED
    is_used_up = parts.called >= parts.parts_max and not parts.under_way
    return RestEnds.PARTS_USED_UP if is_used_up else None


def require_rest(parts: LoanParts | None) -> LoanParts:
    """Return the parts of a loan with something left to call. Refuses PaidInOneSum."""
    if parts is None or not parts.rest_minor:
        raise PaidInOneSum("Nothing of this loan is left to call.")
    return parts


def require_callable(parts: LoanParts | None, *, amount_minor: int, on: date) -> None:
    """Refuse PartUnderWay, PaidInOneSum, AvailabilityEnded, PartAboveRest."""
    if parts is not None and parts.under_way:
        raise PartUnderWay("The bank has not answered about the part before.", part=parts.under_way)
    known = require_rest(parts)
    if on > known.available_until:
        raise AvailabilityEnded(
            "The rest could be called until an earlier day.",
            available_until=known.available_until.isoformat(),
        )
    # An exact type test: True and 1.0 compare as numbers but are not amounts.
    if type(amount_minor) is not int or not 1 <= amount_minor <= known.rest_minor:
        raise PartAboveRest(
            "A part is at least one minor unit and no more than the rest.",
            field="amount",
            rest_minor=known.rest_minor,
        )


def require_under_way(parts: LoanParts | None, *, part_id: str) -> LoanParts:
    """Return the parts of a loan whose named part is with the bank. Refuses PartNotUnderWay."""
    if parts is None or parts.under_way != part_id:
        raise PartNotUnderWay("No such part is with the bank.", field="part_id")
    return parts


def require_answered(parts: LoanParts | None, *, kind: FactKind) -> None:
    """Refuse PartUnderWay for a decision that a part under way would arrive on top of."""
    if kind in WAITING and parts is not None and parts.under_way:
        raise PartUnderWay("The bank has not answered about a part.", part=parts.under_way)
