"""The events a loan's life consists of.

Owns: the payload of each event and how it changes the loan's state, by copying and adding only.
Refuses to know: why a fact was accepted, and how figures are derived; both are asked once, before the event,
never on replay.
Each event names the entity, line, settlement account, product and currency, so that its journal entry and
its read models need nothing but the event.
"""

from __future__ import annotations

from datetime import date
from types import new_class
from typing import Any, Final
from uuid import UUID

from ledger.domain.accrual import Accrual
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.loan_growth import grown, merged
from ledger.domain.loan_parts import LoanParts, RestEnds
from ledger.domain.loan_record import FactKind, RecordedFact, RecordedPayment, RecordedRow, Standing
from ledger.domain.loan_state import LoanState, LoanStatus
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.servicing.differing import Adjustment, adjusted
from ledger.kernel.aggregate import DomainEvent


class LoanEvent(DomainEvent):
    """What every event of a loan carries."""

    entity_id: UUID
    line_id: UUID
    account_id: UUID
    product_code: str
    currency: str

    def apply(self, state: LoanState) -> None:
        """Change the state, then move its date forward."""
        self.change(state)
        state.as_of = self.effective_date

    def change(self, state: LoanState) -> None:
        """Change the state to what it is after this event."""
        raise NotImplementedError(type(self).__name__)


class LoanRequested(LoanEvent):
    """A draw on a line was accepted and waits for the bank."""

    principal_minor: int
    terms: LoanTerms

    def change(self, state: LoanState) -> None:
        state.status = LoanStatus.REQUESTED
        state.entity_id, state.line_id, state.account_id = self.entity_id, self.line_id, self.account_id
        state.principal_minor, state.terms = self.principal_minor, self.terms


class LoanConventionsAgreed(LoanEvent):
    """The draw was accepted on conventions beyond its core terms; it follows the request at once."""

    conventions: LoanConventions

    def change(self, state: LoanState) -> None:
        state.conventions = self.conventions


class LoanPartsAgreed(LoanEvent):
    """The draw was accepted to be paid out in parts; it follows the request at once."""

    first_minor: int
    rest_minor: int
    parts_max: int
    available_until: date

    def change(self, state: LoanState) -> None:
        state.parts = LoanParts(
            first_minor=self.first_minor,
            parts_max=self.parts_max,
            available_until=self.available_until,
            rest_minor=self.rest_minor,
        )


class LoanRestMoved(LoanEvent):
    """What may still be called, or is under way, is another amount; what is owed is not."""

    amount_minor: int

    def _abreast(self, state: LoanState) -> LoanParts:
        """Return the parts; the balances are kept abreast of the date, which moves on with every event."""
        on = self.effective_date
        state.books = grown(state.books, state.accruals, since=state.as_of or on, until=on)
        assert state.parts is not None
        return state.parts


class LoanPartCalled(LoanRestMoved):
    """The borrower called a further part; the bank is asked to pay it."""

    part_id: str

    def change(self, state: LoanState) -> None:
        state.parts = self._abreast(state).with_called(self.part_id, self.amount_minor)


class LoanPartFailed(LoanRestMoved):
    """The bank did not pay a part; it can be called again."""

    part_id: str
    reason: str

    def change(self, state: LoanState) -> None:
        state.parts = self._abreast(state).with_failed()


class LoanRestEnded(LoanRestMoved):
    """Nothing more of the loan can be called."""

    cause: RestEnds

    def change(self, state: LoanState) -> None:
        state.parts = self._abreast(state).without_rest()


class LoanDisbursementFailed(LoanEvent):
    """The bank did not pay; the loan never came into being."""

    principal_minor: int
    reason: str

    def change(self, state: LoanState) -> None:
        state.status, state.parts = LoanStatus.CANCELLED, None


class LoanMoved(LoanEvent):
    """The loan stands otherwise than it did: by a fact, or by the passing of time.

    ``adjustments`` are what is posted on the effective date. Rows and payments are those that changed;
    ``accruals`` are posted by day closes from the effective date on, in place of those whose keys ended.
    ``no_longer_overdue`` names rows that turn out to have been paid in time.
    """

    status: LoanStatus
    adjustments: tuple[Adjustment, ...]
    rows: tuple[RecordedRow, ...]
    rows_gone: tuple[str, ...]
    payments: tuple[RecordedPayment, ...]
    payments_gone: tuple[str, ...]
    accruals: tuple[Accrual, ...]
    accruals_ended: tuple[str, ...]
    became_overdue: tuple[str, ...]
    no_longer_overdue: tuple[str, ...]
    standing: Standing

    def change(self, state: LoanState) -> None:
        on = self.effective_date
        shown = grown(state.books, state.accruals, since=state.as_of or on, until=on)
        state.books = adjusted(shown, self.adjustments)
        state.accruals = merged(state.accruals, self.accruals, self.accruals_ended, on=on)
        state.status, state.standing = self.status, self.standing
        for name in self.rows_gone:
            del state.rows[name]
        state.rows.update((row.name, row) for row in self.rows)
        for key in self.payments_gone:
            del state.payments[key]
        state.payments.update((payment.id, payment.as_use().told) for payment in self.payments)


class LoanFactRecorded(LoanMoved):
    """Something happened to the loan; it counts from ``value_date`` on, whenever it became known.

    ``amount_minor`` is the fact's amount, of a sale its price, 0 where it has none.
    """

    fact: RecordedFact
    value_date: date
    amount_minor: int

    def change(self, state: LoanState) -> None:
        state.facts.append((self.originator_version, self.fact))
        if self.fact.kind is FactKind.DISBURSED and state.disbursed_on is None:
            state.disbursed_on, state.bank_reference = self.value_date, self.fact.reason
        if state.parts is not None and state.parts.under_way == self.fact.id:
            state.parts = state.parts.with_paid()
        super().change(state)


class LoanAged(LoanMoved):
    """Time has passed: an instalment is overdue, a penalty begins, interest is no longer income."""


class LoanTakenOver(LoanMoved):
    """The loan was lived in other books until now: where its facts, which were recorded just before, have led.

    ``origin`` is its name there and ``content`` the digest of what was told of it. ``became_overdue`` is
    empty: whoever was owed notice of arrears in those books had it from there.
    """

    origin: str
    content: str


def _event_of_kind(kind: FactKind) -> type[LoanFactRecorded]:
    """Return the event of one kind of fact: each kind has a topic of its own, and all have one shape."""
    name = "Loan" + "".join(word.capitalize() for word in kind.value.split("_"))
    members = {"__doc__": LoanFactRecorded.__doc__, "__module__": __name__, "__qualname__": name}
    return new_class(name, (LoanFactRecorded,), exec_body=lambda namespace: namespace.update(members))


FACT_EVENTS: Final[dict[FactKind, type[LoanFactRecorded]]] = {kind: _event_of_kind(kind) for kind in FactKind}
FACT_TOPICS: Final = tuple(f"loan.{kind}" for kind in FactKind)
# Every topic under which a loan may stand otherwise than before.
MOVING_TOPICS: Final = (*FACT_TOPICS, "loan.aged", "loan.taken_over")

# An event that has been decided and not yet recorded: its class and what it says beyond LoanEvent.
Draft = tuple[type[LoanEvent], dict[str, Any]]

LOAN_EVENTS: dict[str, type[LoanEvent]] = {
    "loan.requested": LoanRequested,
    "loan.conventions_agreed": LoanConventionsAgreed,
    "loan.parts_agreed": LoanPartsAgreed,
    "loan.part_called": LoanPartCalled,
    "loan.part_failed": LoanPartFailed,
    "loan.rest_ended": LoanRestEnded,
    "loan.disbursement_failed": LoanDisbursementFailed,
    "loan.aged": LoanAged,
    "loan.taken_over": LoanTakenOver,
    **dict(zip(FACT_TOPICS, FACT_EVENTS.values(), strict=True)),
}
