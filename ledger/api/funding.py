"""Who funds a product, and the division of what is out among the funders.

Owns: the views and the shapes of their bodies and answers. Refuses to know: how a sum is divided.
"""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.api.access import BOOKS, PRODUCT_KEEPERS
from config.api.endpoints import AnswerEndpoint
from config.api.fields import MoneyText, StrictCharField
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.api.moments import MomentQuery, MomentSerializer, moment_of, shown_moment
from ledger.commands.agree_funding import AgreeFunding
from ledger.eventstore.commands import Command
from ledger.funding_report import funder_totals, funding_agreements, funding_report
from ledger.kernel.rates import format_rate, parse_rate
from ledger.policies.funding import FUNDERS_MAX, NAME_LENGTH_MAX, FunderShare

Shape = serializers.Serializer[Any]
SHARE_LENGTH_MAX: Final = 12


@extend_schema_field({"type": "string", "examples": ["0.4"]})
class ShareText(serializers.Field[Any, Any, str, Any]):
    """A share on its way out, as a decimal string."""

    def to_representation(self, value: Any) -> str:
        """Return the share as text."""
        return format_rate(value)


class FunderShareSerializer(Shape):
    """A party and its share of the whole, which is 1."""

    funder = serializers.CharField()
    share = ShareText(source="share_e8")


class AgreementSerializer(Shape):
    """The parties of loans on this version and later ones, until another agreement."""

    from_version = serializers.IntegerField()
    shares = FunderShareSerializer(many=True, source="funding.shares")


class AgreementsSerializer(Shape):
    """Every agreement about a product; without one the lender funds it alone."""

    results = AgreementSerializer(many=True)


class ShareBody(StrictSerializer):
    """A party and its share, a decimal string."""

    funder = StrictCharField(max_length=NAME_LENGTH_MAX)
    share = StrictCharField(max_length=SHARE_LENGTH_MAX)


class FundingBody(StrictSerializer):
    """The parties, in the order in which a last minor unit goes to the first of equals."""

    shares = serializers.ListField(child=ShareBody(), min_length=1, max_length=FUNDERS_MAX)


class FundingAnswer(Shape):
    """From which version on the parties fund the product."""

    code = serializers.CharField()
    from_version = serializers.IntegerField()


class ProductFundingAgreements(AnswerEndpoint, CommandEndpoint):
    """Show who funds a product, or agree on who funds it from its next version on."""

    roles = {"GET": BOOKS, "POST": PRODUCT_KEEPERS}
    shape = AgreementsSerializer
    body = FundingBody
    answer = FundingAnswer

    def find(self) -> dict[str, Any]:
        """Return the agreements, the first one first."""
        code = self.kwargs["code"]
        return {"results": funding_agreements(code=code).get(code, [])}

    def command(self) -> Command:
        """Return the agreement."""
        shares = tuple(
            FunderShare(given["funder"], parse_rate(given["share"], field="shares"))
            for given in self.values["shares"]
        )
        return AgreeFunding(code=self.kwargs["code"], shares=shares)


class FunderPartSerializer(Shape):
    """A party's part in a currency."""

    funder = serializers.CharField()
    currency = serializers.CharField()
    principal = MoneyText(source="principal_minor")
    interest_income = MoneyText(source="interest_income_minor")
    penalty_income = MoneyText(source="penalty_income_minor")
    losses = MoneyText(source="losses_minor")


class FundingLineSerializer(FunderPartSerializer):
    """A party's part in the loans of one version of a product; no code is what names no loan."""

    product_code = serializers.CharField()
    product_version = serializers.IntegerField()
    share = ShareText(source="share_e8")


class FundingReportSerializer(MomentSerializer):
    """Every part, and the sums per party."""

    funders = FunderPartSerializer(many=True)
    lines = FundingLineSerializer(many=True)


class FundingReport(AnswerEndpoint):
    """Divide principal, income and losses among the parties that fund the products."""

    roles = {"GET": BOOKS}
    query = MomentQuery
    shape = FundingReportSerializer

    def find(self) -> dict[str, Any]:
        """Return the report."""
        moment = moment_of(self.asked)
        lines = funding_report(moment=moment)
        return {**shown_moment(moment), "funders": funder_totals(lines), "lines": lines}
