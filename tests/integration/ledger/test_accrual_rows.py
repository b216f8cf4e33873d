"""The accrual in SQL is the pure accrual, to the last unit and on every day.

Method: random stretches with every combination of open and closed ends, carried fractions, late first
postings and amounts up to the largest the books hold are put into the table; for each day the rows and the
totals of the set-based statement must be what ``domain.accrual`` says of each stretch. The rows are written
twice: by the function that posts a day, and by the statement that writes them again in a rebuild.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from ledger import migrations
from ledger.domain.accrual import Accrual
from ledger.domain.accrual_run import bucket_number
from ledger.domain.accrual_steps import whole_steps
from ledger.kernel.money import MINOR_UNITS_MAX
from ledger.kernel.rates import RATE_UNIT
from ledger.projections.accrual_rows import POST, ROWS, totals_of_day

MIGRATION = Path(migrations.__file__).parent / "sql" / "0004_accrual_in_whole_steps.sql"
SHARD = 7
SEED = 20240229
STRETCHES = 1_500
DAYS = [date(2024, 2, 27) + timedelta(days=number) for number in range(8)]
INSERT = (
    "INSERT INTO accrual_segment (loan_id, key, started_on, shard, kind, product_code, currency, ends_on,"
    " accrue_from, per_day_numerator, denominator, carry_numerator, begun_at, day_step, unit,"
    " bucket)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def random_stretch(chance: random.Random, number: int) -> Accrual:
    kind = chance.choice(("interest", "penalty", "compound"))
    started_on = chance.choice(DAYS) + timedelta(days=chance.randint(-40, 3))
    length = chance.choice((None, 0, 1, 2, chance.randint(3, 90)))
    linear = chance.random() < 0.4
    base = chance.choice((1, 99, chance.randint(1, 10**7), MINOR_UNITS_MAX))
    denominator = chance.choice((28, 29, 30, 31)) if linear else RATE_UNIT * chance.choice((360, 365))
    per_day = base if linear else base * chance.choice((0, 1, 3_333_333, 14_400_000, 24_000_000))
    return Accrual(
        key=f"{kind}:{number}",
        kind=kind,
        started_on=started_on,
        ends_on=None if length is None else started_on + timedelta(days=length),
        accrue_from=started_on + timedelta(days=chance.choice((0, 0, 0, 1, 4))),
        per_day_numerator=per_day,
        denominator=denominator,
        carry_numerator=chance.choice((0, 1, denominator // 2, chance.randint(0, 10**9 * denominator))),
        settled_minor=chance.randint(0, 10**6),
    )


def loan_of(number: int) -> UUID:
    return UUID(int=(SHARD << 120) + number)


@pytest.fixture
def stretches(db):
    chance = random.Random(SEED)
    drawn = [random_stretch(chance, number) for number in range(STRETCHES)]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT, [row(number, accrual) for number, accrual in enumerate(drawn)])
    return drawn


def row(number, accrual):
    return (
        loan_of(number),
        accrual.key,
        accrual.started_on,
        SHARD,
        accrual.kind,
        f"product-{number % 3}",
        ("CNY", "JPY")[number % 2],
        accrual.ends_on,
        accrual.accrue_from,
        accrual.per_day_numerator,
        accrual.denominator,
        accrual.carry_numerator,
        *((steps.begun_at, steps.day_step, steps.unit) if (steps := whole_steps(accrual)) else [None] * 3),
        bucket_number(
            product_code=f"product-{number % 3}", currency=("CNY", "JPY")[number % 2], kind=accrual.kind
        ),
    )


def rows_by_rebuild(day):
    return rows_after(day, ROWS, {"shard": SHARD, "day": day, "next": day + timedelta(days=1)})


def rows_by_posting(day):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE es_shard SET open_date = %s WHERE shard = %s", (day, SHARD))
    totals = totals_of_day(shard=SHARD, day=day)
    amount = sum(bucket.amount_minor for bucket in totals.buckets)
    return rows_after(day, POST, (SHARD, day, totals.rows, amount, totals.checksum))


def rows_after(day, statement, parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute(
            "SELECT loan_id, key, kind, amount_minor FROM accrual_row WHERE business_date = %s", (day,)
        )
        return sorted(cursor.fetchall())


def rows_by_rule(stretches, day):
    amounts = ((number, accrual, accrual.amount_of_day(day)) for number, accrual in enumerate(stretches))
    return sorted((loan_of(number), a.key, a.kind, amount) for number, a, amount in amounts if amount)


def test_the_stretches_are_of_both_sorts(stretches):
    fitting = sum(whole_steps(stretch) is not None for stretch in stretches)
    assert min(fitting, STRETCHES - fitting) > STRETCHES // 100, f"seed {SEED}: {fitting} fit into 64 bits"


def test_the_migration_counts_older_stretches_by_the_same_rule(stretches):
    """The rule exists twice, in Python and in the migration that met stretches without whole steps."""
    columns = "SELECT loan_id, begun_at, day_step, unit, bucket FROM accrual_segment ORDER BY loan_id"
    update = MIGRATION.read_text().split("-- 2.")[1].split("-- 3.")[0].partition("\n")[2]
    with connection.cursor() as cursor:
        cursor.execute(columns)
        projected = cursor.fetchall()
        cursor.execute("UPDATE accrual_segment SET begun_at = NULL, day_step = NULL, unit = NULL, bucket = 0")
        cursor.execute(update)
        cursor.execute(columns)
        assert cursor.fetchall() == projected


class TestTheRowsOfADay:
    @pytest.mark.parametrize("by_sql", [rows_by_posting, rows_by_rebuild])
    @pytest.mark.parametrize("day", DAYS)
    def test_are_what_the_rule_says_of_each_stretch(self, stretches, day, by_sql):
        expected = rows_by_rule(stretches, day)
        assert len(expected) > STRETCHES // 10, f"seed {SEED} draws too few stretches that earn on {day}"
        assert by_sql(day) == expected

    def test_are_posted_once(self, stretches):
        rows_by_posting(DAYS[0])
        with pytest.raises(IntegrityError, match="accrual_run_pkey"), transaction.atomic():
            rows_by_posting(DAYS[0])

    def test_are_not_posted_when_they_are_not_as_many_as_was_said(self, stretches):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE es_shard SET open_date = %s WHERE shard = %s", (DAYS[0], SHARD))
        with pytest.raises(IntegrityError, match=r"has \d+ rows, not 7"), transaction.atomic():
            rows_after(DAYS[0], POST, (SHARD, DAYS[0], 7, 7, "h1:7"))

    def test_are_not_posted_on_a_date_that_is_not_open(self, stretches):
        with (
            pytest.raises(OperationalError, match="the business date of shard 7 is not"),
            transaction.atomic(),
        ):
            rows_after(DAYS[0], POST, (SHARD, DAYS[0], 0, 0, "h1:0"))

    def test_add_up_to_the_totals_and_their_checksum(self, stretches):
        for day in DAYS:
            totals = totals_of_day(shard=SHARD, day=day)
            expected: Counter[tuple[str, str, str]] = Counter()
            for number, accrual in enumerate(stretches):
                amount = accrual.amount_of_day(day)
                expected[f"product-{number % 3}", ("CNY", "JPY")[number % 2], accrual.kind] += amount
            found = {(b.product_code, b.currency, b.kind): b.amount_minor for b in totals.buckets}
            assert found == {bucket: amount for bucket, amount in expected.items() if amount}
            assert totals.rows == len(rows_by_rule(stretches, day))

    def test_of_all_days_together_are_what_was_earned_in_one_go(self, stretches):
        earned = {loan_of(number): 0 for number in range(STRETCHES)}
        for day in DAYS:
            for loan_id, _, _, amount in rows_by_posting(day):
                earned[loan_id] += amount
        first, end = DAYS[0], DAYS[-1] + timedelta(days=1)
        for number, accrual in enumerate(stretches):
            since = max(first, accrual.accrue_from)
            expected = accrual.earned(end) - accrual.earned(since) if since < end else 0
            assert earned[loan_of(number)] == expected, (SEED, accrual)

    def test_of_another_shard_are_not_touched(self, stretches):
        assert totals_of_day(shard=SHARD + 1, day=DAYS[0]).rows == 0
