"""Progressive and classic schedules as JSON: rows, what was paid, levels, shares and the payoff.

Owns: the shape of the answer. Refuses to know: how rows are computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ledger.calculators.wording import money, number
from ledger.domain.allocation import STANDARD_ORDER
from ledger.domain.classic.building import ClassicRow
from ledger.domain.progressive.position import (
    InterestPart,
    LevelSince,
    Position,
    PositionRow,
    SharedPayment,
)

_PLANNED = ("principal", "interest")
_FACTOR_DECIMALS = 19


def position_answer(position: Position, *, currency: str) -> dict[str, Any]:
    """Return everything that is known of a loan on a day."""
    return {
        "as_of": position.payoff.on.isoformat(),
        "rows": [_row(row, currency) for row in position.rows],
        "totals": _totals(position.rows, currency),
        "overpaid": money(position.overpaid_minor, currency),
        "levels": [_level(level, position.rows, currency) for level in position.levels],
        "payments": [_payment(paid, currency) for paid in position.payments],
        "payoff": {
            "on": position.payoff.on.isoformat(),
            **_amounts(position.payoff.components, currency),
            "total": money(position.payoff.total_minor, currency),
        },
    }


def classic_answer(rows: Sequence[ClassicRow], *, currency: str) -> dict[str, Any]:
    """Return the rows of a classic schedule and their sums."""
    return {
        "rows": [
            {
                "number": row.number,
                "starts_on": row.start.isoformat(),
                "due_on": row.due_on.isoformat(),
                "days": (row.due_on - row.start).days,
                "opening": money(row.opening_minor, currency),
                "principal": money(row.principal_minor, currency),
                "interest": money(row.interest_minor, currency),
                "total": money(row.total_minor, currency),
                "closing": money(row.closing_minor, currency),
            }
            for row in rows
        ],
        "totals": {
            name: money(sum(getattr(row, f"{name}_minor") for row in rows), currency)
            for name in (*_PLANNED, "total")
        },
    }


def _row(row: PositionRow, currency: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "number": row.number,
        "kind": row.kind.value,
        "starts_on": row.start.isoformat(),
        "due_on": row.due_on.isoformat(),
        "days": row.days,
        "opening": money(row.opening_minor, currency),
        **({"disbursed": money(row.disbursed_minor, currency)} if row.disbursed_minor else {}),
        **_amounts(row.due, currency),
        "total": money(row.due_minor, currency),
        "paid": {
            **_amounts(row.paid, currency),
            "total": money(sum(row.paid.values()), currency),
            "in_advance": money(row.paid_in_advance_minor, currency),
            "late": money(row.paid_late_minor, currency),
        },
        "outstanding": money(row.outstanding_minor, currency),
        "closing": money(row.closing_minor, currency),
    }
    if row.level_minor is not None:
        answer["instalment"] = money(row.level_minor, currency)
    if row.settled_on is not None:
        answer["settled_on"] = row.settled_on.isoformat()
    if row.interest_parts:
        answer["how"] = " + ".join(_how(part, currency) for part in row.interest_parts)
        answer["how"] += _moved(row, currency)
    return answer


def _moved(row: PositionRow, currency: str) -> str:
    """Return the interest a row has from others and leaves to the next; without it the parts do not add up."""
    brought, carried = row.interest_brought_minor, row.interest_carried_minor
    told = f"; {money(brought, currency)} brought from other rows" if brought else ""
    return told + (f"; {money(carried, currency)} carried to the next row" if carried else "")


def _amounts(components: dict[str, int], currency: str) -> dict[str, str]:
    """Return principal and interest always, and charges only if there are any."""
    shown = [*_PLANNED, *(name for name in STANDARD_ORDER if name not in _PLANNED and components[name])]
    return {name: money(components[name], currency) for name in shown}


def _totals(rows: Iterable[PositionRow], currency: str) -> dict[str, Any]:
    listed = list(rows)
    due = {name: sum(row.due[name] for row in listed) for name in STANDARD_ORDER}
    return {
        **_amounts(due, currency),
        "total": money(sum(due.values()), currency),
        "paid": money(sum(sum(row.paid.values()) for row in listed), currency),
        "in_advance": money(sum(row.paid_in_advance_minor for row in listed), currency),
        "late": money(sum(row.paid_late_minor for row in listed), currency),
        "outstanding": money(sum(row.outstanding_minor for row in listed), currency),
    }


def _level(level: LevelSince, rows: Sequence[PositionRow], currency: str) -> dict[str, Any]:
    # A down payment may fall due on the same day; the instalment is the row with a level.
    from_row = next(
        row.number for row in rows if row.due_on == level.from_row_due_on and row.level_minor is not None
    )
    return {
        "on": level.on.isoformat(),
        "why": level.why,
        "from_row": from_row,
        "instalment": money(level.level_minor, currency),
    }


def _payment(paid: SharedPayment, currency: str) -> dict[str, Any]:
    return {
        "on": paid.payment.on.isoformat(),
        "amount": money(paid.payment.amount_minor, currency),
        "kind": paid.payment.kind,
        "shares": [
            {"row": share.number, "rule": share.rule.name, "amount": money(share.amount_minor, currency)}
            for share in paid.shares
        ],
        "left_over": money(paid.left_over_minor, currency),
    }


def _how(part: InterestPart, currency: str) -> str:
    days = (part.end - part.start).days
    if part.is_paused:
        return f"no interest for {days} days"
    base, factor = money(part.base_minor, currency), number(part.factor, decimals=_FACTOR_DECIMALS)
    return f"{base} x {factor} x {days}/{part.days_to_row_end}"
