"""Memberships: which entity a signed-in borrower acts for.

Owns: the one table of lending that administrators edit; it is data of its own, not derived from events.
Refuses to know: sign-in. A member of an entity is a borrower and nothing else.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from config.admin import links
from config.admin.columns import link_column
from config.admin.library import ModelAdmin
from lending.models import LegalEntity, Membership


class MembershipForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when the program runs
    """Refuses an entity that nobody registered."""

    class Meta:
        model = Membership
        fields = ("user", "entity_id")

    def clean_entity_id(self) -> Any:
        """Return the identifier of a registered entity."""
        entity_id = self.cleaned_data["entity_id"]
        if not LegalEntity.objects.filter(pk=entity_id).exists():
            raise ValidationError("There is no legal entity with this identifier.")
        return entity_id


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    """Search by sign-in name or by the entity's reference."""

    form = MembershipForm
    list_display = ("user", "entity")
    list_select_related = ("user",)
    search_fields = ("user__username", "=entity_reference")
    autocomplete_fields = ("user",)

    entity = link_column(links.ENTITY, "entity_id", "entity", text="entity_reference")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the entity's reference along."""
        rows = super().get_queryset(request)
        named: QuerySet[Any] = rows.annotate(entity_reference=links.entity_reference())
        return named
