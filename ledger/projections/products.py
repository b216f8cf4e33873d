"""Versions of products as rows.

Owns: the tables product_version and product_retirement. Refuses to know: any rule; each statement copies what
the event says. Shipped versions have no row until they are adopted.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.domain import product_events as facts
from ledger.eventstore.projecting import Statement, insert, projection_table, projects

projection_table("product_version", key=("code", "version"))
projection_table("product_retirement", key=("code",))


@projects("product.version_saved")
def version_saved(event: facts.ProductVersionSaved) -> Iterable[Statement]:
    """Add the version with all its terms."""
    terms = event.terms
    yield insert(
        "product_version",
        code=terms.code,
        version=terms.version,
        title=terms.title,
        method=terms.method,
        effective_from=terms.effective_from,
        saved_on=event.effective_date,
        terms=msgspec.json.encode(terms).decode(),
    )


@projects("product.retired")
def retired(event: facts.ProductRetired) -> Iterable[Statement]:
    """Note from when on the product is not offered."""
    yield insert(
        "product_retirement", code=event.code, retired_from=event.effective_date, reason=event.reason
    )
