"""What is published about the API is what the API does."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from config.api.error_table import as_markdown, rows
from config.api.statuses import STATUS_OF_KIND
from ledger.kernel.refusals import RefusalKind

DOCS = settings.BASE_DIR / "docs" / "api"


class TestTheSchema:
    def test_is_the_one_that_is_kept_in_the_documentation(self, tmp_path):
        fresh = tmp_path / "openapi.yaml"
        call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
        assert fresh.read_text() == (DOCS / "openapi.yaml").read_text(), "run manage.py spectacular again"

    def test_requires_a_key_and_describes_the_errors_of_every_write(self):
        schema = Client().get("/api/v1/schema", {"format": "json"}).json()
        # Calculators and questions change nothing, so nothing has to be named.
        writes = [
            methods["post"]
            for path, methods in schema["paths"].items()
            if "post" in methods and "/calculators/" not in path and not path.endswith("/what-if")
        ]
        assert len(writes) >= 10
        for write in writes:
            names = {parameter["name"]: parameter for parameter in write["parameters"]}
            assert names["Idempotency-Key"]["required"] is True
            assert {"400", "401", "403", "409", "413", "415", "422", "503"} <= set(write["responses"])
            assert list(write["responses"]["422"]["content"]) == ["application/problem+json"]

    def test_has_no_number_for_money(self):
        schema = Client().get("/api/v1/schema", {"format": "json"}).json()
        kinds = re.findall(r"'type': '(\w+)'", str(schema["components"]))
        assert "number" not in kinds


class TestThePage:
    def test_loads_nothing_from_anywhere_else(self):
        response = Client().get("/api/v1/docs/")
        page = response.content.decode()
        assert response.status_code == 200
        assert re.findall(r'(?:src|href)="(?!/)[^"]*"', page) == []
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


class TestTheTableOfErrors:
    def test_is_the_one_that_is_kept_in_the_documentation(self):
        assert (DOCS / "errors.md").read_text() == as_markdown(), "run manage.py list_errors --write"

    def test_has_one_status_for_every_kind_of_refusal(self):
        assert set(STATUS_OF_KIND) == set(RefusalKind)

    @pytest.mark.parametrize("code", ["API_FAULT", "LENDING_LIMIT_EXCEEDED", "LEDGER_MONEY_NOT_TEXT"])
    def test_names_the_codes_of_every_app(self, code):
        assert code in {row[0] for row in rows()}

    def test_has_a_sentence_for_every_code(self):
        assert [code for code, _, sentence in rows() if not sentence.endswith(".")] == []


class TestTheGuide:
    TEXT = (DOCS / "README.md").read_text()

    def test_names_addresses_that_exist(self):
        paths = set(Client().get("/api/v1/schema", {"format": "json"}).json()["paths"])
        shapes = {re.sub(r"\{\w+\}", "X", path) for path in paths} | {"/api/v1/docs", "/api/v1"}
        named = {path.rstrip("/") for path in re.findall(r"/api/v1/[\w/-]*", self.TEXT)}
        assert {re.sub(r"/[A-Z]+(?=/|$)", "/X", path) for path in named} <= shapes
        assert len(named) > 10

    def test_names_codes_that_exist(self):
        named = set(re.findall(r"`((?:API|LEDGER|LENDING)_\w+)`", self.TEXT))
        assert named
        assert named <= {code for code, _, _ in rows()}
