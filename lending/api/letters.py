"""Letters about a loan: its contract, and what pays it off.

Owns: one view per letter and the shape of its JSON form. Refuses to know: the figures.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import EVERYBODY
from config.api.documents import DocumentEndpoint, DocumentQuery
from config.api.fields import DigitsField, StrictDateField
from config.documents.paper import Paper
from lending.letters.contract import Contract, contract
from lending.letters.contract_paper import contract_paper, contract_values
from lending.letters.payoff import DAYS_MAX, PayoffLetter, payoff_letter, payoff_paper, payoff_values

Shape = serializers.Serializer[Any]


class ContractRowSerializer(Shape):
    """A row of the plan as it was agreed."""

    number = serializers.IntegerField()
    starts_on = serializers.DateField()
    due_on = serializers.DateField()
    opening = serializers.CharField()
    principal = serializers.CharField()
    interest = serializers.CharField()
    total = serializers.CharField()


class ContractSerializer(Shape):
    """What was agreed; the annual rate by IRR leads, the simple one is named so. Both are in percent."""

    lender = serializers.CharField()
    borrower = serializers.CharField()
    entity_id = serializers.UUIDField()
    loan_id = serializers.UUIDField()
    line_id = serializers.UUIDField()
    account_id = serializers.UUIDField()
    product_code = serializers.CharField()
    product_version = serializers.IntegerField()
    method = serializers.CharField()
    requested_on = serializers.DateField()
    paid_out_on = serializers.DateField()
    last_due_on = serializers.DateField()
    currency = serializers.CharField()
    principal = serializers.CharField()
    interest = serializers.CharField()
    total = serializers.CharField()
    annual_rate_irr_percent = serializers.CharField()
    annual_rate_simple_percent = serializers.CharField()
    contract_rate = serializers.CharField()
    penalty_rate = serializers.CharField()
    early_fee_rate = serializers.CharField()
    grace_days = serializers.IntegerField()
    plan = ContractRowSerializer(many=True)


class ContractLetter(DocumentEndpoint):
    """Show the contract of a loan as it was agreed: parties, terms, plan and annual rates."""

    roles = {"GET": EVERYBODY}
    shape = ContractSerializer

    def find(self) -> Contract:
        """Return the contract."""
        return contract(scope=self.viewer.scope, loan_id=self.kwargs["loan_id"])

    def values(self, found: Contract) -> dict[str, Any]:
        """Return the letter as JSON values."""
        return contract_values(found)

    def paper(self, found: Contract) -> Paper:
        """Return the letter for reading."""
        return contract_paper(found)

    def file_name(self, found: Contract) -> str:
        """Return a name that says which loan."""
        return f"contract-{found.loan_id}"


class PayoffQuery(DocumentQuery):
    """The first day a quote is for (the open business date unless another is named), and how many days."""

    on = StrictDateField(required=False)
    days = DigitsField(default=1, min_value=1, max_value=DAYS_MAX)


class PayoffRowSerializer(Shape):
    """What pays the loan off on one day, and on no other."""

    valid_on = serializers.DateField()
    due = serializers.CharField()
    principal_to_come = serializers.CharField()
    interest = serializers.CharField()
    charges_to_come = serializers.CharField()
    early_fee = serializers.CharField()
    total = serializers.CharField()


class PayoffSerializer(Shape):
    """Quotes of consecutive days, each as the payoff itself would take it."""

    lender = serializers.CharField()
    borrower = serializers.CharField()
    entity_id = serializers.UUIDField()
    loan_id = serializers.UUIDField()
    product_code = serializers.CharField()
    stated_on = serializers.DateField()
    currency = serializers.CharField()
    quotes = PayoffRowSerializer(many=True)


class PayoffLetterView(DocumentEndpoint):
    """Show what pays a loan off on each of some days, in parts and in total."""

    roles = {"GET": EVERYBODY}
    query = PayoffQuery
    shape = PayoffSerializer

    def find(self) -> PayoffLetter:
        """Return the letter."""
        return payoff_letter(
            scope=self.viewer.scope,
            loan_id=self.kwargs["loan_id"],
            on=self.asked.get("on"),
            days=self.asked["days"],
        )

    def values(self, found: PayoffLetter) -> dict[str, Any]:
        """Return the letter as JSON values."""
        return payoff_values(found)

    def paper(self, found: PayoffLetter) -> Paper:
        """Return the letter for reading."""
        return payoff_paper(found)

    def file_name(self, found: PayoffLetter) -> str:
        """Return a name that says which loan and from which day on."""
        return f"payoff-{found.loan_id}-{found.quotes[0].valid_on}"
