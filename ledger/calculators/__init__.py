"""Every calculation of the books without side effects: ``calculate(name, data)`` on JSON values.

Owns: which calculators the books offer; importing this package makes them known. Refuses to know: the
calculators of other apps, which make themselves known in the same way.
"""

from __future__ import annotations

from ledger.calculators import (
    allocation,
    annual_rate,
    classification,
    early,
    interest,
    loan,
    penalty,
    provision,
    restructure,
    revolving,
    schedule,
)
from ledger.calculators.catalogue import CALCULATORS, Calculator, calculate, find_calculator

REGISTERED = (
    allocation,
    annual_rate,
    classification,
    early,
    interest,
    loan,
    penalty,
    provision,
    restructure,
    revolving,
    schedule,
)

__all__ = ["CALCULATORS", "REGISTERED", "Calculator", "calculate", "find_calculator"]
