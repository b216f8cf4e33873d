"""What a derived position says about debts: everything owed by a day, and what would pay it off.

Owns: adding up rows. Refuses to know: how a position comes about, and who asks.
"""

from __future__ import annotations

from ledger.domain.allocation import STANDARD_ORDER, Buckets
from ledger.domain.payoff_quote import PayoffQuote
from ledger.domain.servicing.early import Payoff
from ledger.domain.servicing.position import Position

_NOTHING = Payoff((0,) * len(STANDARD_ORDER), 0, 0, 0, 0)


def owed_on(position: Position) -> Buckets:
    """Return all principal and everything earned on it by the day; interest to come is not owed yet."""
    rows = position.rows
    interest = sum(
        row.earned_interest_minor
        - row.paid.interest_minor
        - row.waived.interest_minor
        - row.moved.interest_minor
        for row in rows
    )
    return Buckets(
        fee_minor=sum(row.unpaid.fee_minor for row in rows),
        penalty_minor=sum(row.unpaid.penalty_minor for row in rows),
        compound_minor=sum(row.unpaid.compound_minor for row in rows),
        interest_minor=interest,
        principal_minor=position.outstanding_minor,
    )


def quote_on(position: Position) -> PayoffQuote:
    """Return what pays the loan off on the day; a running draw may be repaid with its interest on any day."""
    payoff = position.payoff or _NOTHING
    return PayoffQuote(
        valid_on=position.on,
        due=Buckets(
            **{f"{name}_minor": amount for name, amount in zip(STANDARD_ORDER, payoff.due, strict=True)}
        ),
        principal_to_come_minor=payoff.principal_to_come_minor,
        broken_interest_minor=payoff.broken_interest_minor,
        early_fee_minor=payoff.fee_minor,
        charges_to_come_minor=payoff.charges_to_come_minor,
    )
