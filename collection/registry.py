"""Everything of collections that registers itself by being imported."""

from __future__ import annotations

from collection import day_close_steps, notifying, postings
from collection.commands import blacklist, deduct, report_to_bureau
from collection.projections import bureau_records, overdues

REGISTERED = (
    blacklist,
    bureau_records,
    day_close_steps,
    deduct,
    notifying,
    overdues,
    postings,
    report_to_bureau,
)
