"""Facts that cannot be told.

Owns: the refusal of amounts and days that no schedule has room for. Refuses to know: terms by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ledger.domain.progressive.facts import (
    Charge,
    Disbursement,
    Fact,
    Pause,
    Payment,
    RateChange,
)
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.refusals import Refusal, RefusalKind


class ProgressiveFactImpossible(Refusal):
    """A dated fact has an amount or a day that the schedule has no room for."""

    code = "LEDGER_PROGRESSIVE_FACT_IMPOSSIBLE"
    kind = RefusalKind.INVALID


def check_facts(terms: ProgressiveTerms, facts: Sequence[Fact]) -> None:
    """Refuse the first fact, in their order, that cannot be. Refuses ProgressiveFactImpossible."""
    for fact, field, is_possible, message in (*_of_single_facts(terms, facts), *_of_pauses(facts)):
        if not is_possible:
            raise ProgressiveFactImpossible(message, field=field, on=fact.on.isoformat())


def _of_single_facts(terms: ProgressiveTerms, facts: Sequence[Fact]) -> Iterator[tuple[Fact, str, bool, str]]:
    maturity = terms.due_dates[-1]
    for fact in facts:
        match fact:
            case Disbursement():
                within = terms.start <= fact.on <= maturity
                yield fact, "disbursements", within, "Money is lent between the start and the last due date."
                yield fact, "disbursements", fact.amount_minor > 0, "An amount is greater than zero."
            case RateChange():
                yield fact, "rate_changes", fact.on <= maturity, "A rate changes before the last due date."
                yield fact, "rate_changes", fact.rate_e8 >= 0, "A rate is not negative."
            case Payment():
                yield fact, "payments", terms.start <= fact.on, "A payment comes after the start."
                yield fact, "payments", fact.amount_minor > 0, "An amount is greater than zero."
            case Charge():
                yield fact, "charges", terms.start <= fact.on <= fact.due_on, "A charge is known when due."
                yield fact, "charges", fact.amount_minor > 0, "An amount is greater than zero."
            case Pause():
                yield fact, "pauses", fact.on <= fact.until, "A pause ends after it begins."
            case _:
                yield fact, "re_amortisations", terms.start <= fact.on, "Rows are spread after the start."


def _of_pauses(facts: Sequence[Fact]) -> Iterator[tuple[Fact, str, bool, str]]:
    pauses = [fact for fact in facts if isinstance(fact, Pause)]
    for earlier, later in pairwise(pauses):
        yield later, "pauses", earlier.until < later.on, "Pauses do not overlap."
