"""Cells of a loan book: how far dates and texts may go."""

from __future__ import annotations

from datetime import date

import pytest

from lending.book_import.cells import Cells, LineNotTaken
from lending.book_import.fact_lines import fact_of


def refused(read) -> tuple[str, str, str]:
    with pytest.raises(LineNotTaken) as why:
        read()
    return why.value.code, why.value.field, why.value.sentence


def payment(**cells: str) -> Cells:
    told = {"loan": "L-1", "fact": "P-1", "kind": "payment_received", "value_date": "2024-03-05"}
    return Cells(2, {**told, "amount": "1.00", **cells})


class TestADate:
    @pytest.mark.parametrize("text", ["1900-01-01", "2024-02-29", "2199-12-31"])
    def test_lies_in_the_years_that_the_api_takes(self, text):
        assert Cells(2, {"until": text}).day("until") == date.fromisoformat(text)

    @pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
    def test_outside_these_years_is_none_that_a_line_can_have(self, text):
        sentence = f'until "{text}" lies outside the years 1900 to 2199'
        assert refused(lambda: Cells(2, {"until": text}).day("until")) == (
            "date_impossible",
            "until",
            sentence,
        )

    def test_of_a_batch_is_held_to_them_too(self):
        cells = Cells(2, {"batches": "2024-02-29:1.00;9999-12-31:1.00"})
        assert refused(lambda: cells.batches("batches", currency="CNY"))[:2] == ("date_impossible", "batches")


class TestAReason:
    def test_may_have_200_characters_or_none(self):
        assert fact_of(payment(reason="r" * 200), currency="CNY").reason == "r" * 200
        assert fact_of(payment(reason=""), currency="CNY").reason == ""
        assert fact_of(payment(), currency="CNY").reason == ""

    @pytest.mark.parametrize("reason", ["r" * 201, "by\tthe branch", "by\x00", "two\nlines"])
    def test_is_short_and_can_be_printed(self, reason):
        found = refused(lambda: fact_of(payment(reason=reason), currency="CNY"))
        assert found == ("value_unreadable", "reason", "reason is too long or cannot be printed")

    def test_lends_its_length_to_no_other_text(self):
        found = refused(lambda: fact_of(payment(fact="f" * 129), currency="CNY"))
        assert found[:2] == ("value_unreadable", "fact")
