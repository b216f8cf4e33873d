"""Classic schedules: published rows, worked examples, grace and refusals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.domain.classic.building import build_classic
from ledger.domain.classic.terms import Amortisation, ClassicTerms, ClassicTermsImpossible
from ledger.domain.progressive.conventions import DaysInMonth, DaysInYear, InterestMethod, InterestPeriod
from tests.unit.ledger.domain.progressive.telling import minor, terms

BY_ROW = {"interest_period": InterestPeriod.SAME_AS_REPAYMENT}
ACT_365 = {"days_in_year": DaysInYear.D365, "days_in_month": DaysInMonth.ACTUAL}
FLAT = {"method": InterestMethod.FLAT, **BY_ROW}
LOAN = ("2022-11-01", 18, "12")


def classic(agreed=LOAN, principal="5000", *, grace=(0, 0, 0), **options):
    own = {name: options.pop(name) for name in ("amortisation", "instalment_minor") if name in options}
    return ClassicTerms(
        schedule=terms(*agreed, recalculates=False, **options),
        principal_minor=minor(principal),
        grace_principal=grace[0],
        grace_interest=grace[1],
        interest_free=grace[2],
        **own,
    )


def shown(rows):
    return [(f"{row.principal_minor / 100:.2f}", f"{row.interest_minor / 100:.2f}") for row in rows]


def pairs(text):
    return [tuple(f"{Decimal(part):.2f}" for part in pair.split()) for pair in text.split(",")]


# Published with the end-to-end scenarios of an open-source lending system; instalments are whole units.
PUBLISHED = {
    "C2490 flat": (
        classic(multiple=100, **FLAT),
        ", ".join(["278 50"] * 17) + ", 274 50",
    ),
    "C2492 declining by rows": (
        classic(multiple=100, **BY_ROW),
        """255 50, 257.55 47.45, 260.13 44.87, 262.73 42.27, 265.35 39.65, 268.01 36.99, 270.69 34.31,
        273.39 31.61, 276.13 28.87, 278.89 26.11, 281.68 23.32, 284.50 20.50, 287.34 17.66, 290.21 14.79,
        293.12 11.88, 296.05 8.95, 299.01 5.99, 300.22 3.00""",
    ),
    "C2493 declining by days": (
        classic(multiple=100, **ACT_365),
        """255.68 49.32, 256.65 48.35, 259.26 45.74, 266.08 38.92, 264.62 40.38, 268.53 36.47, 270.05 34.95,
        273.84 31.16, 275.59 29.41, 278.40 26.60, 282.01 22.99, 284.11 20.89, 287.59 17.41, 289.94 15.06,
        292.90 12.10, 296.47 8.53, 298.90 6.10, 299.38 2.95""",
    ),
    "C2494 equal principal": (
        classic(amortisation=Amortisation.EQUAL_PRINCIPAL, **BY_ROW),
        """277.78 50, 277.78 47.22, 277.78 44.44, 277.78 41.67, 277.78 38.89, 277.78 36.11, 277.78 33.33,
        277.78 30.56, 277.78 27.78, 277.78 25, 277.78 22.22, 277.78 19.44, 277.78 16.67, 277.78 13.89,
        277.78 11.11, 277.78 8.33, 277.78 5.56, 277.74 2.78""",
    ),
    "C2495 three rows without principal": (
        classic(grace=(3, 0, 0), multiple=100, **BY_ROW),
        """0 50, 0 50, 0 50, 311 50, 314.11 46.89, 317.25 43.75, 320.42 40.58, 323.63 37.37, 326.86 34.14,
        330.13 30.87, 333.43 27.57, 336.77 24.23, 340.14 20.86, 343.54 17.46, 346.97 14.03, 350.44 10.56,
        353.95 7.05, 351.36 3.51""",
    ),
    "C2497 six rows without principal, three of them without interest until the fourth": (
        classic(grace=(6, 3, 0), multiple=100, **BY_ROW),
        """0 0, 0 0, 0 0, 0 200, 0 50, 0 50, 394 50, 397.94 46.06, 401.92 42.08, 405.94 38.06, 410 34,
        414.10 29.90, 418.24 25.76, 422.42 21.58, 426.65 17.35, 430.91 13.09, 435.22 8.78, 442.66 4.43""",
    ),
}


class TestAClassicSchedule:
    @pytest.mark.parametrize("name", PUBLISHED)
    def test_agrees_with_published_rows(self, name):
        agreed, expected = PUBLISHED[name]
        assert shown(build_classic(agreed)) == pairs(expected)

    @pytest.mark.parametrize(
        ("method", "level", "first_interest", "last"),
        [("flat", 32_800, 1_562, 32_850), ("declining", 32_200, 1_562, 32_333)],
    )
    def test_gives_the_worked_example_of_whole_units(self, method, level, first_interest, last):
        agreed = classic(
            ("2024-01-01", 4, "15"), "1250", multiple=100, **{**BY_ROW, "method": InterestMethod(method)}
        )
        rows = build_classic(agreed)
        assert [row.total_minor for row in rows] == [level] * 3 + [last]
        assert rows[0].interest_minor == first_interest
        assert rows[-1].closing_minor == 0

    def test_leaves_what_rounding_flat_interest_once_gives_to_the_last_row(self):
        rows = build_classic(classic(("2024-01-01", 4, "15"), "1250", **FLAT))
        assert [row.interest_minor for row in rows] == [1_562, 1_562, 1_562, 1_564]

    def test_charges_no_interest_in_free_rows(self):
        rows = build_classic(classic(("2024-01-01", 3, "12"), "300", grace=(0, 0, 1), **BY_ROW))
        assert [row.interest_minor for row in rows] == [0, 198, 98]
        flat = build_classic(classic(("2024-01-01", 3, "12"), "300", grace=(0, 0, 1), **FLAT))
        assert [row.interest_minor for row in flat] == [0, 300, 300]

    def test_keeps_a_given_instalment_and_leaves_the_rest_to_the_last_row(self):
        rows = build_classic(classic(("2024-01-01", 3, "12"), "300", instalment_minor=5_000, **BY_ROW))
        assert [row.total_minor for row in rows] == [5_000, 5_000, 20_759]

    def test_ends_early_under_a_large_instalment(self):
        rows = build_classic(classic(("2024-01-01", 3, "12"), "300", instalment_minor=20_000, **BY_ROW))
        assert [row.principal_minor for row in rows] == [19_700, 10_300, 0]

    def test_divides_principal_equally_without_interest(self):
        rows = build_classic(classic(("2024-01-01", 3, "0"), "100", **BY_ROW))
        assert [row.total_minor for row in rows] == [3_333, 3_333, 3_334]

    def test_numbers_rows_from_date_to_date(self):
        first, last = build_classic(classic(("2024-01-31", 2, "12"), "100", **BY_ROW))
        assert (first.number, first.start.isoformat(), first.due_on.isoformat()) == (
            1,
            "2024-01-31",
            "2024-02-29",
        )
        assert (last.number, last.start, last.opening_minor) == (2, first.due_on, first.closing_minor)


class TestClassicTerms:
    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("principal", {"principal_minor": 0}),
            ("instalment", {"instalment_minor": 0}),
            ("instalment", {"instalment_minor": 1, "amortisation": Amortisation.EQUAL_PRINCIPAL}),
            ("recalculation", {"schedule": terms("2024-01-01", 3, "12")}),
            ("down_payment_share", {"schedule": terms("2024-01-01", 3, "12", recalculates=False, down="25")}),
            ("grace_principal", {"grace_principal": 3}),
            ("grace_interest", {"grace_interest": -1}),
            ("interest_free", {"interest_free": 3}),
        ],
    )
    def test_refuses_what_cannot_be(self, field, changes):
        given = {"schedule": terms("2024-01-01", 3, "12", recalculates=False), "principal_minor": 100}
        with pytest.raises(ClassicTermsImpossible) as refused:
            ClassicTerms(**{**given, **changes})
        assert refused.value.field == field

    def test_refuses_an_instalment_below_the_interest_of_a_row(self):
        with pytest.raises(ClassicTermsImpossible) as refused:
            build_classic(classic(("2024-01-01", 3, "12"), "300", instalment_minor=299, **BY_ROW))
        assert (refused.value.field, refused.value.details) == ("instalment", {"row": 1})
