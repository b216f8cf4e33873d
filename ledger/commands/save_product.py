"""Save a version of a product, or retire the product.

Owns: the two use cases; the number of a version follows the shipped and saved ones before it.
Refuses to know: single parameters and what they lead to, which are refused before anything is saved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final
from uuid import UUID

import msgspec

from ledger.domain.contract.payout_terms import PayoutTerms
from ledger.domain.product import Product
from ledger.eventstore.commands import Command, fingerprint_of, handles
from ledger.eventstore.shards import product_id_for
from ledger.eventstore.unit_of_work import UnitOfWork
from ledger.policies.product_catalogue import CATALOGUE
from ledger.policies.product_check import check_product
from ledger.policies.product_terms import ProductTerms

RATE_DIGITS: Final = 8


@dataclass(frozen=True, kw_only=True)
class SaveProductVersion(Command):
    """Save the next version of a product; the number in ``terms`` is given by the books."""

    name: ClassVar[str] = "save_product_version"

    terms: ProductTerms

    def fingerprint(self) -> str:
        """Return the digest; terms without parts keep the one they had before a product could have any."""
        terms = msgspec.to_builtins(self.terms)
        if self.terms.payout == PayoutTerms():
            del terms["payout"]
        return fingerprint_of(self.name, {"terms": terms})

    def home(self) -> UUID:
        """Return the product's identifier."""
        return product_id_for(self.terms.code)


@handles(SaveProductVersion)
def save_product_version(command: SaveProductVersion, work: UnitOfWork) -> dict[str, Any]:
    """Refuses ProductTermsInvalid, ProductIsRetired, ProductVersionTooEarly."""
    product = _found(work, command.home())
    number = max([product.state.latest_version, *_shipped(command.terms.code)]) + 1
    terms = replace(command.terms, version=number)
    product.save_version(effective_date=work.effective_date, terms=terms)
    dearest = check_product(terms)
    return {
        "code": terms.code,
        "version": number,
        "effective_from": terms.effective_from.isoformat(),
        "annual_rate_max": f"{dearest.annual_rate:.{RATE_DIGITS}f}",
        "term_of_max": dearest.term,
    }


@dataclass(frozen=True, kw_only=True)
class RetireProduct(Command):
    """End the offer of a product from the business date on."""

    name: ClassVar[str] = "retire_product"

    code: str
    reason: str

    def home(self) -> UUID:
        """Return the product's identifier."""
        return product_id_for(self.code)


@handles(RetireProduct)
def retire_product(command: RetireProduct, work: UnitOfWork) -> dict[str, Any]:
    """Refuses ProductNeverSaved, ProductIsRetired."""
    product = _found(work, command.home())
    shipped = _shipped(command.code)
    if not product.state.code and shipped:
        product.adopt(effective_date=work.effective_date, terms=shipped[max(shipped)])
    product.retire(effective_date=work.effective_date, reason=command.reason)
    return {"code": command.code, "retired_from": work.effective_date.isoformat()}


def _found(work: UnitOfWork, product_id: UUID) -> Product:
    product = work.find(Product, product_id)
    if product is None:
        product = Product.blank(product_id)
        work.add(product)
    return product


def _shipped(code: str) -> dict[int, ProductTerms]:
    return {terms.version: terms for terms in CATALOGUE if terms.code == code}
