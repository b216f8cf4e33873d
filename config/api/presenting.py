"""Values of events and refusals as the API shows them.

Owns: turning counts of minor units into decimal strings wherever their currency is known.
Refuses to know: which event or refusal the values come from. ``available_minor: 1050`` beside
``currency: "CNY"`` is shown as ``available: "10.50"``; without a currency nothing is changed.
"""

from __future__ import annotations

from typing import Any

from ledger.kernel.currencies import SCALES
from ledger.kernel.money import Money

SUFFIX = "_minor"


def presented(values: dict[str, Any], *, currency: str | None = None) -> dict[str, Any]:
    """Return the values with every amount of minor units written as money."""
    named = values.get("currency", currency)
    known = named if named in SCALES else None
    return dict(_presented(name, value, known) for name, value in values.items())


def _presented(name: str, value: Any, currency: str | None) -> tuple[str, Any]:
    if isinstance(value, dict):
        return name, presented(value, currency=currency)
    if isinstance(value, (list, tuple)):
        return name, [_presented("", item, currency)[1] for item in value]
    if name.endswith(SUFFIX) and currency is not None and type(value) is int:
        return name.removesuffix(SUFFIX), Money(value, currency).as_text()
    return name, value
