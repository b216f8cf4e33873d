"""Products: what can be borrowed, every version there is, and saving the next one.

Owns: the views and the shapes of their answers. Refuses to know: who may borrow how much, and which terms are
sound. A version is described by the same fields that its record has.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.access import EVERYBODY, PRODUCT_KEEPERS
from config.api.endpoints import AnswerEndpoint, NoQuery
from config.api.fields import StrictCharField
from config.api.schema import EndpointSchema
from config.api.serializers import StrictSerializer
from config.api.writing import CommandEndpoint
from ledger.commands.save_product import RetireProduct, SaveProductVersion
from ledger.eventstore.business_date import business_date
from ledger.eventstore.commands import Command
from ledger.eventstore.unit_of_work import NotFound
from ledger.kernel.rates import format_rate
from ledger.policies.product_terms import ProductTerms
from ledger.product_fields import PRODUCT, shown, terms_of
from ledger.product_versions import all_versions, offered_products, retired_products

Shape = serializers.Serializer[Any]
REASON_LENGTH_MAX: Final = 200


class ProductSerializer(Shape):
    """A product: ``terms`` counts steps of its plan, days of a revolving draw, or agreed batches."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    method = serializers.CharField()
    annual_rate = serializers.CharField()
    day_base = serializers.IntegerField()
    unit = serializers.CharField()
    every = serializers.IntegerField()
    terms = serializers.ListField(child=serializers.IntegerField())
    grace_days = serializers.IntegerField()
    early_fee_rate = serializers.CharField()
    parts_max = serializers.IntegerField()
    availability_days = serializers.IntegerField()


class ProductsSerializer(Shape):
    """All products in force."""

    results = ProductSerializer(many=True)


class VersionSerializer(Shape):
    """One version with all its terms; ``retired_from`` is the first day on which nobody can draw on it."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    method = serializers.CharField()
    retired_from = serializers.DateField(allow_null=True)
    terms = serializers.DictField()


class VersionsSerializer(Shape):
    """Every version of a product, the first one first."""

    results = VersionSerializer(many=True)


class SavedAnswer(Shape):
    """What was saved, and what the dearest loan on it costs a year."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    effective_from = serializers.DateField()
    annual_rate_max = serializers.CharField()
    term_of_max = serializers.IntegerField()


class RetiredAnswer(Shape):
    """From when on the product is not offered."""

    code = serializers.CharField()
    retired_from = serializers.DateField()


class VersionBody(StrictSerializer):
    """The terms of a version; its fields and their bounds are those of ``product_fields``."""

    def to_internal_value(self, data: Any) -> Any:
        """Leave the reading to the fields, which refuse by name."""
        return {"terms": data}


class RetirementBody(StrictSerializer):
    """Why it is done; kept with the fact."""

    reason = StrictCharField(max_length=REASON_LENGTH_MAX)


class VersionSchema(EndpointSchema):
    """Describes the body by the fields' own schema."""

    def get_operation_id(self) -> str:
        """Tell the list of versions from the version that lies below it."""
        own = super().get_operation_id()
        return own.replace("retrieve", "list") if self.method == "GET" else own

    def get_request_serializer(self) -> Any:
        """Return the schema of the terms."""
        return {"application/json": PRODUCT.schema()} if self.method == "POST" else None


class Products(AnswerEndpoint):
    """List the products that can be drawn on today."""

    roles = {"GET": EVERYBODY}
    shape = ProductsSerializer

    def find(self) -> dict[str, Any]:
        """Return the products in force on the open date, or none before the books are open."""
        on = business_date().open_date
        return {"results": [_shown(terms, on) for terms in offered_products(on)] if on else []}


class ProductVersions(AnswerEndpoint, CommandEndpoint):
    """List every version of a product, or save the next one."""

    schema = VersionSchema()
    roles = {"GET": EVERYBODY, "POST": PRODUCT_KEEPERS}
    shape = VersionsSerializer
    body = VersionBody
    answer = SavedAnswer

    def find(self) -> dict[str, Any]:
        """Return the versions; raises NotFound when there is none."""
        return {"results": _versions(self.kwargs["code"])}

    def command(self) -> Command:
        """Return the version; refuses a field by its name."""
        return SaveProductVersion(terms=terms_of(self.values["terms"], code=self.kwargs["code"]))


class ProductCheck(ProductVersions):
    """Do everything that saving a version does, and undo it."""

    http_method_names = ["post"]
    success_status = 200
    write_query = NoQuery  # type: ignore[assignment]

    def post(self, request: Request, **path: Any) -> Response:
        """Carry the command out as a dry run."""
        self.asked["dry_run"] = True
        return super().post(request, **path)


class ProductVersionDetail(AnswerEndpoint):
    """Show one version."""

    roles = {"GET": EVERYBODY}
    shape = VersionSerializer

    def find(self) -> dict[str, Any]:
        """Return the version; raises NotFound."""
        found = [row for row in _versions(self.kwargs["code"]) if row["version"] == self.kwargs["number"]]
        if not found:
            raise NotFound("There is no such version.", field="number")
        return found[0]


class ProductRetirement(CommandEndpoint):
    """End the offer of a product; loans on it run on."""

    roles = {"POST": PRODUCT_KEEPERS}
    body = RetirementBody
    answer = RetiredAnswer
    success_status = 200

    def command(self) -> Command:
        """Return the end of the offer."""
        return RetireProduct(code=self.kwargs["code"], reason=self.values["reason"])


def _versions(code: str) -> list[dict[str, Any]]:
    retired = retired_products().get(code)
    found = [
        {
            "code": terms.code,
            "version": terms.version,
            "method": terms.method,
            "retired_from": retired,
            "terms": shown(terms),
        }
        for terms in all_versions()
        if terms.code == code
    ]
    if not found:
        raise NotFound("There is no such product.", field="code")
    return found


def _shown(terms: ProductTerms, on: date) -> dict[str, Any]:
    return {
        "code": terms.code,
        "version": terms.version,
        "title": terms.title,
        "method": terms.method,
        "annual_rate": format_rate(terms.pricing.rate_on(on)),
        "day_base": terms.repayment.day_base,
        "unit": terms.repayment.unit.value,
        "every": terms.repayment.every,
        "terms": list(terms.offer.terms),
        "grace_days": terms.arrears.grace_days,
        "early_fee_rate": format_rate(terms.early.fee_e8),
        "parts_max": terms.payout.parts_max,
        "availability_days": terms.payout.availability_days,
    }
