"""The revolving credit line of one borrowing entity: limit = reserved + drawn + available.

Owns: the rule that reserved and drawn together never pass the limit, except after a cut of the limit or
when repaid principal is owed again. Refuses to know: prices, schedules and repayments; it sees a loan as
an id and an amount. Freezing and blacklisting stop new draws only: money on its way is still booked,
repaid money still restores, and what is owed again is drawn again, even on a closed line. A loan that is
paid out in parts holds its reservation until the last part is paid or the rest ends.
A draw is checked in this order: open, blacklist, freeze, amount, repeated loan, available limit.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.currencies import scale_of
from lending.domain import credit_line_events as events
from lending.domain.credit_line_events import DrawnMoved, LineState, LoanMoved
from lending.domain.credit_line_refusals import (
    EntityIsBlacklisted,
    LimitExceeded,
    LimitUnchanged,
    LineAlreadyOpen,
    LineAmountInvalid,
    LineInUse,
    LineIsClosed,
    LineIsFrozen,
    LineNotFrozen,
    LineNotOpen,
    LoanAlreadyReserved,
    ReservationExceeded,
    ReservationUnknown,
    RestoreExceedsDrawn,
)


@aggregate_stream("line")
class CreditLine(Aggregate[LineState]):
    """One limit shared by every account of the entity; written with each draw and repayment."""

    State = LineState
    hot = True

    @property
    def available_minor(self) -> int:
        """Return what may still be reserved; after a cut below use this is 0, never negative."""
        return max(0, self.state.limit_minor - self.state.reserved_minor - self.state.drawn_minor)

    def open(self, *, entity_id: UUID, currency: str, limit_minor: int, effective_date: date) -> None:
        """Grant the limit. Refusals: LineAlreadyOpen, CurrencyUnknown, LineAmountInvalid."""
        if self.state.status:
            raise LineAlreadyOpen("this credit line is already open")
        scale_of(currency)
        _check_amount(limit_minor, field="limit_minor")
        self.trigger(
            events.LineOpened,
            effective_date=effective_date,
            entity_id=entity_id,
            currency=currency,
            limit_minor=limit_minor,
        )

    def change_limit(self, *, limit_minor: int, reason: str, effective_date: date) -> None:
        """Raise or cut the limit. Refusals: LineNotOpen, LineIsClosed, LineAmountInvalid, LimitUnchanged."""
        self._check_open()
        _check_amount(limit_minor, field="limit_minor", least=0)
        if limit_minor == self.state.limit_minor:
            raise LimitUnchanged("the limit already has this amount", field="limit_minor")
        self.trigger(
            events.LineLimitChanged,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            currency=self.state.currency,
            limit_before_minor=self.state.limit_minor,
            limit_minor=limit_minor,
            commitment_change_minor=self._commitment_change(limit_minor=limit_minor),
            reason=reason,
        )

    def reserve(self, *, loan_id: UUID, amount_minor: int, effective_date: date) -> None:
        """Hold part of the limit for a loan.

        Refusals: LineNotOpen, LineIsClosed, EntityIsBlacklisted, LineIsFrozen, LineAmountInvalid,
        LoanAlreadyReserved, LimitExceeded.
        """
        self._check_open()
        self._check_draws_allowed()
        _check_amount(amount_minor, field="amount_minor")
        if str(loan_id) in self.state.reservations:
            raise LoanAlreadyReserved("this loan already holds part of the limit", field="loan_id")
        self._check_available(amount_minor)
        self._trigger_for_loan(events.LineReserved, loan_id, amount_minor, effective_date)

    def require_part(self, *, loan_id: UUID) -> None:
        """Let a further part of a loan be called, which its reservation covers whatever is available.

        Refusals: LineNotOpen, LineIsClosed, ReservationUnknown, EntityIsBlacklisted, LineIsFrozen.
        """
        self._reserved_for(loan_id)
        self._check_draws_allowed()

    def release(self, *, loan_id: UUID, effective_date: date, amount_minor: int | None = None) -> None:
        """Give a reservation back, or a part of it.

        Refusals: LineNotOpen, LineIsClosed, ReservationUnknown, LineAmountInvalid, ReservationExceeded.
        """
        released = self._of_reservation(loan_id, amount_minor)
        self._trigger_for_loan(events.LineReleased, loan_id, released, effective_date)

    def book(self, *, loan_id: UUID, effective_date: date, amount_minor: int | None = None) -> None:
        """Turn a reservation, or a part of it, into drawn money.

        Refusals: LineNotOpen, LineIsClosed, ReservationUnknown, LineAmountInvalid, ReservationExceeded.
        """
        booked = self._of_reservation(loan_id, amount_minor)
        self._move_drawn(events.LineBooked, loan_id, booked, booked, effective_date)

    def restore_limit(self, *, loan_id: UUID, amount_minor: int, effective_date: date) -> None:
        """Make room for repaid principal.

        Refusals: LineNotOpen, LineIsClosed (when nothing is owed on it), LineAmountInvalid,
        RestoreExceedsDrawn.
        """
        if not self.state.drawn_minor:
            self._check_open()
        _check_amount(amount_minor, field="amount_minor")
        if amount_minor > self.state.drawn_minor:
            raise RestoreExceedsDrawn(
                "more principal came back than was drawn on this line",
                field="amount_minor",
                drawn_minor=self.state.drawn_minor,
            )
        self._move_drawn(events.LineRestored, loan_id, amount_minor, -amount_minor, effective_date)

    def owe_again(self, *, loan_id: UUID, amount_minor: int, effective_date: date) -> None:
        """Count principal of a loan as drawn that is owed again: a payment was taken back, interest capitalised.

        The borrower owes it already, so neither the limit nor the state of the line can refuse it; the line
        may pass its limit. Refusals: LineNotOpen, LineAmountInvalid.
        """
        self._check_opened()
        _check_amount(amount_minor, field="amount_minor")
        self._move_drawn(events.LineDrawnAgain, loan_id, amount_minor, amount_minor, effective_date)

    def freeze(self, *, reason: str, effective_date: date) -> None:
        """Stop new draws. Refusals: LineNotOpen, LineIsClosed, LineIsFrozen."""
        self._check_open()
        if self.state.status == "frozen":
            raise LineIsFrozen("this credit line is already frozen", reason=self.state.blocked_reason)
        self.trigger(
            events.LineFrozen, effective_date=effective_date, entity_id=self.state.entity_id, reason=reason
        )

    def thaw(self, *, effective_date: date) -> None:
        """Allow draws again. Refusals: LineNotOpen, LineIsClosed, LineNotFrozen."""
        self._check_open()
        if self.state.status != "frozen":
            raise LineNotFrozen("this credit line is not frozen")
        self.trigger(events.LineThawed, effective_date=effective_date, entity_id=self.state.entity_id)

    def blacklist(self, *, reason: str, effective_date: date) -> None:
        """Refuse every draw from now on. Refusals: LineNotOpen, LineIsClosed, EntityIsBlacklisted."""
        self._check_open()
        if self.state.blacklisted:
            raise EntityIsBlacklisted("this entity is already blacklisted")
        self.trigger(
            events.LineBlacklisted,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            reason=reason,
        )

    def close(self, *, reason: str, effective_date: date) -> None:
        """End an unused line. Refusals: LineNotOpen, LineIsClosed, LineInUse."""
        self._check_open()
        if self.state.reserved_minor or self.state.drawn_minor:
            raise LineInUse("a line with drawn or reserved money cannot be closed")
        self.trigger(
            events.LineClosed,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            currency=self.state.currency,
            limit_before_minor=self.state.limit_minor,
            reason=reason,
        )

    def _trigger_for_loan(
        self, event_class: type[LoanMoved], loan_id: UUID, amount_minor: int, effective_date: date
    ) -> None:
        self.trigger(
            event_class,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            loan_id=loan_id,
            amount_minor=amount_minor,
        )

    def _move_drawn(
        self,
        event_class: type[DrawnMoved],
        loan_id: UUID,
        amount_minor: int,
        drawn_change_minor: int,
        effective_date: date,
    ) -> None:
        self.trigger(
            event_class,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            loan_id=loan_id,
            amount_minor=amount_minor,
            currency=self.state.currency,
            commitment_change_minor=self._commitment_change(drawn_change_minor=drawn_change_minor),
        )

    def _commitment_change(self, *, limit_minor: int | None = None, drawn_change_minor: int = 0) -> int:
        # Measured from what is booked, not from the limit before: what is drawn above the limit is no
        # commitment below zero, so the first part of a repayment that only leads back to the limit frees none.
        limit = self.state.limit_minor if limit_minor is None else limit_minor
        return max(0, limit - self.state.drawn_minor - drawn_change_minor) - self.state.committed_minor

    def _reserved_for(self, loan_id: UUID) -> int:
        self._check_open()
        if str(loan_id) not in self.state.reservations:
            raise ReservationUnknown("this loan holds no part of the limit", field="loan_id")
        return self.state.reservations[str(loan_id)]

    def _of_reservation(self, loan_id: UUID, amount_minor: int | None) -> int:
        """Return the amount named, or all that is reserved for the loan."""
        reserved = self._reserved_for(loan_id)
        if amount_minor is None:
            return reserved
        _check_amount(amount_minor, field="amount_minor")
        if amount_minor > reserved:
            raise ReservationExceeded(
                "no more is paid out or released than is reserved for the loan",
                field="amount_minor",
                reserved_minor=reserved,
            )
        return amount_minor

    def _check_opened(self) -> None:
        if not self.state.status:
            raise LineNotOpen("there is no credit line yet")

    def _check_open(self) -> None:
        self._check_opened()
        if self.state.status == "closed":
            raise LineIsClosed("this credit line is closed")

    def _check_draws_allowed(self) -> None:
        if self.state.blacklisted:
            raise EntityIsBlacklisted("this entity is blacklisted; none of its accounts may draw")
        if self.state.status == "frozen":
            raise LineIsFrozen("new draws are stopped on this line", reason=self.state.blocked_reason)

    def _check_available(self, amount_minor: int) -> None:
        if amount_minor > self.available_minor:
            raise LimitExceeded(
                "the draw is larger than the available limit",
                field="amount_minor",
                available_minor=self.available_minor,
                requested_minor=amount_minor,
                currency=self.state.currency,
            )


def _check_amount(amount_minor: int, *, field: str, least: int = 1) -> None:
    # An exact type test: True and 1.0 compare as numbers but are not amounts.
    if type(amount_minor) is not int or amount_minor < least:
        raise LineAmountInvalid("an amount is a positive whole number of minor units", field=field)


for _event in (
    events.LineOpened,
    events.LineLimitChanged,
    events.LineReserved,
    events.LineReleased,
    events.LineBooked,
    events.LineRestored,
    events.LineDrawnAgain,
    events.LineFrozen,
    events.LineThawed,
    events.LineBlacklisted,
    events.LineClosed,
):
    event_of(CreditLine, _event.TOPIC)(_event)
