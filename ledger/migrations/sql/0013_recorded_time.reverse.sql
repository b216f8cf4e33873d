-- The append function without the floor of recorded time.
CREATE OR REPLACE FUNCTION es_append(doc jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
DECLARE
  v_shard smallint := doc->>'shard';
  v_meta jsonb := doc->'meta';
  v_count integer := coalesce(jsonb_array_length(doc->'events'), 0);
  v_base bigint;
  v_open date := doc->>'open_date';
  v_now timestamptz;
  v_event jsonb;
  v_index integer := 0;
  v_id uuid;
  v_version integer;
  v_prev bytea;
  v_state jsonb;
  v_effective date;
BEGIN
  IF doc ? 'key' THEN
    v_now := clock_timestamp();
    INSERT INTO es_command (principal, key, fingerprint, command, outcome, shard, recorded_at, hash)
    VALUES (doc->>'principal', doc->>'key', decode(doc->>'fingerprint', 'hex'), doc->>'command',
            doc->'outcome', v_shard, v_now,
            es_command_hash(doc->>'principal', doc->>'key', decode(doc->>'fingerprint', 'hex'),
                            doc->>'command', (doc->'outcome')::text, v_shard, v_now));
  END IF;
  IF jsonb_array_length(doc->'outbox') > 0 THEN
    INSERT INTO es_outbox (id, shard, kind, reference, payload, state, attempts, next_attempt_at, created_at)
    SELECT (o->>0) || ':' || (o->>1), v_shard, o->>0, o->>1, o->2, 'pending', 0, clock_timestamp(), clock_timestamp()
      FROM jsonb_array_elements(doc->'outbox') o;
  END IF;
  IF v_count = 0 THEN
    RETURN NULL;
  END IF;
  IF jsonb_array_length(doc->'snapshots') > 0 THEN
    INSERT INTO es_snapshot AS s (originator_id, shard, version, schema_version, state)
    SELECT (h->>0)::uuid, v_shard, (h->>1)::integer, (h->>2)::smallint, h->3
      FROM jsonb_array_elements(doc->'snapshots') h
    ON CONFLICT (originator_id) DO UPDATE
      SET version = excluded.version, schema_version = excluded.schema_version, state = excluded.state
      WHERE s.version < excluded.version;
  END IF;

  -- What was decided for one business date cannot be written on another.
  UPDATE es_shard SET pos = pos + v_count, open_date = coalesce((doc->>'advance_to')::date, open_date)
   WHERE shard = v_shard AND (v_open IS NULL OR open_date = v_open)
  RETURNING pos - v_count INTO v_base;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the business date of shard % is no longer %', v_shard, v_open
      USING ERRCODE = 'serialization_failure';
  END IF;
  v_now := clock_timestamp();
  FOR v_event IN SELECT * FROM jsonb_array_elements(doc->'events') LOOP
    v_index := v_index + 1;
    v_id := v_event->>0;
    v_version := v_event->>1;
    v_effective := v_event->>3;
    v_state := v_event->4;
    v_prev := ''::bytea;
    IF v_version > 1 THEN
      SELECT e.hash INTO v_prev FROM es_event e
       WHERE e.shard = v_shard AND e.originator_id = v_id AND e.originator_version = v_version - 1;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'stream % has no version %', v_id, v_version - 1
          USING ERRCODE = 'serialization_failure';
      END IF;
    END IF;
    INSERT INTO es_event (shard, originator_id, originator_version, pos, topic, effective_date, recorded_at,
                          meta, state, hash)
    VALUES (v_shard, v_id, v_version, v_base + v_index, v_event->>2, v_effective, v_now, v_meta, v_state,
            es_hash(v_prev, v_shard, v_base + v_index, v_id, v_version, v_event->>2, v_effective, v_now,
                    v_meta::text, v_state::text));
  END LOOP;

  IF jsonb_array_length(doc->'journal') > 0 THEN
    IF EXISTS (SELECT 1 FROM jsonb_array_elements(doc->'journal') j
                WHERE (j->>0)::integer NOT BETWEEN 1 AND v_count) THEN
      RAISE EXCEPTION 'a journal entry belongs to an event of its own append'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_of_own_event';
    END IF;
    INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id, value_date)
    SELECT DISTINCT (j->>1)::date, v_shard, v_base + (j->>0)::integer, (j->>2)::date, j->>3, (j->>4)::uuid,
           coalesce((j->>6)::date, (j->>2)::date)
      FROM jsonb_array_elements(doc->'journal') j;
    INSERT INTO journal_line (posting_date, shard, pos, line_no, account, side, amount_minor, currency,
                              entity_id, loan_id, settlement_account_id, funder, product_code)
    SELECT (j->>1)::date, v_shard, v_base + (j->>0)::integer, (l->>0)::smallint, l->>1, l->>2,
           (l->>3)::bigint, l->>4, (l->>5)::uuid, (l->>6)::uuid, (l->>7)::uuid, l->>8, coalesce(l->>9, '')
      FROM jsonb_array_elements(doc->'journal') j, jsonb_array_elements(j->5) l;
  END IF;
  RETURN v_base;
END $$;

DROP FUNCTION es_await_writer(smallint);
DROP FUNCTION es_seen(timestamptz);
DROP FUNCTION es_tick();
DROP FUNCTION es_now();
