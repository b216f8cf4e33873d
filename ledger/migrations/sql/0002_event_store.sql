-- The event store's own functions and guards. They are the last line of defence: what is
-- promised here holds against hand-typed SQL as well as against a mistake in the application.

-- 1. History is append-only for everybody, the owner included.
CREATE FUNCTION es_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: this table is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es_event
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es_command
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_line
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accrual_run
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();
CREATE TRIGGER guard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accrual_row
  FOR EACH STATEMENT EXECUTE FUNCTION es_refuse_change();

-- 2. A journal entry balances per currency, on and off the balance sheet apart, or does not commit.
CREATE FUNCTION journal_check_balance() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  bad record;
BEGIN
  SELECT currency, left(account, 1) = '9' AS memo,
         sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) AS difference
    INTO bad
    FROM journal_line
   WHERE posting_date = NEW.posting_date AND shard = NEW.shard AND pos = NEW.pos
   GROUP BY 1, 2
  HAVING sum(CASE side WHEN 'D' THEN amount_minor ELSE -amount_minor END) <> 0
   LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal entry %/% does not balance: % % (memo: %)',
      NEW.shard, NEW.pos, bad.difference, bad.currency, bad.memo
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_balances';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM journal_line
                  WHERE posting_date = NEW.posting_date AND shard = NEW.shard AND pos = NEW.pos) THEN
    RAISE EXCEPTION 'journal entry %/% has no lines', NEW.shard, NEW.pos
      USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_entry_has_lines';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_entry_balances AFTER INSERT ON journal_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_check_balance();

-- The same check for each line, so that a line cannot be slipped into an entry that was balanced before.
CREATE CONSTRAINT TRIGGER journal_line_balances AFTER INSERT ON journal_line
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_check_balance();

-- 3. The hash of an event covers everything that is stored of it and the hash of the event before.
--    In plpgsql, whose plans are kept: the same as a SQL function costs twenty times as much per event.
CREATE FUNCTION es_hash(prev bytea, shard smallint, pos bigint, originator_id uuid, version integer,
                        topic text, effective_date date, recorded_at timestamptz, meta text, state text)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN sha256(convert_to(
    'v1|' || encode(prev, 'hex') || '|' || shard || '|' || pos || '|' || originator_id || '|' || version
    || '|' || to_char(effective_date, 'YYYY-MM-DD')
    || '|' || (extract(epoch FROM recorded_at) * 1000000)::bigint
    || '|' || octet_length(topic) || ':' || topic
    || '|' || octet_length(meta) || ':' || meta
    || '|' || octet_length(state) || ':' || state, 'UTF8'));
END $$;

-- 4. Begin a command: serialise repeats of the same key, return the stored outcome if there is one,
--    and lock the head rows of hot aggregates in a fixed order.
CREATE FUNCTION es_begin(p_principal text, p_key text, p_shard smallint, p_hot uuid[],
                         OUT fingerprint bytea, OUT outcome jsonb, OUT open_date date, OUT heads jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- An array parameter would otherwise be planned anew at each call; and a plan that was made while the tables
-- were empty would read them from end to end when they are full. The same holds for the functions below.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7306);  -- a rebuild that replaces tables holds it alone
  PERFORM pg_advisory_xact_lock(hashtextextended(p_principal || E'\x1f' || p_key, 7305));
  SELECT c.fingerprint, c.outcome INTO fingerprint, outcome
    FROM es_command c WHERE c.principal = p_principal AND c.key = p_key;
  IF FOUND THEN
    RETURN;
  END IF;
  SELECT s.open_date INTO open_date FROM es_shard s WHERE s.shard = p_shard;
  IF cardinality(p_hot) > 0 THEN
    SELECT jsonb_agg(jsonb_build_array(h.originator_id, h.version, h.schema_version, h.state)) INTO heads
      FROM (SELECT * FROM es_snapshot WHERE originator_id = ANY (p_hot)
             ORDER BY originator_id FOR NO KEY UPDATE) h;
  END IF;
END $$;

CREATE FUNCTION es_lock(p_id uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  RETURN (SELECT jsonb_build_array(h.originator_id, h.version, h.schema_version, h.state)
            FROM (SELECT * FROM es_snapshot WHERE originator_id = p_id FOR NO KEY UPDATE) h);
END $$;

-- The day close of a shard takes the counter first: nothing else commits in the shard meanwhile.
CREATE FUNCTION es_lock_shard(p_shard smallint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT pos FROM es_shard WHERE shard = p_shard FOR UPDATE
$$;

CREATE FUNCTION es_command_hash(principal text, key text, fingerprint bytea, command text, outcome text,
                                shard smallint, recorded_at timestamptz)
RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN sha256(convert_to(
    'c1|' || octet_length(principal) || ':' || principal || '|' || octet_length(key) || ':' || key
    || '|' || encode(fingerprint, 'hex') || '|' || octet_length(command) || ':' || command
    || '|' || shard || '|' || (extract(epoch FROM recorded_at) * 1000000)::bigint
    || '|' || octet_length(outcome) || ':' || outcome, 'UTF8'));
END $$;

-- 5. The only door for facts: idempotency record, snapshots, outbox, events, journal; counter last.
CREATE FUNCTION es_append(doc jsonb) RETURNS bigint
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
    INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id)
    SELECT DISTINCT (j->>1)::date, v_shard, v_base + (j->>0)::integer, (j->>2)::date, j->>3, (j->>4)::uuid
      FROM jsonb_array_elements(doc->'journal') j;
    INSERT INTO journal_line (posting_date, shard, pos, line_no, account, side, amount_minor, currency,
                              entity_id, loan_id, settlement_account_id, funder)
    SELECT (j->>1)::date, v_shard, v_base + (j->>0)::integer, (l->>0)::smallint, l->>1, l->>2,
           (l->>3)::bigint, l->>4, (l->>5)::uuid, (l->>6)::uuid, (l->>7)::uuid, l->>8
      FROM jsonb_array_elements(doc->'journal') j, jsonb_array_elements(j->5) l;
  END IF;
  RETURN v_base;
END $$;

INSERT INTO es_shard (shard, pos) SELECT n, 0 FROM generate_series(0, 255) n;
ALTER TABLE es_shard SET (fillfactor = 20);
ALTER TABLE es_snapshot SET (fillfactor = 70);

CREATE FUNCTION es_open_books(p_date date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH opened AS (UPDATE es_shard SET open_date = p_date, closed_through = p_date - 1
                   WHERE open_date IS NULL RETURNING 1)
  SELECT count(*) FROM opened
$$;

-- A shard without a running loan has nothing to accrue, debit or age, and no fact to record about a date. A
-- command that comes at the same moment finds the date moved when it takes the counter, and starts again; one
-- that has taken the counter is waited for, and only then it is asked whether a loan is running.
CREATE FUNCTION es_close_idle_shards(p_shards smallint[], p_through date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_days bigint;
BEGIN
  PERFORM 1 FROM es_shard WHERE shard = ANY (p_shards) AND closed_through < p_through ORDER BY shard FOR UPDATE;
  WITH idle AS (
    SELECT s.shard, p_through - s.closed_through AS days FROM es_shard s
     WHERE s.shard = ANY (p_shards) AND s.closed_through < p_through AND s.open_date = s.closed_through + 1
       AND NOT EXISTS (SELECT 1 FROM loan l WHERE l.shard = s.shard AND l.next_due_on IS NOT NULL)
  ), moved AS (
    UPDATE es_shard s SET open_date = p_through + 1, closed_through = p_through FROM idle
     WHERE s.shard = idle.shard RETURNING idle.days
  )
  SELECT coalesce(sum(days), 0) INTO v_days FROM moved;
  RETURN v_days;
END $$;

-- A shard's date counts as closed when every step of its close is recorded.
CREATE FUNCTION es_close_shard(p_shard smallint, p_date date) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE es_shard SET closed_through = p_date
   WHERE shard = p_shard AND open_date = p_date + 1 AND closed_through = p_date - 1
$$;

-- A stream lives in the shard that its identifier carries.
ALTER TABLE es_event
  ADD CONSTRAINT es_event_in_its_shard CHECK (get_byte(uuid_send(originator_id), 0) = shard);

-- A line belongs to an entry and names an account of the chart.
ALTER TABLE journal_line
  ADD CONSTRAINT journal_line_entry FOREIGN KEY (posting_date, shard, pos)
    REFERENCES journal_entry (posting_date, shard, pos),
  ADD CONSTRAINT journal_line_account FOREIGN KEY (account) REFERENCES gl_account (code);
