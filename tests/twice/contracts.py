"""What the shipped products agree on, written down once more in the words of the reference.

A product that is missing here has conventions that the reference does not know: its loans live on beside the
others and keep the laws of the world, but are not compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.reference.terms import PlanTerms, RevolvingTerms, Terms

USUAL, PRIME_PLUS = Fraction(144, 1000), None
BOTH = ("shorten_term", "reduce_instalment")


@dataclass(frozen=True)
class Contract:
    """One product: ``rate`` is None where each loan has its own; ``modes`` are those of a prepayment."""

    method: str
    rate: Fraction | None
    modes: tuple[str, ...]
    whole_steps: bool = False
    by_repaid_principal: bool = False
    is_plain_about_arrears: bool = True


CONTRACTS = {
    "instalment-monthly": Contract("equal_instalment", USUAL, BOTH, whole_steps=True),
    "equal-principal": Contract("equal_principal", USUAL, ("reduce_instalment", "shorten_term")),
    "interest-only": Contract("interest_only", Fraction(138, 1000), ("reduce_instalment",)),
    "bullet": Contract("bullet", Fraction(126, 1000), ("reduce_instalment",)),
    "revolving-daily": Contract("draws", USUAL, BOTH),
    "revolving-settled": Contract("draws", Fraction(150, 1000), BOTH, by_repaid_principal=True),
    "prime-instalment": Contract(
        "equal_instalment", PRIME_PLUS, ("shorten_term",), whole_steps=True, is_plain_about_arrears=False
    ),
}
for _code in ("instalment-monthly", "equal-principal", "bullet"):
    CONTRACTS[f"{_code}-in-parts"] = CONTRACTS[_code]


def terms_of(code: str, *, principal: int, term: int, rate: Fraction) -> Terms:
    """Return the terms of one loan; ``rate`` is what it was signed at."""
    agreed = CONTRACTS[code]
    assert agreed.rate in (None, rate), f"{code} is charged at {rate}"
    contract: PlanTerms | RevolvingTerms = PlanTerms(agreed.method, term, rate, agreed.whole_steps)
    if agreed.method == "draws":
        contract = RevolvingTerms(term, rate, agreed.by_repaid_principal)
    return Terms(
        contract,
        agreed=principal,
        grace_is_plain=not agreed.is_plain_about_arrears,
        compound="penalty_rate" if agreed.is_plain_about_arrears else "contract_until_maturity",
        early_mode="shorten" if agreed.modes[0] == "shorten_term" else "reduce",
    )
