"""Agree who funds the loans of a product from its next version on.

Owns: the use case. Refuses to know: what an agreement must be like (``policies.funding``) and what is reported by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from ledger.domain.product import Product
from ledger.eventstore.commands import Command, handles
from ledger.eventstore.shards import product_id_for
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.policies.funding import FunderShare, Funding
from ledger.policies.product_catalogue import CATALOGUE


@dataclass(frozen=True, kw_only=True)
class AgreeFunding(Command):
    """Name the funders of a product and their shares (scaled by 10^8) from its next version on."""

    name: ClassVar[str] = "agree_funding"

    code: str
    shares: tuple[FunderShare, ...]

    def home(self) -> UUID:
        """Return the product's identifier."""
        return product_id_for(self.code)


@handles(AgreeFunding)
def agree_funding(command: AgreeFunding, work: UnitOfWork) -> dict[str, Any]:
    """Refuses FundingInvalid, ProductIsRetired."""
    funding = Funding(command.shares)
    product = work.find(Product, command.home())
    if product is None:
        product = Product.blank(command.home())
        work.add(product)
    shipped = [terms.version for terms in CATALOGUE if terms.code == command.code]
    from_version = product.agree_funding(
        effective_date=work.effective_date,
        code=command.code,
        latest_version=max(shipped, default=0),
        funding=funding,
    )
    return {"code": command.code, "from_version": from_version}
