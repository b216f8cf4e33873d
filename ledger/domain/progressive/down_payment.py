"""The part of a disbursement that is repaid on its own day.

Owns: a share of each disbursement, rounded to the minor unit and then to the multiple of instalments.
Refuses to know: whether it was paid. A down payment may round to nothing; then there is none.
"""

from __future__ import annotations

from decimal import Decimal

from ledger.domain.progressive.digits import DIGITS, rounded_minor
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.rates import RATE_UNIT


def down_payment_minor(terms: ProgressiveTerms, disbursed_minor: int) -> int:
    """Return the down payment in minor units: a quarter of 100.00 is 25.00."""
    if terms.down_payment_e8 == 0:
        return 0
    share = DIGITS.multiply(Decimal(disbursed_minor), Decimal(terms.down_payment_e8))
    amount = rounded_minor(DIGITS.divide(share, Decimal(RATE_UNIT)))
    multiple = Decimal(terms.multiple_minor)
    return rounded_minor(DIGITS.divide(Decimal(amount), multiple)) * terms.multiple_minor
