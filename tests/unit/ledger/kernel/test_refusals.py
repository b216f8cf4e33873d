"""Refusals: one code each, kept as plain values and given back as what they were."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import ledger.domain
import ledger.kernel
import ledger.policies
from ledger.kernel.currencies import CurrencyUnknown
from ledger.kernel.refusals import REFUSALS, Refusal, RefusalKind

PUBLISHED = Path(__file__).parents[4] / "docs" / "api" / "errors.md"
STATUSES = {
    RefusalKind.MALFORMED: 400,
    RefusalKind.INVALID: 422,
    RefusalKind.UNAUTHENTICATED: 401,
    RefusalKind.FORBIDDEN: 403,
    RefusalKind.NOT_FOUND: 404,
    RefusalKind.CONFLICT: 409,
    RefusalKind.TOO_LARGE: 413,
    RefusalKind.UNAVAILABLE: 503,
}
PURE = tuple(
    found.name
    for package in (ledger.domain, ledger.kernel, ledger.policies)
    for found in walk_packages(package.__path__, f"{package.__name__}.")
)


def published():
    rows = re.findall(r"^\| `(LEDGER_\w+)` \| (\d+) \|", PUBLISHED.read_text(encoding="utf-8"), re.MULTILINE)
    return {code: int(status) for code, status in rows}


class TestTheRegister:
    def test_says_of_every_rule_what_the_published_page_says(self):
        for name in PURE:
            import_module(name)
        ours = {code: STATUSES[kept.kind] for code, kept in REFUSALS.items() if kept.__module__ in PURE}
        assert len(ours) > 40
        assert {code: published().get(code) for code in ours} == ours

    def test_keeps_a_code_for_one_refusal(self, monkeypatch):
        monkeypatch.setattr("ledger.kernel.refusals.REFUSALS", {"TAKEN": CurrencyUnknown})
        with pytest.raises(ValueError, match="TAKEN is already taken by CurrencyUnknown"):
            type("Other", (Refusal,), {"code": "TAKEN"})

    def test_bears_that_a_module_is_read_again(self, monkeypatch):
        register = {}
        monkeypatch.setattr("ledger.kernel.refusals.REFUSALS", register)
        first, again = (type("Same", (Refusal,), {"code": "SAME"}) for _ in range(2))
        assert first is not again
        assert register == {"SAME": first}

    def test_leaves_out_what_has_no_code_of_its_own(self, monkeypatch):
        register = {}
        monkeypatch.setattr("ledger.kernel.refusals.REFUSALS", register)
        narrower = type("Narrower", (CurrencyUnknown,), {})
        assert narrower.code == CurrencyUnknown.code
        assert register == {}


class TestARefusal:
    def test_comes_back_as_its_own_class_with_all_it_said(self):
        told = CurrencyUnknown("There is no such currency.", field="currency", currency="XXX")
        back = Refusal.from_json(told.as_json())
        assert type(back) is CurrencyUnknown
        assert (str(back), back.as_json()) == ("There is no such currency.", told.as_json())

    def test_whose_class_is_gone_comes_back_as_a_plain_one(self):
        told = {"code": "NO_LONGER_KNOWN", "message": "No.", "field": None, "details": {"left": 3}}
        back = Refusal.from_json(told)
        assert type(back) is Refusal
        assert (back.message, back.field, back.details) == ("No.", None, {"left": 3})
