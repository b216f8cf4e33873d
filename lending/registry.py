"""Everything of lending that registers itself by being imported."""

from __future__ import annotations

from lending import bank_rail, day_close_steps, deciding, postings
from lending.commands import apply, drawdown, manage_line, register_entity, repayment
from lending.projections import credit, entities

REGISTERED = (
    apply,
    bank_rail,
    credit,
    day_close_steps,
    deciding,
    drawdown,
    entities,
    manage_line,
    postings,
    register_entity,
    repayment,
)
