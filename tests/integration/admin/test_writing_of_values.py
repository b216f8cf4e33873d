"""How values are written on pages."""

from __future__ import annotations

from fractions import Fraction

import pytest

from config.admin.event_words import EVENT_WORDS, event_words, payload_facts
from config.admin.formatting import (
    amount,
    amount_text,
    decimal_text,
    exact_amount_text,
    payload,
    percent_text,
    totals_text,
    words,
)
from ledger.kernel.aggregate import EVENTS


class TestAmounts:
    @pytest.mark.parametrize(
        ("minor", "currency", "text"),
        [
            (0, "CNY", "0.00 CNY"),
            (5, "CNY", "0.05 CNY"),
            (-5, "CNY", "-0.05 CNY"),
            (123456789, "CNY", "1,234,567.89 CNY"),
            (-123456789, "CNY", "-1,234,567.89 CNY"),
            (1234567, "JPY", "1,234,567 JPY"),
            (-5, "JPY", "-5 JPY"),
            (1234, "KWD", "1.234 KWD"),
            (10**15, "CNY", "10,000,000,000,000.00 CNY"),
            (None, "CNY", "\N{EN DASH}"),
            (5, None, "5 minor units"),
            (5, "XXX", "5 minor units"),
        ],
    )
    def test_carry_every_decimal_and_the_currency(self, minor, currency, text):
        assert amount_text(minor, currency) == text

    def test_of_several_currencies_stand_one_after_the_other(self):
        assert totals_text({"JPY": 5, "CNY": 100}) == "1.00 CNY · 5 JPY"

    def test_with_a_fraction_of_a_minor_unit_show_it(self):
        assert exact_amount_text(Fraction(43200, 31), "CNY") == "13.935484 CNY"
        assert exact_amount_text(Fraction(14400000), "CNY") == "144,000.00 CNY"

    def test_are_escaped(self):
        assert "<b>" not in amount(5, "<b>")


@pytest.mark.parametrize(
    ("rate_e8", "text"),
    [(14_400_000, "14.4%"), (0, "0%"), (10**8, "100%"), (10**9, "1000%"), (1, "0.000001%")],
)
def test_a_rate_is_a_percentage(rate_e8, text):
    assert percent_text(rate_e8) == text


@pytest.mark.parametrize(
    ("number", "text"), [(Fraction(17, 20), "0.85"), (Fraction(100), "100"), (Fraction(1, 3), "0.333333")]
)
def test_a_fraction_is_a_decimal(number, text):
    assert decimal_text(number) == text


def test_a_payload_is_escaped_and_keeps_its_letters():
    assert payload({"reason": "<script>资料"}) == (
        '<pre class="payload">{\n  &quot;reason&quot;: &quot;&lt;script&gt;资料&quot;\n}</pre>'
    )


def test_a_code_is_written_in_words():
    assert words("linked_account_debited") == "linked account debited"
    assert words(None) == "\N{EN DASH}"


class TestEventWords:
    def test_exist_for_every_event_and_for_no_other(self):
        assert set(EVENT_WORDS) == set(EVENTS)

    def test_of_an_unknown_topic_are_the_topic(self):
        assert event_words("moon.landed") == "moon.landed"

    def test_leave_rows_and_parts_to_the_payload(self):
        state = {
            "amount_minor": 250_00,
            "currency": "CNY",
            "rows": [{"number": 1}],
            "kind": "instalment",
            "number": 3,
        }
        assert payload_facts(state) == "amount 250.00 CNY · kind instalment · number 3"

    def test_take_the_currency_of_the_page_when_the_event_has_none(self):
        assert payload_facts({"amount_minor": 100}, currency="JPY") == "amount 100 JPY"
