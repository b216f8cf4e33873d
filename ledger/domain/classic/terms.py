"""What the parties agreed on a classic schedule.

Owns: the terms, their bounds, and the grace of first rows. Refuses to know: the arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ledger.domain.progressive.conventions import InterestMethod
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.refusals import Refusal, RefusalKind


class ClassicTermsImpossible(Refusal):
    """The terms of a classic schedule contradict each other or are outside their bounds."""

    code = "LEDGER_CLASSIC_TERMS_IMPOSSIBLE"
    kind = RefusalKind.INVALID


class Amortisation(StrEnum):
    """What is equal from row to row."""

    EQUAL_INSTALMENT = "equal_instalment"
    EQUAL_PRINCIPAL = "equal_principal"


@dataclass(frozen=True, kw_only=True)
class ClassicTerms:
    """The terms of one classic schedule; ``schedule`` has dates, rate, conventions and multiple.

    ``grace_principal`` and ``grace_interest`` are first rows that pay no principal, and no interest (which is
    due with the first row after them); ``interest_free`` rows are charged none. Refuses ClassicTermsImpossible.
    """

    schedule: ProgressiveTerms
    principal_minor: int
    amortisation: Amortisation = Amortisation.EQUAL_INSTALMENT
    instalment_minor: int | None = None
    grace_principal: int = 0
    grace_interest: int = 0
    interest_free: int = 0

    def __post_init__(self) -> None:
        for name, is_possible, message in self._bounds():
            if not is_possible:
                raise ClassicTermsImpossible(message, field=name)

    @property
    def is_flat(self) -> bool:
        """Say whether interest follows what was lent instead of what is owed."""
        return self.schedule.conventions.method is InterestMethod.FLAT

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.schedule.due_dates)

    def _bounds(self) -> Iterator[tuple[str, bool, str]]:
        level = self.amortisation is Amortisation.EQUAL_INSTALMENT
        given = self.instalment_minor
        yield "principal", self.principal_minor >= 1, "There is at least one minor unit of principal."
        yield (
            "instalment",
            given is None or (given >= 1 and level),
            "A given instalment is equal and positive.",
        )
        yield (
            "recalculation",
            not self.schedule.conventions.recalculates,
            "A classic schedule stays as it is.",
        )
        yield (
            "down_payment_share",
            self.schedule.down_payment_e8 == 0,
            "A classic schedule has no down payment.",
        )
        for name in ("grace_principal", "grace_interest", "interest_free"):
            yield name, 0 <= getattr(self, name) < self.rows, "At least one row comes after the grace period."
