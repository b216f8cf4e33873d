"""Applications for credit: applying, and reading what was decided.

Owns: the views and their shapes, and what an applicant may learn of a decision (D-150): the class of a
reason and its sentence; a fraud rule reads like a low score. Refuses to know: the rules of the decision.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from config.api.access import BORROWING, CREDIT, DECISIONS
from config.api.endpoints import AnswerEndpoint, ListEndpoint
from config.api.fields import (
    AmountField,
    CurrencyField,
    MoneyText,
    StrictBooleanField,
    StrictCharField,
    StrictChoiceField,
    StrictIntegerField,
    StrictUUIDField,
)
from config.api.pagination import PageQuery
from config.api.refusals import FieldMissing
from config.api.serializers import MoneySerializer
from config.api.writing import CommandEndpoint
from ledger.eventstore.commands import Command
from lending import queries
from lending.commands.apply import SubmitApplication
from lending.commands.drawdown import check_currency
from lending.models import Application
from lending.policies.rejection import APPLICANT_TEXT, Category

Shape = serializers.Serializer[Any]
STATUSES: Final = ("submitted", "approved", "rejected", "withdrawn")
SHOWN_CLASS: Final = {category: category.value for category in Category} | {Category.FRAUD: "score"}


class ApplicationQuery(PageQuery):
    """Narrows the list of applications."""

    entity_id = StrictUUIDField(required=False)
    status = StrictChoiceField(choices=STATUSES, required=False)


class ApplicationBody(MoneySerializer):
    """What an applicant declares; the wished amount, with its currency, may be left out."""

    amounts = ("requested",)

    entity_id = StrictUUIDField()
    industry_code = StrictCharField(max_length=40)
    requested = AmountField(required=False)
    currency = CurrencyField(required=False)
    debt_ratio_bps = StrictIntegerField(min_value=0, max_value=10_000)
    clean_record = StrictBooleanField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Read the wished amount, which needs its currency."""
        if "requested" in attrs and "currency" not in attrs:
            missing = ErrorDetail("An amount needs its currency.", FieldMissing.code)
            raise ValidationError({"currency": [missing]})
        return super().validate(attrs)


class ReasonSerializer(Shape):
    """A class of reasons; who may read decisions also sees the rule."""

    reason_class = serializers.CharField()
    text = serializers.CharField()
    code = serializers.CharField(required=False)


class FigureSerializer(Shape):
    """An input or result of a decision, exactly as it was used."""

    name = serializers.CharField()
    value = serializers.CharField()


class DecisionSerializer(Shape):
    """Every figure behind a decision."""

    policy_version = serializers.CharField()
    inputs_sha256 = serializers.CharField()
    figures = FigureSerializer(many=True)


class ApplicationSerializer(Shape):
    """An application and what was decided."""

    id = serializers.UUIDField()
    entity_id = serializers.UUIDField()
    status = serializers.CharField()
    currency = serializers.CharField()
    submitted_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    limit = MoneyText(source="limit_minor", allow_null=True)
    line_id = serializers.UUIDField(allow_null=True)
    reapply_from = serializers.DateField(allow_null=True)
    reasons = serializers.SerializerMethodField()

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, application: Application) -> list[dict[str, str]]:
        """Return the reasons of a rejection as far as the caller may know them."""
        reasons = [_reason(stored) for stored in application.reasons]
        if self.context["viewer"].roles & DECISIONS:
            return reasons
        classes = {reason["reason_class"]: reason["text"] for reason in reasons}
        return [{"reason_class": name, "text": text} for name, text in classes.items()]


class ApplicationDetailSerializer(ApplicationSerializer):
    """An application with the figures of its decision, for those who may read them."""

    decision = DecisionSerializer(required=False, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Leave out what the caller may not see."""
        shown = super().to_representation(instance)
        if not self.context["viewer"].roles & DECISIONS:
            shown.pop("decision", None)
        return shown


class ApplicationAnswer(Shape):
    """The application that was submitted; it is decided at once, but not in this answer."""

    application_id = serializers.UUIDField()


class Applications(ListEndpoint, CommandEndpoint):
    """List applications, or apply."""

    roles = {"GET": CREDIT, "POST": BORROWING}
    query = ApplicationQuery
    row = ApplicationSerializer
    body = ApplicationBody
    answer = ApplicationAnswer
    made = ("application", "application_id")

    def rows(self) -> QuerySet[Application]:
        """Return the applications of the scope."""
        return queries.applications(
            scope=self.viewer.scope, entity_id=self.asked.get("entity_id"), status=self.asked.get("status")
        )

    def command(self) -> Command:
        """Return the application; refuses an amount in another currency than the entity's."""
        entity = queries.entity(
            scope=self.viewer.scope, entity_id=self.values["entity_id"], field="entity_id"
        )
        requested = self.values.get("requested")
        if requested is not None:
            check_currency(requested.currency, entity.currency)
        return SubmitApplication(
            entity_id=entity.id,
            industry_code=self.values["industry_code"],
            requested_minor=requested.minor_units if requested else None,
            debt_ratio_bps=self.values["debt_ratio_bps"],
            clean_record=self.values["clean_record"],
        )


class ApplicationDetail(AnswerEndpoint):
    """Show one application."""

    roles = {"GET": CREDIT}
    shape = ApplicationDetailSerializer

    def find(self) -> Application:
        """Return the application."""
        return queries.application(scope=self.viewer.scope, application_id=self.kwargs["application_id"])


def _reason(stored: dict[str, str]) -> dict[str, str]:
    category = Category(stored["category"])
    return {
        "reason_class": SHOWN_CLASS[category],
        "text": APPLICANT_TEXT[category],
        "code": stored["code"],
    }
