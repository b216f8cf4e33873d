"""A value that is given by its name, or in full.

Owns: reading, showing and describing both forms. Refuses to know: what a name stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ledger.calculators.fields import Choice, Kind
from ledger.calculators.shapes import Shape


@dataclass(frozen=True)
class NamedOr(Kind):
    """One word of a list, or a JSON object; the word is handed on as it is."""

    words: tuple[str, ...]
    shape: Shape

    def read(self, value: Any, *, path: str, currency: str) -> Any:
        """Refuse a text that is not in the list, and whatever the object's shape refuses."""
        if isinstance(value, str):
            return Choice(self.words).read(value, path=path, currency=currency)
        return self.shape.read(value, path=path, currency=currency)

    def show(self, value: Any, *, currency: str) -> Any:
        """Return the word, or the object as JSON."""
        return value if isinstance(value, str) else self.shape.show(value, currency=currency)

    def schema(self) -> dict[str, Any]:
        """Describe both forms."""
        return {"oneOf": [Choice(self.words).schema(), self.shape.schema()]}
