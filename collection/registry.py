"""Everything of collections that registers itself by being imported."""

from __future__ import annotations

from collection import day_close_steps, notifying
from collection.commands import blacklist, deduct
from collection.projections import overdues

REGISTERED = (blacklist, day_close_steps, deduct, notifying, overdues)
