"""Counts and amounts per business date and kind of event, followed after the commit.

Owns: the table portfolio_day. Refuses to know: single loans. It is what reports start from, and nothing
that a command decides on.
"""

from __future__ import annotations

from ledger.eventstore.followers import Follower, register_follower

APPLY = (
    "INSERT INTO portfolio_day AS p (shard, effective_date, topic, currency, events, amount_minor)"
    " SELECT e.shard, e.effective_date, e.topic, coalesce(e.state->>'currency', ''), count(*),"
    " coalesce(sum((e.state->>'amount_minor')::bigint), 0) + coalesce(sum((e.state->>'principal_minor')::bigint), 0)"
    " FROM span JOIN es_event e ON e.shard = span.shard AND e.pos > span.after AND e.pos <= span.upto"
    " GROUP BY 1, 2, 3, 4"
    " ON CONFLICT (shard, effective_date, topic, currency) DO UPDATE"
    " SET events = p.events + excluded.events, amount_minor = p.amount_minor + excluded.amount_minor"
)

register_follower(
    Follower(
        name="portfolio",
        tables={"portfolio_day": ("shard", "effective_date", "topic", "currency")},
        apply_sql=APPLY,
    )
)
