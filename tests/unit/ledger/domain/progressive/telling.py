"""Short notation for schedules and facts in tests.

``terms("2024-01-01", 6, "7")`` is six months from that day at 7%; ``facts("lend 2024-01-01 100")`` is a list of
facts; ``rows(position)`` are the rows as decimal text, one line each.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ledger.domain.progressive.conventions import Conventions
from ledger.domain.progressive.facts import (
    Charge,
    Disbursement,
    Pause,
    Payment,
    RateChange,
    ReAmortisation,
)
from ledger.domain.progressive.payment_rules import PaymentRules
from ledger.domain.progressive.replay import position_on
from ledger.domain.progressive.terms import ProgressiveTerms
from ledger.kernel.frequencies import Frequency, Unit


def day(text):
    return date.fromisoformat(text)


def minor(text, scale=2):
    return int(Decimal(text).scaleb(scale).to_integral_exact())


def percent_e8(text):
    return int(Decimal(text).scaleb(6))


def terms(
    start,
    count,
    rate,
    *,
    unit="month",
    every=1,
    rules=None,
    by_kind=None,
    multiple=1,
    down="0",
    due=None,
    **conventions,
):
    step = Frequency(Unit(unit), every)
    planned = tuple(step.after(day(start), steps=number) for number in range(1, count + 1))
    return ProgressiveTerms(
        start=day(start),
        due_dates=tuple(map(day, due)) if due else planned,
        frequency=step,
        rate_e8=percent_e8(rate),
        conventions=Conventions(**conventions),
        multiple_minor=multiple,
        down_payment_e8=percent_e8(down),
        rules={"default": rules or PaymentRules(), **(by_kind or {})},
    )


def facts(text):
    return [_fact(*entry.split()) for entry in text.split(";")]


def _fact(verb, on, *rest):
    match verb:
        case "lend":
            return Disbursement(day(on), minor(rest[0]))
        case "pay":
            return Payment(day(on), minor(rest[0]), *rest[1:])
        case "rate":
            return RateChange(day(on), percent_e8(rest[0]))
        case "pause":
            return Pause(day(on), day(rest[0]))
        case "spread":
            return ReAmortisation(day(on))
        case _:  # fee, penalty or compound
            return Charge(day(on), day(rest[0]), verb, minor(rest[1]))


def told(agreed, text, as_of=None):
    happened = facts(text)
    last = max(fact.on for fact in happened if isinstance(fact, Payment | Disbursement))
    return position_on(agreed, happened, as_of=day(as_of) if as_of else last)


def row_text(row):
    """Return balance, principal and interest, and after a bar paid, in advance and late if anything was."""
    planned = (
        f"{row.closing_minor / 100:.2f} {row.due['principal'] / 100:.2f} {row.due['interest'] / 100:.2f}"
    )
    paid = sum(row.paid.values())
    if not paid:
        return planned
    amounts = (paid, row.paid_in_advance_minor, row.paid_late_minor)
    return planned + " | " + " ".join(f"{amount / 100:.2f}" for amount in amounts)


def rows(position):
    return [row_text(row) for row in position.rows]


def lines(text):
    return [_plain(line) for line in text.strip().splitlines()]


def _plain(line):
    """Return a line with two decimals everywhere, as ``row_text`` writes it."""
    return " ".join(part if part == "|" else f"{Decimal(part):.2f}" for part in line.split())
