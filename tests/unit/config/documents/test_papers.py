"""A paper becomes the same file every time, and nothing of it is lost on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.documents.comma import csv_of, value_rows
from config.documents.laying_out import MARGIN, Layout
from config.documents.paper import Column, Facts, Grid, Note, Paper
from config.documents.pdf import pdf_of
from config.documents.typesetting import REGULAR, broken, fitted, width_of, writable
from tests.builders.pdf_text import pages_of, text_of_pdf

STATED_AT = datetime(2024, 1, 31, 16, 0, 1, tzinfo=UTC)
COLUMNS = (Column("What", 30), Column("Amount", 20, is_figure=True), Column("Reference", 20))


def paper(*, rows: int = 3, is_wide: bool = False, borrower: str = "E-1") -> Paper:
    lines = [[f"row {number}", f"{number:,}.00", f"9/{number}"] for number in range(rows)]
    blocks = [
        Facts([("Total", "12.50 CNY"), ("Borrower", borrower)], leading=1),
        Grid(COLUMNS, lines, title="Rows", strong=frozenset({0})),
        Note("A note at the end."),
    ]
    return Paper("Letter", "loan 1", STATED_AT, blocks, is_wide)


class TestAPdf:
    def test_is_the_same_for_the_same_paper(self):
        assert pdf_of(paper(rows=200)) == pdf_of(paper(rows=200))

    def test_is_another_one_for_another_amount_or_moment(self):
        assert len({pdf_of(paper()), pdf_of(paper(rows=4)), pdf_of(paper(borrower="E-2"))}) == 3
        later = Paper("Letter", "loan 1", STATED_AT.replace(year=2025), paper().blocks)
        assert pdf_of(later) != pdf_of(paper())

    def test_has_the_date_of_its_data(self):
        assert b"/CreationDate (D:20240131160001Z)" in pdf_of(paper())
        assert b"/ModDate (D:20240131160001Z)" in pdf_of(paper())

    def test_brings_its_fonts_along_and_needs_no_others(self):
        file = pdf_of(paper())
        assert file.count(b"/FontFile2") == 2
        assert b"/BaseFont /Helvetica" not in file

    def test_shows_every_text(self):
        text = text_of_pdf(pdf_of(paper()))
        assert all(word in text for word in ("Letter", "loan 1", "12.50 CNY", "E-1", "row 2", "2.00", "9/2"))
        assert "A note at the end." in text

    def test_repeats_the_head_of_a_grid_and_counts_its_pages(self):
        pages = pages_of(pdf_of(paper(rows=150)))
        assert len(pages) == 3
        assert all("Reference" in page for page in pages)
        for number, page in enumerate(pages, start=1):
            assert f"page {number} of 3" in page
        assert "\n".join(pages).count("row ") == 150

    @pytest.mark.parametrize("is_wide", [False, True])
    def test_writes_nothing_over_its_margins(self, is_wide):
        layout = Layout(paper(rows=200, is_wide=is_wide, borrower="many words " * 60))
        for page in layout.run():
            for text in page.texts:
                assert text.x >= MARGIN * 1000
                width = width_of(text.text, font=text.font, size=text.size)
                assert text.x + width <= (layout.width - MARGIN) * 1000
                assert 0 < text.y < layout.height - MARGIN // 2


class TestAText:
    def test_that_does_not_fit_ends_in_an_ellipsis(self):
        assert fitted("short", font=REGULAR, size=7, width=100_000) == "short"
        cut = fitted("a long text that does not fit", font=REGULAR, size=7, width=40_000)
        assert cut.endswith("\N{HORIZONTAL ELLIPSIS}")
        assert width_of(cut, font=REGULAR, size=7) <= 40_000

    def test_is_broken_between_words_and_loses_none(self):
        text = "one two three four five six seven eight nine ten"
        lines = list(broken(text, font=REGULAR, size=7, width=60_000))
        assert len(lines) > 1
        assert " ".join(lines) == text
        assert all(width_of(line, font=REGULAR, size=7) <= 60_000 for line in lines)

    def test_in_letters_the_font_lacks_is_written_by_code_point(self):
        assert writable("shop-\u5e97", font=REGULAR) == "shop-U+5E97"
        assert writable("caf\u00e9", font=REGULAR) == "caf\u00e9"


class TestCommaSeparatedText:
    def test_is_utf_8_with_line_feeds(self):
        assert csv_of([["a", 1, None], ["b,c", "\u5e97", ""]]) == 'a,1,\n"b,c",\u5e97,\n'.encode()

    @pytest.mark.parametrize("text", ["=1+1", "+cmd", "@x", "-x"])
    def test_keeps_a_spreadsheet_from_taking_a_text_for_a_formula(self, text):
        assert csv_of([[text]]) == f"'{text}\n".encode()

    @pytest.mark.parametrize("number", ["-1.00", "0.00", "-1,234.50"])
    def test_leaves_numbers_alone(self, number):
        assert csv_of([[number]]).decode().strip().strip('"') == number

    def test_puts_lists_below_the_values(self):
        rows = list(value_rows({"a": 1, "rows": [{"x": 1, "y": 2}, {"x": 3, "y": 4}], "b": 2, "none": []}))
        assert rows == [("a", 1), ("b", 2), (), ["x", "y"], [1, 2], [3, 4]]
