"""Balances of the books: the trial balance, the general ledger of a period, and the tie-out.

Owns: one view per address and the shapes of its answer. Refuses to know: how a sum is made.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import BOOKS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import MoneyText, StrictChoiceField
from config.api.serializers import StrictSerializer
from ledger.account_balances import currency_totals, general_ledger, trial_balance
from ledger.api.moments import MomentQuery, MomentSerializer, PeriodQuery, moment_of, shown_moment
from ledger.domain.chart_of_accounts import CHART, SUB_ACCOUNT_MARK
from ledger.tie_out import tie_out

Shape = serializers.Serializer[Any]


class AccountSumSerializer(Shape):
    """An account in a currency; ``balance`` is debits less credits."""

    account = serializers.CharField()
    account_name = serializers.CharField()
    off_balance = serializers.BooleanField()
    currency = serializers.CharField()
    debit = MoneyText(source="debit_minor")
    credit = MoneyText(source="credit_minor")
    balance = MoneyText(source="balance_minor")


class TrialBalanceRowSerializer(AccountSumSerializer):
    """An account with its sub-accounts summed in; they stand in ``sub_accounts``, each for itself."""

    sub_accounts = AccountSumSerializer(many=True)


class CurrencyTotalSerializer(Shape):
    """The check of a currency: ``difference`` is zero, or the books are broken."""

    currency = serializers.CharField()
    off_balance = serializers.BooleanField()
    debit = MoneyText(source="debit_minor")
    credit = MoneyText(source="credit_minor")
    difference = MoneyText(source="difference_minor")


class TrialBalanceSerializer(MomentSerializer):
    """Every account, and the totals that must agree."""

    accounts = TrialBalanceRowSerializer(many=True)
    totals = CurrencyTotalSerializer(many=True)


class TrialBalance(AnswerEndpoint):
    """Show the trial balance through a date, as known at a moment."""

    roles = {"GET": BOOKS}
    query = MomentQuery
    shape = TrialBalanceSerializer

    def find(self) -> dict[str, Any]:
        """Return the balance and its check."""
        moment = moment_of(self.asked)
        rows = trial_balance(moment=moment)
        return {**shown_moment(moment), "accounts": rows, "totals": currency_totals(rows)}


class LedgerRowSerializer(Shape):
    """An account in a currency over the period; balances are debits less credits."""

    account = serializers.CharField()
    account_name = serializers.CharField()
    off_balance = serializers.BooleanField()
    currency = serializers.CharField()
    opening = MoneyText(source="opening_minor")
    debit = MoneyText(source="debit_minor")
    credit = MoneyText(source="credit_minor")
    closing = MoneyText(source="closing_minor")


class GeneralLedgerSerializer(MomentSerializer):
    """Every account over the period, and the totals of its debits and credits, which must agree."""

    accounts = LedgerRowSerializer(many=True)
    totals = CurrencyTotalSerializer(many=True)


class GeneralLedger(AnswerEndpoint):
    """Show opening balance, debits, credits and closing balance of every account over a period."""

    roles = {"GET": BOOKS}
    query = PeriodQuery
    shape = GeneralLedgerSerializer

    def find(self) -> dict[str, Any]:
        """Return the accounts and their check."""
        moment = moment_of(self.asked)
        rows = general_ledger(start=self.asked.get("from"), moment=moment)
        return {**shown_moment(moment), "accounts": rows, "totals": currency_totals(rows)}


class TieOutQuery(StrictSerializer):
    """Narrows the comparison to one account."""

    account = StrictChoiceField(
        choices=sorted(code for code in CHART if SUB_ACCOUNT_MARK not in code), required=False
    )


class DifferenceSerializer(Shape):
    """A loan, settlement account, entity, or run of accrual whose parts differ."""

    owner = serializers.CharField()
    currency = serializers.CharField()
    ledger = MoneyText(source="ledger_minor")
    sub_ledger = MoneyText(source="sub_ledger_minor")


class TieOutRowSerializer(Shape):
    """An account in a currency beside its sub-ledger, amounts on the account's normal side."""

    account = serializers.CharField()
    account_name = serializers.CharField()
    what = serializers.CharField()
    currency = serializers.CharField()
    ledger = MoneyText(source="ledger_minor")
    sub_ledger = MoneyText(source="sub_ledger_minor")
    difference = MoneyText(source="difference_minor")
    ties = serializers.BooleanField()
    differences = DifferenceSerializer(many=True)


class TieOutSerializer(Shape):
    """Every comparison; ``ties`` says whether all of them hold."""

    ties = serializers.BooleanField()
    accounts = TieOutRowSerializer(many=True)


class TieOutNow(AnswerEndpoint):
    """Compare the general ledger with its sub-ledgers, and name the first owners that differ."""

    roles = {"GET": BOOKS}
    query = TieOutQuery
    shape = TieOutSerializer

    def find(self) -> dict[str, Any]:
        """Return the comparisons."""
        rows = tie_out(account=self.asked.get("account"))
        return {"ties": all(row.ties for row in rows), "accounts": rows}
