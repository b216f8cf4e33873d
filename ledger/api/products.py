"""What can be borrowed: the products in force on the business date.

Owns: the view and its shape. Refuses to know: who may borrow how much.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from config.api.access import EVERYBODY
from config.api.endpoints import AnswerEndpoint
from ledger.eventstore.business_date import business_date
from ledger.kernel.rates import format_rate
from ledger.policies.product_terms import CATALOGUE, ProductTerms, product_in_force

Shape = serializers.Serializer[Any]


class ProductSerializer(Shape):
    """A product: ``terms`` counts months for equal instalments and days for a revolving draw."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    method = serializers.CharField()
    annual_rate = serializers.CharField()
    day_base = serializers.IntegerField()
    terms = serializers.ListField(child=serializers.IntegerField())
    grace_days = serializers.IntegerField()
    early_fee_rate = serializers.CharField()


class ProductsSerializer(Shape):
    """All products in force."""

    results = ProductSerializer(many=True)


class Products(AnswerEndpoint):
    """List the products that can be drawn on today."""

    roles = {"GET": EVERYBODY}
    shape = ProductsSerializer

    def find(self) -> dict[str, Any]:
        """Return the products in force on the open date, or none before the books are open."""
        on = business_date().open_date
        codes = sorted({terms.code for terms in CATALOGUE if on and terms.effective_from <= on})
        return {"results": [_shown(product_in_force(code, on=on)) for code in codes if on]}


def _shown(terms: ProductTerms) -> dict[str, Any]:
    return {
        "code": terms.code,
        "version": terms.version,
        "method": terms.method,
        "annual_rate": format_rate(terms.annual_rate_e8),
        "day_base": terms.day_base,
        "terms": list(terms.terms_offered),
        "grace_days": terms.grace_days,
        "early_fee_rate": format_rate(terms.early_fee_e8),
    }
