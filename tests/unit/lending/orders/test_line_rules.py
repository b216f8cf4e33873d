"""Order lines: each reason for which one is refused, and the exact amounts of those that are taken."""

from __future__ import annotations

import pytest

from lending.orders.order_lines import SENTENCES
from tests.unit.lending.orders.files import HEADER, parse, row

REFUSED = [
    ({"seller_id": ""}, "value_missing", "seller_id"),
    ({"order_id": "  "}, "value_missing", "order_id"),
    ({"line": ""}, "value_missing", "line"),
    ({"shipped_by": ""}, "value_missing", "shipped_by"),
    ({"goods_amount": ""}, "value_missing", "goods_amount"),
    ({"freight_amount": ""}, "value_missing", "freight_amount"),
    ({"seller_state": ""}, "value_missing", "seller_state"),
    ({"seller_id": "s" * 65}, "value_too_long", "seller_id"),
    ({"order_id": "o\t1"}, "value_control_character", "order_id"),
    ({"seller_id": "s\u202e1"}, "value_control_character", "seller_id"),
    ({"seller_state": "\u200b"}, "value_control_character", "seller_state"),
    ({"line": "0"}, "line_number_invalid", "line"),
    ({"line": "-1"}, "line_number_invalid", "line"),
    ({"line": "1.0"}, "line_number_invalid", "line"),
    ({"line": "one"}, "line_number_invalid", "line"),
    ({"line": "100000"}, "line_number_invalid", "line"),
    ({"line": "\u0661"}, "line_number_invalid", "line"),
    ({"shipped_by": "31/07/2018"}, "date_unreadable", "shipped_by"),
    ({"shipped_by": "20180731"}, "date_unreadable", "shipped_by"),
    ({"shipped_by": "2018-W30-1"}, "date_unreadable", "shipped_by"),
    ({"shipped_by": "2018-07-31T18:30:00Z"}, "date_unreadable", "shipped_by"),
    ({"shipped_by": "1532995200"}, "date_unreadable", "shipped_by"),
    ({"shipped_by": "2018-02-29T10:00:00"}, "date_impossible", "shipped_by"),
    ({"shipped_by": "2018-13-01T10:00:00"}, "date_impossible", "shipped_by"),
    ({"shipped_by": "2018-07-31T24:30:00"}, "date_impossible", "shipped_by"),
    ({"shipped_by": "0000-00-00"}, "date_impossible", "shipped_by"),
    ({"shipped_by": "1018-07-31"}, "date_too_old", "shipped_by"),
    ({"shipped_by": "2018-09-01T00:00:00"}, "date_after_as_of", "shipped_by"),
    ({"shipped_by": "2020-02-05T03:30:00"}, "date_after_as_of", "shipped_by"),
    ({"goods_amount": "-12.00"}, "amount_negative", "goods_amount"),
    ({"goods_amount": "-0"}, "amount_negative", "goods_amount"),
    ({"freight_amount": "-0.01"}, "amount_negative", "freight_amount"),
    ({"goods_amount": "0"}, "amount_zero", "goods_amount"),
    ({"goods_amount": "0.00"}, "amount_zero", "goods_amount"),
    ({"goods_amount": "1.005"}, "amount_too_precise", "goods_amount"),
    ({"goods_amount": "1.000"}, "amount_too_precise", "goods_amount"),
    ({"freight_amount": "0.001"}, "amount_too_precise", "freight_amount"),
    ({"goods_amount": "1e3"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "NaN"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "Infinity"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "+5"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "5."}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": ".5"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "005"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "1_000"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "R$5"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "--"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": '"1,5"'}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "\u0661\u0662"}, "amount_unreadable", "goods_amount"),
    ({"goods_amount": "1000000000.01"}, "amount_too_large", "goods_amount"),
    ({"goods_amount": "9" * 5_000}, "amount_too_large", "goods_amount"),
]


class TestRefusedLine:
    @pytest.mark.parametrize(("cells", "code", "field"), REFUSED)
    def test_states_its_reason_and_counts_for_nothing(self, cells, code, field):
        account = parse(row(**cells))
        assert [(line.line_number, line.code, line.field) for line in account.refused] == [(2, code, field)]
        assert (account.taken_count, account.sellers) == (0, ())

    @pytest.mark.parametrize(
        ("line", "code"), [("s1,o1,1", "cells_missing"), (row() + ",", "cells_extra"), (",", "cells_missing")]
    )
    def test_does_not_fit_the_header(self, line, code):
        assert [held.code for held in parse(line).refused] == [code]

    @pytest.mark.parametrize(
        ("cells", "sentence"),
        [
            ({"goods_amount": "-12.00"}, 'goods_amount "-12.00" is negative'),
            ({"shipped_by": "2018-02-30"}, 'shipped_by "2018-02-30" does not exist in the calendar'),
            ({"order_id": ""}, "order_id is empty"),
        ],
    )
    def test_reads_as_a_sentence(self, cells, sentence):
        assert parse(row(**cells)).refused[0].sentence == sentence

    def test_shows_a_short_printable_excerpt(self):
        refused = parse(row(seller_id="s\x1b[31m" + "x" * 200), row(order_id="o\x1b[31m")).refused
        assert len(refused[0].value) == 41
        assert all(line.value.isprintable() for line in refused)

    def test_survives_braces_in_the_value(self):
        assert parse(row(goods_amount="{field}")).refused[0].sentence == (
            'goods_amount "{field}" is not a plain decimal number'
        )

    def test_has_a_sentence_for_every_reason(self):
        assert {code for _, code, _ in REFUSED} <= set(SENTENCES)
        assert all(
            sentence.format(field="f", value="v") and "{" not in sentence.format(field="f", value="v")
            for sentence in SENTENCES.values()
        )


class TestTakenLine:
    @pytest.mark.parametrize(
        ("cells", "month", "goods"),
        [
            ({}, "2018-07", 11_250),
            ({"goods_amount": "112"}, "2018-07", 11_200),
            ({"goods_amount": "0.01"}, "2018-07", 1),
            ({"goods_amount": "0.1"}, "2018-07", 10),
            ({"goods_amount": " 112.50 "}, "2018-07", 11_250),
            ({"goods_amount": "1000000000.00"}, "2018-07", 10**11),
            ({"freight_amount": "0"}, "2018-07", 11_250),
            ({"shipped_by": "2018-08-31T23:59:59"}, "2018-08", 11_250),
            ({"shipped_by": "2018-08-31 23:59:59"}, "2018-08", 11_250),
            ({"shipped_by": "2018-08-01T00:00"}, "2018-08", 11_250),
            ({"shipped_by": "2016-02-29"}, "2016-02", 11_250),
            ({"line": "99999"}, "2018-07", 11_250),
            ({"seller_id": "商店-1"}, "2018-07", 11_250),
        ],
    )
    def test_counts_exactly_in_its_month(self, cells, month, goods):
        account = parse(row(**cells))
        assert account.refused == ()
        (seller,) = account.sellers
        assert [(held.month, held.amount_minor) for held in seller.months] == [(month, goods)]

    @pytest.mark.parametrize(
        ("currency", "amount", "goods"), [("JPY", "112", 112), ("KWD", "1.125", 1_125), ("CNY", "1.12", 112)]
    )
    def test_is_read_in_the_scale_of_the_file_currency(self, currency, amount, goods):
        account = parse(row(goods_amount=amount, freight_amount="0"), currency=currency)
        assert (account.sellers[0].currency, account.sellers[0].amount_minor) == (currency, goods)

    def test_takes_currency_platform_and_entity_from_the_line(self):
        header = f"{HEADER},platform,entity_id,currency"
        account = parse(f"{row()},Taobao,ENT-1,cny", f"{row(order_id='o2')},,ENT-1,", header=header)
        found = [(held.platform, held.entity_id, held.currency) for held in account.sellers]
        assert found == [(None, "ENT-1", "BRL"), ("taobao", "ENT-1", "CNY")]

    def test_is_refused_in_a_currency_the_books_cannot_hold(self):
        account = parse(f"{row()},DOGE", header=f"{HEADER},currency")
        assert account.refused[0].sentence == 'currency "DOGE" is not a currency the books can hold'
