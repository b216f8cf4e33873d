"""How payments are told apart by how they are used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ledger.domain.allocation import Buckets
from ledger.domain.loan_record import RecordedPayment, RowShare
from ledger.domain.servicing.claims import INTEREST, PRINCIPAL
from ledger.domain.servicing.running_totals import UseOfMoney

ON = date(2024, 3, 2)


def use(**changed):
    given = {
        "fact_id": "P-1",
        "on": ON,
        "label": "instalment",
        "amount_minor": 500,
        "days_past_due": 3,
        "order": ("past_due.interest", "past_due.principal"),
        "shares": [("1/1", INTEREST, 100), ("1/1", PRINCIPAL, 400)],
    }
    return UseOfMoney(**{**given, **changed})


class TestTwoUsesOfAPayment:
    def test_are_alike_in_whatever_order_their_parts_were_given(self):
        assert use(shares=[("1/1", PRINCIPAL, 400), ("1/1", INTEREST, 100)]).told == use().told

    def test_are_alike_when_a_part_was_given_in_two_goes(self):
        goes = [("1/1", PRINCIPAL, 150), ("1/1", INTEREST, 100), ("1/1", PRINCIPAL, 250)]
        assert use(shares=goes).told == use().told

    @pytest.mark.parametrize(
        "changed",
        [
            {"amount_minor": 501},
            {"days_past_due": 4},
            {"order": ("past_due.principal", "past_due.interest")},
            {"shares": [("1/1", INTEREST, 101), ("1/1", PRINCIPAL, 399)]},
            {"shares": [("1/2", INTEREST, 100), ("1/2", PRINCIPAL, 400)]},
            {"early_fee_minor": 1},
            {"recovered_minor": 1},
            {"surplus_minor": 1},
            {"did": "payoff"},
        ],
    )
    def test_differ_when_anything_about_them_does(self, changed):
        assert use(**changed).told != use().told

    def test_are_alike_after_one_of_them_was_written_down_and_read_again(self):
        written = RecordedPayment(
            id="P-1",
            kind="instalment",
            value_date=ON,
            amount_minor=500,
            did="instalment",
            days_past_due=3,
            order=("past_due.interest", "past_due.principal"),
            shares=(RowShare(row="1/1", number=1, given=Buckets(interest_minor=100, principal_minor=400)),),
        )
        assert written.as_use() == use()
        assert written.as_use().told == use().told
        assert replace(written, surplus_minor=7).as_use().told != use().told
