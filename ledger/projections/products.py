"""Versions of products as rows.

Owns: the tables product_version, product_retirement and product_funding.
Refuses to know: any rule; each statement copies what
the event says. Shipped versions have no row until they are adopted.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.domain import product_events as facts
from ledger.eventstore.projecting import Statement, insert, projection_table, projects

projection_table("product_version", key=("code", "version"))
projection_table("product_retirement", key=("code",))
projection_table("product_funding", key=("code", "from_version", "place"))


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


@projects("product.funding_agreed")
def funding_agreed(event: facts.ProductFundingAgreed) -> Iterable[Statement]:
    """Note the parties; an agreement for a version that nobody has saved yet may be made anew."""
    yield Statement(
        "DELETE FROM product_funding WHERE code = %s AND from_version = %s", (event.code, event.from_version)
    )
    for place, share in enumerate(event.funding.shares, start=1):
        yield insert(
            "product_funding",
            code=event.code,
            from_version=event.from_version,
            place=place,
            funder=share.funder,
            share_e8=share.share_e8,
            agreed_on=event.effective_date,
        )
