"""Order files as a whole: what is refused before the first line, and that no line is ever lost."""

from __future__ import annotations

import gzip
import hashlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.kernel.currencies import CurrencyUnknown
from ledger.kernel.refusals import RefusalKind
from lending.orders.file_refusals import (
    OrderFileColumnsMissing,
    OrderFileColumnsRepeated,
    OrderFileEmpty,
    OrderFileEncoding,
    OrderFileNotCsv,
    OrderFileTooLarge,
)
from lending.orders.order_file import iterate_order_lines, parse_order_file
from lending.orders.order_lines import OrderLine, RefusedLine
from tests.unit.lending.orders.files import AS_OF, GOOD, HEADER, parse, parse_bytes, refusals, row

TEXT = f"{HEADER}\n{GOOD}\n"


class TestWholeFile:
    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"", OrderFileEmpty),
            (b"\n\r\n\n", OrderFileEmpty),
            (b"\xef\xbb\xbf", OrderFileEmpty),
            (HEADER.encode(), OrderFileEmpty),
            (f"{HEADER}\n\n\n".encode(), OrderFileEmpty),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", OrderFileNotCsv),
            (b"PK\x03\x04\x14\0\x06\0\x08\0", OrderFileNotCsv),
            (TEXT.encode() + b"\0", OrderFileNotCsv),
            (TEXT.encode("utf-16"), OrderFileEncoding),
            (TEXT.encode("utf-16-be"), OrderFileNotCsv),
            (TEXT.replace("SP", "São").encode("latin-1"), OrderFileEncoding),
            (TEXT.encode() + b"\xe4\xbd", OrderFileEncoding),
            (GOOD.encode(), OrderFileColumnsMissing),
            (TEXT.replace(",", ";").encode(), OrderFileColumnsMissing),
            (TEXT.replace(",", "\t").encode(), OrderFileColumnsMissing),
            (b"x" * 50_000, OrderFileColumnsMissing),
            (b'"' + TEXT.encode(), OrderFileColumnsMissing),
            (f"{HEADER},line\n{GOOD},1\n".encode(), OrderFileColumnsRepeated),
        ],
    )
    def test_is_refused_by_name(self, content, refusal):
        seen = []
        with pytest.raises(refusal) as caught:
            parse_bytes(content, on_line=seen.append)
        assert type(caught.value) is refusal
        assert caught.value.field == "file"
        assert seen == []

    def test_refuses_a_compressed_file(self):
        with pytest.raises((OrderFileNotCsv, OrderFileEncoding)):
            parse_bytes(gzip.compress(TEXT.encode() * 100))

    def test_names_the_missing_columns(self):
        with pytest.raises(OrderFileColumnsMissing) as caught:
            parse_bytes(b"seller_id,order_id,line,shipped_by,seller_state\n1,1,1,1,1\n")
        assert caught.value.details == {"columns": ["goods_amount", "freight_amount"]}
        assert "goods_amount, freight_amount" in caught.value.message

    def test_refuses_a_file_over_the_size_it_may_have(self):
        with pytest.raises(OrderFileTooLarge) as caught:
            parse_bytes(TEXT.encode(), bytes_max=len(TEXT) - 1)
        assert caught.value.kind is RefusalKind.TOO_LARGE
        assert parse_bytes(TEXT.encode(), bytes_max=len(TEXT)).taken_count == 1

    def test_refuses_a_currency_the_books_cannot_hold(self):
        with pytest.raises(CurrencyUnknown):
            parse(GOOD, currency="DOGE")

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    def test_reads_any_line_end_and_a_byte_order_mark(self, newline, mark):
        account = parse_bytes(mark + newline.join([HEADER, GOOD, row(order_id="o2"), ""]).encode())
        assert (account.line_count, account.taken_count) == (2, 2)

    def test_reads_columns_in_any_order_and_ignores_others(self):
        header = " Note , GOODS_AMOUNT,seller_state,freight_amount,shipped_by,line,order_id,seller_id"
        account = parse('"a, ""b""\nc",112.50,SP,14.95,2018-07-31T18:30:00,1,o1,s1', header=header)
        assert (account.taken_count, account.sellers[0].amount_minor) == (1, 11_250)

    def test_gives_the_fingerprint_of_the_bytes(self, tmp_path):
        path = tmp_path / "orders.csv"
        path.write_bytes(TEXT.encode())
        expected = hashlib.sha256(TEXT.encode()).hexdigest()
        assert parse_order_file(path, as_of=AS_OF).sha256 == expected
        assert parse_order_file(str(path), as_of=AS_OF).sha256 == expected
        assert parse_order_file(BytesIO(TEXT.encode()), as_of=AS_OF).sha256 == expected

    def test_reads_a_stream_that_can_be_read_only_once_and_leaves_it_open(self):
        class Once:
            closed = False

            def __init__(self, content):
                self.content = BytesIO(content)

            def read(self, size, /):
                return self.content.read(min(size, 7))

        source = Once(TEXT.encode())
        assert parse_order_file(source, as_of=AS_OF).taken_count == 1
        stream = BytesIO(TEXT.encode())
        parse_order_file(stream, as_of=AS_OF)
        assert not stream.closed


class TestAccount:
    def test_takes_and_refuses_every_line_once(self):
        account = parse(GOOD, "", row(goods_amount="-1"), GOOD, row(order_id="o2"), "oops")
        assert (account.line_count, account.taken_count, account.refused_count) == (5, 2, 3)
        assert account.blank_count == 1
        assert refusals(account) == [(4, "amount_negative"), (5, "duplicate"), (7, "cells_missing")]
        assert account.reasons == {"amount_negative": 1, "duplicate": 1, "cells_missing": 1}

    def test_takes_the_corrected_line_after_a_refused_one(self):
        account = parse(row(goods_amount="x"), GOOD)
        assert (refusals(account), account.taken_count) == ([(2, "amount_unreadable")], 1)

    def test_may_refuse_every_line(self):
        account = parse("a", "b", "c")
        assert (account.line_count, account.taken_count, account.sellers) == (3, 0, ())

    def test_shows_taken_lines_as_they_come(self):
        seen = []
        parse(GOOD, "oops", row(order_id="o2"), on_line=seen.append)
        assert [(line.line_number, line.order_id) for line in seen] == [(2, "o1"), (4, "o2")]

    def test_streams_the_same_lines(self):
        content = f"{TEXT}oops\n{row(order_id='o2')}\n".encode()
        kinds = [type(line) for line in iterate_order_lines(BytesIO(content), as_of=AS_OF)]
        assert kinds == [OrderLine, RefusedLine, OrderLine]

    def test_streams_nothing_of_a_file_that_is_refused(self):
        with pytest.raises(OrderFileEncoding):
            next(iterate_order_lines(BytesIO(TEXT.encode() + b"\xff"), as_of=AS_OF))


class TestQuoting:
    def test_reads_quoted_cells(self):
        account = parse('"s1","o1","1","2018-07-31T18:30:00","112.50","14.95","S,P"')
        assert account.sellers[0].seller_state == "S,P"

    def test_loses_only_the_line_whose_quote_is_never_closed(self):
        rows = [row(order_id=f"o{number}") for number in range(50)]
        rows[10] = rows[10].replace("SP", '"SP')
        account = parse(*rows)
        assert refusals(account) == [(12, "quotes_unbalanced")]
        assert account.taken_count == 49

    def test_recovers_from_a_quote_that_opens_on_many_lines(self):
        rows = [row(order_id=f"o{number}").replace(",1,", ',"1,') for number in range(50)]
        account = parse(*rows, row(order_id="last"))
        assert account.line_count == 51
        assert {code for _, code in refusals(account)} == {"quotes_unbalanced"}
        assert account.taken_count == 1

    def test_judges_a_line_break_inside_quotes_as_one_line(self):
        account = parse(row(seller_state='"S\nP"'), row(order_id="o2"))
        assert refusals(account) == [(2, "value_control_character")]
        assert account.taken_count == 1

    def test_numbers_the_lines_after_a_line_break_inside_quotes_rightly(self):
        account = parse(row(seller_state='"S\n\nP"'), "oops")
        assert refusals(account) == [(2, "value_control_character"), (5, "cells_missing")]

    @pytest.mark.parametrize("bad", ['"s1"x', '"s"1"', 's"1'])
    def test_refuses_quotes_in_the_wrong_place(self, bad):
        account = parse(row(seller_id=bad), row(order_id="o2"))
        assert refusals(account) == [(2, "quotes_unbalanced")]
        assert account.taken_count == 1

    @pytest.mark.parametrize("length", [9_999, 10_000, 10_001, 200_000, 3_000_000])
    def test_refuses_an_absurd_line_and_goes_on(self, length):
        account = parse("x" * length, row(order_id="o2"))
        assert (account.refused_count, account.taken_count) == (1, 1)
        assert refusals(account)[0][1] in {"cells_missing", "line_too_long"}

    def test_refuses_an_open_quote_and_the_absurd_line_behind_it_each_alone(self):
        account = parse(row(seller_state='"SP'), "x" * 20_000, row(order_id="o2"))
        assert refusals(account) == [(2, "quotes_unbalanced"), (3, "line_too_long")]
        assert account.taken_count == 1

    def test_refuses_an_absurd_quoted_cell_and_goes_on(self):
        long_cell = '"' + "\n".join(["x" * 9_000] * 15) + '"'
        account = parse(row(seller_state=long_cell), row(order_id="o2"))
        assert account.taken_count == 1
        assert account.refused[0].code == "quotes_unbalanced"


class TestNothingIsLost:
    @given(st.text(alphabet='s1,"\n\r 0.-\u00e9', max_size=300))
    def test_accounts_for_every_line_of_any_text(self, body):
        content = f"{HEADER}\n{GOOD}\n{body}".encode()
        judged = list(iterate_order_lines(BytesIO(content), as_of=AS_OF))
        account = parse_bytes(content)
        assert account.taken_count + account.refused_count == account.line_count == len(judged)
        numbers = [line.line_number for line in judged]
        assert numbers == sorted(set(numbers))
        assert all(line.sentence for line in account.refused)

    @given(st.binary(max_size=300))
    def test_ends_in_an_account_or_a_named_refusal_for_any_bytes(self, body):
        try:
            account = parse_bytes(f"{HEADER}\n{GOOD}\n".encode() + body)
        except (OrderFileEncoding, OrderFileNotCsv):
            return
        assert account.taken_count >= 1
