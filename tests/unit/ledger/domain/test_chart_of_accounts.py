"""The chart of accounts as data."""

from __future__ import annotations

import pytest

from ledger.domain.chart_of_accounts import CHART, AccountType, Side, family_of, parent_of


class TestChartOfAccounts:
    def test_lists_each_code_and_name_once(self):
        assert len([code for code in CHART if "." not in code]) == 28
        assert len(CHART) == 38
        assert len({account.name for account in CHART.values()}) == len(CHART)
        assert all(code == account.code for code, account in CHART.items())

    @pytest.mark.parametrize(
        ("kind", "side"),
        [
            (AccountType.ASSET, Side.DEBIT),
            (AccountType.CONTRA_ASSET, Side.CREDIT),
            (AccountType.LIABILITY, Side.CREDIT),
            (AccountType.EQUITY, Side.CREDIT),
            (AccountType.INCOME, Side.CREDIT),
            (AccountType.EXPENSE, Side.DEBIT),
        ],
    )
    def test_gives_each_type_its_normal_side(self, kind, side):
        assert {account.normal_side for account in CHART.values() if account.type is kind} == {side}

    def test_keeps_memo_accounts_off_the_balance_sheet(self):
        off = {account.code for account in CHART.values() if account.is_off_balance}
        assert off == {"9001", "9002", "9003", "9099"}
        assert CHART["9099"].normal_side is Side.CREDIT


class TestSubAccounts:
    def test_have_the_type_and_side_of_the_account_above(self):
        subs = [account for code, account in CHART.items() if "." in code]
        assert subs
        for account in subs:
            above = CHART[account.parent]
            assert (account.type, account.normal_side) == (above.type, above.normal_side)
            assert account.code.startswith(f"{above.code}.")

    def test_belong_to_one_family_with_the_account_above(self):
        assert family_of("1301") == ("1301", "1301.10", "1301.20")
        assert family_of("1301.10") == ("1301.10",)
        assert family_of("1002") == ("1002",)

    def test_are_summed_into_the_account_above_and_a_top_account_into_itself(self):
        assert [parent_of(code) for code in ("1301.10", "1301")] == ["1301", "1301"]
