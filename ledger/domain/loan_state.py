"""The state of one loan: its terms, its dated facts, and what its latest event wrote down.

Owns: what events fold into. The facts are what is true; rows, payments, accruals and balances are what was
found when the latest event happened, and are compared with what is derived next.
Refuses to know: how a position is derived, and the journal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from ledger.domain.accrual import Accrual
from ledger.domain.contract.conventions import LoanConventions
from ledger.domain.contract.serving import servicing_terms_of
from ledger.domain.loan_parts import LoanParts
from ledger.domain.loan_record import RecordedFact, RecordedRow, Standing
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.servicing.books import Books
from ledger.domain.servicing.facts import Fact
from ledger.domain.servicing.terms import ServicingTerms


class LoanStatus(StrEnum):
    """Where a loan stands in its life."""

    ABSENT = "absent"
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    ACTIVE = "active"
    OVERDUE = "overdue"
    SETTLED = "settled"
    OVERPAID = "overpaid"
    CHARGED_OFF = "charged_off"
    WRITTEN_OFF = "written_off"
    SETTLED_AT_DISCOUNT = "settled_at_discount"
    SOLD = "sold"


@dataclass
class LoanState:
    """What is true of a loan after its latest event; ``as_of`` is that event's effective date.

    ``payments`` has of each payment the digest of how it is used (``UseOfMoney.told``).
    """

    schema_version: ClassVar[int] = 2

    status: LoanStatus = LoanStatus.ABSENT
    as_of: date | None = None
    entity_id: UUID | None = None
    line_id: UUID | None = None
    account_id: UUID | None = None
    terms: LoanTerms | None = None
    conventions: LoanConventions | None = None
    parts: LoanParts | None = None
    principal_minor: int = 0
    bank_reference: str = ""
    disbursed_on: date | None = None
    facts: list[tuple[int, RecordedFact]] = field(default_factory=list)
    rows: dict[str, RecordedRow] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)
    accruals: tuple[Accrual, ...] = ()
    books: Books = field(default_factory=Books)
    standing: Standing = field(default_factory=Standing)

    @property
    def contract(self) -> LoanTerms:
        """Return the terms of a loan that has been requested."""
        if self.terms is None:
            raise LookupError("the loan has not been requested")
        return self.terms

    @property
    def servicing_terms(self) -> ServicingTerms:
        """Return the terms by which a loan that was paid out is served."""
        return servicing_terms_of(
            self.contract,
            self.conventions,
            principal_minor=self.principal_minor,
            start=self.disbursed_on or date.min,
        )

    @property
    def dated_facts(self) -> list[Fact]:
        """Return the facts as they are replayed; each is read from its record once."""
        read: list[Fact] = self.__dict__.setdefault("_read_facts", [])
        read.extend(fact.as_fact(sequence=sequence) for sequence, fact in self.facts[len(read) :])
        return list(read)

    def fact(self, fact_id: str) -> RecordedFact | None:
        """Return a fact by its identifier."""
        return next((fact for _, fact in self.facts if fact.id == fact_id), None)

    def copy(self) -> LoanState:
        """Return an independent state."""
        twin = replace(self, facts=list(self.facts), rows=dict(self.rows), payments=dict(self.payments))
        twin.__dict__["_read_facts"] = self.dated_facts
        return twin
