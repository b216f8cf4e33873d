-- Views for the admin, which needs one key per row. They are read with the rights of the reader
-- (security_invoker), so what may not be written in a table cannot be written through its view.
CREATE VIEW record_event WITH (security_invoker = true) AS
SELECT (shard::bigint << 48) + pos AS id, shard, pos, originator_id, originator_version, topic, effective_date,
       recorded_at, coalesce(meta->>'actor', '') AS actor, coalesce(meta->>'command', '') AS command, meta, state
  FROM es_event;

CREATE VIEW record_journal_entry WITH (security_invoker = true) AS
SELECT (e.shard::bigint << 48) + e.pos AS id, e.posting_date, e.shard, e.pos, e.effective_date, e.topic,
       e.originator_id,
       (SELECT jsonb_object_agg(t.currency, t.total)
          FROM (SELECT l.currency, sum(l.amount_minor) AS total FROM journal_line l
                 WHERE l.posting_date = e.posting_date AND l.shard = e.shard AND l.pos = e.pos
                   AND l.side = 'D' AND left(l.account, 1) <> '9' GROUP BY l.currency) t) AS debits,
       (SELECT jsonb_object_agg(t.currency, t.total)
          FROM (SELECT l.currency, sum(l.amount_minor) AS total FROM journal_line l
                 WHERE l.posting_date = e.posting_date AND l.shard = e.shard AND l.pos = e.pos
                   AND l.side = 'D' AND left(l.account, 1) = '9' GROUP BY l.currency) t) AS memo_debits
  FROM journal_entry e;

CREATE VIEW record_day_close WITH (security_invoker = true) AS
SELECT business_date,
       (SELECT count(*) FROM es_shard s WHERE s.closed_through >= d.business_date)::integer AS shards_closed,
       count(DISTINCT shard)::integer AS shards_worked, count(*)::integer AS steps, sum(done)::bigint AS done,
       min(finished_at) AS began_at, max(finished_at) AS ended_at
  FROM day_close d GROUP BY business_date;

CREATE VIEW record_receipt WITH (security_invoker = true) AS
SELECT channel || ':' || reference AS id, channel, reference, shard, account_id, effective_date, currency,
       amount_minor
  FROM receipt;

CREATE VIEW record_repayment WITH (security_invoker = true) AS
SELECT loan_id || ':' || sequence AS id, loan_id, sequence, shard, entity_id, effective_date, kind, reason,
       source_account_id, currency, amount_minor, fee_minor, penalty_minor, compound_minor, interest_minor,
       principal_minor
  FROM repayment;
