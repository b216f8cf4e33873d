"""Nobody rewrites history with SQL: not the application's role in any way, not the owner by accident.

Method: a plain connection with real credentials tries every statement that could change, remove or
unguard a stored fact, and the content of all tables is compared before and after.
"""

from __future__ import annotations

import pytest
from psycopg import errors

from tests.builders.storage import fingerprint
from tests.integration.ledger.raw_sql import as_application, as_owner

pytestmark = pytest.mark.usefixtures("committed_life")

HISTORY = (
    "es_event",
    "es_command",
    "journal_entry",
    "journal_line",
    "accrual_run",
    "accrual_row",
    "period_close",
)
COLUMN = {"period_close": "closed_on"}
REWRITES = {
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "UPDATE of no row": "UPDATE {table} SET {column} = {column} WHERE false",
    "DELETE": "DELETE FROM {table}",
    "DELETE of no row": "DELETE FROM {table} WHERE false",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
    "MERGE": "MERGE INTO {table} t USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
}
UNGUARDING = {
    "DISABLE TRIGGER": "ALTER TABLE {table} DISABLE TRIGGER guard_append_only",
    "DISABLE ALL TRIGGERS": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TRIGGER": "DROP TRIGGER guard_append_only ON {table}",
    "CREATE TRIGGER": (
        "CREATE TRIGGER aaa BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION es_refuse_change()"
    ),
    "CREATE RULE": "CREATE RULE nothing AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "DROP TABLE": "DROP TABLE {table} CASCADE",
    "RENAME": "ALTER TABLE {table} RENAME TO elsewhere",
    "ADD COLUMN": "ALTER TABLE {table} ADD COLUMN note text",
    "ALTER TYPE": "ALTER TABLE {table} ALTER COLUMN {column} TYPE text",
    "CHANGE OWNER": "ALTER TABLE {table} OWNER TO loanbook_app",
    "GRANT": "GRANT UPDATE ON {table} TO loanbook_app",
    "ATTACH AS PARENT": "CREATE TABLE heir () INHERITS ({table})",
}
ELSEWHERE = {
    "replica role": "SET session_replication_role = replica",
    "become owner": "SET ROLE {owner}",
    "become owner for good": "SET SESSION AUTHORIZATION {owner}",
    "superuser": "ALTER ROLE loanbook_app SUPERUSER",
    "replace the guard": (
        "CREATE OR REPLACE FUNCTION es_refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NULL; END $$"
    ),
    "drop the guard": "DROP FUNCTION es_refuse_change() CASCADE",
    "replace the door": (
        "CREATE OR REPLACE FUNCTION es_append(doc jsonb) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$"
    ),
    "turn back the counter": "UPDATE es_shard SET pos = pos - 1",
    "turn back the date": "UPDATE es_shard SET open_date = open_date - 1",
    "change a head": "UPDATE es_snapshot SET version = version + 1",
    "remove heads": "DELETE FROM es_snapshot",
    "reopen a day": "DELETE FROM day_close",
    "rename an account": "UPDATE gl_account SET normal_side = 'C'",
    "add an account": "INSERT INTO gl_account VALUES ('0000', 'mine', 'asset', 'D')",
}


def case(name, statements):
    return pytest.param(statements[name], id=name)


class TestTheApplicationsRole:
    @pytest.mark.parametrize("table", HISTORY)
    @pytest.mark.parametrize("statement", [case(name, REWRITES) for name in REWRITES])
    def test_cannot_rewrite_history(self, table, statement):
        with as_application() as raw, pytest.raises(errors.InsufficientPrivilege):
            raw.execute(statement.format(table=table, column=COLUMN.get(table, "shard")))

    @pytest.mark.parametrize("table", HISTORY)
    @pytest.mark.parametrize("statement", [case(name, UNGUARDING) for name in UNGUARDING])
    def test_cannot_take_the_guards_away(self, table, statement):
        with as_application() as raw:
            if statement.startswith("GRANT"):
                # PostgreSQL answers a grant without grant option with a warning; nothing is granted.
                raw.execute(statement.format(table=table, column=COLUMN.get(table, "shard")))
                raw.commit()
                statement = REWRITES["UPDATE"]
            with pytest.raises((errors.InsufficientPrivilege, errors.WrongObjectType)):
                raw.execute(statement.format(table=table, column=COLUMN.get(table, "shard")))

    @pytest.mark.parametrize("statement", [case(name, ELSEWHERE) for name in ELSEWHERE])
    def test_cannot_go_round_the_guards(self, statement):
        with as_owner() as raw:
            owner = raw.info.user
        with as_application() as raw, pytest.raises(errors.InsufficientPrivilege):
            raw.execute(statement.format(owner=owner))

    @pytest.mark.parametrize("table", HISTORY)
    def test_cannot_add_history_except_by_the_functions_for_it(self, table):
        with as_application() as raw, pytest.raises(errors.InsufficientPrivilege):
            raw.execute(f"INSERT INTO {table} SELECT * FROM {table} LIMIT 1")

    def test_cannot_accrue_a_day_that_is_over(self):
        with as_application() as raw, pytest.raises(errors.SerializationFailure):
            raw.execute(
                "SELECT es_post_accrual(shard, business_date, rows, amount_minor, checksum) FROM accrual_run LIMIT 1"
            )

    def test_cannot_accrue_a_day_a_second_time(self):
        with as_application() as raw:
            post = "SELECT es_post_accrual(shard, open_date, 0, 0, 'h1:0') FROM es_shard WHERE shard = 0"
            raw.execute(post)
            with pytest.raises(errors.UniqueViolation):
                raw.execute(post)


class TestTheOwner:
    @pytest.mark.parametrize("table", HISTORY)
    @pytest.mark.parametrize("statement", [case(name, REWRITES) for name in REWRITES])
    def test_is_stopped_by_the_guard(self, table, statement):
        with as_owner() as raw, pytest.raises((errors.RestrictViolation, errors.FeatureNotSupported)):
            raw.execute(statement.format(table=table, column=COLUMN.get(table, "shard")))

    def test_finds_a_guard_on_every_table_of_history(self):
        with as_owner() as raw:
            rows = raw.execute(
                "SELECT tgrelid::regclass::text, tgenabled FROM pg_trigger WHERE tgname = 'guard_append_only'"
            ).fetchall()
        assert sorted(rows) == [(table, "O") for table in sorted(HISTORY)]


def test_an_attempt_that_works_would_be_noticed(committed_life):
    """The comparison is not blind: a change that is allowed to the owner shows up in it."""
    before = fingerprint(attempts=True)
    with as_owner() as raw:
        raw.execute("UPDATE loan SET grace_days = grace_days + 1")
        raw.commit()
        changed = fingerprint(attempts=True)
        raw.execute("UPDATE loan SET grace_days = grace_days - 1")
        raw.commit()
    assert {table for table in before if before[table] != changed[table]} == {"loan"}
