"""The products that ship with the books, and the version in force on a date.

Owns: the shipped versions, how versions that were saved lie over them, and the choice of the one in force.
Refuses to know: where saved versions are kept, and any loan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Final

from ledger.domain.contract.arrears_terms import ArrearsTerms
from ledger.domain.contract.repayment_terms import ContractMethod, RepaymentTerms
from ledger.domain.contract.settling_terms import EarlyTerms
from ledger.domain.overdue_charges import CompoundMode, GraceMode
from ledger.domain.plans.choices import Basis
from ledger.domain.plans.replanning import Replan
from ledger.domain.plans.revolving import Settlement
from ledger.kernel.day_count import DayCount
from ledger.kernel.frequencies import Unit
from ledger.kernel.refusals import Refusal, RefusalKind
from ledger.policies.product_pricing import PricingTerms, RateKind
from ledger.policies.product_terms import OfferTerms, ProductTerms

SINCE: Final = date(2016, 1, 1)
# The first publication of the prime rate.
PRIME_SINCE: Final = date(2019, 8, 20)


class ProductUnknown(Refusal):
    """No version of such a product is in force on the date."""

    code = "LEDGER_PRODUCT_UNKNOWN"
    kind = RefusalKind.NOT_FOUND


class ProductNotOffered(Refusal):
    """The product's offer is over."""

    code = "LEDGER_PRODUCT_NOT_OFFERED"


def _offer(*terms: int, least: int = 100_000, most: int = 100_000_000) -> OfferTerms:
    return OfferTerms(terms=terms, amount_minor_min=least, amount_minor_max=most)


def _at(annual_rate_e8: int) -> PricingTerms:
    return PricingTerms(annual_rate_e8=annual_rate_e8)


CATALOGUE: Final[tuple[ProductTerms, ...]] = (
    ProductTerms(
        code="instalment-monthly",
        version=1,
        effective_from=SINCE,
        title="Equal monthly instalments",
        offer=_offer(3, 6, 12),
        pricing=_at(14_400_000),
        repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT, basis=Basis.PERIODIC),
    ),
    ProductTerms(
        code="revolving-daily",
        version=1,
        effective_from=SINCE,
        title="Revolving draw, interest by the day",
        offer=_offer(30, 60, 90, least=10_000, most=50_000_000),
        pricing=_at(14_400_000),
        repayment=RepaymentTerms(method=ContractMethod.REVOLVING_DAILY),
    ),
    ProductTerms(
        code="instalment-exact",
        version=1,
        effective_from=SINCE,
        title="Equal instalments on the 20th, interest by exact days",
        offer=_offer(3, 6, 12, 24),
        pricing=_at(13_200_000),
        repayment=RepaymentTerms(
            method=ContractMethod.EQUAL_INSTALMENT, day_count=DayCount.ACT_365F, fixed_day=20
        ),
    ),
    ProductTerms(
        code="equal-principal",
        version=1,
        effective_from=SINCE,
        title="Equal principal every month",
        offer=_offer(3, 6, 12),
        pricing=_at(14_400_000),
        repayment=RepaymentTerms(method=ContractMethod.EQUAL_PRINCIPAL),
        early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT, Replan.SHORTEN_TERM)),
    ),
    ProductTerms(
        code="interest-only",
        version=1,
        effective_from=SINCE,
        title="Interest every month, principal at the end",
        offer=_offer(3, 6, 12),
        pricing=_at(13_800_000),
        repayment=RepaymentTerms(method=ContractMethod.INTEREST_ONLY),
        early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,)),
    ),
    ProductTerms(
        code="bullet",
        version=1,
        effective_from=SINCE,
        title="Everything at the end",
        offer=_offer(1, 3, 6),
        pricing=_at(12_600_000),
        repayment=RepaymentTerms(method=ContractMethod.BULLET),
        early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,)),
    ),
    ProductTerms(
        code="flat-fortnightly",
        version=1,
        effective_from=SINCE,
        title="Flat interest, paid every second week",
        offer=_offer(6, 13, 26),
        pricing=_at(7_200_000),
        repayment=RepaymentTerms(method=ContractMethod.FLAT, basis=Basis.PERIODIC, unit=Unit.WEEK, every=2),
        early=EarlyTerms(modes=(Replan.REDUCE_INSTALMENT,)),
    ),
    ProductTerms(
        code="agreed-batches",
        version=1,
        effective_from=SINCE,
        title="Dates and amounts agreed for each draw",
        offer=_offer(2, 3, 4, 5, 6),
        pricing=_at(13_800_000),
        repayment=RepaymentTerms(method=ContractMethod.CUSTOM, batch_gap_days_min=7),
        early=EarlyTerms(modes=()),
    ),
    ProductTerms(
        code="revolving-settled",
        version=1,
        effective_from=SINCE,
        title="Revolving draw, interest with the principal it was earned on",
        offer=_offer(30, 60, 90, least=10_000, most=50_000_000),
        pricing=_at(15_000_000),
        repayment=RepaymentTerms(
            method=ContractMethod.REVOLVING_DAILY, settlement=Settlement.ON_REPAID_PRINCIPAL
        ),
    ),
    ProductTerms(
        code="season-start",
        version=1,
        effective_from=SINCE,
        title="Equal instalments after three months without principal, the first two without interest",
        offer=_offer(4, 6, 9, 12),
        pricing=_at(13_800_000),
        repayment=RepaymentTerms(
            method=ContractMethod.EQUAL_INSTALMENT, grace_principal_rows=3, grace_interest_rows=2
        ),
    ),
    ProductTerms(
        code="prime-instalment",
        version=1,
        effective_from=PRIME_SINCE,
        title="Equal monthly instalments at the prime rate of the day of signing plus 9%",
        offer=_offer(3, 6, 12, 24),
        pricing=PricingTerms(kind=RateKind.PRIME_PLUS_SPREAD, spread_e8=9_000_000),
        repayment=RepaymentTerms(method=ContractMethod.EQUAL_INSTALMENT, basis=Basis.PERIODIC),
        arrears=ArrearsTerms(grace_mode=GraceMode.PLAIN, compound=CompoundMode.CONTRACT_UNTIL_MATURITY),
    ),
)


def overlaid(
    saved: Iterable[ProductTerms], *, shipped: Iterable[ProductTerms] = CATALOGUE
) -> tuple[ProductTerms, ...]:
    """Return all versions; one that was saved stands in place of the shipped one of its number."""
    versions = {(terms.code, terms.version): terms for terms in (*shipped, *saved)}
    return tuple(versions[key] for key in sorted(versions))


def product_in_force(
    code: str,
    *,
    on: date,
    catalogue: Iterable[ProductTerms] = CATALOGUE,
    retired: Mapping[str, date] | None = None,
) -> ProductTerms:
    """Return the latest version of a product in force on a date. Refuses ProductUnknown, ProductNotOffered.

    ``retired`` says from which day a product is not offered any more.
    """
    versions = [terms for terms in catalogue if terms.code == code and terms.effective_from <= on]
    if not versions:
        raise ProductUnknown("There is no such product on this date.", field="product_code", product=code)
    latest = max(versions, key=lambda terms: (terms.effective_from, terms.version))
    is_retired = retired is not None and code in retired and retired[code] <= on
    if is_retired or not latest.is_offered(on):
        raise ProductNotOffered("The product's offer is over.", field="product_code", product=code)
    return latest


def offered_on(
    on: date, *, catalogue: Iterable[ProductTerms] = CATALOGUE, retired: Mapping[str, date] | None = None
) -> list[ProductTerms]:
    """Return the version in force of every product that can be drawn on, by code."""
    offered, versions = [], tuple(catalogue)
    for code in sorted({terms.code for terms in versions}):
        with suppress(ProductUnknown, ProductNotOffered):
            offered.append(product_in_force(code, on=on, catalogue=versions, retired=retired))
    return offered
