"""The calculators of lending: ``limit`` and ``eligibility``. Importing this package makes them known."""

from __future__ import annotations

from lending.calculators import eligibility, limit

REGISTERED = (eligibility, limit)
