"""The facts a product's life consists of, and the state they fold into.

Owns: the payload of each event. Refuses to know: whether the terms are sound; they were checked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ledger.kernel.aggregate import DomainEvent
from ledger.policies.funding import Funding
from ledger.policies.product_terms import ProductTerms


@dataclass
class ProductState:
    """What is true of a product: its latest saved version, and whether it is offered no more."""

    code: str = ""
    latest_version: int = 0
    latest_effective_from: date | None = None
    is_retired: bool = False


class ProductVersionSaved(DomainEvent):
    """A version was saved; it is never changed and takes effect from a day of its own."""

    class_version: ClassVar[int] = 2

    terms: ProductTerms

    def apply(self, state: ProductState) -> None:
        state.code = self.terms.code
        state.latest_version = self.terms.version
        state.latest_effective_from = self.terms.effective_from

    @staticmethod
    def upcast_v1_v2(payload: dict[str, Any]) -> None:
        """Say what every version was before there were parts: paid out in one sum."""
        payload["terms"]["payout"] = {"parts_max": 1, "availability_days": 0}


class ProductRetired(DomainEvent):
    """From the effective date on nobody can draw on the product; loans on it run on."""

    code: str
    reason: str

    def apply(self, state: ProductState) -> None:
        state.is_retired = True


class ProductFundingAgreed(DomainEvent):
    """Loans drawn on this version and later ones are funded by these parties, until another agreement."""

    code: str
    from_version: int
    funding: Funding

    def apply(self, state: ProductState) -> None:
        """Leave the state as it is: no rule of a product depends on who funds it."""


PRODUCT_EVENTS: dict[str, type[DomainEvent]] = {
    "product.version_saved": ProductVersionSaved,
    "product.retired": ProductRetired,
    "product.funding_agreed": ProductFundingAgreed,
}
