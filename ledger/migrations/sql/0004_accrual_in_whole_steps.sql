-- The accrual of a day as whole numbers of 64 bits, and rows that only one function writes.

-- 1. What a segment earns on the day that is p_days after its first: how many units are passed by one more step
--    from where it stands within a unit. Inlined by the planner. A segment whose steps might not fit keeps none
--    and is counted exactly, at several times the cost.
CREATE FUNCTION accrual_amount_of_day(p_days integer, p_begun_at bigint, p_day_step bigint, p_unit bigint,
                                      p_per_day numeric, p_denominator numeric, p_carry numeric)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN p_unit IS NOT NULL
    THEN ((p_begun_at + p_day_step * p_days) % p_unit + p_day_step) / p_unit
    ELSE (div(2 * (p_carry + p_per_day * (p_days + 1)) + p_denominator, 2 * p_denominator)
          - div(2 * (p_carry + p_per_day * p_days) + p_denominator, 2 * p_denominator))::bigint
  END
$$;

-- 2. The segments there are already, by the rules of domain.accrual_run and domain.accrual_steps.
UPDATE accrual_segment
   SET bucket = ('x' || encode(substr(sha256(convert_to(product_code || '|' || currency || '|' || kind, 'UTF8')), 1, 8),
                               'hex'))::bit(64)::bigint;
UPDATE accrual_segment s SET begun_at = c.begun_at, day_step = c.day_step, unit = c.unit
  FROM (SELECT loan_id, key, started_on, days,
               div(2 * carry_numerator + denominator, common) AS begun_at,
               div(2 * per_day_numerator, common) AS day_step, div(2 * denominator, common) AS unit
          FROM (SELECT *, gcd(2 * per_day_numerator, 2 * denominator) AS common,
                       CASE WHEN ends_on IS NULL THEN 36525 ELSE greatest(0, ends_on - started_on) END AS days
                  FROM accrual_segment WHERE per_day_numerator >= 0 AND carry_numerator >= 0) g) c
 WHERE s.loan_id = c.loan_id AND s.key = c.key AND s.started_on = c.started_on
   AND greatest(c.begun_at + c.day_step * (c.days + 1), c.unit) <= 9223372036854775807;

-- 3. No index on the rows of each day: keeping one costs more than everything else about a row. A day is
--    written once because only es_post_accrual writes rows, together with the run, whose key is shard and date.
ALTER TABLE accrual_row DROP CONSTRAINT accrual_row_pkey;

-- Write the rows of a date, as many as the event says, while the shard's counter is held and its date is open.
CREATE FUNCTION es_post_accrual(p_shard smallint, p_date date, p_rows integer, p_amount bigint, p_checksum text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- Half of a shard's segments or none may be running: each day is planned for its own dates. Compiling the
-- statement takes longer than running it for one shard.
SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  v_written bigint;
BEGIN
  PERFORM 1 FROM es_shard WHERE shard = p_shard AND open_date = p_date FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the business date of shard % is not %', p_shard, p_date
      USING ERRCODE = 'serialization_failure';
  END IF;
  INSERT INTO accrual_run (shard, business_date, rows, amount_minor, checksum)
  VALUES (p_shard, p_date, p_rows, p_amount, p_checksum);
  INSERT INTO accrual_row (business_date, shard, loan_id, key, kind, amount_minor)
  SELECT p_date, p_shard, d.loan_id, d.key, d.kind, d.amount_minor
    FROM (SELECT loan_id, key, kind,
                 accrual_amount_of_day(p_date - started_on, begun_at, day_step, unit,
                                       per_day_numerator, denominator, carry_numerator) AS amount_minor
            FROM accrual_segment
           WHERE shard = p_shard AND started_on <= p_date AND accrue_from <= p_date
             AND (ends_on IS NULL OR ends_on > p_date) OFFSET 0) d
   WHERE d.amount_minor <> 0;
  GET DIAGNOSTICS v_written = ROW_COUNT;
  IF v_written <> p_rows THEN
    RAISE EXCEPTION 'the accrual of shard % on % has % rows, not %', p_shard, p_date, v_written, p_rows
      USING ERRCODE = 'check_violation', CONSTRAINT = 'accrual_run_rows';
  END IF;
END $$;
