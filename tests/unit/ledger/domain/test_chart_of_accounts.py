"""The chart of accounts as data."""

from __future__ import annotations

import pytest

from ledger.domain.chart_of_accounts import CHART, AccountType, Side


class TestChartOfAccounts:
    def test_lists_each_code_and_name_once(self):
        assert len(CHART) == 26
        assert len({account.name for account in CHART.values()}) == len(CHART)
        assert all(code == account.code for code, account in CHART.items())

    @pytest.mark.parametrize(
        ("kind", "side"),
        [
            (AccountType.ASSET, Side.DEBIT),
            (AccountType.CONTRA_ASSET, Side.CREDIT),
            (AccountType.LIABILITY, Side.CREDIT),
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
