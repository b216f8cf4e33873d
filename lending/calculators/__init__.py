"""The calculators of lending. Importing this package makes them known."""

from __future__ import annotations

from lending.calculators import eligibility, limit, limit_change, rate_discount, scorecard

REGISTERED = (eligibility, limit, limit_change, rate_discount, scorecard)
