"""What a loan book tells, line by line, before anything of it is believed.

Owns: the records read from lines, each with the number of its line, and how they hang together: an entity
with its accounts, its line and its loans, a loan with its facts and balances.
Refuses to know: files and commands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from ledger.domain.loan_controls import ControlBalance
from ledger.domain.loan_record import RecordedFact
from ledger.domain.plans.choices import Batch
from ledger.eventstore.shards import entity_id_for
from lending.domain.told_plan import ToldPlan


@dataclass(frozen=True, kw_only=True)
class ToldAccount:
    """A shop account."""

    number: int
    platform: str
    external_id: str
    role: str
    opened_on: date
    consent_granted_on: date


@dataclass(frozen=True, kw_only=True)
class ToldLine:
    """A credit line."""

    number: int
    limit_minor: int


@dataclass(kw_only=True)
class ToldLoan:
    """A loan; ``broken`` are sentences about lines of its history that cannot be read."""

    number: int
    external_id: str
    platform: str
    account: str
    product_code: str
    term: int
    principal_minor: int
    disbursed_on: date
    batches: tuple[Batch, ...] = ()
    facts: list[tuple[int, RecordedFact]] = field(default_factory=list)
    plans: list[ToldPlan] = field(default_factory=list)
    controls: list[tuple[int, ControlBalance]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def life(self) -> tuple[RecordedFact, ...]:
        """Return the facts in value order, those of one day as they stand in the file."""
        return tuple(fact for _, fact in sorted(self.facts, key=lambda one: one[1].value_date))


@dataclass(kw_only=True)
class ToldEntity:
    """A borrower with everything that is told of it."""

    number: int
    reference: str
    country: str
    currency: str
    accounts: dict[tuple[str, str], ToldAccount] = field(default_factory=dict)
    line: ToldLine | None = None
    loans: list[ToldLoan] = field(default_factory=list)

    @property
    def entity_id(self) -> UUID:
        """Return the identifier that follows from the reference."""
        return entity_id_for(self.reference)
