"""Everything of the books that registers itself by being imported."""

from __future__ import annotations
