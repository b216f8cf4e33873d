"""Everything of lending that registers itself by being imported."""

from __future__ import annotations

from lending import bank_rail, day_close_steps, deciding, postings, reactions, sub_ledgers
from lending.commands import (
    accept_order_file,
    apply,
    debit_in_full,
    drawdown,
    further_part,
    import_loan,
    manage_line,
    register_entity,
    repayment,
    return_payment,
    withdrawal,
)
from lending.projections import credit, entities

REGISTERED = (
    accept_order_file,
    apply,
    bank_rail,
    credit,
    day_close_steps,
    debit_in_full,
    deciding,
    drawdown,
    entities,
    further_part,
    import_loan,
    manage_line,
    postings,
    reactions,
    register_entity,
    repayment,
    sub_ledgers,
    return_payment,
    withdrawal,
)
