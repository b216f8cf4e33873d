"""One settlement account of a borrowing entity: money that waits to repay or to be withdrawn.

Owns: the rule that no more leaves than is available, where available = balance - reserved.
Refuses to know: which loan is paid first, and whether a channel reference was seen before; that is
guarded once for all accounts, by the command that records it.
The aggregate's id is the account's id, the one that linked accounts carry.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from ledger.domain import settlement_account_events as events
from ledger.domain.settlement_account_events import MoneyMoved, SettlementState
from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.currencies import scale_of
from ledger.kernel.refusals import Refusal, RefusalKind


class SettlementNotOpen(Refusal):
    """There is no settlement account yet under this id."""

    code = "LEDGER_SETTLEMENT_NOT_OPEN"


class SettlementAlreadyOpen(Refusal):
    """A settlement account is opened once."""

    code = "LEDGER_SETTLEMENT_ALREADY_OPEN"


class SettlementAmountInvalid(Refusal):
    """An amount is a positive whole number of minor units."""

    code = "LEDGER_SETTLEMENT_AMOUNT_INVALID"
    kind = RefusalKind.INVALID


class FundsNotAvailable(Refusal):
    """The account holds less than this, after what is reserved."""

    code = "LEDGER_FUNDS_NOT_AVAILABLE"


class ReceiptValueDateInFuture(Refusal):
    """Money that arrived counts from the open business date on, or from an earlier day."""

    code = "LEDGER_RECEIPT_VALUE_DATE_IN_FUTURE"
    kind = RefusalKind.INVALID


class HoldAlreadyPlaced(Refusal):
    """A purpose holds one part of the balance at a time."""

    code = "LEDGER_HOLD_ALREADY_PLACED"


class HoldUnknown(Refusal):
    """Nothing is held for this purpose."""

    code = "LEDGER_HOLD_UNKNOWN"


class WithdrawalUnknown(Refusal):
    """No withdrawal of this account waits for the bank under this reference."""

    code = "LEDGER_WITHDRAWAL_UNKNOWN"


class WithdrawalAlreadyRequested(Refusal):
    """A withdrawal under this reference waits for the bank already."""

    code = "LEDGER_WITHDRAWAL_ALREADY_REQUESTED"


class OwnAccountDeducted(Refusal):
    """A deduction is for another account's loan; an own loan is paid by a debit and gives back by a credit."""

    code = "LEDGER_OWN_ACCOUNT_DEDUCTED"
    kind = RefusalKind.INVALID


@aggregate_stream("settlement")
class SettlementAccount(Aggregate[SettlementState]):
    """Balance, holds and the movements between them; written with each payment."""

    State = SettlementState
    hot = True

    @property
    def available_minor(self) -> int:
        """Return what may leave the account."""
        return self.state.balance_minor - self.state.reserved_minor

    def open(self, *, entity_id: UUID, currency: str, effective_date: date) -> None:
        """Open the account, empty. Refusals: SettlementAlreadyOpen, CurrencyUnknown."""
        if self.state.status:
            raise SettlementAlreadyOpen("this settlement account is already open")
        scale_of(currency)
        self.trigger(
            events.SettlementOpened,
            effective_date=effective_date,
            entity_id=entity_id,
            account_id=self.id,
            currency=currency,
        )

    def receive(
        self,
        *,
        amount_minor: int,
        channel: str,
        reference: str,
        effective_date: date,
        value_date: date | None = None,
    ) -> None:
        """Take in money from outside; it counts from ``value_date`` on, or else from the open date.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, ReceiptValueDateInFuture.
        """
        self._check_amount(amount_minor)
        counts_from = effective_date if value_date is None else value_date
        if counts_from > effective_date:
            raise ReceiptValueDateInFuture(
                "money that has arrived counts from today on, or from an earlier day",
                field="value_date",
                open_date=effective_date.isoformat(),
            )
        self._move(
            events.SettlementReceived,
            amount_minor,
            effective_date,
            channel=channel,
            reference=reference,
            value_date=counts_from,
        )

    def return_receipt(
        self, *, amount_minor: int, channel: str, reference: str, of_reference: str, effective_date: date
    ) -> None:
        """Give money back to the channel that brought it under ``of_reference``.

        What the money has paid by now is taken back first, by whoever gives the command.
        Refusals: SettlementNotOpen, SettlementAmountInvalid, FundsNotAvailable.
        """
        self._check_available(amount_minor)
        self._move(
            events.SettlementReceiptReturned,
            amount_minor,
            effective_date,
            channel=channel,
            reference=reference,
            of_reference=of_reference,
        )

    def debit(self, *, amount_minor: int, loan_id: UUID, reason: str, effective_date: date) -> None:
        """Pay a loan of this account.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, FundsNotAvailable.
        """
        self._check_available(amount_minor)
        self._move(events.SettlementDebited, amount_minor, effective_date, loan_id=loan_id, reason=reason)

    def deduct(
        self, *, amount_minor: int, loan_id: UUID, loan_account_id: UUID, reason: str, effective_date: date
    ) -> None:
        """Pay a loan of a linked account.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, FundsNotAvailable, OwnAccountDeducted.
        """
        self._check_available(amount_minor)
        self._check_linked(loan_account_id)
        self._move(
            events.SettlementDeducted,
            amount_minor,
            effective_date,
            loan_id=loan_id,
            loan_account_id=loan_account_id,
            reason=reason,
        )

    def credit(self, *, amount_minor: int, loan_id: UUID, reason: str, effective_date: date) -> None:
        """Take money back from a loan of this account: a payment was reversed, or too much was paid.

        Refusals: SettlementNotOpen, SettlementAmountInvalid.
        """
        self._check_amount(amount_minor)
        self._move(events.SettlementCredited, amount_minor, effective_date, loan_id=loan_id, reason=reason)

    def return_deduction(
        self, *, amount_minor: int, loan_id: UUID, loan_account_id: UUID, reason: str, effective_date: date
    ) -> None:
        """Take money back from a loan of a linked account, which the loan's event credits first.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, OwnAccountDeducted.
        """
        self._check_amount(amount_minor)
        self._check_linked(loan_account_id)
        self._move(
            events.SettlementDeductionReturned,
            amount_minor,
            effective_date,
            loan_id=loan_id,
            loan_account_id=loan_account_id,
            reason=reason,
        )

    def request_withdrawal(self, *, amount_minor: int, reference: str, effective_date: date) -> None:
        """Hold what is to be paid out to the entity, until the bank has answered to ``reference``.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, WithdrawalAlreadyRequested, FundsNotAvailable.
        """
        self._check_amount(amount_minor)
        if reference in self.state.withdrawals:
            raise WithdrawalAlreadyRequested("this withdrawal waits for the bank already", field="reference")
        self._check_available(amount_minor)
        self._move(events.SettlementWithdrawalRequested, amount_minor, effective_date, reference=reference)

    def confirm_withdrawal(self, *, reference: str, bank_reference: str, effective_date: date) -> None:
        """Take what the bank has paid out. Refusals: SettlementNotOpen, WithdrawalUnknown."""
        self._move(
            events.SettlementWithdrawn,
            self._waiting_minor(reference),
            effective_date,
            reference=reference,
            bank_reference=bank_reference,
        )

    def fail_withdrawal(self, *, reference: str, reason: str, effective_date: date) -> None:
        """Make available again what the bank did not pay out. Refusals: SettlementNotOpen, WithdrawalUnknown."""
        self._move(
            events.SettlementWithdrawalFailed,
            self._waiting_minor(reference),
            effective_date,
            reference=reference,
            reason=reason,
        )

    def reserve(self, *, amount_minor: int, purpose: str, effective_date: date) -> None:
        """Keep part of the balance for a purpose.

        Refusals: SettlementNotOpen, SettlementAmountInvalid, HoldAlreadyPlaced, FundsNotAvailable.
        """
        self._check_amount(amount_minor)
        if purpose in self.state.holds:
            raise HoldAlreadyPlaced("this purpose already holds part of the balance", field="purpose")
        self._check_available(amount_minor)
        self._move(events.SettlementReserved, amount_minor, effective_date, purpose=purpose)

    def release(self, *, purpose: str, effective_date: date) -> None:
        """End a hold. Refusals: SettlementNotOpen, HoldUnknown."""
        self._check_open()
        if purpose not in self.state.holds:
            raise HoldUnknown("nothing is held for this purpose", field="purpose")
        self._move(events.SettlementReleased, self.state.holds[purpose], effective_date, purpose=purpose)

    def _move(
        self, event_class: type[MoneyMoved], amount_minor: int, effective_date: date, **payload: Any
    ) -> None:
        self.trigger(
            event_class,
            effective_date=effective_date,
            entity_id=self.state.entity_id,
            account_id=self.id,
            currency=self.state.currency,
            amount_minor=amount_minor,
            **payload,
        )

    def _waiting_minor(self, reference: str) -> int:
        self._check_open()
        if reference not in self.state.withdrawals:
            raise WithdrawalUnknown(
                "no withdrawal waits for the bank under this reference", field="reference"
            )
        return self.state.withdrawals[reference]

    def _check_open(self) -> None:
        if not self.state.status:
            raise SettlementNotOpen("there is no settlement account yet")

    def _check_amount(self, amount_minor: int) -> None:
        self._check_open()
        # An exact type test: True and 1.0 compare as numbers but are not amounts.
        if type(amount_minor) is not int or amount_minor <= 0:
            raise SettlementAmountInvalid(
                "an amount is a positive whole number of minor units", field="amount_minor"
            )

    def _check_linked(self, loan_account_id: UUID) -> None:
        if loan_account_id == self.id:
            raise OwnAccountDeducted("the loan belongs to this account", field="loan_account_id")

    def _check_available(self, amount_minor: int) -> None:
        self._check_amount(amount_minor)
        if amount_minor > self.available_minor:
            raise FundsNotAvailable(
                "the account holds less than this, after what is reserved",
                field="amount_minor",
                available_minor=self.available_minor,
                requested_minor=amount_minor,
                currency=self.state.currency,
            )


for _event in (
    events.SettlementOpened,
    events.SettlementReceived,
    events.SettlementReceiptReturned,
    events.SettlementDebited,
    events.SettlementDeducted,
    events.SettlementCredited,
    events.SettlementDeductionReturned,
    events.SettlementWithdrawalRequested,
    events.SettlementWithdrawn,
    events.SettlementWithdrawalFailed,
    events.SettlementReserved,
    events.SettlementReleased,
):
    event_of(SettlementAccount, _event.TOPIC)(_event)
