"""The ways a credit line says no.

Owns: one named refusal per rule of ``credit_line``, with a code that never changes.
Refuses to know: the state that leads to a refusal, and how a refusal reaches the caller.
"""

from __future__ import annotations

from ledger.kernel.refusals import Refusal, RefusalKind


class LineNotOpen(Refusal):
    """There is no line yet under this id."""

    code = "LENDING_LINE_NOT_OPEN"


class LineAlreadyOpen(Refusal):
    """A line is opened once."""

    code = "LENDING_LINE_ALREADY_OPEN"


class LineIsClosed(Refusal):
    """A closed line takes no further command."""

    code = "LENDING_LINE_CLOSED"


class LineInUse(Refusal):
    """A line with drawn or reserved money stays open."""

    code = "LENDING_LINE_IN_USE"


class LineIsFrozen(Refusal):
    """New draws are stopped for now."""

    code = "LENDING_LINE_FROZEN"


class LineNotFrozen(Refusal):
    """Only a frozen line can be thawed."""

    code = "LENDING_LINE_NOT_FROZEN"


class EntityIsBlacklisted(Refusal):
    """The borrowing entity is blacklisted, with all its accounts."""

    code = "LENDING_ENTITY_BLACKLISTED"
    kind = RefusalKind.FORBIDDEN


class LimitExceeded(Refusal):
    """The draw is larger than what is left of the limit."""

    code = "LENDING_LIMIT_EXCEEDED"


class LimitUnchanged(Refusal):
    """The new limit is the present limit."""

    code = "LENDING_LIMIT_UNCHANGED"


class LineAmountInvalid(Refusal):
    """An amount on a line is a positive whole number of minor units."""

    code = "LENDING_LINE_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class LoanAlreadyReserved(Refusal):
    """Each loan reserves once."""

    code = "LENDING_LOAN_ALREADY_RESERVED"


class ReservationUnknown(Refusal):
    """There is no open reservation for this loan."""

    code = "LENDING_RESERVATION_UNKNOWN"


class ReservationExceeded(Refusal):
    """No more of a reservation is used than there is."""

    code = "LENDING_RESERVATION_EXCEEDED"


class RestoreExceedsDrawn(Refusal):
    """More principal came back than was drawn."""

    code = "LENDING_RESTORE_EXCEEDS_DRAWN"
