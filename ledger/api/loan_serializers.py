"""What the API shows of loans, and the parameters that narrow them.

Owns: names, types and order of fields. Refuses to know: where the values come from.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.fields import MoneyText, StrictChoiceField, StrictDateField, StrictUUIDField
from config.api.pagination import PageQuery
from config.api.serializers import StrictSerializer
from ledger.domain.loan_state import LoanStatus
from ledger.kernel.rates import format_rate

Shape = serializers.Serializer[Any]


class LoanQuery(PageQuery):
    """Narrows the list of loans."""

    status = StrictChoiceField(
        choices=[status.value for status in LoanStatus if status is not LoanStatus.ABSENT], required=False
    )
    entity_id = StrictUUIDField(required=False)


class QuoteQuery(StrictSerializer):
    """The day a quote is for."""

    on = StrictDateField(required=False, help_text="The open business date unless another day is named.")


class ScheduleQuery(PageQuery):
    """Which versions of a plan are shown."""

    versions = StrictChoiceField(choices=["current", "all"], default="current")


class LoanSerializer(Shape):
    """A loan as it stands now."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    line_id = serializers.UUIDField()
    account_id = serializers.UUIDField()
    product_code = serializers.CharField()
    product_version = serializers.IntegerField()
    method = serializers.CharField()
    currency = serializers.CharField()
    principal = MoneyText(source="principal_minor")
    outstanding = MoneyText(source="outstanding_minor")
    status = serializers.CharField()
    requested_on = serializers.DateField()
    disbursed_on = serializers.DateField(allow_null=True)
    maturity_on = serializers.DateField(allow_null=True)
    next_due_on = serializers.DateField(allow_null=True)
    overdue_since = serializers.DateField(allow_null=True)
    settled_on = serializers.DateField(allow_null=True)
    schedule_version = serializers.IntegerField()
    overpaid = MoneyText(source="overpaid_minor")
    category = serializers.CharField()
    non_accrual_since = serializers.DateField(allow_null=True)
    charged_off_on = serializers.DateField(allow_null=True)


class TermsSerializer(Shape):
    """What was agreed: rates are annual fractions as text, ``term`` counts steps, days or batches."""

    term = serializers.IntegerField()
    annual_rate = serializers.SerializerMethodField()
    penalty_rate = serializers.SerializerMethodField()
    early_fee_rate = serializers.SerializerMethodField()
    day_base = serializers.IntegerField()
    grace_days = serializers.IntegerField()

    def get_annual_rate(self, terms: Any) -> str:
        """Return the contract rate."""
        return format_rate(terms.annual_rate_e8)

    def get_penalty_rate(self, terms: Any) -> str:
        """Return the rate on overdue amounts."""
        return format_rate(terms.penalty_rate_e8)

    def get_early_fee_rate(self, terms: Any) -> str:
        """Return the part of principal that paying early costs."""
        return format_rate(terms.early_fee_e8)


class OwedSerializer(Shape):
    """What a loan owes on the open business date; ``due`` and ``overdue`` are parts of ``total``."""

    on = serializers.DateField()
    principal = MoneyText(source="principal_minor")
    interest = MoneyText(source="interest_minor")
    penalty = MoneyText(source="penalty_minor")
    compound = MoneyText(source="compound_minor")
    fee = MoneyText(source="fee_minor")
    total = MoneyText(source="total_minor")
    due = MoneyText(source="due_minor")
    overdue = MoneyText(source="overdue_minor")
    days_past_due = serializers.IntegerField()


class PayoutPartSerializer(Shape):
    """One payout: under way, paid, or come back from the bank."""

    part_id = serializers.CharField()
    status = serializers.CharField()
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    paid_on = serializers.DateField(allow_null=True)
    came_back_on = serializers.DateField(allow_null=True)


class PayoutSerializer(Shape):
    """How far a loan was paid out; ``to_call`` may still be called, until ``available_until``."""

    currency = serializers.CharField()
    agreed = MoneyText(source="agreed_minor")
    paid_out = MoneyText(source="paid_out_minor")
    under_way = MoneyText(source="under_way_minor")
    to_call = MoneyText(source="to_call_minor")
    parts_max = serializers.IntegerField()
    available_until = serializers.DateField(allow_null=True)
    parts = PayoutPartSerializer(many=True)


class LoanDetailSerializer(LoanSerializer):
    """A loan with its payout, terms and debt; nothing is owed before the payout and after the last payment."""

    payout = PayoutSerializer()

    terms = TermsSerializer()
    owed = OwedSerializer(allow_null=True)


class InstalmentSerializer(Shape):
    """A row of what is owed (of the plan, a draw, a charge, or owed again) and what became of it."""

    name = serializers.CharField()
    kind = serializers.CharField()
    schedule_version = serializers.IntegerField()
    number = serializers.IntegerField()
    period_start = serializers.DateField()
    due_on = serializers.DateField()
    currency = serializers.CharField()
    opening = MoneyText(source="opening_minor")
    principal = MoneyText(source="principal_minor")
    interest = MoneyText(source="interest_minor")
    fee = MoneyText(source="fee_minor")
    paid_principal = MoneyText(source="paid_principal_minor")
    paid_interest = MoneyText(source="paid_interest_minor")
    paid_penalty = MoneyText(source="paid_penalty_minor")
    paid_compound = MoneyText(source="paid_compound_minor")
    paid_fee = MoneyText(source="paid_fee_minor")
    waived_principal = MoneyText(source="waived_principal_minor")
    waived_interest = MoneyText(source="waived_interest_minor")
    waived_penalty = MoneyText(source="waived_penalty_minor")
    waived_compound = MoneyText(source="waived_compound_minor")
    waived_fee = MoneyText(source="waived_fee_minor")
    paid_on = serializers.DateField(allow_null=True)
    overdue_since = serializers.DateField(allow_null=True)
    superseded_by = serializers.IntegerField(allow_null=True)


class QuoteSerializer(Shape):
    """What pays the loan off on ``valid_on``; it binds on that day only."""

    loan_id = serializers.UUIDField()
    valid_on = serializers.DateField()
    currency = serializers.CharField()
    due = MoneyText(source="due_minor")
    principal_to_come = MoneyText(source="principal_to_come_minor")
    interest = MoneyText(source="interest_minor")
    charges_to_come = MoneyText(source="charges_to_come_minor")
    early_fee = MoneyText(source="early_fee_minor")
    total = MoneyText(source="total_minor")


class RepaymentRowSerializer(Shape):
    """A payment, by component as it is used by what is known now; a reversed one as it was used."""

    payment_id = serializers.CharField()
    sequence = serializers.IntegerField()
    effective_date = serializers.DateField()
    value_date = serializers.DateField()
    kind = serializers.CharField()
    reason = serializers.CharField()
    source_account_id = serializers.UUIDField(allow_null=True)
    currency = serializers.CharField()
    amount = MoneyText(source="amount_minor")
    fee = MoneyText(source="fee_minor")
    penalty = MoneyText(source="penalty_minor")
    compound = MoneyText(source="compound_minor")
    interest = MoneyText(source="interest_minor")
    principal = MoneyText(source="principal_minor")
    surplus = MoneyText(source="surplus_minor")
    recovered = MoneyText(source="recovered_minor")
    reversed_on = serializers.DateField(allow_null=True)
