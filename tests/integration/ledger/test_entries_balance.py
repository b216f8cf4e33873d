"""An unbalanced or misshapen journal entry cannot be committed, whoever writes it and however.

Method: the owner types SQL straight into the tables, one malformed entry per row of the table below, and
the commit must fail by the named constraint. The application's role, which can write through the append
function only, hands it the same shapes.
"""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.integration.ledger.raw_sql import as_application, as_owner

pytestmark = pytest.mark.usefixtures("committed_life")

D, C = "D", "C"
DAY = "2024-01-08"
FREE = (250, 1_000_001)  # a shard and a position that no event has
# What is wrong with the entry, its lines (account, side, amount, currency), the constraint that refuses it.
MISSHAPEN = [
    ("one leg", [("1002", D, 100, "CNY")], "journal_entry_balances"),
    ("both legs on one side", [("1002", D, 100, "CNY"), ("2101", D, 100, "CNY")], "journal_entry_balances"),
    ("a cent apart", [("1002", D, 100, "CNY"), ("2101", C, 99, "CNY")], "journal_entry_balances"),
    (
        "three legs apart",
        [("1002", D, 9, "CNY"), ("2101", C, 5, "CNY"), ("1301", C, 5, "CNY")],
        "journal_entry_balances",
    ),
    ("two currencies", [("1002", D, 100, "CNY"), ("2101", C, 100, "USD")], "journal_entry_balances"),
    (
        "crossed currencies",
        [("1002", D, 7, "CNY"), ("2101", C, 9, "CNY"), ("1002", D, 9, "USD"), ("2101", C, 7, "USD")],
        "journal_entry_balances",
    ),
    (
        "memo against balance sheet",
        [("9001", D, 100, "CNY"), ("2101", C, 100, "CNY")],
        "journal_entry_balances",
    ),
    (
        "crossed with memo",
        [("9001", D, 5, "CNY"), ("9099", C, 6, "CNY"), ("1002", D, 6, "CNY"), ("2101", C, 5, "CNY")],
        "journal_entry_balances",
    ),
    ("no lines", [], "journal_entry_has_lines"),
    ("zero", [("1002", D, 0, "CNY"), ("2101", C, 0, "CNY")], "journal_line_amount_positive"),
    ("negative", [("1002", D, -5, "CNY"), ("2101", C, -5, "CNY")], "journal_line_amount_positive"),
    ("unknown account", [("1234", D, 5, "CNY"), ("2101", C, 5, "CNY")], "journal_line_account"),
    ("unknown side", [("1002", "X", 5, "CNY"), ("2101", C, 5, "CNY")], "journal_line_side"),
    ("small currency", [("1002", D, 5, "cny"), ("2101", C, 5, "cny")], "journal_line_currency"),
    ("short currency", [("1002", D, 5, "CN"), ("2101", C, 5, "CN")], "journal_line_currency"),
]
CASES = [pytest.param(lines, constraint, id=name) for name, lines, constraint in MISSHAPEN]
BALANCED = [("1002", D, 100, "CNY"), ("2101", C, 100, "CNY")]
ENTRY = (
    "INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id, value_date)"
    " VALUES (%s, %s, %s, %s, 'typed.by_hand', gen_random_uuid(), %s)"
)
LINE = (
    "INSERT INTO journal_line (posting_date, shard, pos, line_no, account, side, amount_minor, currency, funder)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'own')"
)


def type_entry(raw, lines, *, day=DAY, place=FREE):
    raw.execute(ENTRY, (day, *place, day, day))
    type_lines(raw, lines, day=day, place=place)


def type_lines(raw, lines, *, day=DAY, place=FREE, first=1):
    for number, line in enumerate(lines, start=first):
        raw.execute(LINE, (day, *place, number, *line))


def old_entry(raw):
    return raw.execute(
        "SELECT posting_date, shard, pos FROM journal_entry ORDER BY shard, pos LIMIT 1"
    ).fetchone()


def refused_by(constraint):
    return pytest.raises(psycopg.errors.IntegrityError, check=lambda e: e.diag.constraint_name == constraint)


class TestAnEntryTypedByTheOwner:
    @pytest.mark.parametrize(("lines", "constraint"), CASES)
    def test_is_refused_when_it_is_misshapen(self, lines, constraint):
        with as_owner() as raw, refused_by(constraint):
            type_entry(raw, lines)
            raw.commit()

    def test_is_refused_without_its_head(self):
        with as_owner() as raw, refused_by("journal_line_entry"):
            type_lines(raw, BALANCED)
            raw.commit()

    @pytest.mark.parametrize("line", [("1002", D, 1, "CNY"), ("2101", C, 1, "CNY"), ("9001", D, 1, "CNY")])
    def test_cannot_slip_a_line_into_an_old_one(self, line):
        with as_owner() as raw:
            day, *place = old_entry(raw)
            with refused_by("journal_entry_balances"):
                type_lines(raw, [line], day=day, place=place, first=50)
                raw.commit()

    def test_cannot_repeat_a_line(self):
        with as_owner() as raw, refused_by("journal_line_pkey"):
            type_entry(raw, BALANCED)
            type_lines(raw, BALANCED)
            raw.commit()

    def test_cannot_be_a_second_one_for_an_event(self):
        with as_owner() as raw:
            _, *place = old_entry(raw)
            with refused_by("journal_entry_once_per_event"):
                type_entry(raw, BALANCED, day="2024-01-09", place=place)

    def test_cannot_leave_out_a_value(self):
        with as_owner() as raw, pytest.raises(psycopg.errors.NotNullViolation):
            type_entry(raw, [("1002", D, None, "CNY")])

    def test_passes_when_it_is_right_so_the_table_above_tests_the_shape(self):
        with as_owner() as raw:
            type_entry(raw, BALANCED)
            raw.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestAnEventTypedByTheOwner:
    COPY = "INSERT INTO es_event SELECT shard, originator_id, {version}, {pos}, topic, effective_date, recorded_at,"
    REST = " meta, state, hash FROM es_event LIMIT 1"

    def test_cannot_repeat_a_version(self):
        with as_owner() as raw, refused_by("es_event_pkey"):
            raw.execute((self.COPY + self.REST).format(version="originator_version", pos="1000000"))

    def test_cannot_repeat_a_position(self):
        with as_owner() as raw, refused_by("es_event_position"):
            raw.execute((self.COPY + self.REST).format(version="1000000", pos="pos"))


def appended(lines, *, index=1, topic="typed.by_hand", shard=250):
    """Return what the append function takes: one event with one journal entry."""
    identifier = str(UUID(bytes=bytes([shard]) + uuid4().bytes[1:]))
    entry = [index, DAY, DAY, topic, identifier]
    legs = [[number, *line, None, None, None, "own"] for number, line in enumerate(lines, start=1)]
    return {
        "shard": shard,
        "meta": {"actor": "psql", "key": "by hand"},
        "events": [[identifier, 1, topic, DAY, {"effective_date": DAY}]],
        "journal": [[*entry, legs]],
    }


class TestAnEntryAppendedByTheApplication:
    @pytest.mark.parametrize(("lines", "constraint"), CASES)
    def test_is_refused_when_it_is_misshapen(self, lines, constraint):
        with as_application() as raw, refused_by(constraint):
            raw.execute("SELECT es_append(%s::jsonb)", (json.dumps(appended(lines)),))
            raw.commit()

    @pytest.mark.parametrize("index", [-1, 0, 2, 1_000])
    def test_is_refused_for_an_event_that_is_not_its_own(self, index):
        with as_application() as raw, refused_by("journal_entry_of_own_event"):
            raw.execute("SELECT es_append(%s::jsonb)", (json.dumps(appended(BALANCED, index=index)),))
            raw.commit()

    def test_passes_when_it_is_right_so_the_tests_above_test_the_shape(self):
        with as_application() as raw:
            raw.execute("SELECT es_append(%s::jsonb)", (json.dumps(appended(BALANCED)),))
            raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
