"""Whole schedules against a second implementation: decimals with 60 digits, row by row, as a spreadsheet.

It shares no code with the product: it builds dates, day counts, levels and roundings of its own, by the
most direct formula (one discount factor per row), and must agree to the cent on every row.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, getcontext, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.calculators import calculate

MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
CENT = Decimal("0.01")


def month_later(start, months):
    month = start.year * 12 + start.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def part_of_year(start, end, convention):
    days = Decimal((end - start).days)
    if convention == "ACT/ACT ISDA":
        total, day = Decimal(0), start
        while day < end:
            nearest = min(end, date(day.year + 1, 1, 1))
            total += Decimal((nearest - day).days) / (366 if monthrange(day.year, 2)[1] == 29 else 365)
            day = nearest
        return total
    return days / {"ACT/360": 360, "ACT/364": 364, "ACT/365F": 365}[convention]


def spreadsheet(*, method, principal, rate, start, count, basis, convention, mode):
    """Return (principal, interest) of each row as decimals."""
    dates = [start] + [month_later(start, k) for k in range(1, count + 1)]
    parts = [
        Decimal(1) / 12 if basis == "periodic" else part_of_year(dates[k], dates[k + 1], convention)
        for k in range(count)
    ]
    discount, annuity = Decimal(1), Decimal(0)
    for part in parts:
        discount /= 1 + rate * part
        annuity += discount
    level = (principal / annuity).quantize(CENT, MODES[mode])
    equal = (principal / count).quantize(CENT, MODES[mode])
    rows, balance = [], principal
    for k, part in enumerate(parts):
        interest = (balance * rate * part).quantize(CENT, MODES[mode])
        wanted = {"equal_instalment": level - interest, "equal_principal": equal, "interest_only": Decimal(0)}
        repaid = balance if k == count - 1 else min(balance, wanted[method])
        rows.append((repaid, interest))
        balance -= repaid
    return rows


@settings(deadline=None, max_examples=200)
@given(
    method=st.sampled_from(["equal_instalment", "equal_principal", "interest_only"]),
    minor=st.integers(100_000, 10**10),
    rate=st.integers(0, 3600),
    start=st.dates(date(2015, 1, 1), date(2035, 12, 31)),
    count=st.integers(1, 60),
    basis=st.sampled_from(["periodic", "exact"]),
    convention=st.sampled_from(["ACT/360", "ACT/364", "ACT/365F", "ACT/ACT ISDA"]),
    mode=st.sampled_from(sorted(MODES)),
)
def test_every_row_agrees_to_the_cent(method, minor, rate, start, count, basis, convention, mode):
    principal, annual = Decimal(minor) * CENT, Decimal(rate) / 10_000
    with localcontext() as context:
        context.prec = 60
        expected = spreadsheet(
            method=method,
            principal=principal,
            rate=annual,
            start=start,
            count=count,
            basis=basis,
            convention=convention,
            mode=mode,
        )
    answer = calculate(
        "schedule",
        {
            "currency": "CNY",
            "principal": str(principal),
            "method": method,
            "annual_rate": str(annual),
            "start": start.isoformat(),
            "count": count,
            "basis": basis,
            "day_count": convention,
            "rounding": mode,
        },
    )["result"]
    rows = [(Decimal(row["principal"]), Decimal(row["interest"])) for row in answer["rows"]]
    assert rows == expected


@settings(deadline=None)
@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    amounts=st.lists(st.integers(1, 3_000_000), min_size=1, max_size=6),
    gaps=st.lists(st.integers(0, 40), min_size=6, max_size=6),
)
def test_a_revolving_draw_agrees_with_a_day_by_day_account(start, amounts, gaps):
    rate, balance, on = Decimal("0.144"), Decimal("200000.00"), start
    earned, settled, repayments, expected = Decimal(0), Decimal(0), [], []
    for amount, gap in zip(amounts, gaps, strict=False):
        for _ in range(gap):
            earned += balance * rate / 360
        on += timedelta(days=gap)
        paid = Decimal(amount) * CENT
        due = earned.quantize(CENT, ROUND_HALF_UP) - settled
        interest = min(paid, due)
        principal = paid - interest
        if principal > balance:
            break
        settled, balance = settled + interest, balance - principal
        repayments.append({"on": on.isoformat(), "amount": str(paid)})
        expected.append((interest, principal))
    draw = {"name": "A", "on": start.isoformat(), "amount": "200000.00", "annual_rate": "0.144"}
    answer = calculate(
        "revolving",
        {"currency": "CNY", "draws": [draw], "repayments": repayments, "on": on.isoformat()},
    )["result"]
    rows = [(Decimal(row["interest"]), Decimal(row["principal"])) for row in answer["repayments"]]
    assert rows == expected


def test_the_spreadsheet_itself_matches_the_worked_table():
    with localcontext() as context:
        context.prec = 60
        rows = spreadsheet(
            method="equal_instalment",
            principal=Decimal("50000.00"),
            rate=Decimal("0.108"),
            start=date(2024, 1, 31),
            count=6,
            basis="periodic",
            convention="ACT/360",
            mode="half_up",
        )
    assert [str(interest) for _, interest in rows] == [
        "450.00",
        "376.67",
        "302.68",
        "228.02",
        "152.70",
        "76.69",
    ]
    assert getcontext().prec != 60


@pytest.mark.parametrize(("months", "expected"), [(1, "2024-02-29"), (2, "2024-03-31"), (3, "2024-04-30")])
def test_its_dates_are_counted_from_the_first_day(months, expected):
    assert month_later(date(2024, 1, 31), months).isoformat() == expected
