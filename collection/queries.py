"""Questions about collections: the notices that borrowers are owed.

Owns: the reads of collections' tables. Refuses to know: who asks and how notices are delivered.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from collection.models import Notice
from ledger.queries import Scope


def notices(*, scope: Scope, entity_id: UUID | None = None, kind: str | None = None) -> QuerySet[Notice]:
    """Return notices, narrowed by entity or kind."""
    wanted = {"entity_id": entity_id, "kind": kind}
    rows = Notice.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    return scope.of(rows)
