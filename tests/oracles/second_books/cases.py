"""Seeded loans that try the corners: month ends, leap days, holidays, odd first periods, tiny principals."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from tests.oracles.second_books.days import CONVENTIONS, Banks, Rhythm, month_later, rate_text, text
from tests.oracles.second_books.plans import Loan, Rates

MODES = ("half_up", "half_even", "down")
METHODS = ("equal_instalment", "equal_principal", "interest_only", "bullet", "flat", "custom")
STEPS = (("month", 1), ("month", 1), ("month", 3), ("week", 1), ("week", 2), ("day", 10))


def some_day(chance):
    """Return a day, often the last of a month, a leap day or the turn of a year."""
    usual = date(2019, 1, 1) + timedelta(days=chance.randrange(4000))
    corner = [month_later(usual, 0, day=31), date(2024, 2, 29), date(usual.year, 12, 31)]
    return chance.choice([usual, usual, usual, *corner])


def some_rhythm(chance, start, count):
    """Return when the rows of a loan fall due, holidays on and around those dates included."""
    unit, every = chance.choice(STEPS)
    given = {"unit": unit, "every": every}
    anchor = chance.choice(["plain", "fixed", "first", "end"])
    if anchor == "fixed" and unit == "month":
        given |= {"fixed_day": chance.choice([1, 20, 29, 30, 31]), "shortest": chance.choice([0, 15, 31])}
    if anchor == "first":
        given["first"] = start + timedelta(days=chance.choice([1, 28, 30, 31, 45]))
    if anchor == "end" and unit == "month":
        given["end_of_month"] = True
    near = chance.choice(Rhythm(**given).planned(start, count))
    closed = frozenset(near + timedelta(days=chance.randrange(-2, 3)) for _ in range(4))
    rule = chance.choice(["unadjusted", "following", "modified_following", "preceding"])
    banks = Banks(closed, rule=rule) if chance.random() < 0.4 else Banks(weekends=False)
    return Rhythm(**given, banks=banks)


def some_rates(chance, start, due_dates):
    """Return one rate or dated ones, often from a due date on, with or without a promotion and a pause."""
    days = max((due_dates[-1] - start).days, 1)

    def rate():
        return Fraction(chance.choice([0, 1, *(chance.randrange(3600) for _ in range(5)), 100_000]), 10_000)

    def window():
        opens = start + timedelta(days=chance.randrange(days))
        return opens, opens + timedelta(days=chance.randrange(1, days + 9))

    some_days = [start + timedelta(days=chance.randrange(1, days + 30)) for _ in range(2)]
    later = chance.choice([[], [], some_days, [on for on in chance.choices(due_dates, k=2) if on > start]])
    promotions = [(*window(), Fraction(85, 100))] if chance.random() < 0.15 else []
    pauses = [window()] if chance.random() < 0.15 else []
    return Rates([(on, rate()) for on in sorted({start, *later})], promotions, pauses)


def some_loan(chance, *, plain=False):
    """Return a loan; a plain one has one rate and neither balloon nor grace."""
    method, start = chance.choice(METHODS[:4] if plain else METHODS), some_day(chance)
    principal = chance.choice(
        [3, 999, 10**12, chance.randrange(10**4, 10**8), chance.randrange(10**4, 10**8)]
    )
    count = chance.choice([1, 2, 3, 6, 12, 12, 36])
    rhythm = some_rhythm(chance, start, count)
    rates = some_rates(chance, start, rhythm.planned(start, count))
    more = {"rates": Rates(rates.steps[:1])} if plain else {"rates": rates, "relevels": chance.random() < 0.7}
    if method == "custom":
        dates = [start + timedelta(days=passed) for passed in sorted(chance.sample(range(1, 900), count))]
        part = principal // count
        more["batches"] = [(on, part) for on in dates[:-1]] + [(dates[-1], principal - part * (count - 1))]
    is_repaid_in_parts = method in METHODS[:2] and not plain
    if is_repaid_in_parts and chance.random() < 0.2:
        more["balloon"] = chance.randrange(principal)
    if is_repaid_in_parts and chance.random() < 0.2:
        rows = chance.randrange(count)
        more["grace"] = (
            rows,
            chance.randrange(rows + 1),
            chance.choice(["deferred", "capitalised", "forgiven"]),
        )
    return Loan(
        method=method,
        principal=principal,
        start=start,
        count=count,
        rhythm=rhythm,
        periodic=method != "custom" and chance.random() < 0.5,
        level_by_days=chance.random() < 0.7,
        convention=chance.choice(CONVENTIONS),
        mode=chance.choice(MODES),
        **more,
    )


def as_input(loan, currency):
    """Return the loan as the published input of a schedule."""
    rhythm = loan.rhythm
    given = {
        "currency": currency,
        "principal": text(loan.principal, currency),
        "method": loan.method,
        "start": loan.start.isoformat(),
        "basis": "periodic" if loan.periodic else "exact",
        "day_count": loan.convention,
        "rounding": loan.mode,
        "rates": [{"from": on.isoformat(), "annual_rate": rate_text(rate)} for on, rate in loan.rates.steps],
        "promotions": [
            {"from": opens.isoformat(), "until": ends.isoformat(), "share": rate_text(share)}
            for opens, ends, share in loan.rates.promotions
        ],
        "pauses": [
            {"from": opens.isoformat(), "until": ends.isoformat()} for opens, ends in loan.rates.pauses
        ],
    }
    if loan.method == "custom":
        batches = [{"on": on.isoformat(), "principal": text(part, currency)} for on, part in loan.batches]
        return given | {"batches": batches}
    if loan.method == "equal_instalment":
        exact_level = "level_exact" if loan.level_by_days else "annuity_periodic"
        given["level"] = "annuity_periodic" if loan.periodic else exact_level
        given["rate_change"] = "relevel" if loan.relevels else "one_level"
    if loan.balloon:
        given["balloon"] = text(loan.balloon, currency)
    if loan.grace[0]:
        given["grace"] = dict(zip(("principal_rows", "interest_rows", "interest"), loan.grace, strict=True))
    return given | {"count": loan.count} | _dates(rhythm)


def _dates(rhythm):
    given = {"unit": rhythm.unit, "every": rhythm.every}
    if rhythm.fixed_day:
        given |= {"fixed_day": rhythm.fixed_day, "first_period_days_min": rhythm.shortest}
    if rhythm.first:
        given["first_due_on"] = rhythm.first.isoformat()
    if rhythm.end_of_month:
        given["end_of_month"] = True
    if rhythm.banks.weekends:
        holidays = sorted(on.isoformat() for on in rhythm.banks.closed)
        given |= {"calendar": {"holidays": holidays}, "holiday_rule": rhythm.banks.rule}
    return given
