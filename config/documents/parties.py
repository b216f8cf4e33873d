"""The two sides of a document, by name and by reference.

Owns: the lender's name as it is configured, and a borrower's reference. Refuses to know: persons; the
product holds none.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings


def lender() -> str:
    """Return the name under which the lender signs."""
    name: str = settings.LOANBOOK_LENDER
    return name


def borrower(entity_id: UUID) -> str:
    """Return the reference by which an entity is known; its identifier where it has none."""
    # Not at the head: the documents of the books are made here too, and the books know no lending.
    from lending.models import LegalEntity

    reference = LegalEntity.objects.filter(pk=entity_id).values_list("reference", flat=True).first()
    return reference or str(entity_id)
