"""Events of settlement accounts as earlier releases stored them, read as what they mean today."""

from __future__ import annotations

from datetime import date

from ledger.eventstore.codec import build_event
from tests.unit.ledger.settlement_builders import ACCOUNT, ENTITY, account_with

RECEIVED = {
    "effective_date": "2024-07-15",
    "entity_id": str(ENTITY),
    "account_id": str(ACCOUNT),
    "currency": "CNY",
    "amount_minor": 70,
    "channel": "bank",
    "reference": "r-1",
}


def received(**more):
    return build_event("settlement.received", ACCOUNT, 2, {**RECEIVED, **more})


class TestMoneyReceived:
    def test_in_the_first_version_counts_from_the_day_on_which_it_was_posted(self):
        assert received().value_date == date(2024, 7, 15)

    def test_in_the_second_version_keeps_the_day_it_names(self):
        assert received(class_version=2, value_date="2024-07-12").value_date == date(2024, 7, 12)

    def test_in_the_first_version_adds_to_the_balance(self):
        account = account_with()
        received().mutate(account)
        assert (account.state.balance_minor, account.version) == (70, 2)
