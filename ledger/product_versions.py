"""Which products can be drawn on: the shipped versions with those that were saved laid over them.

Owns: reading the saved versions back into terms. Refuses to know: how they were saved, and any rule; every
version that was ever saved can be read for ever, like the event it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

import msgspec
from django.db import connection

from ledger.policies.product_catalogue import offered_on, overlaid, product_in_force
from ledger.policies.product_terms import ProductTerms

OF_PRODUCT: Final = (
    "SELECT terms::text, NULL::date FROM product_version WHERE code = %s"
    " UNION ALL SELECT NULL, retired_from FROM product_retirement WHERE code = %s"
)
SAVED: Final = "SELECT terms::text FROM product_version ORDER BY code, version"
RETIRED: Final = "SELECT code, retired_from FROM product_retirement"


def product_of(rows: Iterable[tuple[Any, ...]], *, code: str, on: date) -> ProductTerms:
    """Return the version in force, from the rows of ``OF_PRODUCT``. Refuses ProductUnknown, ProductNotOffered."""
    found = list(rows)
    saved = [read_terms(terms) for terms, _ in found if terms is not None]
    ended = [retired_from for _, retired_from in found if retired_from is not None]
    return product_in_force(
        code, on=on, catalogue=overlaid(saved), retired={code: min(ended)} if ended else None
    )


def read_terms(text: str) -> ProductTerms:
    """Return the terms that a saved version holds."""
    return msgspec.json.decode(text, type=ProductTerms)


def all_versions() -> tuple[ProductTerms, ...]:
    """Return every version there is, by code and number."""
    with connection.cursor() as cursor:
        cursor.execute(SAVED)
        saved = [read_terms(terms) for (terms,) in cursor.fetchall()]
    return overlaid(saved)


def retired_products() -> dict[str, date]:
    """Return from which day each retired product is not offered any more."""
    with connection.cursor() as cursor:
        cursor.execute(RETIRED)
        return dict(cursor.fetchall())


def offered_products(on: date) -> list[ProductTerms]:
    """Return the version in force of every product that can be drawn on, by code."""
    return offered_on(on, catalogue=all_versions(), retired=retired_products())
