"""Closed months stay closed: nothing is posted in them, their trial balance is proved for ever, and none reopens."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from config.identities import ACCOUNTANT, AUDITOR, ensure_login
from ledger.commands import close_period
from ledger.commands.close_period import ClosePeriod
from ledger.day_close import close_shards_through
from ledger.eventstore.closing import closing_balance
from ledger.eventstore.rebuilding import rebuild
from ledger.eventstore.shards import SHARD_COUNT
from ledger.eventstore.verifying import verify, verify_periods
from tests.builders.books import assert_books_hold
from tests.builders.lives import short_life
from tests.builders.sellers import give, one
from tests.builders.storage import fingerprint
from tests.integration.ledger.raw_sql import as_application, as_owner

JANUARY = date(2024, 1, 31)


def close_days(day: date) -> None:
    close_shards_through(shards=range(SHARD_COUNT), through=day)


def run(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


class TestClosingAMonth:
    def test_keeps_the_digest_of_its_trial_balance_in_the_event_and_in_a_row(self, books):
        short_life()
        close_days(JANUARY)
        result = give(ClosePeriod(month="2024-01")).value()
        balance = closing_balance(through=JANUARY)
        assert balance.accounts > 5
        assert result == {
            "month": "2024-01",
            "closed_through": "2024-01-31",
            "accounts": balance.accounts,
            "trial_balance_hash": balance.digest,
        }
        assert (
            one("SELECT trial_balance_hash FROM period_close WHERE closed_through = %s", JANUARY)
            == balance.digest
        )
        assert (
            one("SELECT state->>'trial_balance_hash' FROM es_event WHERE topic = 'period.closed'")
            == balance.digest
        )
        assert_books_hold()

    def test_leaves_its_trial_balance_as_it_is_while_the_books_go_on(self, books):
        seller, instalment, _ = short_life()
        close_days(JANUARY)
        digest = give(ClosePeriod(month="2024-01")).value()["trial_balance_hash"]
        seller.receive(900_000).value()
        seller.repay(instalment, 500_000, kind="prepayment").value()
        close_days(date(2024, 2, 29))
        assert closing_balance(through=JANUARY).digest == digest
        assert give(ClosePeriod(month="2024-02")).value()["trial_balance_hash"] != digest
        assert_books_hold()

    def test_waits_for_the_last_shard(self, books):
        seller, *_ = short_life()
        others = [shard for shard in range(SHARD_COUNT) if shard != seller.shard]
        close_shards_through(shards=others, through=JANUARY)
        assert give(ClosePeriod(month="2024-01")).refusal.code == "LEDGER_PERIOD_NOT_OVER"
        seller.close_through(JANUARY)
        assert give(ClosePeriod(month="2024-01")).refusal is None
        assert_books_hold()

    def test_is_refused_before_anything_is_summed(self, books, monkeypatch):
        def summed(**_any):
            raise AssertionError("the journal was summed for a month that cannot be closed")

        give(ClosePeriod(month="2023-12")).value()
        before = fingerprint()
        monkeypatch.setattr(close_period, "closing_balance", summed)
        refused = [give(ClosePeriod(month=month)).refusal.code for month in ("2023-12", "2024-02", "2024-01")]
        assert refused == ["LEDGER_PERIOD_CLOSED", "LEDGER_PERIOD_NOT_NEXT", "LEDGER_PERIOD_NOT_OVER"]
        assert fingerprint() == before
        assert_books_hold()

    def test_happens_once_under_any_key(self, books):
        assert give(ClosePeriod(month="2023-12"), key="one").refusal is None
        assert give(ClosePeriod(month="2023-12"), key="one").replayed
        assert give(ClosePeriod(month="2023-12"), key="two").refusal.code == "LEDGER_PERIOD_CLOSED"
        assert one("SELECT count(*) FROM period_close") == 1
        assert_books_hold()


class TestAClosedMonth:
    def test_takes_no_posting_even_when_a_shard_is_turned_back(self, books):
        """No command can do it: the business date moves forward. By hand somebody could."""
        seller, *_ = short_life()
        close_days(JANUARY)
        give(ClosePeriod(month="2024-01")).value()
        run("UPDATE es_shard SET open_date = %s WHERE shard = %s", date(2024, 1, 20), seller.shard)
        before = fingerprint()
        refused = seller.receive(5_000)
        assert refused.refusal.code == "LEDGER_PERIOD_CLOSED"
        assert fingerprint() == before
        run("UPDATE es_shard SET open_date = %s WHERE shard = %s", date(2024, 2, 1), seller.shard)
        assert seller.receive(5_000).refusal is None
        assert_books_hold()

    def test_takes_no_posting_by_hand_nor_is_it_opened_again(self, committed_books):
        give(ClosePeriod(month="2023-12")).value()
        insert = (
            "INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id, value_date)"
            " VALUES ('2023-12-31', 1, 99, '2023-12-31', 'x', gen_random_uuid(), '2023-12-31')"
        )
        with as_owner() as raw:
            for statement, error in (
                (insert, psycopg.errors.CheckViolation),
                ("DELETE FROM period_close", psycopg.errors.RestrictViolation),
                ("UPDATE period_close SET closed_through = '2023-11-30'", psycopg.errors.RestrictViolation),
                ("TRUNCATE period_close", psycopg.errors.RestrictViolation),
                ("SELECT es_close_period('2024-01-31', 'x', '2024-01-02')", psycopg.errors.CheckViolation),
            ):
                with pytest.raises(error):
                    raw.execute(statement)
                raw.rollback()
        with as_application() as raw:
            for statement in (
                "INSERT INTO period_close VALUES ('2024-01-31', 'x', '2024-02-01')",
                "DELETE FROM period_close",
                "ALTER TABLE journal_entry DISABLE TRIGGER guard_period_open",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    raw.execute(statement)
                raw.rollback()
        assert_books_hold()

    def test_is_rebuilt_and_put_in_place_with_the_rest(self, books):
        short_life()
        close_days(JANUARY)
        give(ClosePeriod(month="2024-01")).value()
        proofs = {proof.table: proof for proof in rebuild(replace=True)}
        assert (proofs["period_close"].rows, proofs["period_close"].identical) == (1, True)
        run("SAVEPOINT before")
        with pytest.raises(Exception, match="is closed"):
            run(
                "INSERT INTO journal_entry (posting_date, shard, pos, effective_date, topic, originator_id,"
                " value_date) VALUES (%s, 1, 99, %s, 'x', gen_random_uuid(), %s)",
                *[JANUARY] * 3,
            )
        run("ROLLBACK TO before")
        assert_books_hold()

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE journal_line SET amount_minor = amount_minor + 1 WHERE posting_date = '2024-01-02'",
            "UPDATE period_close SET trial_balance_hash = repeat('0', 64)",
            "UPDATE period_close SET closed_on = closed_on + 1",
            "DELETE FROM period_close",
            "INSERT INTO period_close VALUES ('2024-02-29', 'x', '2024-03-01')",
        ],
    )
    def test_that_is_altered_is_named_by_verify(self, books, change):
        short_life()
        close_days(JANUARY)
        give(ClosePeriod(month="2024-01")).value()
        assert list(verify()) == []
        run("SAVEPOINT before")
        run("SET LOCAL session_replication_role = replica")
        run(change)
        named = {problem.place for problem in verify_periods()}
        run("ROLLBACK TO before")
        assert named == {"through 2024-02-29" if change.startswith("INSERT") else "through 2024-01-31"}
        assert_books_hold()


class TestTheCommandLine:
    def test_closes_a_month_for_an_accountant(self, books, capsys):
        ensure_login(username="ann", role=ACCOUNTANT)
        call_command("close_period", "2023-12", "--by", "ann", "--dry-run")
        assert "2023-12 would be closed" in capsys.readouterr().out
        assert one("SELECT count(*) FROM period_close") == 0
        call_command("close_period", "2023-12", "--by", "ann")
        assert "2023-12 is closed" in capsys.readouterr().out
        actor = one("SELECT meta->>'actor' FROM es_event WHERE topic = 'period.closed'")
        assert actor == f"user:{User.objects.get(username='ann').pk}"
        with pytest.raises(CommandError, match="LEDGER_PERIOD_CLOSED"):
            call_command("close_period", "2023-12", "--by", "ann")
        assert_books_hold()

    @pytest.mark.parametrize("name", ["nobody", "auditor"])
    def test_refuses_everybody_else(self, books, name):
        ensure_login(username="auditor", role=AUDITOR)
        before = fingerprint(attempts=True)
        with pytest.raises(CommandError, match="no accountant"):
            call_command("close_period", "2023-12", "--by", name)
        assert fingerprint(attempts=True) == before
