"""Legal entities and the blacklist as lists, and the details at the head of an entity's page.

Owns: these lists. Refuses to know: the sections below the details (``entity_sections``).
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from config.admin import links
from config.admin.columns import full_id_column, link_column, words_column
from config.admin.filters import DropdownFilter, RangeDateFilter
from config.admin.records import EntityRecordAdmin, RecordAdmin
from lending.models import BlacklistEntry, LegalEntity, ShopAccount


class BlacklistedFilter(DropdownFilter):
    """Entities that are, or are not, on the blacklist."""

    title = "blacklisted"
    parameter_name = "blacklisted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer yes and no."""
        return [("yes", "yes"), ("no", "no")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what was asked for."""
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(blacklisted_on__isnull=self.value() == "no")


@admin.register(LegalEntity)
class LegalEntityAdmin(RecordAdmin):
    """Search by reference, by identifier, or by the identifier a platform gave to a shop."""

    list_display = (
        "reference",
        "country",
        "currency",
        "registered_on",
        "shops",
        "blacklisted_on",
        "words_reason",
    )
    list_filter = (BlacklistedFilter, ("registered_on", RangeDateFilter))
    ordering = ("reference",)
    search_fields = ("reference",)
    search_ids = ("id",)
    search_help_text = "A reference, or the identifier of an entity"
    fields = (
        ("reference", "whole_id"),
        ("country", "currency", "registered_on"),
        ("blacklisted_on", "words_reason"),
    )

    whole_id = full_id_column("id", "entity")
    words_reason = words_column("blacklist_reason", "blacklist reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the number of shops along."""
        shops = ShopAccount.objects.filter(entity_id=OuterRef("pk")).order_by().values("entity_id")
        counted = Subquery(shops.annotate(held=Count("*")).values("held"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(shop_count=Coalesce(counted, 0))
        return rows

    @admin.display(description="shop accounts", ordering="shop_count")
    def shops(self, entity: Any) -> int:
        """Return how many shops are linked."""
        return int(entity.shop_count)


@admin.register(BlacklistEntry)
class BlacklistAdmin(EntityRecordAdmin):
    """Search by the identity that is listed, or by entity."""

    list_display = ("identity", "entity", "listed_on", "words_reason")
    list_filter = (("listed_on", RangeDateFilter),)
    ordering = ("-listed_on", "identity")
    search_fields = ("identity",)
    search_ids = ("entity_id",)
    search_help_text = "A listed identity such as account:taobao:42, or the identifier of an entity"
    fields = ("identity", "entity", "listed_on", "words_reason")

    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")
    words_reason = words_column("reason", "reason")
