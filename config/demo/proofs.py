"""The proofs at the end of a demonstration: balance, hash chains, rebuild, followers.

Owns: asking for each proof and saying whether it holds. Refuses to know: how anything is proved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from ledger.eventstore.followers import follow_all
from ledger.eventstore.rebuilding import rebuild
from ledger.eventstore.verifying import verify

PROBLEMS_SHOWN_MAX = 20
FOLLOWERS = (
    "SELECT c.name, sum(s.pos - c.pos)::bigint AS behind FROM es_cursor c JOIN es_shard s USING (shard)"
    " GROUP BY 1 ORDER BY 1"
)
FOLLOWED = "SELECT (SELECT sum(events) FROM portfolio_day)::bigint, (SELECT count(*) FROM es_event)"
UNBALANCED = (
    "SELECT count(*) FROM (SELECT currency, left(account, 1) = '9' FROM journal_line GROUP BY 1, 2"
    " HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0) AS differing"
)


@dataclass(frozen=True)
class Proof:
    """One thing that was proved, or not."""

    name: str
    holds: bool
    details: Any

    def as_json(self) -> dict[str, Any]:
        """Return the proof as JSON values."""
        return {"holds": self.holds, "details": self.details}


def prove_balance() -> Proof:
    """Prove that debits equal credits in every currency, on and off the balance sheet apart."""
    ((unbalanced,),) = _rows(UNBALANCED)
    return Proof("trial balance", unbalanced == 0, {"currencies_that_differ": unbalanced})


def prove_chain() -> Proof:
    """Prove that no stored fact, answer, journal entry or accrual was altered."""
    problems = [str(problem) for problem in islice(verify(), PROBLEMS_SHOWN_MAX)]
    return Proof("verification", not problems, {"problems": problems})


def prove_followers() -> Proof:
    """Prove that the followers have seen every event, each once."""
    follow_all()
    behind = dict(_rows(FOLLOWERS))
    ((followed, stored),) = _rows(FOLLOWED)
    holds = followed == stored and not any(behind.values())
    return Proof("followers", holds, {"behind": behind, "followed": followed, "stored": stored})


def prove_rebuild() -> Proof:
    """Prove that every read model is what the events alone give, row for row."""
    tables = rebuild(replace=False)
    details = [
        {"table": table.table, "rows": table.rows, "identical": table.identical, "digest": table.digest}
        for table in tables
    ]
    return Proof("rebuild", all(table.identical for table in tables), details)


def all_hold(proofs: Iterable[Proof]) -> bool:
    """Say whether every proof holds."""
    return all(proof.holds for proof in proofs)


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
