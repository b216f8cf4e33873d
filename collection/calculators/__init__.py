"""The calculator of collection: ``linked-deduction``. Importing this package makes it known."""

from __future__ import annotations

from collection.calculators import linked_deduction

REGISTERED = (linked_deduction,)
