"""Links between admin pages, and references shown instead of identifiers.

Owns: the address of a record's page, who gets a link there, and the subquery that brings an entity's
reference along with a row. Refuses to know: what the pages show.
Models are named by label ("lending.legalentity"), so that an app can link to one it does not know.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib.admin.utils import quote
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from config.admin.formatting import NOTHING, short_id

Key = str | int | UUID

ENTITY: Final = "lending.legalentity"
ACCOUNT: Final = "lending.shopaccount"
APPLICATION: Final = "lending.application"
LINE: Final = "lending.creditline"
LOAN: Final = "ledger.loan"
SETTLEMENT: Final = "ledger.settlementaccount"
EVENT: Final = "ledger.eventrecord"
ENTRY: Final = "ledger.journalrecord"

# Which page shows the stream of an event, by the first word of its topic.
PAGE_OF_STREAM: Final = {
    "entity": ENTITY,
    "application": APPLICATION,
    "line": LINE,
    "loan": LOAN,
    "settlement": SETTLEMENT,
}


def record_url(label: str, key: Key) -> str:
    """Return the address of a record's page."""
    return reverse(f"admin:{label.replace('.', '_')}_change", args=[quote(key)])


def list_url(label: str, **filters: str | UUID) -> str:
    """Return the address of a list, filtered."""
    address = reverse(f"admin:{label.replace('.', '_')}_changelist")
    return (
        f"{address}?{urlencode({name: str(value) for name, value in filters.items()})}"
        if filters
        else address
    )


def link(label: str, key: Key | None, text: object = None) -> SafeString | str:
    """Return a link to a record, or a dash when there is no record."""
    if key is None:
        return NOTHING
    return format_html(
        '<a class="text-link" href="{}">{}</a>',
        record_url(label, key),
        text if text is not None else short_id(key),
    )


def permitted_link(request: HttpRequest, label: str, key: Key, text: object = None) -> SafeString | str:
    """Return a link, or plain text for somebody who may not open the page."""
    if may_view(request, label):
        return link(label, key, text)
    return str(text) if text is not None else short_id(key)


def stream_link(request: HttpRequest, topic: str, stream: UUID) -> SafeString | str:
    """Return a link to the record an event is about."""
    label = PAGE_OF_STREAM.get(topic.partition(".")[0])
    return permitted_link(request, label, stream) if label else short_id(stream)


def may_view(request: HttpRequest, label: str) -> bool:
    """Say whether a person may see records of a model."""
    app, _, model = label.partition(".")
    user: Any = request.user
    return bool(user.has_perm(f"{app}.view_{model}"))


def entity_reference(field: str = "entity_id") -> Subquery:
    """Return the reference of the entity a row belongs to, as part of the row's own query."""
    # Not at the head: the pages of the books use this module, and the books know no lending.
    from lending.models import LegalEntity

    return Subquery(LegalEntity.objects.filter(pk=OuterRef(field)).values("reference")[:1])


def entities_named(beginning: str) -> QuerySet[Any]:
    """Return the identifiers of the entities whose reference begins like this, as part of a query."""
    from lending.models import LegalEntity

    return LegalEntity.objects.filter(reference__istartswith=beginning).values("pk")


def anchor(address: str, text: str) -> SafeString:
    """Return a link to any address of the admin."""
    return format_html('<a class="text-link" href="{}">{}</a>', address, text)
