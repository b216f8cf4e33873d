"""Products on sub-accounts: what may be mapped, and where legs then stand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ledger import postings
from ledger.domain.accrual_run import AccrualBucket
from ledger.policies import account_mapping
from ledger.policies.account_mapping import (
    MAPPINGS,
    AccountMapping,
    AccountMappingInvalid,
    accounts_of,
    mappings_in_force,
)
from ledger.postings import legs_for


@pytest.fixture
def mapped(monkeypatch):
    rows = (
        AccountMapping("revolving-daily", "interest_receivable", "1321.10"),
        AccountMapping("revolving-daily", "interest_income", "6011.10"),
    )
    monkeypatch.setattr(account_mapping, "_ACCOUNTS", accounts_of(rows))


def run_of(*products):
    buckets = tuple(AccrualBucket(code, "CNY", "interest", 1, 100 + n) for n, code in enumerate(products))
    return SimpleNamespace(TOPIC="accrual.run_posted", buckets=buckets)


class TestAMapping:
    @pytest.mark.parametrize(
        ("role", "account", "field"),
        [
            ("cash_bank", "1301.10", "role"),
            ("borrower_settlement", "1301.10", "role"),
            ("memo_contra", "1301.10", "role"),
            ("nothing", "1301.10", "role"),
            ("loan_principal", "1301", "account"),
            ("loan_principal", "1321.10", "account"),
            ("loan_principal", "1301.99", "account"),
            ("loan_principal", "13011", "account"),
        ],
    )
    def test_to_what_is_no_sub_account_of_the_role_is_refused(self, role, account, field):
        with pytest.raises(AccountMappingInvalid) as refused:
            AccountMapping("p", role, account)
        assert refused.value.field == field

    def test_of_a_role_twice_is_refused(self):
        rows = [AccountMapping("p", "loan_principal", f"1301.{number}") for number in (10, 20)]
        with pytest.raises(AccountMappingInvalid):
            accounts_of(rows)
        assert accounts_of(rows[:1]) == {("p", "1301"): "1301.10"}

    def test_is_none_for_the_products_that_ship(self):
        assert MAPPINGS == ()
        assert mappings_in_force() == []

    def test_in_force_is_told_with_both_accounts_in_order_of_product_and_role(self, monkeypatch):
        rows = [
            AccountMapping("revolving-daily", "interest_income", "6011.10"),
            AccountMapping("revolving-daily", "interest_receivable", "1321.10"),
            AccountMapping("instalment-monthly", "loan_principal", "1301.20"),
        ]
        monkeypatch.setattr(account_mapping, "_ACCOUNTS", accounts_of(rows))
        assert mappings_in_force() == [
            ("instalment-monthly", "1301", "1301.20"),
            ("revolving-daily", "1321", "1321.10"),
            ("revolving-daily", "6011", "6011.10"),
        ]


class TestLegs:
    def test_stand_on_the_accounts_of_their_product(self, mapped):
        legs = legs_for(run_of("revolving-daily", "instalment-monthly"))
        assert [(leg.account, leg.product_code, leg.amount_minor) for leg in legs] == [
            ("1321.10", "revolving-daily", 100),
            ("6011.10", "revolving-daily", 100),
            ("1321", "instalment-monthly", 101),
            ("6011", "instalment-monthly", 101),
        ]

    def test_have_the_product_of_their_event(self, mapped, monkeypatch):
        monkeypatch.setattr(postings, "POSTINGS", dict(postings.POSTINGS))
        postings.register_posting("probe.moved")(
            lambda _event: postings.transfer("1321", "2101", 5, currency="CNY")
        )
        event = SimpleNamespace(TOPIC="probe.moved", product_code="revolving-daily")
        assert [(leg.account, leg.product_code) for leg in legs_for(event)] == [
            ("1321.10", "revolving-daily"),
            ("2101", "revolving-daily"),
        ]

    def test_without_a_product_stay_where_they_are(self, mapped, monkeypatch):
        monkeypatch.setattr(postings, "POSTINGS", dict(postings.POSTINGS))
        postings.register_posting("probe.moved")(
            lambda _event: postings.transfer("1321", "2101", 5, currency="CNY")
        )
        legs = legs_for(SimpleNamespace(TOPIC="probe.moved"))
        assert [(leg.account, leg.product_code, leg.funder) for leg in legs] == [
            ("1321", "", "own"),
            ("2101", "", "own"),
        ]
