"""Every error is problem details, wherever it comes from; a fault says nothing of its cause."""

from __future__ import annotations

import pytest
from django.test import Client

from config.identities import BORROWER, SERVICE
from ledger import queries
from tests.api.callers import assert_problem


class TestAnAddress:
    @pytest.mark.parametrize("path", ["nothing", "loans/", "loans/1", "loans/not-an-identifier/events"])
    def test_that_does_not_exist_is_a_problem(self, world, path):
        assert_problem(world[BORROWER].get(path), 404, "API_NOT_FOUND")

    def test_outside_the_api_that_does_not_exist_is_a_page(self, world):
        response = Client().get("/nothing")
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
    def test_does_not_take_other_methods(self, world, method):
        headers = {"Authorization": f"Bearer {world[BORROWER].token}"}
        response = getattr(Client(), method)(f"/api/v1/loans/{world.instalment}", headers=headers)
        assert_problem(response, 405, "API_METHOD_NOT_ALLOWED")

    def test_answers_the_headers_alone(self, world):
        headers = {"Authorization": f"Bearer {world[BORROWER].token}"}
        response = Client().head("/api/v1/loans", headers=headers)
        assert (response.status_code, response.content) == (200, b"")

    def test_answers_json_only(self, world):
        headers = {"Authorization": f"Bearer {world[BORROWER].token}", "Accept": "text/csv"}
        assert_problem(Client().get("/api/v1/loans", headers=headers), 406, "API_NOT_ACCEPTABLE")

    def test_is_never_cached(self, world):
        assert world[BORROWER].get("loans").headers["Cache-Control"] == "no-store"
        assert world[BORROWER].get("blacklist").headers["Cache-Control"] == "no-store"


class TestAFault:
    def test_says_nothing_of_its_cause(self, world, monkeypatch):
        def fail(**_):
            raise RuntimeError("a secret of the house")

        monkeypatch.setattr(queries, "loans", fail)
        client = Client(raise_request_exception=False)
        headers = {"Authorization": f"Bearer {world[BORROWER].token}"}
        response = client.get("/api/v1/loans", headers=headers)
        assert_problem(response, 500, "API_FAULT")
        assert b"secret" not in response.content


class TestABodyInChunks:
    def test_is_refused_instead_of_being_read_as_empty(self, world):
        headers = {
            "Authorization": f"Bearer {world[SERVICE].token}",
            "Idempotency-Key": "chunks",
            "Transfer-Encoding": "chunked",
        }
        response = Client().post("/api/v1/entities", b"", content_type="application/json", headers=headers)
        assert_problem(response, 400, "API_LENGTH_MISSING", field="Content-Length")


class TestBusyBooks:
    def test_ask_for_the_same_request_again(self, world, monkeypatch):
        from config.api import writing
        from ledger.eventstore.commands import Outcome
        from ledger.eventstore.processor import Busy

        monkeypatch.setattr(writing, "execute", lambda *_, **__: Outcome(refusal=Busy("Try again.")))
        response = world[BORROWER].post(f"credit-lines/{world.seller.line_id}/drawdowns", world.drawdown())
        assert_problem(response, 503, "LEDGER_BUSY")
        assert response.headers["Retry-After"] == "1"


class TestHealth:
    def test_of_the_process_needs_nobody_signed_in(self, db):
        response = Client().get("/livez")
        assert (response.status_code, response.json()) == (200, {"status": "alive"})

    def test_of_the_service_names_the_tables_and_the_outbox(self, db):
        response = Client().get("/readyz")
        assert response.status_code == 200
        assert response.json() == {
            "status": "ready",
            "database": "ok",
            "migrations_missing": 0,
            "outbox": {"pending": 0, "oldest_seconds": 0, "late": False},
            "clock": {"seconds_behind": 0, "set_back": False},
        }

    def test_is_not_ready_without_a_migration(self, db):
        from django.db.migrations.recorder import MigrationRecorder

        MigrationRecorder.Migration.objects.filter(app="collection").delete()
        response = Client().get("/readyz")
        assert response.status_code == 503
        assert response.json()["migrations_missing"] > 0

    def test_is_not_ready_without_a_database(self, db, monkeypatch):
        from django.db import OperationalError

        from config.api import health

        def fail():
            raise OperationalError("gone")

        monkeypatch.setattr(health, "_migrations_missing", fail)
        response = Client().get("/readyz")
        assert (response.status_code, response.json()["database"]) == (503, "does not answer")

    def test_takes_no_writes(self, db):
        assert Client().post("/livez").status_code == 405
