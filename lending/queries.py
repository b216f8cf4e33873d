"""Questions about borrowers, their applications and their credit lines.

Owns: the reads of lending's tables. Refuses to know: who asks; the scope of ``ledger.queries`` says whose
rows there are, and how an answer is shown is the API's.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ledger.models import SettlementAccount
from ledger.queries import Scope, found
from lending.models import Application, BlacklistEntry, CreditLine, LegalEntity, OrderImport, ShopAccount


def entities(*, scope: Scope, reference: str | None = None) -> QuerySet[LegalEntity]:
    """Return legal entities."""
    rows = scope.of(LegalEntity.objects.all(), column="id")
    return rows if reference is None else rows.filter(reference=reference)


def entity(*, scope: Scope, entity_id: UUID, field: str | None = None) -> LegalEntity:
    """Return one entity. Refuses NotFound."""
    return found(entities(scope=scope).filter(id=entity_id), what="entity", field=field)


def accounts(*, scope: Scope, entity_id: UUID) -> QuerySet[ShopAccount]:
    """Return the shop accounts of an entity. Refuses NotFound."""
    return ShopAccount.objects.filter(entity_id=entity(scope=scope, entity_id=entity_id).id)


def settlements_of(rows: list[ShopAccount]) -> dict[UUID, SettlementAccount]:
    """Return the settlement account of each shop account; both carry one identifier."""
    return SettlementAccount.objects.in_bulk([row.id for row in rows])


def applications(
    *, scope: Scope, entity_id: UUID | None = None, status: str | None = None
) -> QuerySet[Application]:
    """Return applications, narrowed by entity or status."""
    wanted = {"entity_id": entity_id, "status": status}
    rows = Application.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return scope.of(rows)


def application(*, scope: Scope, application_id: UUID) -> Application:
    """Return one application. Refuses NotFound."""
    return found(scope.of(Application.objects.filter(id=application_id)), what="application")


def credit_lines(
    *, scope: Scope, entity_id: UUID | None = None, status: str | None = None
) -> QuerySet[CreditLine]:
    """Return credit lines, narrowed by entity or status."""
    wanted = {"entity_id": entity_id, "status": status}
    rows = CreditLine.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return scope.of(rows)


def credit_line(*, scope: Scope, line_id: UUID) -> CreditLine:
    """Return one credit line. Refuses NotFound."""
    return found(scope.of(CreditLine.objects.filter(id=line_id)), what="credit line")


def line_ids_of(*, entity_id: UUID) -> tuple[UUID, ...]:
    """Return the lines an entity has or had."""
    return tuple(sorted(CreditLine.objects.filter(entity_id=entity_id).values_list("id", flat=True)))


def blacklist(*, identity: str | None = None) -> QuerySet[BlacklistEntry]:
    """Return what is listed."""
    rows = BlacklistEntry.objects.all()
    return rows if identity is None else rows.filter(identity=identity)


def order_imports() -> QuerySet[OrderImport]:
    """Return the imports of order files."""
    return OrderImport.objects.all()


def order_import(*, import_id: UUID) -> OrderImport:
    """Return one import with its refused lines. Refuses NotFound."""
    return found(order_imports().filter(id=import_id), what="order import")
