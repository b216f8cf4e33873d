"""The versions of one plan: each names the version it replaces, the change that made it and its day.

Owns: the record of a version, what moved the principal besides rows, and going back to the version before.
Refuses to know: how a change plans its rows. A version never alters; going back makes another version
with the rows of the earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ledger.domain.plans.building import build_plan
from ledger.domain.plans.rows import PlanRow
from ledger.domain.plans.terms import PlanTerms
from ledger.kernel.refusals import Refusal, RefusalKind


class NoChangeToUndo(Refusal):
    """The plan is as it was agreed, or every change has been undone."""

    code = "LEDGER_NO_CHANGE_TO_UNDO"
    kind = RefusalKind.INVALID


class ChangeInForce(Refusal):
    """A row that only the later version has fell due, so the earlier one cannot come back."""

    code = "LEDGER_CHANGE_IN_FORCE"
    kind = RefusalKind.INVALID


class ChangeKind(StrEnum):
    """What made a version."""

    AGREED = "agreed"
    DISBURSE = "disburse"
    DEFER = "defer"
    EXTEND = "extend"
    INTEREST_ONLY = "interest_only"
    SKIP = "skip"
    RATE_CHANGE = "rate_change"
    PAUSE = "pause"
    CAPITALISE = "capitalise"
    FORGIVE = "forgive"
    ACCELERATE = "accelerate"
    RE_AGE = "re_age"
    RE_AMORTISE = "re_amortise"
    UNDO = "undo"


@dataclass(frozen=True, kw_only=True)
class ChangedRow(PlanRow):
    """A row of a later version.

    ``carried_interest_minor`` was earned before the row and is part of its interest; ``fee_minor`` was due
    before and is part of its total.
    """

    carried_interest_minor: int = 0
    fee_minor: int = 0

    @property
    def total_minor(self) -> int:
        """Return what falls due with the row, carried fees included."""
        return self.principal_minor + self.interest_minor + self.fee_minor


@dataclass(frozen=True)
class Movement:
    """Principal that came without a row: money paid out, or interest that became principal."""

    on: date
    principal_minor: int


@dataclass(frozen=True, kw_only=True)
class PlanVersion:
    """One version. ``terms`` hold from the row at index ``first_row`` on: grace and batches begin there.

    ``restores`` is the version whose rows came back with an undo.
    """

    number: int = 1
    kind: ChangeKind = ChangeKind.AGREED
    on: date
    terms: PlanTerms
    rows: tuple[PlanRow, ...]
    first_row: int = 0
    movements: tuple[Movement, ...]
    replaces: PlanVersion | None = None
    restores: PlanVersion | None = None

    @property
    def principal_minor(self) -> int:
        """Return all principal that was lent or became principal outside rows."""
        return sum(movement.principal_minor for movement in self.movements)

    @property
    def maturity(self) -> date:
        """Return the due date of the last row."""
        return self.rows[-1].period.due_on

    @property
    def agreed(self) -> PlanVersion:
        """Return the first version."""
        return self if self.replaces is None else self.replaces.agreed


def agreed_version(terms: PlanTerms) -> PlanVersion:
    """Return the first version of a plan. Refuses what building a plan refuses."""
    rows = build_plan(terms).rows
    skipped = 1 if terms.down_payment_minor else 0
    return PlanVersion(
        on=terms.start,
        terms=terms,
        rows=rows,
        first_row=skipped,
        movements=(Movement(terms.start, terms.principal_minor),),
    )


def undo(version: PlanVersion, *, on: date) -> PlanVersion:
    """Return a version with everything as it was before the last change.

    Refuses NoChangeToUndo, ChangeInForce.
    """
    undone = version.restores or version
    earlier = undone.replaces
    if earlier is None:
        raise NoChangeToUndo("There is no change to go back on.", field="kind")
    if on < version.on or any(undone.on < row.period.due_on <= on for row in undone.rows):
        raise ChangeInForce(
            "A change is undone before a row falls due under it.", field="on", since=undone.on.isoformat()
        )
    return replace(
        earlier,
        number=version.number + 1,
        kind=ChangeKind.UNDO,
        on=on,
        replaces=version,
        restores=earlier.restores or earlier,
    )
