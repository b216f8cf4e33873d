"""From a product version to the core terms of one loan.

Owns: what a loan takes over from the product on the day it is signed, the penalty rate under its ceiling and
the parts it is paid out in included.
Refuses to know: the borrower, the amount, and the conventions, which the loan keeps as they are.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from ledger.domain.loan_parts import LoanParts
from ledger.domain.loan_terms import LoanTerms
from ledger.domain.overdue_charges import CompoundMode
from ledger.domain.penalty import penalty_rate_e8
from ledger.kernel.rates import RATE_UNIT
from ledger.policies.product_terms import ProductTerms
from ledger.policies.rate_ceiling import require_within_ceiling

NO_MODE: Final = "none"


def loan_terms_of(product: ProductTerms, *, currency: str, term: int, signed_on: date) -> LoanTerms:
    """Freeze what a product offers into the terms of one loan. Refuses PrimeRateUnknown, RateAboveCeiling.

    A ceiling may have fallen since the product was checked; the day of signing decides.
    """
    arrears, allocation, early = product.arrears, product.allocation, product.early
    rate_e8, ceiling = product.pricing.rate_on(signed_on), product.pricing.ceiling_on(signed_on)
    require_within_ceiling(Fraction(rate_e8, RATE_UNIT), ceiling=ceiling)
    return LoanTerms(
        product_code=product.code,
        product_version=product.version,
        currency=currency,
        method=product.method,
        term=term,
        annual_rate_e8=rate_e8,
        day_base=product.repayment.day_base,
        penalty_rate_e8=penalty_rate_e8(
            contract_rate_e8=rate_e8,
            uplift_e8=arrears.penalty_uplift_e8,
            ceiling_e8=ceiling,
        ),
        compound=arrears.compound is not CompoundMode.OFF,
        grace_days=arrears.grace_days,
        early_fee_e8=early.fee_e8,
        allocation_order=allocation.order,
        principal_first_after_dpd=allocation.principal_first_after_dpd,
        prepayment_mode=early.modes[0].value if early.modes else NO_MODE,
        ceiling_e8=ceiling,
    )


def loan_parts_of(
    product: ProductTerms, *, first_minor: int | None, amount_minor: int, signed_on: date
) -> LoanParts | None:
    """Return the parts a loan is paid out in; None where it is paid in one sum. Refuses PartsNotOffered."""
    product.require_first_part(first_minor, amount_minor=amount_minor)
    if first_minor is None:
        return None
    return LoanParts(
        first_minor=first_minor,
        parts_max=product.payout.parts_max,
        available_until=signed_on + timedelta(days=product.payout.availability_days),
        rest_minor=amount_minor - first_minor,
    )
