"""Every line of a statement and of the books is explained once, and nothing is guessed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.reconciliation import CashMovement, Outcome, Tolerance, reconcile
from ledger.reconciliation.sandbox_statement import FAULTS, made_up_statement

DAY = date(2024, 3, 1)


def lines(side: str, *rows: tuple[str, int] | tuple[str, int, int] | tuple[str, int, int, str]):
    """Rows of reference, amount, and if need be the day and the channel."""
    found = []
    for number, row in enumerate(rows, 1):
        reference, amount, day, channel = (*row, *(0, "")[len(row) - 2 :])
        on = DAY + timedelta(days=day)
        found.append(CashMovement(f"{side} {number}", on, amount, "CNY", reference, channel))
    return found


def outcomes(bank, books, **tolerance):
    found = reconcile(
        bank=lines("line", *bank), books=lines("entry", *books), tolerance=Tolerance(**tolerance)
    )
    return [(finding.outcome.value, finding.difference_minor) for finding in found]


class TestReconcile:
    @pytest.mark.parametrize(
        ("bank", "books", "expected"),
        [
            ([("A", 500)], [("A", 500)], [("matched", 0)]),
            ([("A", -500)], [("A", -500)], [("matched", 0)]),
            ([("A", 500)], [("A", -500)], [("amount_differs", 1000)]),
            ([("A", 501)], [("A", 500)], [("amount_differs", 1)]),
            ([("A", 500, 1)], [("A", 500)], [("date_differs", 0)]),
            ([], [("A", 500)], [("missing_in_bank", -500)]),
            ([("A", 500)], [], [("missing_in_books", 500)]),
            ([("A", 500), ("A", 500)], [("A", 500)], [("matched", 0), ("twice_in_bank", 500)]),
            ([("A", 500)], [("A", 500), ("A", 500)], [("matched", 0), ("twice_in_books", -500)]),
            ([("A", 200), ("A", 300)], [("A", 500)], [("split", 0)]),
            ([("A", 200), ("A", 299)], [("A", 500)], [("amount_differs", -1)]),
            ([("A", 500)], [("A", 200), ("A", 300)], [("combined", 0)]),
            ([("A", 500)], [("B", 500, 0, "x")], [("combined", 0)]),
            ([("", 500)], [("", 500)], [("combined", 0)]),
        ],
    )
    def test_names_what_became_of_each_line(self, bank, books, expected):
        assert outcomes(bank, books) == expected

    def test_forgives_an_amount_within_the_tolerance(self):
        assert outcomes([("A", 502)], [("A", 500)], minor=2) == [("within_tolerance", 2)]
        assert outcomes([("A", 503)], [("A", 500)], minor=2) == [("amount_differs", 3)]

    def test_forgives_a_date_within_the_tolerance(self):
        assert outcomes([("A", 500, 2)], [("A", 500)], days=2) == [("matched", 0)]
        assert outcomes([("A", 500, 3)], [("A", 500)], days=2) == [("date_differs", 0)]

    def test_pairs_equal_amounts_by_the_nearest_dates(self):
        found = reconcile(
            bank=lines("line", ("A", 500, 9), ("A", 500, 0)),
            books=lines("entry", ("A", 500, 0), ("A", 500, 9)),
            tolerance=Tolerance(),
        )
        assert [finding.outcome for finding in found] == [Outcome.MATCHED, Outcome.MATCHED]

    def test_matches_a_collective_credit_with_the_day_of_a_channel(self):
        books = [("A", 200, 0, "card"), ("B", 300, 0, "card"), ("C", 500, 0, "wire")]
        assert outcomes([("BATCH-1", 500)], books[:2]) == [("combined", 0)]
        # A day of another channel with the same sum would do as well, so that nothing is taken.
        assert {outcome for outcome, _ in outcomes([("BATCH-1", 500)], books)} == {
            "missing_in_books",
            "missing_in_bank",
        }

    def test_does_not_mix_currencies(self):
        yuan, yen = (CashMovement(code, DAY, 500, code, "A") for code in ("CNY", "JPY"))
        found = reconcile(bank=[yuan], books=[yen], tolerance=Tolerance())
        assert {finding.outcome for finding in found} == {Outcome.MISSING_IN_BANK, Outcome.MISSING_IN_BOOKS}


REFERENCES = st.sampled_from(["", "A", "B", "C"])
ROWS = st.lists(
    st.tuples(REFERENCES, st.integers(-4, 4).filter(bool), st.integers(0, 3), st.sampled_from(["x", "y"])),
    max_size=8,
)


class TestEveryReconciliation:
    @given(ROWS, ROWS, st.randoms(use_true_random=False))
    @settings(max_examples=300, deadline=None)
    def test_explains_each_line_once_whatever_the_order(self, bank_rows, book_rows, chance):
        bank, books = lines("line", *bank_rows), lines("entry", *book_rows)
        found = reconcile(bank=bank, books=books, tolerance=Tolerance(minor=1, days=1))
        assert Counter(line for finding in found for line in finding.bank) == Counter(bank)
        assert Counter(line for finding in found for line in finding.books) == Counter(books)
        difference = sum(line.signed_minor for line in bank) - sum(line.signed_minor for line in books)
        assert sum(finding.difference_minor for finding in found) == difference
        chance.shuffle(bank)
        chance.shuffle(books)
        assert set(reconcile(bank=bank, books=books, tolerance=Tolerance(minor=1, days=1))) == set(found)


FOUND_AS = {
    "missing": Outcome.MISSING_IN_BANK,
    "twice": Outcome.TWICE_IN_BANK,
    "one_off": Outcome.AMOUNT_DIFFERS,
    "wrong_day": Outcome.DATE_DIFFERS,
    "split": Outcome.SPLIT,
    "unknown": Outcome.MISSING_IN_BOOKS,
}


class TestAMadeUpStatement:
    @pytest.mark.parametrize("seed", range(20))
    def test_has_each_fault_found_once_and_none_invented(self, seed):
        chance = random.Random(seed)
        books = lines(
            "entry", *((f"R-{number}", chance.randint(3, 10**6), number % 7) for number in range(40))
        )
        faults = chance.choices(sorted(FAULTS), k=12)
        statement = made_up_statement(books, faults=faults, seed=seed)
        found = reconcile(bank=statement, books=books, tolerance=Tolerance())
        expected = Counter(FOUND_AS[fault] for fault in faults)
        # A payment that was split agrees with the books; every other fault is for somebody to look at.
        assert sum(finding.is_break for finding in found) == len(faults) - faults.count("split")
        assert (
            Counter(finding.outcome for finding in found if finding.outcome is not Outcome.MATCHED)
            == expected
        )

    def test_without_faults_agrees(self):
        books = lines("entry", ("A", 1), ("B", -2), ("C", 30))
        found = reconcile(
            bank=made_up_statement(books, faults=[], seed=1), books=books, tolerance=Tolerance()
        )
        assert {finding.outcome for finding in found} == {Outcome.MATCHED}
