"""A refusal changes nothing: every table is the same before and after, but for the record of the answer.

Method: for each refusal that a command can give there is a situation that leads to it (``refusal_cases``).
A refusal without a case, or without a stated reason to have none, fails.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from ledger.eventstore import processor
from ledger.eventstore.business_date import open_books
from ledger.eventstore.processor import BooksNotOpen, Busy, KeyInvalid, KeyReused
from ledger.kernel.refusals import REFUSALS, RefusalKind
from lending.commands.register_entity import RegisterEntity
from tests.builders.books import assert_books_hold
from tests.builders.sellers import give, one, pay_outs, register_seller
from tests.builders.source_tree import reachable_from
from tests.builders.storage import fingerprint
from tests.integration.ledger import refusal_cases as cases


def named(pair):
    return f"{pair[0]}-{pair[1].__name__.strip('<>')}"


class TestARefusedCommand:
    @pytest.mark.parametrize("pair", cases.CASES, ids=named)
    def test_changes_nothing_and_is_remembered(self, books, pair):
        code, build = pair
        command = build()
        before, answers = fingerprint(), one("SELECT count(*) FROM es_command")
        outcome = give(command, key="refused")
        assert outcome.refusal is not None, "the command was accepted"
        assert outcome.refusal.code == code
        assert outcome.refusal.message
        assert outcome.events == ()
        assert fingerprint() == before
        assert one("SELECT count(*) FROM es_command") == answers + 1
        again = give(command, key="refused")
        assert again.replayed
        assert again.refusal.as_json() == outcome.refusal.as_json()
        assert fingerprint() == before
        assert_books_hold()

    @pytest.mark.parametrize("pair", cases.CASES[::7], ids=named)
    def test_as_a_preview_is_refused_alike_and_not_remembered(self, books, pair):
        code, build = pair
        command = build()
        before = fingerprint(attempts=True)
        assert give(command, key="refused", dry_run=True).refusal.code == code
        assert fingerprint(attempts=True) == before


class TestTheProcessor:
    def test_remembers_nothing_of_a_key_it_cannot_read(self, books):
        before = fingerprint(attempts=True)
        command = RegisterEntity(reference="E-1", country="CN", currency="CNY")
        assert isinstance(give(command, key="\n").refusal, KeyInvalid)
        assert fingerprint(attempts=True) == before

    def test_remembers_nothing_of_a_reused_key(self, books):
        give(RegisterEntity(reference="E-1", country="CN", currency="CNY"), key="one").value()
        before = fingerprint(attempts=True)
        other = give(RegisterEntity(reference="E-2", country="CN", currency="CNY"), key="one")
        assert isinstance(other.refusal, KeyReused)
        assert fingerprint(attempts=True) == before

    def test_decides_nothing_while_others_are_in_the_way(self, books, monkeypatch):
        before = fingerprint(attempts=True)

        def never_free(execute, sql, params, many, context):
            if "es_append" in sql:
                return execute(
                    "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '55P03'; END $$", None, many, context
                )
            return execute(sql, params, many, context)

        monkeypatch.setattr(processor.time, "sleep", lambda seconds: None)
        command = RegisterEntity(reference="E-1", country="CN", currency="CNY")
        with connection.execute_wrapper(never_free):
            outcome = give(command, key="one")
        assert isinstance(outcome.refusal, Busy)
        assert outcome.attempts == processor.ATTEMPTS_MAX
        assert fingerprint(attempts=True) == before
        assert give(command, key="one").refusal is None
        assert_books_hold()

    def test_refuses_until_the_books_are_open_and_says_the_same_for_the_same_key(self, db):
        before = fingerprint()
        command = RegisterEntity(reference="E-1", country="CN", currency="CNY")
        assert isinstance(give(command, key="early").refusal, BooksNotOpen)
        assert fingerprint() == before

    def test_decides_no_application_before_the_first_policy(self, db):
        open_books(on=date(2015, 6, 1))
        seller = register_seller()
        give(cases.application_of(seller)).value()
        before = fingerprint()
        decide = cases.DecideApplication(
            application_id=one("SELECT id FROM application"), entity_id=seller.entity_id
        )
        assert give(decide).refusal.code == "LENDING_POLICY_NOT_IN_FORCE"
        assert fingerprint() == before
        pay_outs()
        assert one("SELECT status FROM application") == "submitted"


class TestTheTableOfCases:
    def test_has_every_refusal_on_the_way_of_a_command_or_a_reason_why_not(self):
        on_the_way = reachable_from(*(f"{app}.registry" for app in ("ledger", "lending", "collection")))
        possible = {code for code, refusal in REFUSALS.items() if refusal.__module__ in on_the_way}
        excused = (
            cases.OF_PARSING | cases.OF_CONFIGURATION | cases.BEHIND_ANOTHER_GUARD | cases.OF_THE_PROCESSOR
        )
        tried = {code for code, _ in cases.CASES}
        assert sorted(possible - excused - tried) == [], "refusals without a case"
        assert sorted(excused & tried) == [], "excused, but with a case"
        assert sorted((excused | tried) - possible) == [], "cases of refusals that no command can meet"

    def test_has_only_answers_that_are_remembered(self):
        assert {REFUSALS[code].kind for code, _ in cases.CASES}.isdisjoint({RefusalKind.UNAVAILABLE})
