"""Credit lines as a sub-ledger of the books.

Owns: what the account of undrawn commitments consists of: limit less principal drawn, entity by entity.
Refuses to know: how the comparison is made (``ledger.tie_out``).
"""

from __future__ import annotations

from ledger.domain.chart_of_accounts import MEMO_UNDRAWN_COMMITMENT
from ledger.tie_out import lines_by, sub_ledger

sub_ledger(
    MEMO_UNDRAWN_COMMITMENT,
    what="limits of credit lines less what is drawn",
    books=lines_by("entity_id"),
    owners="SELECT entity_id::text AS owner, currency, sum(limit_minor - drawn_minor)::bigint AS amount_minor"
    " FROM credit_line GROUP BY 1, 2",
)
