"""The calculators by name, and the one function that runs any of them.

Owns: what a calculator is, the register, and the frame of every answer: name, version, conventions used,
result. Refuses to know: Django, HTTP and the command line, which all call ``calculate``.
A calculator changes nothing and remembers nothing; equal inputs give equal answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.calculators.refusals import CalculatorUnknown
from ledger.calculators.shapes import Shape
from ledger.calculators.wording import money
from ledger.kernel.refusals import Refusal

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
CALCULATORS: Final[dict[str, Calculator]] = {}
NO_CURRENCY: Final = "CNY"


@dataclass(frozen=True)
class Calculator:
    """A name, what it computes, the shape of its input, a worked input, and the arithmetic."""

    name: str
    title: str
    shape: Shape
    example: Mapping[str, Any]
    compute: Callable[[Mapping[str, Any]], dict[str, Any]]
    version: int = 1

    def calculate(self, data: Any) -> dict[str, Any]:
        """Return the answer to one input. Refuses by name what cannot be read or computed."""
        values = self.shape.read(data, path="", currency=NO_CURRENCY)
        currency = values.get("currency") or NO_CURRENCY
        try:
            result = self.compute(values)
        except Refusal as refusal:
            refusal.details = _as_money(refusal.details, currency)
            raise
        # Conventions that depend on others are known only once they have been settled; None was not used.
        settled = result.pop("conventions", {})
        shown = {**self.shape.conventions(values, currency=currency), **settled}
        return {
            "calculator": self.name,
            "version": self.version,
            "conventions": {name: value for name, value in shown.items() if value is not None},
            "result": result,
        }

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the input, with the worked input as its example."""
        return {
            "$schema": DIALECT,
            "$id": f"urn:loanbook:calculator:{self.name}:{self.version}",
            "title": self.title,
            **self.shape.schema(),
            "examples": [dict(self.example)],
        }


def _as_money(details: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return details in which amounts are text, as everywhere in a calculator's answers."""
    return {
        name.removesuffix("_minor"): money(value, currency) if name.endswith("_minor") else value
        for name, value in details.items()
    }


def register(calculator: Calculator) -> Calculator:
    """Make a calculator known; a name is taken once."""
    if CALCULATORS.setdefault(calculator.name, calculator) is not calculator:
        raise ValueError(f"there already is a calculator named {calculator.name}")
    return calculator


def find_calculator(name: str) -> Calculator:
    """Return a calculator. Refuses CalculatorUnknown."""
    if name not in CALCULATORS:
        raise CalculatorUnknown("There is no such calculator.", field="name", known=sorted(CALCULATORS))
    return CALCULATORS[name]


def calculate(name: str, data: Any) -> dict[str, Any]:
    """Run a calculator on one input. Refuses CalculatorUnknown, and by name whatever is wrong in it."""
    return find_calculator(name).calculate(data)
