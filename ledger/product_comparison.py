"""Two versions of a product, side by side.

Owns: terms as a flat list of named values, and which of them differ.
Refuses to know: what a difference means for anybody. Loans that run keep the version they were drawn on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.policies.product_terms import ProductTerms
from ledger.product_fields import shown


@dataclass(frozen=True)
class Change:
    """A field that differs; an empty text is a field that is absent."""

    field: str
    before: str
    after: str


def flat_terms(terms: ProductTerms) -> dict[str, str]:
    """Return every field by its dotted name, as text."""
    return dict(_flat(shown(terms), ""))


def changes(before: ProductTerms, after: ProductTerms) -> list[Change]:
    """Return the fields in which two versions differ, in the order of the fields."""
    old, new = flat_terms(before), flat_terms(after)
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def version_before(terms: ProductTerms, versions: tuple[ProductTerms, ...]) -> ProductTerms | None:
    """Return the version that a version follows, if there is one."""
    earlier = [other for other in versions if other.code == terms.code and other.version < terms.version]
    return max(earlier, key=lambda other: other.version, default=None)


def _flat(values: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        where = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _flat(value, where)
        else:
            yield where, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
