"""Hundreds of seeded cases against a second set of books that shares no code with the product.

Every figure must agree to the minor unit, and what one of the two refuses the other refuses as well.
"""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from random import Random

import pytest

from ledger.calculators import calculate
from ledger.kernel.money import MoneyTooLarge
from ledger.kernel.refusals import Refusal
from tests.oracles.second_books.cases import MODES, as_input, some_day, some_loan
from tests.oracles.second_books.charges import (
    PARTS,
    bucket,
    category,
    expected_loss,
    penalty,
    shared,
)
from tests.oracles.second_books.days import CONVENTIONS, DECIMALS, part_of_year, rate_text, rounded, text
from tests.oracles.second_books.plans import NegativeRow, payoff, plan, prepaid

CASES = 25
seeds = pytest.mark.parametrize("seed", range(12))


def answer(name, given):
    """Return the result, or the refusal as the answer that it is."""
    try:
        return calculate(name, given)["result"]
    except Refusal as refusal:
        return refusal


def rows_of(answered):
    return [(row["due_on"], row["principal"], row["interest"]) for row in answered["rows"]]


def in_text(rows, currency):
    return [
        (on.isoformat(), text(principal, currency), text(interest, currency))
        for on, principal, interest in rows
    ]


def planned(chance, **options):
    """Return a loan that has a plan, with its rows and currency."""
    while True:
        loan, currency = some_loan(chance, **options), chance.choice(list(DECIMALS))
        try:
            return loan, plan(loan), currency
        except NegativeRow:
            continue


@seeds
def test_plans(seed):
    chance = Random(seed)
    for _ in range(CASES):
        loan, currency = some_loan(chance), chance.choice(list(DECIMALS))
        given = as_input(loan, currency)
        answered = answer("schedule", given)
        try:
            expected = in_text(plan(loan), currency)
        except NegativeRow:
            assert isinstance(answered, Refusal), given
            continue
        if isinstance(answered, MoneyTooLarge):
            continue
        assert rows_of(answered) == expected, given


@seeds
def test_payoffs(seed):
    chance = Random(1000 + seed)
    for _ in range(CASES):
        loan, rows, currency = planned(chance)
        if loan.grace[0]:
            continue
        paid = chance.randrange(len(rows))
        earliest = rows[paid - 1][0] if paid else loan.start
        on = earliest + timedelta(days=chance.choice([0, 1, 11, 31, 400]))
        fee = Fraction(chance.choice([0, 1, 5]), 100)
        expected = payoff(loan, rows, paid=paid, on=on, fee=fee)
        given = {"currency": currency, "schedule": as_input(loan, currency), "rows_paid": paid}
        answered = answer("payoff", given | {"on": on.isoformat(), "fee_rate": rate_text(fee)})
        found = {part: answered[part] for part in expected}
        assert found == {part: text(minor, currency) for part, minor in expected.items()}, given


@seeds
def test_prepayments(seed):
    chance = Random(2000 + seed)
    for _ in range(CASES):
        loan, rows, currency = planned(chance, plain=True)
        done = chance.randrange(len(rows))
        since = rows[done - 1][0] if done else loan.start
        on = since + timedelta(days=chance.randrange((rows[done][0] - since).days))
        ends = payoff(loan, rows, paid=done, on=on, fee=Fraction(0))
        if ends["principal"] < 2:
            continue
        principal = chance.randrange(1, ends["principal"])
        shortens = loan.method in ("equal_instalment", "equal_principal") and chance.random() < 0.5
        given = {
            "currency": currency,
            "schedule": as_input(loan, currency),
            "rows_paid": done,
            "on": on.isoformat(),
            "amount": text(principal + ends["broken_interest"], currency),
            "mode": "shorten_term" if shortens else "reduce_instalment",
        }
        # A plan that ended before its last row has fewer periods left than the rule for dates has, and rows
        # without principal, as of 0.03 over 12, have nothing that could be kept.
        ended_early = loan.method != "bullet" and len(rows) < loan.count
        if ended_early or (shortens and rows[done][1] == 0):
            continue
        expected = prepaid(loan, rows, principal=principal, on=on, shortens=shortens)
        assert rows_of(answer("prepayment", given)) == in_text(expected, currency), given


@seeds
def test_interest(seed):
    chance = Random(3000 + seed)
    for _ in range(2 * CASES):
        start, currency = some_day(chance), chance.choice(list(DECIMALS))
        end = start + timedelta(days=chance.choice([0, 1, 30, 31, 90, 365, 366, 1000]))
        minor, rate = chance.randrange(1, 10**9), Fraction(chance.randrange(10**7), 10**8)
        convention, mode = chance.choice(CONVENTIONS), chance.choice(MODES)
        given = {
            "currency": currency,
            "principal": text(minor, currency),
            "annual_rate": rate_text(rate),
            "start": start.isoformat(),
            "end": end.isoformat(),
            "day_count": convention,
            "rounding": mode,
        }
        expected = rounded(minor * rate * part_of_year(start, end, convention), mode)
        assert answer("interest", given)["interest"] == text(expected, currency), given


@seeds
def test_allocations(seed):
    chance = Random(4000 + seed)
    for _ in range(CASES):
        on = some_day(chance)
        days = sorted(chance.choice([-91, -90, -30, -1, 0, 7]) for _ in range(4))
        owed = [
            (on + timedelta(days=day), {part: chance.choice([0, 1, 960, 20_000]) for part in PARTS})
            for day in days
        ]
        order, by_component = tuple(chance.sample(PARTS, 5)), chance.random() < 0.5
        past = [(on - due_on).days for due_on, parts in owed if due_on < on and any(parts.values())]
        amount = chance.randrange(1, 90_000)
        given = {
            "currency": "CNY",
            "amount": text(amount, "CNY"),
            "on": on.isoformat(),
            "order": list(order),
            "mode": "by_component" if by_component else "by_instalment",
            "instalments": [
                {"number": row, "due_on": due_on.isoformat()}
                | {part: text(minor, "CNY") for part, minor in parts.items()}
                for row, (due_on, parts) in enumerate(owed, 1)
            ],
        }
        parts, left = shared(
            amount, owed, on=on, order=order, by_component=by_component, days_past_due=max(past, default=0)
        )
        answered = answer("allocation", given)
        for row, found in enumerate(answered["instalments"]):
            assert {part: found[part] for part in PARTS} == {
                part: text(parts.get((row, part), 0), "CNY") for part in PARTS
            }, given
        assert answered["suspense"] == text(left, "CNY"), given


@seeds
def test_penalties(seed):
    chance = Random(5000 + seed)
    for _ in range(CASES):
        on, currency = some_day(chance), chance.choice(list(DECIMALS))
        due_on = on - timedelta(days=chance.choice([0, 1, 3, 4, 5, 30, 31, 400]))
        contract, uplift = (
            Fraction(chance.randrange(2401), 10_000),
            Fraction(chance.choice([30, 50, 100]), 100),
        )
        grace = {"days": chance.choice([0, 3]), "retroactive": chance.random() < 0.5}
        convention, mode = chance.choice(CONVENTIONS), chance.choice(MODES)
        principal, interest = chance.randrange(10**7), chance.randrange(10**5)
        expected = penalty(
            principal=principal,
            interest=interest,
            due_on=due_on,
            on=on,
            contract=contract,
            uplift=uplift,
            ceiling=Fraction(24, 100),
            grace=grace,
            convention=convention,
            mode=mode,
        )
        given = {
            "currency": currency,
            "contract_rate": rate_text(contract),
            "uplift": rate_text(uplift),
            "grace_days": grace["days"],
            "grace_mode": "retroactive" if grace["retroactive"] else "plain",
            "day_count": convention,
            "rounding": mode,
            "on": on.isoformat(),
            "items": [
                {
                    "due_on": due_on.isoformat(),
                    "principal": text(principal, currency),
                    "interest": text(interest, currency),
                }
            ],
        }
        (item,) = answer("penalty", given)["items"]
        assert (item["penalty"], item["compound"]) == tuple(text(minor, currency) for minor in expected), (
            given
        )


@pytest.mark.parametrize("scheme", ["decree_2023", "small_business_2007", "strictest"])
def test_categories_of_every_day_past_due(scheme):
    for days in range(400):
        given = {"currency": "CNY", "on": "2024-07-01", "days_past_due": days, "scheme": scheme}
        answered = answer("classification", given)
        assert (answered["bucket"], answered["category"]) == (bucket(days), category(days, scheme)), given
        assert answered["non_accrual"] is (days > 90)


@seeds
def test_expected_losses(seed):
    chance = Random(6000 + seed)
    for _ in range(CASES):
        currency, mode = chance.choice(list(DECIMALS)), chance.choice(MODES)
        one_year, lifetime = sorted(Fraction(chance.randrange(10_001), 10_000) for _ in range(2))
        shares = {"pd_12_months": one_year, "pd_lifetime": lifetime}
        shares |= {
            name: Fraction(chance.randrange(10_001), 10_000) for name in ("lgd", "discount", "conversion")
        }
        days, drawn, undrawn = (
            chance.choice([0, 30, 31, 90, 91]),
            chance.randrange(10**9),
            chance.randrange(10**8),
        )
        stage, loss = expected_loss(
            days=days,
            drawn=drawn,
            undrawn=undrawn,
            one_year=one_year,
            lifetime=lifetime,
            lgd=shares["lgd"],
            discount=shares["discount"],
            conversion=shares["conversion"],
            mode=mode,
        )
        given = {
            "currency": currency,
            "method": "expected_credit_loss",
            "drawn": text(drawn, currency),
            "undrawn": text(undrawn, currency),
            "days_past_due": days,
            "rounding": mode,
            **{name: rate_text(share) for name, share in shares.items()},
        }
        answered = answer("provision", given)
        assert (answered["stage"], answered["provision"]) == (stage, text(loss, currency)), given
