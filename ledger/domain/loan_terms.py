"""The terms one loan was agreed on, frozen at the request.

Owns: the facts a loan needs for the whole of its life, so that a later product version or another
catalogue never changes it.
Refuses to know: the catalogue, its dates, and who may borrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol, Self

from ledger.domain.penalty import penalty_rate_e8

EQUAL_INSTALMENT: Final = "equal_instalment"
REVOLVING_DAILY: Final = "revolving_daily"


class ProductOffer(Protocol):
    """What a product must state before a loan can be agreed on it."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def method(self) -> str: ...
    @property
    def annual_rate_e8(self) -> int: ...
    @property
    def day_base(self) -> int: ...
    @property
    def penalty_uplift_e8(self) -> int: ...
    @property
    def rate_ceiling_e8(self) -> int: ...
    @property
    def compound(self) -> bool: ...
    @property
    def grace_days(self) -> int: ...
    @property
    def early_fee_e8(self) -> int: ...
    @property
    def allocation_order(self) -> tuple[str, ...]: ...
    @property
    def principal_first_after_dpd(self) -> int: ...
    @property
    def prepayment_mode(self) -> str: ...


@dataclass(frozen=True)
class LoanTerms:
    """``term`` counts months for equal instalments and days for a revolving draw."""

    product_code: str
    product_version: int
    currency: str
    method: str
    term: int
    annual_rate_e8: int
    day_base: int
    penalty_rate_e8: int
    compound: bool
    grace_days: int
    early_fee_e8: int
    allocation_order: tuple[str, ...]
    principal_first_after_dpd: int
    prepayment_mode: str

    @property
    def is_revolving(self) -> bool:
        """Say whether interest is charged by the day on what is outstanding, with one due date."""
        return self.method == REVOLVING_DAILY

    @classmethod
    def agreed(cls, *, product: ProductOffer, currency: str, term: int) -> Self:
        """Freeze what a product offers into the terms of one loan."""
        return cls(
            product_code=product.code,
            product_version=product.version,
            currency=currency,
            method=product.method,
            term=term,
            annual_rate_e8=product.annual_rate_e8,
            day_base=product.day_base,
            penalty_rate_e8=penalty_rate_e8(
                contract_rate_e8=product.annual_rate_e8,
                uplift_e8=product.penalty_uplift_e8,
                ceiling_e8=product.rate_ceiling_e8,
            ),
            compound=product.compound,
            grace_days=product.grace_days,
            early_fee_e8=product.early_fee_e8,
            allocation_order=product.allocation_order,
            principal_first_after_dpd=product.principal_first_after_dpd,
            prepayment_mode=product.prepayment_mode,
        )
