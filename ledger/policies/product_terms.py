"""Products: what can be borrowed, at which price and under which rules, by version and date.

Owns: the parameters of each product version, their soundness, and the catalogue in force on a date.
Refuses to know: any borrower, any loan, and how the parameters are turned into amounts. A loan keeps
the version it was drawn on. Amount bounds are in minor units of the currency the lender books in.
Sources: PBoC Yinfa [2003] 251 for the uplift; the rate ceiling is the lender's comprehensive cost cap.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.kernel.rates import RATE_UNIT
from ledger.kernel.refusals import Refusal, RefusalKind

METHODS: Final = ("equal_instalment", "revolving_daily")
PREPAYMENT_MODES: Final = ("shorten_term", "reduce_instalment")
DAY_BASES: Final = (360, 365)
BUCKETS: Final = ("fee", "penalty", "compound", "interest", "principal")
TERM_MAX: Final = {"equal_instalment": 60, "revolving_daily": 366}


class ProductUnknown(Refusal):
    """No version of such a product is in force on the date."""

    code = "LEDGER_PRODUCT_UNKNOWN"
    kind = RefusalKind.NOT_FOUND


class ProductTermsInvalid(Refusal):
    """A product parameter contradicts the rules or another parameter."""

    code = "LEDGER_PRODUCT_TERMS_INVALID"
    kind = RefusalKind.INVALID


class TermNotOffered(Refusal):
    """The product is not offered for this term."""

    code = "LEDGER_TERM_NOT_OFFERED"
    kind = RefusalKind.INVALID


class AmountOutsideProduct(Refusal):
    """The amount is below the product's minimum or above its maximum."""

    code = "LEDGER_AMOUNT_OUTSIDE_PRODUCT"
    kind = RefusalKind.INVALID


@dataclass(frozen=True, kw_only=True)
class ProductTerms:
    """One version of a product. ``terms_offered`` counts months for instalments, days for revolving.

    Days past due are calendar days since the oldest unpaid due date; the grace days do not stop them.
    """

    code: str
    version: int
    effective_from: date
    method: str
    annual_rate_e8: int
    day_base: int
    terms_offered: tuple[int, ...]
    amount_minor_min: int
    amount_minor_max: int
    penalty_uplift_e8: int = RATE_UNIT // 2
    rate_ceiling_e8: int = 24 * RATE_UNIT // 100
    compound: bool = True
    grace_days: int = 3
    early_fee_e8: int = 0
    allocation_order: tuple[str, ...] = BUCKETS
    principal_first_after_dpd: int = 90
    prepayment_mode: str = "shorten_term"

    def __post_init__(self) -> None:
        for field, is_sound in self._soundness():
            if not is_sound:
                raise ProductTermsInvalid(
                    f"The product's {field} is not sound.", field=field, product=self.code
                )

    def require_term(self, term: int) -> None:
        """Refuse a term the product is not offered for."""
        if term not in self.terms_offered:
            raise TermNotOffered(
                "The product is not offered for this term.", field="term", offered=list(self.terms_offered)
            )

    def require_amount(self, amount_minor: int) -> None:
        """Refuse an amount outside the product's bounds."""
        if not self.amount_minor_min <= amount_minor <= self.amount_minor_max:
            raise AmountOutsideProduct(
                "The amount is outside what the product allows.",
                field="amount",
                minimum_minor=self.amount_minor_min,
                maximum_minor=self.amount_minor_max,
            )

    def _soundness(self) -> Iterable[tuple[str, bool]]:
        yield "code", bool(self.code)
        yield "version", self.version >= 1
        yield "method", self.method in METHODS
        yield "annual_rate_e8", 0 <= self.annual_rate_e8 <= self.rate_ceiling_e8
        yield "day_base", self.day_base in DAY_BASES
        longest = TERM_MAX.get(self.method, 0)
        yield "terms_offered", bool(self.terms_offered) and all(1 <= t <= longest for t in self.terms_offered)
        yield "amount_minor_min", 1 <= self.amount_minor_min <= self.amount_minor_max
        yield "penalty_uplift_e8", 0 <= self.penalty_uplift_e8 <= RATE_UNIT
        yield "grace_days", 0 <= self.grace_days <= 30
        # A revolving draw may be repaid on any day; a fee for that would contradict the method.
        fee_max = 0 if self.method == "revolving_daily" else RATE_UNIT // 10
        yield "early_fee_e8", 0 <= self.early_fee_e8 <= fee_max
        yield "allocation_order", sorted(self.allocation_order) == sorted(BUCKETS)
        yield "principal_first_after_dpd", self.principal_first_after_dpd >= 0
        yield "prepayment_mode", self.prepayment_mode in PREPAYMENT_MODES


CATALOGUE: Final[tuple[ProductTerms, ...]] = (
    ProductTerms(
        code="instalment-monthly",
        version=1,
        effective_from=date(2016, 1, 1),
        method="equal_instalment",
        annual_rate_e8=14_400_000,
        day_base=360,
        terms_offered=(3, 6, 12),
        amount_minor_min=100_000,
        amount_minor_max=100_000_000,
    ),
    ProductTerms(
        code="revolving-daily",
        version=1,
        effective_from=date(2016, 1, 1),
        method="revolving_daily",
        annual_rate_e8=14_400_000,
        day_base=360,
        terms_offered=(30, 60, 90),
        amount_minor_min=10_000,
        amount_minor_max=50_000_000,
    ),
)


def product_in_force(code: str, *, on: date, catalogue: Iterable[ProductTerms] = CATALOGUE) -> ProductTerms:
    """Return the latest version of a product in force on a date. Refuses ProductUnknown."""
    versions = [terms for terms in catalogue if terms.code == code and terms.effective_from <= on]
    if not versions:
        raise ProductUnknown("There is no such product on this date.", field="product_code", product=code)
    return max(versions, key=lambda terms: (terms.effective_from, terms.version))
