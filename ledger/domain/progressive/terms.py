"""What the parties agreed, before anything happened.

Owns: the terms of a progressive schedule, their bounds, and the rows they lead to.
Refuses to know: payments and every other dated fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ledger.domain.progressive.conventions import Conventions, InterestMethod
from ledger.domain.progressive.payment_rules import DEFAULT_KIND, PaymentRules
from ledger.kernel.frequencies import Frequency
from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind


class ProgressiveTermsImpossible(Refusal):
    """The terms of a progressive schedule contradict each other or are outside their bounds."""

    code = "LEDGER_PROGRESSIVE_TERMS_IMPOSSIBLE"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class ProgressiveTerms:
    """The terms of one schedule; rates in units of 1e-8, amounts in minor units.

    ``due_dates`` are the planned ends of rows, the first row beginning on ``start``.
    Refuses ProgressiveTermsImpossible.
    """

    start: date
    due_dates: tuple[date, ...]
    frequency: Frequency
    rate_e8: int
    conventions: Conventions = field(default_factory=Conventions)
    multiple_minor: int = 1
    down_payment_e8: int = 0
    rules: Mapping[str, PaymentRules] = field(default_factory=lambda: {DEFAULT_KIND: PaymentRules()})

    def __post_init__(self) -> None:
        for name, is_possible, message in self._bounds():
            if not is_possible:
                raise ProgressiveTermsImpossible(message, field=name)

    def rules_for(self, kind: str) -> PaymentRules:
        """Return the rules by which a kind of payment is shared out."""
        return self.rules.get(kind, self.rules[DEFAULT_KIND])

    def _bounds(self) -> Iterator[tuple[str, bool, str]]:
        rising = all(earlier < later for earlier, later in pairwise((self.start, *self.due_dates)))
        rounds = self.conventions.equalisation_rounds
        yield "count", bool(self.due_dates), "A schedule has at least one row."
        yield "due_dates", rising, "Due dates rise and lie after the start."
        yield "annual_rate", self.rate_e8 >= 0, "A rate is not negative."
        yield "multiple", self.multiple_minor >= 1, "A multiple is at least one minor unit."
        yield "down_payment_share", 0 <= self.down_payment_e8 < RATE_UNIT, "A down payment is a part."
        yield "equalisation_rounds", 0 <= rounds <= 3, "There are 0 to 3 rounds."
        yield "allocation", DEFAULT_KIND in self.rules, "There are rules for every other kind of payment."
        is_flat = self.conventions.method is InterestMethod.FLAT
        yield (
            "recalculation",
            not (is_flat and self.conventions.recalculates),
            ("Flat interest follows what was lent, so payments do not change it."),
        )
