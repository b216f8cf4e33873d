"""Loans by the million, made by a few set-based statements.

Owns: rows of the read models that the day close reads (loan, instalment, accrual_segment), as the projections
would write them: a fifth revolving by the day, the others in three monthly instalments that fall due on every
day of the coming month. Such loans have no events, since no step of a close looks at the stream of a loan
that has nothing due; ``bench.clones`` adds those that have.
Refuses to know: what is measured.
"""

from __future__ import annotations

from datetime import date

# Five loans in six hundred are revolving and so large, at a rate so odd, that they do not fit into 64 bits.
LOANS = """
CREATE TEMP TABLE made ON COMMIT DROP AS
SELECT (lpad(to_hex(CASE WHEN %(shard)s::int IS NULL THEN n %% 256 ELSE %(shard)s END), 2, '0')
        || substr(md5('loan' || n), 3))::uuid AS id,
       CASE WHEN %(shard)s::int IS NULL THEN n %% 256 ELSE %(shard)s END AS shard,
       n %% 5 = 0 AS revolving,
       CASE WHEN n %% 600 = 0 THEN 900000000000001 ELSE 100000 + n * 37 %% 900000 END AS principal,
       CASE WHEN n %% 600 = 0 THEN 14400007 ELSE (ARRAY[9000000, 14400000, 18000000, 23990000])[1 + n %% 4] END AS rate,
       (%(day)s::date - (n %% 28)::int) AS started_on
  FROM generate_series(1, %(loans)s) n
"""
LOAN_ROWS = """
INSERT INTO loan (id, shard, entity_id, line_id, account_id, product_code, product_version, method, currency,
                  principal_minor, outstanding_minor, status, requested_on, disbursed_on, maturity_on, next_due_on,
                  schedule_version, grace_days, overpaid_minor, category, wakes_on)
SELECT id, shard, id, id, id, CASE WHEN revolving THEN 'revolving-daily' ELSE 'instalment-monthly' END, 1,
       CASE WHEN revolving THEN 'daily' ELSE 'equal_instalment' END, 'CNY', principal, principal, 'active',
       started_on, started_on, started_on + 90, started_on + CASE WHEN revolving THEN 90 ELSE 30 END, 1, 3, 0,
       'normal', started_on + CASE WHEN revolving THEN 91 ELSE 31 END
  FROM made
"""
INSTALMENT_ROWS = """
INSERT INTO instalment (loan_id, name, kind, schedule_version, number, shard, period_start, due_on,
                        principal_minor, interest_minor, fee_minor, opening_minor, paid_principal_minor,
                        paid_interest_minor, paid_penalty_minor, paid_compound_minor, paid_fee_minor,
                        waived_principal_minor, waived_interest_minor, waived_penalty_minor,
                        waived_compound_minor, waived_fee_minor)
SELECT id, '1/' || k, 'instalment', 1, k, shard, started_on + 30 * (k - 1),
       started_on + CASE WHEN revolving THEN 90 ELSE 30 * k END,
       CASE WHEN revolving THEN principal ELSE principal / 3 END, principal * (4 - k) / 250, 0, principal,
       0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  FROM made, generate_series(1, 3) k WHERE k = 1 OR NOT revolving
"""
# The change of units is the one of domain.accrual_steps, written a second time.
SEGMENT_ROWS = """
INSERT INTO accrual_segment (loan_id, key, started_on, shard, kind, product_code, currency, ends_on, accrue_from,
                             per_day_numerator, denominator, carry_numerator, begun_at, day_step, unit, bucket)
SELECT loan_id, 'interest:1/' || k, started_on, shard, 'interest', product, 'CNY', ends_on, started_on, a_day,
       denominator, 0, CASE WHEN fits THEN div(denominator, common) END, CASE WHEN fits THEN 2 * a_day / common END,
       CASE WHEN fits THEN 2 * denominator / common END,
       ('x' || encode(substr(sha256(convert_to(product || '|CNY|interest', 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
  FROM (SELECT *, gcd(2 * a_day, 2 * denominator) AS common,
               2 * a_day * 36526 / gcd(2 * a_day, 2 * denominator) < 9000000000000000000 AS fits
          FROM (SELECT id AS loan_id, k, shard, started_on + 30 * (k - 1) AS started_on,
                       CASE WHEN NOT revolving THEN started_on + 30 * k END AS ends_on,
                       CASE WHEN revolving THEN 'revolving-daily' ELSE 'instalment-monthly' END AS product,
                       CASE WHEN revolving THEN principal::numeric * rate
                            ELSE principal * (4 - k) / 250 END::numeric AS a_day,
                       CASE WHEN revolving THEN 36000000000 ELSE 30 END::numeric AS denominator
                  FROM made, generate_series(1, 3) k WHERE k = 1 OR NOT revolving) s) c
"""


def load(*, loans: int, day: date, shard: int | None = None) -> None:
    """Put that many running loans into one shard, or into all 256; nothing of theirs is due on the day."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM FULL loan, instalment, accrual_segment, accrual_row"
        )  # of what was there before
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOANS, {"loans": loans, "day": day, "shard": shard})
        for statement in (LOAN_ROWS, INSTALMENT_ROWS, SEGMENT_ROWS):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE loan, instalment, accrual_segment")


def open_on(day: date) -> None:
    """Make a date the open one in every shard."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE es_shard SET open_date = %s, closed_through = %s::date - 1", (day, day))
