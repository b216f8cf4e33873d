-- 1. The latest time the books have seen, noted every few seconds. A server's clock that is set back does not take
--    them behind it, so that what was known at a moment stays what it was.
CREATE FUNCTION es_now() RETURNS timestamptz
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT greatest(clock_timestamp(), (SELECT c.seen_at FROM es_clock c));
$$;

-- Notes the time and says by how much the clock is behind it: zero unless it was set back.
CREATE FUNCTION es_tick() RETURNS interval
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO es_clock AS c (id, seen_at) VALUES (1, clock_timestamp())
  ON CONFLICT (id) DO UPDATE SET seen_at = greatest(c.seen_at, excluded.seen_at)
  RETURNING greatest(c.seen_at - clock_timestamp(), interval '0');
$$;

-- Returns the latest time seen, which is the moment or later if the moment has come. From then on nothing is
-- recorded at or before it, however far the clock is set back.
CREATE FUNCTION es_seen(moment timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM es_clock c WHERE c.seen_at >= moment) THEN
    PERFORM es_tick();
  END IF;
  RETURN (SELECT c.seen_at FROM es_clock c);
END $$;

-- Waits until nothing that is being recorded in one shard is under way; es_await_writers does it for all of them.
CREATE FUNCTION es_await_writer(of_shard smallint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '2s' AS $$
BEGIN
  PERFORM 1 FROM es_shard s WHERE s.shard = of_shard FOR SHARE;
END $$;

-- 2. The append function, recording by that time.
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
    v_now := greatest(clock_timestamp(), (SELECT c.seen_at FROM es_clock c));
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
  -- Whatever the server's clock does: every append is recorded after the one before it in its shard, and after
  -- every time that was noted. One that runs ahead of the clock is noted itself, so that it is not the future.
  SELECT greatest(clock_timestamp(), c.seen_at + interval '1 microsecond', e.recorded_at + interval '1 microsecond')
    INTO v_now FROM (SELECT 1) one
    LEFT JOIN es_clock c ON true LEFT JOIN es_event e ON e.shard = v_shard AND e.pos = v_base;
  IF v_now > clock_timestamp() THEN
    INSERT INTO es_clock AS c (id, seen_at) VALUES (1, v_now)
    ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at WHERE c.seen_at < excluded.seen_at;
  END IF;
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
