"""Bad requests are refused by name, and nothing changes.

One row is one request and its expected refusal. Requests that are wrong in themselves leave no trace at
all; those that the books refuse leave the record of the answer, and nothing else.
"""

from __future__ import annotations

import json

import pytest

from config.identities import BORROWER, SERVICE
from tests.api.callers import OTHER_BORROWER, World, assert_problem
from tests.builders.storage import fingerprint

NOBODYS = "0f8fad5b-d9cb-469f-a165-70867728950e"
DRAW = "credit-lines/{line}/drawdowns"
REPAY = "loans/{loan}/repayments"
RECEIPT = "settlement-accounts/{account}/receipts"


def address(template: str, world: World) -> str:
    return template.format(line=world.seller.line_id, loan=world.instalment, account=world.seller.accounts[0])


# What is changed in a sound draw of 500.00 CNY, and how that is refused.
DRAWS = [
    ("a negative amount", {"amount": "-500.00"}, 422, "API_AMOUNT_NOT_POSITIVE", "amount"),
    ("an amount of zero", {"amount": "0.00"}, 422, "API_AMOUNT_NOT_POSITIVE", "amount"),
    ("a third decimal", {"amount": "500.001"}, 422, "LEDGER_MONEY_TOO_PRECISE", "amount"),
    ("a decimal of a yen", {"amount": "500.0", "currency": "JPY"}, 422, "LEDGER_MONEY_TOO_PRECISE", "amount"),
    ("a whole JSON number", {"amount": 500}, 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
    ("a fraction as a JSON number", {"amount": 500.25}, 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
    ("true", {"amount": True}, 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
    ("null", {"amount": None}, 422, "API_FIELD_INVALID", "amount"),
    ("a list", {"amount": ["500.00"]}, 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
    ("an object", {"amount": {"value": "500.00"}}, 422, "LEDGER_MONEY_NOT_TEXT", "amount"),
    ("an exponent", {"amount": "5e2"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("a sign", {"amount": "+500.00"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("a space", {"amount": " 500.00"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("a decimal comma", {"amount": "500,00"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("a leading zero", {"amount": "0500.00"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    (
        "digits of another script",
        {"amount": "\uff15\uff10\uff10.00"},
        422,
        "LEDGER_MONEY_MALFORMED",
        "amount",
    ),
    ("a NUL after the amount", {"amount": "500.00\0"}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("nothing", {"amount": ""}, 422, "LEDGER_MONEY_MALFORMED", "amount"),
    ("a quadrillion", {"amount": "10000000000000.01"}, 422, "LEDGER_MONEY_TOO_LARGE", "amount"),
    ("a thousand digits", {"amount": "9" * 1000}, 422, "LEDGER_MONEY_TOO_LARGE", "amount"),
    ("an unknown currency", {"currency": "XXX"}, 422, "LEDGER_CURRENCY_UNKNOWN", "currency"),
    ("a currency in small letters", {"currency": "cny"}, 422, "LEDGER_CURRENCY_UNKNOWN", "currency"),
    ("a currency that is a number", {"currency": 156}, 422, "LEDGER_CURRENCY_UNKNOWN", "currency"),
    ("an unknown account", {"account_id": NOBODYS}, 404, "LEDGER_NOT_FOUND", "account_id"),
    ("an account that is a number", {"account_id": 7}, 422, "API_FIELD_INVALID", "account_id"),
    ("an identifier in braces", {"account_id": f"{{{NOBODYS}}}"}, 422, "API_FIELD_INVALID", "account_id"),
    ("a term in words", {"term": "30"}, 422, "API_FIELD_INVALID", "term"),
    ("half a term", {"term": 30.5}, 422, "API_FIELD_INVALID", "term"),
    ("a term with a fraction of zero", {"term": 30.0}, 422, "API_FIELD_INVALID", "term"),
    ("a term that is true", {"term": True}, 422, "API_FIELD_INVALID", "term"),
    ("a term of no days", {"term": 0}, 422, "API_FIELD_INVALID", "term"),
    ("a term beyond all integers", {"term": 10**30}, 422, "API_FIELD_INVALID", "term"),
    ("a NUL in a code", {"product_code": "revolving\0"}, 422, "API_FIELD_INVALID", "product_code"),
    ("an empty code", {"product_code": ""}, 422, "API_FIELD_INVALID", "product_code"),
    ("a code without end", {"product_code": "x" * 500}, 422, "API_FIELD_INVALID", "product_code"),
    ("a code in a list", {"product_code": ["revolving-daily"]}, 422, "API_FIELD_INVALID", "product_code"),
    ("an unknown field", {"amont": "500.00"}, 422, "API_FIELD_UNKNOWN", "amont"),
    ("a field of the books", {"loan_id": NOBODYS}, 422, "API_FIELD_UNKNOWN", "loan_id"),
]

# Sound requests that the books refuse as they stand; the first line holds 144,000.00 less 40,000.00.
REFUSED_BY_THE_BOOKS = [
    ("one cent above the limit", {"amount": "104000.01"}, 409, "LENDING_LIMIT_EXCEEDED", "amount"),
    ("another currency", {"currency": "USD"}, 422, "LENDING_CURRENCY_MISMATCH", "currency"),
    ("below the product", {"amount": "99.99"}, 422, "LEDGER_AMOUNT_OUTSIDE_PRODUCT", "amount"),
    ("an unknown product", {"product_code": "gold"}, 404, "LEDGER_PRODUCT_UNKNOWN", "product_code"),
    ("a term nobody offers", {"term": 31}, 422, "LEDGER_TERM_NOT_OFFERED", "term"),
]


def named(rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


class TestADrawdown:
    @pytest.mark.parametrize(("changes", "status", "code", "field"), named(DRAWS))
    def test_that_is_wrong_in_itself_leaves_no_trace(self, world, changes, status, code, field):
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(**changes))
        assert_problem(response, status, code, field=field)
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize(("changes", "status", "code", "field"), named(REFUSED_BY_THE_BOOKS))
    def test_that_the_books_refuse_leaves_only_the_answer(self, world, changes, status, code, field):
        before = fingerprint()
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(**changes))
        assert_problem(response, status, code, field=field)
        assert fingerprint() == before

    def test_names_the_amounts_of_a_refusal_as_money(self, world):
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(amount="104000.01"))
        assert response.json()["details"] == {
            "available": "104000.00",
            "requested": "104000.01",
            "currency": "CNY",
        }

    def test_of_exactly_the_limit_is_taken(self, world):
        response = world[BORROWER].post(
            address(DRAW, world),
            world.drawdown(amount="104000.00", product_code="instalment-monthly", term=3),
        )
        assert response.status_code == 201

    def test_names_every_wrong_field_at_once(self, world):
        response = world[BORROWER].post(address(DRAW, world), {"amount": 1.5, "term": "x", "extra": 1})
        body = assert_problem(response, 422, "API_FIELDS_INVALID")
        assert {error["field"]: error["code"] for error in body["errors"]} == {
            "amount": "LEDGER_MONEY_NOT_TEXT",
            "term": "API_FIELD_INVALID",
            "extra": "API_FIELD_UNKNOWN",
            "currency": "API_FIELD_MISSING",
            "account_id": "API_FIELD_MISSING",
            "product_code": "API_FIELD_MISSING",
        }


SOUND = b'{"amount":"500.00","currency":"CNY","account_id":"%s","product_code":"revolving-daily","term":30}'
BODIES = [
    ("an array", b"[]", 400, "API_BODY_MALFORMED"),
    ("a string", b'"amount"', 400, "API_BODY_MALFORMED"),
    ("a number", b"1", 400, "API_BODY_MALFORMED"),
    ("null", b"null", 400, "API_BODY_MALFORMED"),
    ("half of a body", b'{"amount":', 400, "API_BODY_MALFORMED"),
    ("two bodies", b"{}{}", 400, "API_BODY_MALFORMED"),
    ("a repeated name", b'{"amount":"1.00","amount":"2.00"}', 400, "API_BODY_MALFORMED"),
    ("NaN", b'{"amount":NaN}', 400, "API_BODY_MALFORMED"),
    ("Infinity", b'{"amount":Infinity}', 400, "API_BODY_MALFORMED"),
    ("minus Infinity", b'{"amount":-Infinity}', 400, "API_BODY_MALFORMED"),
    ("an integer of 5,000 digits", b'{"term":' + b"9" * 5000 + b"}", 400, "API_BODY_MALFORMED"),
    ("text that is not UTF-8", b'{"amount":"\xff"}', 400, "API_BODY_MALFORMED"),
    ("UTF-16", '{"amount":"1"}'.encode("utf-16"), 400, "API_BODY_MALFORMED"),
    ("half of a surrogate pair", b'{"product_code":"\\ud800"}', 400, "API_BODY_MALFORMED"),
    ("half of a pair as a name", b'{"\\udfff":1}', 400, "API_BODY_MALFORMED"),
    ("a byte order mark", b"\xef\xbb\xbf{}", 400, "API_BODY_MALFORMED"),
    ("100,000 open brackets", b'{"a":' + b"[" * 100_000, 400, "API_BODY_TOO_DEEP"),
    ("100,000 open objects", b'{"a":' * 100_000, 400, "API_BODY_TOO_DEEP"),
    ("a megabyte and one byte", b'{"a":"' + b"a" * 999_995, 413, "API_BODY_TOO_LARGE"),
    ("ten megabytes", b'{"a":"' + b"a" * 10_000_000 + b'"}', 413, "API_BODY_TOO_LARGE"),
]


class TestABody:
    @pytest.mark.parametrize(("raw", "status", "code"), named(BODIES))
    def test_that_cannot_be_read_is_refused(self, world, raw, status, code):
        before = fingerprint(attempts=True)
        assert_problem(world[BORROWER].post(address(DRAW, world), raw=raw), status, code)
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
    def test_of_another_content_type_is_refused(self, world, content_type):
        raw = json.dumps(world.drawdown()).encode()
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(address(DRAW, world), raw=raw, content_type=content_type)
        assert_problem(response, 415, "API_MEDIA_TYPE_UNSUPPORTED")
        assert fingerprint(attempts=True) == before

    def test_with_an_exponent_that_would_fill_the_memory_is_refused_at_once(self, world):
        raw = SOUND.replace(b'"500.00"', b"1e999999999") % str(world.seller.accounts[0]).encode()
        response = world[BORROWER].post(address(DRAW, world), raw=raw)
        assert_problem(response, 422, "LEDGER_MONEY_NOT_TEXT", field="amount")


class TestAKey:
    def test_is_required_of_every_write(self, world):
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(), key=None)
        assert_problem(response, 400, "API_IDEMPOTENCY_KEY_MISSING", field="Idempotency-Key")
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize("key", ["k" * 256, "tab\there"])
    def test_that_is_no_key_is_refused(self, world, key):
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(), key=key)
        assert_problem(response, 422, "LEDGER_IDEMPOTENCY_KEY_INVALID", field="Idempotency-Key")
        assert fingerprint(attempts=True) == before

    def test_with_another_body_is_refused(self, world):
        assert world[BORROWER].post(address(DRAW, world), world.drawdown(), key="k").status_code == 201
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(address(DRAW, world), world.drawdown(amount="500.01"), key="k")
        assert_problem(response, 409, "LEDGER_IDEMPOTENCY_KEY_REUSED", field="Idempotency-Key")
        assert fingerprint(attempts=True) == before


class TestARepayment:
    def test_of_somebody_elses_loan_is_refused(self, world):
        before = fingerprint(attempts=True)
        body = world.repayment(source_account_id=str(world.other.accounts[0]))
        assert_problem(world[OTHER_BORROWER].post(address(REPAY, world), body), 404, "LEDGER_NOT_FOUND")
        assert fingerprint(attempts=True) == before

    def test_from_an_account_of_another_entity_is_refused_to_a_service_too(self, world):
        before = fingerprint(attempts=True)
        body = world.repayment(source_account_id=str(world.other.accounts[0]))
        response = world[SERVICE].post(address(REPAY, world), body)
        assert_problem(response, 404, "LEDGER_NOT_FOUND", field="source_account_id")
        assert fingerprint(attempts=True) == before

    @pytest.mark.parametrize(
        ("changes", "status", "code", "field"),
        named(
            [
                ("of an unknown kind", {"kind": "gift"}, 422, "API_FIELD_INVALID", "kind"),
                ("of a kind in a list", {"kind": ["payoff"]}, 422, "API_FIELD_INVALID", "kind"),
                ("in another currency", {"currency": "USD"}, 422, "LENDING_CURRENCY_MISMATCH", "currency"),
                ("early without an amount", {"amount": None}, 422, "API_FIELD_INVALID", "amount"),
                (
                    "of more than there is",
                    {"amount": "20000.01"},
                    409,
                    "LEDGER_FUNDS_NOT_AVAILABLE",
                    "amount",
                ),
                (
                    "off by a cent",
                    {"kind": "payoff", "amount": "0.01"},
                    409,
                    "LEDGER_PAYOFF_AMOUNT_DIFFERS",
                    "amount",
                ),
            ]
        ),
    )
    def test_is_refused(self, world, changes, status, code, field):
        before = fingerprint()
        response = world[BORROWER].post(address(REPAY, world), world.repayment(**changes))
        assert_problem(response, status, code, field=field)
        assert fingerprint() == before


class TestADate:
    @pytest.mark.parametrize(
        "text",
        ["2024-02-30", "2023-02-29", "2024-13-01", "20240105", "2024-W01-1", "05/01/2024", "0000-01-01", "x"],
    )
    def test_that_does_not_exist_is_refused_naming_the_field(self, world, text):
        response = world[BORROWER].get(f"loans/{world.instalment}/payoff-quote", on=text)
        assert_problem(response, 422, "API_DATE_INVALID", field="on")

    @pytest.mark.parametrize("value", ["2020-02-30", 20200101, None, ["2020-01-01"]])
    def test_in_a_body_is_a_text_in_one_notation(self, world, value):
        body = {
            "platform": "taobao",
            "external_id": "s-1",
            "role": "sub",
            "opened_on": value,
            "consent_granted_on": "2023-01-01",
        }
        before = fingerprint(attempts=True)
        response = world[SERVICE].post(f"entities/{world.seller.entity_id}/accounts", body)
        code = "API_FIELD_INVALID" if value is None else "API_DATE_INVALID"
        assert_problem(response, 422, code, field="opened_on")
        assert fingerprint(attempts=True) == before


class TestAQuery:
    @pytest.mark.parametrize(
        ("asked", "code", "field"),
        [
            ({"statsu": "active"}, "API_FIELD_UNKNOWN", "statsu"),
            ({"status": "gone"}, "API_FIELD_INVALID", "status"),
            ({"status": ["active", "overdue"]}, "API_FIELD_INVALID", "status"),
            ({"entity_id": "1"}, "API_FIELD_INVALID", "entity_id"),
            ({"entity_id": "\0"}, "API_FIELD_INVALID", "entity_id"),
            ({"limit": "0"}, "API_FIELD_INVALID", "limit"),
            ({"limit": "201"}, "API_FIELD_INVALID", "limit"),
            ({"limit": "-1"}, "API_FIELD_INVALID", "limit"),
            ({"limit": "٣"}, "API_FIELD_INVALID", "limit"),
            ({"cursor": "!"}, "API_CURSOR_INVALID", "cursor"),
            ({"cursor": "WzEsMl0="}, "API_CURSOR_INVALID", "cursor"),
            ({"cursor": "WyJhIiwgMV0="}, "API_CURSOR_INVALID", "cursor"),
            ({"cursor": "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OV0="}, "API_CURSOR_INVALID", "cursor"),
            ({"cursor": "WyJub2JvZHkiXQ=="}, "API_CURSOR_INVALID", "cursor"),
            ({"cursor": "W1s5XV0="}, "API_CURSOR_INVALID", "cursor"),
        ],
    )
    def test_that_is_not_understood_is_refused(self, world, asked, code, field):
        assert_problem(world[BORROWER].get("loans", **asked), 422, code, field=field)

    @pytest.mark.parametrize("word", ["True", "1", "yes", ""])
    def test_never_takes_a_misspelt_dry_run_for_a_real_one(self, world, word):
        before = fingerprint(attempts=True)
        response = world[BORROWER].post(f"{address(DRAW, world)}?dry_run={word}", world.drawdown())
        assert_problem(response, 422, "API_FIELD_INVALID", field="dry_run")
        assert fingerprint(attempts=True) == before
