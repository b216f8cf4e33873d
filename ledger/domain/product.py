"""A product: its versions in their order, until it is retired.

Owns: that versions follow each other in number and date, that the past is not changed, and that nothing
follows a retirement.
Refuses to know: the clock, loans, and whether terms make sense (``policies.product_check``).
"""

from __future__ import annotations

from datetime import date

from ledger.domain.product_events import (
    PRODUCT_EVENTS,
    ProductFundingAgreed,
    ProductRetired,
    ProductState,
    ProductVersionSaved,
)
from ledger.kernel.aggregate import Aggregate, aggregate_stream, event_of
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.policies.funding import Funding
from ledger.policies.product_terms import ProductTerms


class ProductNeverSaved(Refusal):
    """The product has no version of its own yet."""

    code = "LEDGER_PRODUCT_NEVER_SAVED"
    kind = RefusalKind.NOT_FOUND


class ProductAlreadySaved(Refusal):
    """A shipped version is taken over before any other is saved."""

    code = "LEDGER_PRODUCT_ALREADY_SAVED"


class ProductIsRetired(Refusal):
    """The product was retired; a new product takes a new code."""

    code = "LEDGER_PRODUCT_RETIRED"


class ProductVersionTooEarly(Refusal):
    """A version takes effect today or later, and not before the version it follows."""

    code = "LEDGER_PRODUCT_VERSION_TOO_EARLY"
    kind = RefusalKind.INVALID


@aggregate_stream("product")
class Product(Aggregate[ProductState]):
    """One product, in the states and by the commands of ``product_matrix``."""

    State = ProductState

    def save_version(self, *, effective_date: date, terms: ProductTerms) -> None:
        """Add a version. Refuses ProductIsRetired, ProductVersionTooEarly."""
        self._require_offered()
        latest = self.state.latest_effective_from
        earliest = effective_date if latest is None else max(effective_date, latest)
        if terms.effective_from < earliest:
            raise ProductVersionTooEarly(
                f"The version takes effect on {earliest} at the earliest.",
                field="effective_from",
                earliest=earliest.isoformat(),
            )
        self.trigger(ProductVersionSaved, effective_date=effective_date, terms=terms)

    def adopt(self, *, effective_date: date, terms: ProductTerms) -> None:
        """Take a shipped version over as it is, with its own date.

        Refuses ProductAlreadySaved, ProductIsRetired.
        """
        self._require_offered()
        if self.state.code:
            raise ProductAlreadySaved("The product has versions of its own.", field="code")
        self.trigger(ProductVersionSaved, effective_date=effective_date, terms=terms)

    def agree_funding(self, *, effective_date: date, code: str, latest_version: int, funding: Funding) -> int:
        """Name who funds loans from the next version on, and return its number; shipped ones count as well.

        Loans that exist keep their funders, since they are on earlier versions. Refuses ProductIsRetired.
        """
        self._require_offered()
        from_version = max(latest_version, self.state.latest_version) + 1
        self.trigger(
            ProductFundingAgreed,
            effective_date=effective_date,
            code=code,
            from_version=from_version,
            funding=funding,
        )
        return from_version

    def retire(self, *, effective_date: date, reason: str) -> None:
        """End the offer. Refuses ProductNeverSaved, ProductIsRetired."""
        if not self.state.code:
            raise ProductNeverSaved("There is no version of such a product.", field="code")
        self._require_offered()
        self.trigger(ProductRetired, effective_date=effective_date, code=self.state.code, reason=reason)

    def _require_offered(self) -> None:
        if self.state.is_retired:
            raise ProductIsRetired("The product was retired.", field="code")


for _topic, _event_class in PRODUCT_EVENTS.items():
    event_of(Product, _topic)(_event_class)
