"""The statement of an entity: all its settlement accounts and loans.

Owns: the view. Refuses to know: how balances and movements are found.
"""

from __future__ import annotations

from ledger.api.statements import StatementEndpoint
from ledger.statements.asking import entity_statement
from ledger.statements.sheets import Statement
from lending import queries


class EntityStatement(StatementEndpoint):
    """Show every settlement account and loan of an entity that held, owed or moved anything."""

    def find(self) -> Statement:
        """Return the statement."""
        entity = queries.entity(scope=self.viewer.scope, entity_id=self.kwargs["entity_id"])
        return entity_statement(
            scope=self.viewer.scope,
            entity_id=entity.id,
            period=self.period_of(entity.id),
            moment=self.asked.get("known_at"),
        )
