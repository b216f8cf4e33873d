"""Any alteration of anything that is history is found, and found where it was made.

Method: with triggers and foreign keys off, as a superuser could have them, one value of one row is changed
in every column of every historical table; rows are deleted, swapped, inserted and cut off at the end. Each
alteration is rolled back after verification, and the unaltered books must verify before and after.
"""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from ledger.commands.close_period import ClosePeriod
from ledger.eventstore.followers import follow_all
from ledger.eventstore.verifying import verify
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import give
from tests.builders.storage import committed
from tests.conftest import FIRST_DAY

HISTORY = (
    "es_event",
    "es_command",
    "journal_entry",
    "journal_line",
    "accrual_run",
    "accrual_row",
    "period_close",
)
# How each problem names a row of the table.
PLACE = {
    "es_event": "'shard ' || shard || ' position ' || pos",
    "es_command": "principal || ' ' || key",
    "journal_entry": "'shard ' || shard || ' position ' || pos",
    "journal_line": "'shard ' || shard || ' position ' || pos",
    "accrual_run": "'shard ' || shard || ' date ' || business_date",
    "accrual_row": "'shard ' || shard || ' date ' || business_date",
    "period_close": "'through ' || closed_through",
}
ORDER = {
    "es_event": "shard, pos",
    "es_command": "recorded_at, key",
    "journal_entry": "shard, pos",
    "journal_line": "shard, pos, line_no",
    "accrual_run": "shard, business_date",
    "accrual_row": "shard, business_date, loan_id, key",
    "period_close": "closed_through",
}
# An entry and its lines are one thing to the verifier, and so are a run and its rows.
TABLES = {
    "journal_line": {"journal_entry"},
    "accrual_row": {"accrual_row", "accrual_run"},
    "accrual_run": {"accrual_row", "accrual_run"},
}
CHANGE_OF_TYPE = {
    "smallint": "({column} + 101) %% 256",
    "integer": "{column} + 1001",
    "bigint": "{column} + 1001",
    "uuid": "gen_random_uuid()",
    "text": "coalesce({column}, '') || 'x'",
    "date": "{column} + 1000",
    "timestamp with time zone": "{column} + interval '1 microsecond'",
    "bytea": "set_byte({column}, 0, get_byte({column}, 0) # 1)",
}
CHANGE_OF_COLUMN = {
    "es_event.meta": "jsonb_set(meta, '{{actor}}', '\"user:other\"')",
    "es_event.state": "jsonb_set(state, '{{effective_date}}', '\"2024-01-01\"')",
    "es_command.outcome": "outcome || '{{\"result\": {{}}}}'",
    "journal_line.side": "CASE side WHEN 'D' THEN 'C' ELSE 'D' END",
    "journal_line.account": "CASE account WHEN '1301' THEN '1302' ELSE '1301' END",
    "journal_line.currency": "'USD'",
}


def columns():
    """Return every column of every historical table, as the models declare them."""
    from django.apps import apps

    for model in apps.get_app_config("ledger").get_models():
        if model._meta.db_table in HISTORY and model._meta.managed:
            for field in model._meta.concrete_fields:
                if getattr(field, "column", None):
                    yield model._meta.db_table, field.column


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else cursor.rowcount


@contextmanager
def altered():
    """Let the block alter history, and take it back afterwards."""
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        # The table itself refuses a stream in a foreign shard; here the verifier is to find it.
        run("ALTER TABLE es_event DROP CONSTRAINT es_event_in_its_shard")
        yield
        transaction.set_rollback(True)


def problems():
    return list(verify())


def places(table, where):
    return {place for (place,) in run(f"SELECT {PLACE[table]} FROM {table} WHERE {where}")}


def middle_row(table):
    return run(
        f"SELECT ctid::text FROM {table} ORDER BY {ORDER[table]}"
        f" OFFSET (SELECT count(*) / 2 FROM {table}) LIMIT 1"
    )[0][0]


def assert_named(table, expected):
    """The verifier names the table and one of the places, and the altered table comes first."""
    found = problems()
    assert found, "nothing was found"
    named = [problem for problem in found if problem.table in TABLES.get(table, {table})]
    assert {problem.place for problem in named} & expected, (expected, [str(problem) for problem in found])


@pytest.fixture(scope="module")
def life(django_db_setup, django_db_blocker):
    with committed(django_db_blocker, on=FIRST_DAY):
        give(ClosePeriod(month="2023-12")).value()
        lived = short_life()
        follow_all()
        assert problems() == []
        yield lived
        assert problems() == []
        assert_books_hold()


class TestAChangedValue:
    @pytest.mark.parametrize(("table", "column"), sorted(columns()))
    def test_is_found_where_it_was_made(self, life, table, column):
        kind = run(
            "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
            " AND table_schema = 'public'",
            table,
            column,
        )[0][0]
        change = CHANGE_OF_COLUMN.get(f"{table}.{column}") or CHANGE_OF_TYPE[kind]
        row = middle_row(table)
        expected = places(table, f"ctid = '{row}'")
        with altered():
            (changed,) = run(
                f"UPDATE {table} SET {column} = {change.format(column=column)} WHERE ctid = '{row}'"
                f" RETURNING {PLACE[table]}"
            )
            assert_named(table, expected | set(changed))

    def test_is_looked_for_in_every_column_there_is(self, life):
        stored = run(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = ANY (%s)",
            list(HISTORY),
        )
        assert sorted(stored) == sorted(columns())


def test_every_single_event_is_covered(life):
    """Not only the one in the middle: the state of each event in turn."""
    for place, shard, pos in run(f"SELECT {PLACE['es_event']}, shard, pos FROM es_event"):
        with altered():
            run("UPDATE es_event SET state = state || '{\"x\": 1}' WHERE shard = %s AND pos = %s", shard, pos)
            assert problems()[0].place == place


class TestADeletedRow:
    @pytest.mark.parametrize("table", [table for table in HISTORY if table != "es_command"])
    @pytest.mark.parametrize("which", ["first", "middle", "last"])
    def test_is_missed_where_it_was(self, life, table, which):
        offset = {"first": "0", "middle": "n / 2", "last": "n - 1"}[which]
        (row,) = run(
            f"SELECT t.ctid::text, {PLACE[table]} FROM {table} t ORDER BY {ORDER[table]}"
            f" OFFSET (SELECT {offset} FROM (SELECT count(*) AS n FROM {table}) c) LIMIT 1"
        )
        with altered():
            run(f"DELETE FROM {table} WHERE ctid = %s::tid", row[0])
            if table == "es_event":
                assert any(problem.table == "es_event" for problem in problems())
            else:
                assert_named(table, {row[1]})

    def test_is_missed_when_it_was_the_answer_of_a_command_that_wrote_events(self, life):
        written = run("SELECT DISTINCT meta->>'actor', meta->>'key' FROM es_event")
        for principal, key in written:
            with altered():
                run("DELETE FROM es_command WHERE principal = %s AND key = %s", principal, key)
                assert_named("es_command", {f"{principal} {key}"})


class TestTheTailCutOff:
    @pytest.mark.parametrize(
        "table", ["es_event", "journal_entry", "journal_line", "accrual_run", "accrual_row"]
    )
    def test_is_missed(self, life, table):
        cut = run(f"SELECT {PLACE[table]}, ctid::text FROM {table} ORDER BY {ORDER[table]} DESC LIMIT 3")
        with altered():
            for _, row in cut:
                run(f"DELETE FROM {table} WHERE ctid = %s::tid", row)
            found = problems()
            assert any(problem.table in TABLES.get(table, {table}) for problem in found)

    def test_is_missed_even_when_the_counter_is_turned_back_with_it(self, life):
        """The journal and the stored answers still speak of the events that are gone."""
        shard = life[0].shard
        with altered():
            run("DELETE FROM es_event WHERE shard = %s AND pos > (SELECT max(pos) - 2 FROM es_event)", shard)
            run("UPDATE es_shard SET pos = (SELECT max(pos) FROM es_event) WHERE shard = %s", shard)
            assert problems()


SWAPS = [
    ("es_event", "state", "topic = 'settlement.opened'"),
    ("es_event", "effective_date", "topic IN ('line.opened', 'line.restored')"),
    ("es_event", "hash", "topic = 'settlement.opened'"),
    ("es_command", "outcome", "command = 'request_drawdown'"),
    ("journal_line", "amount_minor", "account = '1301'"),
    ("journal_line", "loan_id", "account = '1301' AND side = 'D'"),
    ("journal_entry", "originator_id", "topic IN ('loan.payment_received', 'settlement.received')"),
    ("accrual_row", "amount_minor", "kind = 'interest'"),
    ("accrual_run", "checksum", "true"),
    ("accrual_run", "amount_minor", "true"),
]


class TestTwoSwappedValues:
    @pytest.mark.parametrize(("table", "column", "where"), SWAPS)
    def test_are_both_found(self, life, table, column, where):
        rows = run(
            f"SELECT DISTINCT ON ({column}) ctid::text, {column}::text, {PLACE[table]} FROM {table} WHERE {where}"
            f" ORDER BY {column}, {ORDER[table]}"
        )
        first, last = rows[0], rows[-1]
        assert first[1] != last[1]
        with altered():
            run(
                f"UPDATE {table} t SET {column} = o.{column} FROM {table} o"
                f" WHERE (t.ctid = '{first[0]}' AND o.ctid = '{last[0]}')"
                f" OR (t.ctid = '{last[0]}' AND o.ctid = '{first[0]}')"
            )
            assert_named(table, {first[2]})
            assert_named(table, {last[2]})

    def test_positions_are_found(self, life):
        with altered():
            (low, high) = (row[0] for row in run("SELECT pos FROM es_event ORDER BY pos LIMIT 2 OFFSET 5"))
            for old, new in ((low, 1_000_000), (high, low), (1_000_000, high)):
                run("UPDATE es_event SET pos = %s WHERE pos = %s", new, old)
            assert_named("es_event", {f"shard {life[0].shard} position {low}"})


class TestAnInsertedRow:
    INSERTS = {
        "es_event": (
            "INSERT INTO es_event SELECT shard, originator_id, 99, (SELECT max(pos) + 1 FROM es_event), topic,"
            " effective_date, recorded_at, meta, state, hash FROM es_event LIMIT 1"
        ),
        "es_command": (
            "INSERT INTO es_command SELECT principal, key || 'x', fingerprint, command, outcome, shard,"
            " recorded_at, hash FROM es_command LIMIT 1"
        ),
        "journal_entry": (
            "INSERT INTO journal_entry SELECT posting_date, shard, 1000000, effective_date, topic, originator_id,"
            " value_date FROM journal_entry LIMIT 1"
        ),
        "journal_line": (
            "INSERT INTO journal_line SELECT posting_date, shard, pos, 90, account, side, amount_minor, currency,"
            " entity_id, loan_id, settlement_account_id, funder, product_code FROM journal_line LIMIT 1"
        ),
        "period_close": "INSERT INTO period_close VALUES ('2024-02-29', 'x', '2024-03-01')",
        "accrual_run": (
            "INSERT INTO accrual_run SELECT shard, business_date + 900, rows, amount_minor, checksum"
            " FROM accrual_run LIMIT 1"
        ),
        "accrual_row": (
            "INSERT INTO accrual_row SELECT business_date, shard, loan_id, key || 'x', kind, 0"
            " FROM accrual_row LIMIT 1"
        ),
    }

    @pytest.mark.parametrize("table", HISTORY)
    def test_is_found(self, life, table):
        with altered():
            ((place,),) = run(f"{self.INSERTS[table]} RETURNING {PLACE[table]}")
            assert_named(table, {place})

    def test_is_found_when_it_is_a_balanced_pair_of_lines_in_an_old_entry(self, life):
        """The balance trigger cannot see this one; the event says what its entry is."""
        sql = (
            "INSERT INTO journal_line SELECT posting_date, shard, pos, {number}, account, '{side}', 500, currency,"
            " entity_id, loan_id, settlement_account_id, funder, product_code"
            " FROM (SELECT * FROM journal_line LIMIT 1) l"
        )
        with altered():
            run(sql.format(number=90, side="D"))
            ((place,),) = run(sql.format(number=91, side="C") + f" RETURNING {PLACE['journal_line']}")
            assert_named("journal_line", {place})

    def test_is_found_when_a_shard_has_no_counter_any_more(self, life):
        with altered():
            run("DELETE FROM es_shard WHERE shard = %s", life[0].shard)
            assert any(problem.table == "es_event" for problem in problems())
