"""Nobody sees or does what they may not.

The table has a row for every method of every address; an address without a row fails. Every caller
kind is tried on every row: who is admitted gets an answer, who is not gets 401 or 403, and nothing at all
has changed. Somebody else's borrower gets 404 where an object is named, and an empty list where not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import autodiscover_modules

from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, BORROWER, COLLECTOR, REVIEWER, SERVICE
from ledger.calculators import CALCULATORS, Calculator
from tests.api.callers import ANONYMOUS, OTHER_BORROWER, World, assert_problem, product_body
from tests.builders.sellers import one, register_seller
from tests.builders.storage import fingerprint

STAFF = {REVIEWER, COLLECTOR, ACCOUNTANT, AUDITOR, ADMINISTRATOR}
ALL = STAFF | {BORROWER, SERVICE}
BOOKS = {ACCOUNTANT, AUDITOR, ADMINISTRATOR}
CREDIT = {BORROWER, SERVICE, REVIEWER, AUDITOR, ADMINISTRATOR}
CALLERS = (ANONYMOUS, OTHER_BORROWER, *sorted(ALL))
# Open to everybody, and mounted by others: not the matrix' business.
PUBLIC = {"", "api/v1/", "livez", "readyz", "api/v1/schema", "api/v1/docs/"}
ELSEWHERE = ("admin/", ".well-known/", "identity/")

Ask = Callable[[World, str], tuple[str, Any]]


@dataclass(frozen=True)
class Row:
    """Who is admitted, what a sound request is, and what somebody else's borrower gets."""

    admitted: set[str]
    ask: Ask
    other: int = 404


def path(template: str) -> Ask:
    return lambda world, role: (_filled(template, world), None)


def body(template: str, make: Callable[[World, str], Any]) -> Ask:
    return lambda world, role: (_filled(template, world), make(world, role))


def _filled(template: str, world: World) -> str:
    return template.format(
        entity_id=world.seller.entity_id,
        account_id=world.seller.accounts[0],
        application_id=world.seller.application_id,
        line_id=world.seller.line_id,
        loan_id=world.instalment,
    )


def _application(world: World, role: str) -> dict[str, Any]:
    """An applicant without a line: the borrower's own entity has one, so only the refusal differs."""
    applicant = world.seller if role != SERVICE else register_seller(reference="E-9")
    return {
        "entity_id": str(applicant.entity_id),
        "industry_code": "home",
        "debt_ratio_bps": 2000,
        "clean_record": True,
    }


def _account(world: World, role: str) -> dict[str, Any]:
    return {
        "platform": "taobao",
        "external_id": f"shop-{role}",
        "role": "sub",
        "opened_on": "2020-01-01",
        "consent_granted_on": "2023-12-01",
    }


def _entity(world: World, role: str) -> dict[str, Any]:
    return {"reference": f"new-{role}", "country": "CN", "currency": "CNY"}


def _limit(world: World, role: str) -> dict[str, Any]:
    return {"limit": "150000.00", "currency": "CNY", "reason": "good year"}


def _funding(world: World, role: str) -> dict[str, Any]:
    return {"shares": [{"funder": "own", "share": "0.6"}, {"funder": "bank-a", "share": "0.4"}]}


def _receipt(world: World, role: str) -> dict[str, Any]:
    return {"amount": "10.00", "currency": "CNY", "channel": "alipay", "reference": f"r-{role}"}


def _receipt_return(world: World, role: str) -> dict[str, Any]:
    """Money that has come, for whoever may give it back."""
    if role in (SERVICE, ADMINISTRATOR):
        world.seller.receive(1_000, reference=f"r-{role}").value()
    return {
        "amount": "10.00",
        "currency": "CNY",
        "channel": "platform",
        "reference": f"b-{role}",
        "of_reference": f"r-{role}",
    }


def _withdrawal(world: World, role: str) -> tuple[str, Any]:
    """A withdrawal of the first seller; for who is turned away, none is made."""
    known = one("SELECT min(reference) FROM withdrawal")
    if known is None and role in ALL:
        known = world.seller.withdraw(100).value()["withdrawal_id"]
    return f"withdrawals/{known or world.seller.entity_id}", None


SERVICING = {SERVICE, REVIEWER, COLLECTOR, ACCOUNTANT, ADMINISTRATOR}
PROPOSERS = SERVICING - {SERVICE}
APPROVERS = {REVIEWER, ACCOUNTANT, ADMINISTRATOR}
GOODWILL = {
    "kind": "payment_received",
    "payment": "goodwill_credit",
    "amount": "10.00",
    "currency": "CNY",
    "reason": "a wrong letter",
}
CHARGE = {
    "kind": "charge_added",
    "amount": "1.00",
    "currency": "CNY",
    "due_on": "2024-02-02",
    "reason": "copy of the contract",
}


def _payment_return(world: World, role: str) -> dict[str, Any]:
    return _receipt_return(world, role) | {"reason": "objected to"}


def proposed(rest: str, admitted: set[str], **body: Any) -> Ask:
    """Ask about a proposal that a collector has made, or for whoever may not, about none."""

    def ask(world: World, role: str) -> tuple[str, Any]:
        if role not in admitted:
            return f"proposals/{world.seller.entity_id}{rest}", body
        made = world[COLLECTOR].post(f"loans/{world.instalment}/proposals", GOODWILL).json()
        seen = {"fingerprint": made["fingerprint"]} if rest == "/approval" else {}
        return f"proposals/{made['proposal_id']}{rest}", body | seen

    return ask


autodiscover_modules("calculators")


def _worked(calculator: Calculator) -> Callable[[World, str], Any]:
    return lambda world, role: dict(calculator.example)


TABLE: dict[tuple[str, str], Row] = {
    ("GET", "entities"): Row(ALL, path("entities"), other=200),
    ("POST", "entities"): Row({SERVICE, ADMINISTRATOR}, body("entities", _entity), other=403),
    ("GET", "entities/{entity_id}"): Row(ALL, path("entities/{entity_id}")),
    ("GET", "entities/{entity_id}/accounts"): Row(ALL, path("entities/{entity_id}/accounts")),
    ("POST", "entities/{entity_id}/accounts"): Row(
        {SERVICE, ADMINISTRATOR}, body("entities/{entity_id}/accounts", _account), other=403
    ),
    ("GET", "entities/{entity_id}/statement"): Row(ALL, path("entities/{entity_id}/statement")),
    ("GET", "order-imports"): Row(
        {SERVICE, REVIEWER, AUDITOR, ADMINISTRATOR}, path("order-imports"), other=403
    ),
    ("POST", "order-imports"): Row({SERVICE, ADMINISTRATOR}, path("order-imports"), other=403),
    ("GET", "order-imports/{import_id}"): Row(
        {SERVICE, REVIEWER, AUDITOR, ADMINISTRATOR}, path("order-imports/{entity_id}"), other=403
    ),
    ("GET", "applications"): Row(CREDIT, path("applications"), other=200),
    ("POST", "applications"): Row({BORROWER, SERVICE}, body("applications", _application)),
    ("GET", "applications/{application_id}"): Row(CREDIT, path("applications/{application_id}")),
    ("GET", "credit-lines"): Row(CREDIT, path("credit-lines"), other=200),
    ("GET", "credit-lines/{line_id}"): Row(CREDIT, path("credit-lines/{line_id}")),
    ("POST", "credit-lines/{line_id}/drawdowns"): Row(
        {BORROWER, SERVICE}, body("credit-lines/{line_id}/drawdowns", lambda world, role: world.drawdown())
    ),
    ("POST", "credit-lines/{line_id}/freeze"): Row(
        {REVIEWER, ADMINISTRATOR},
        body("credit-lines/{line_id}/freeze", lambda world, role: {"reason": "check"}),
        other=403,
    ),
    ("POST", "credit-lines/{line_id}/thaw"): Row(
        {REVIEWER, ADMINISTRATOR}, body("credit-lines/{line_id}/thaw", lambda world, role: {}), other=403
    ),
    ("POST", "credit-lines/{line_id}/limit"): Row(
        {REVIEWER}, body("credit-lines/{line_id}/limit", _limit), other=403
    ),
    ("GET", "loans"): Row(ALL, path("loans"), other=200),
    ("GET", "loans/{loan_id}"): Row(ALL, path("loans/{loan_id}")),
    ("GET", "loans/{loan_id}/schedule"): Row(ALL, path("loans/{loan_id}/schedule")),
    ("GET", "loans/{loan_id}/events"): Row(ALL, path("loans/{loan_id}/events")),
    ("GET", "loans/{loan_id}/payoff-quote"): Row(ALL, path("loans/{loan_id}/payoff-quote")),
    ("GET", "loans/{loan_id}/statement"): Row(ALL, path("loans/{loan_id}/statement")),
    ("GET", "loans/{loan_id}/contract"): Row(ALL, path("loans/{loan_id}/contract")),
    ("GET", "loans/{loan_id}/payoff-letter"): Row(ALL, path("loans/{loan_id}/payoff-letter")),
    ("GET", "loans/{loan_id}/repayments"): Row(ALL, path("loans/{loan_id}/repayments")),
    ("POST", "loans/{loan_id}/repayments"): Row(
        {BORROWER, SERVICE}, body("loans/{loan_id}/repayments", lambda world, role: world.repayment())
    ),
    ("POST", "loans/{loan_id}/parts"): Row(
        {BORROWER, SERVICE},
        body("loans/{loan_id}/parts", lambda world, role: {"amount": "10.00", "currency": "CNY"}),
    ),
    ("POST", "loans/{loan_id}/rest-cancellation"): Row(
        {BORROWER, SERVICE}, body("loans/{loan_id}/rest-cancellation", lambda world, role: {})
    ),
    ("GET", "loans/{loan_id}/facts"): Row(STAFF | {SERVICE}, path("loans/{loan_id}/facts"), other=403),
    ("POST", "loans/{loan_id}/facts"): Row(
        SERVICING, body("loans/{loan_id}/facts", lambda world, role: CHARGE), other=403
    ),
    ("GET", "loans/{loan_id}/position"): Row(STAFF | {SERVICE}, path("loans/{loan_id}/position"), other=403),
    ("GET", "loans/{loan_id}/explanation"): Row(
        STAFF | {SERVICE}, path("loans/{loan_id}/explanation?component=principal"), other=403
    ),
    ("POST", "loans/{loan_id}/what-if"): Row(
        STAFF | {SERVICE},
        body("loans/{loan_id}/what-if", lambda world, role: {"steps": [{"fact": CHARGE}]}),
        other=403,
    ),
    ("GET", "credit-lines/{line_id}/position"): Row(
        STAFF | {SERVICE}, path("credit-lines/{line_id}/position"), other=403
    ),
    ("GET", "entities/{entity_id}/position"): Row(
        STAFF | {SERVICE}, path("entities/{entity_id}/position"), other=403
    ),
    ("POST", "loans/{loan_id}/proposals"): Row(
        PROPOSERS, body("loans/{loan_id}/proposals", lambda world, role: GOODWILL), other=403
    ),
    ("GET", "proposals"): Row(STAFF, path("proposals"), other=403),
    ("GET", "proposals/{proposal_id}"): Row(STAFF, proposed("", STAFF), other=403),
    ("POST", "proposals/{proposal_id}/approval"): Row(APPROVERS, proposed("/approval", APPROVERS), other=403),
    ("POST", "proposals/{proposal_id}/rejection"): Row(
        PROPOSERS, proposed("/rejection", PROPOSERS, reason="no"), other=403
    ),
    ("POST", "settlement-accounts/{account_id}/payment-returns"): Row(
        {SERVICE, ADMINISTRATOR},
        body("settlement-accounts/{account_id}/payment-returns", _payment_return),
        other=403,
    ),
    ("GET", "settlement-accounts/{account_id}"): Row(ALL, path("settlement-accounts/{account_id}")),
    ("GET", "settlement-accounts/{account_id}/movements"): Row(
        ALL, path("settlement-accounts/{account_id}/movements")
    ),
    ("GET", "settlement-accounts/{account_id}/statement"): Row(
        ALL, path("settlement-accounts/{account_id}/statement")
    ),
    ("GET", "settlement-accounts/{account_id}/withdrawals"): Row(
        ALL, path("settlement-accounts/{account_id}/withdrawals")
    ),
    ("POST", "settlement-accounts/{account_id}/withdrawals"): Row(
        {BORROWER, SERVICE, ACCOUNTANT, ADMINISTRATOR},
        body(
            "settlement-accounts/{account_id}/withdrawals",
            lambda world, role: {"amount": "1.00", "currency": "CNY"},
        ),
    ),
    ("GET", "withdrawals/{withdrawal_id}"): Row(ALL, _withdrawal),
    ("POST", "settlement-accounts/{account_id}/receipts"): Row(
        {SERVICE}, body("settlement-accounts/{account_id}/receipts", _receipt), other=403
    ),
    ("POST", "settlement-accounts/{account_id}/receipt-returns"): Row(
        {SERVICE, ADMINISTRATOR},
        body("settlement-accounts/{account_id}/receipt-returns", _receipt_return),
        other=403,
    ),
    ("GET", "notices"): Row(
        {BORROWER, SERVICE, COLLECTOR, REVIEWER, AUDITOR, ADMINISTRATOR}, path("notices"), other=200
    ),
    ("GET", "blacklist"): Row({COLLECTOR, REVIEWER, AUDITOR, ADMINISTRATOR}, path("blacklist"), other=403),
    ("GET", "journal-entries"): Row({ACCOUNTANT, AUDITOR, ADMINISTRATOR}, path("journal-entries"), other=403),
    ("GET", "trial-balance"): Row(BOOKS, path("trial-balance"), other=403),
    ("GET", "general-ledger"): Row(BOOKS, path("general-ledger"), other=403),
    ("GET", "gl-accounts/{code}/postings"): Row(BOOKS, path("gl-accounts/1301/postings"), other=403),
    ("GET", "tie-out"): Row(BOOKS, path("tie-out"), other=403),
    ("GET", "funding-report"): Row(BOOKS, path("funding-report"), other=403),
    ("GET", "periods"): Row(BOOKS, path("periods"), other=403),
    ("POST", "periods"): Row(
        {ACCOUNTANT}, body("periods", lambda world, role: {"month": "2023-12"}), other=403
    ),
    ("GET", "products/{code}/funding"): Row(BOOKS, path("products/instalment-monthly/funding"), other=403),
    ("POST", "products/{code}/funding"): Row(
        {ADMINISTRATOR}, body("products/instalment-monthly/funding", _funding), other=403
    ),
    ("GET", "business-date"): Row(ALL, path("business-date"), other=200),
    ("GET", "products"): Row(ALL, path("products"), other=200),
    ("GET", "products/{code}/versions"): Row(ALL, path("products/revolving-daily/versions"), other=200),
    ("GET", "products/{code}/versions/{number}"): Row(
        ALL, path("products/revolving-daily/versions/1"), other=200
    ),
    ("POST", "products/{code}/versions"): Row(
        {ADMINISTRATOR}, body("products/own/versions", lambda world, role: product_body()), other=403
    ),
    ("POST", "products/{code}/check"): Row(
        {ADMINISTRATOR}, body("products/own/check", lambda world, role: product_body()), other=403
    ),
    ("POST", "products/{code}/retirement"): Row(
        {ADMINISTRATOR}, body("products/bullet/retirement", lambda world, role: {"reason": "x"}), other=403
    ),
    **{
        ("POST", f"calculators/{name}"): Row(ALL, body(f"calculators/{name}", _worked(calculator)), other=200)
        for name, calculator in CALCULATORS.items()
    },
}
# Sound requests that the books refuse once the caller is admitted; the door is what is tested here.
# An administrator freezes first, a reviewer finds the line frozen; the borrower has a line already.
REFUSED_BY_THE_BOOKS = {
    ("credit-lines/{line_id}/thaw", ADMINISTRATOR): "LENDING_LINE_NOT_FROZEN",
    ("credit-lines/{line_id}/thaw", REVIEWER): "LENDING_LINE_NOT_FROZEN",
    ("credit-lines/{line_id}/freeze", REVIEWER): "LENDING_LINE_FROZEN",
    ("applications", BORROWER): "LENDING_LINE_EXISTS",
    # The loans of the small world are paid out in one sum.
    **{
        (f"loans/{{loan_id}}/{last}", role): "LEDGER_NOTHING_TO_CALL"
        for last in ("parts", "rest-cancellation")
        for role in (BORROWER, SERVICE)
    },
}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def api_methods() -> set[tuple[str, str]]:
    found = set()
    for route, view in routes():
        if route in PUBLIC or route.startswith(ELSEWHERE):
            continue
        name = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.removeprefix("api/v1/"))
        methods = {"GET", "POST", "PUT", "PATCH", "DELETE"} & {m.upper() for m in view.cls.http_method_names}
        found |= {(method, name) for method in methods if hasattr(view.cls, method.lower())}
    return found


def send(world: World, row: Row, method: str, role: str) -> Any:
    where, values = row.ask(world, role)
    if method == "GET":
        return world[role].get(where)
    if where == "order-imports":
        return _send_file(world, role)
    return world[role].post(where, values)


def _send_file(world: World, role: str) -> Any:
    file = SimpleUploadedFile("orders.csv", FILE)
    return world[role].upload("order-imports", {"file": file, "as_of": "2024-01-02", "currency": "CNY"})


FILE = (
    b"seller_id,order_id,line,shipped_by,goods_amount,freight_amount,seller_state\n"
    b"S-1,O-1,1,2023-12-01,10.00,1.00,ZJ\n"
)


class TestEveryAddress:
    def test_has_a_row_in_the_table(self):
        assert api_methods() == set(TABLE)


@pytest.mark.parametrize(("method", "route"), sorted(TABLE), ids=lambda part: str(part))
class TestEveryRow:
    def test_turns_away_who_is_not_admitted_and_changes_nothing(self, world, method, route):
        row = TABLE[method, route]
        before = fingerprint(attempts=True)
        for role in CALLERS:
            if role in row.admitted:
                continue
            response = send(world, row, method, role)
            if role == ANONYMOUS:
                assert_problem(response, 401, "API_CREDENTIALS_MISSING")
                assert response.headers["WWW-Authenticate"].startswith("Bearer")
            elif role == OTHER_BORROWER and BORROWER in row.admitted:
                assert response.status_code == row.other, response.json()
                shown = response.json() | {"instance": "the address that was asked for"}
                assert str(world.seller.entity_id) not in str(shown)
            else:
                assert_problem(response, 403, "API_ROLE_NOT_ALLOWED")
        assert fingerprint(attempts=True) == before

    def test_admits_the_roles_of_the_row(self, world, method, route):
        row = TABLE[method, route]
        for role in sorted(row.admitted):
            response = send(world, row, method, role)
            expected = REFUSED_BY_THE_BOOKS.get((route, role)) if method == "POST" else None
            if route == "order-imports/{import_id}":
                expected = "LEDGER_NOT_FOUND"
            if expected is None:
                assert response.status_code in (200, 201), (role, response.json())
            else:
                assert response.json()["code"] == expected, role


class TestAnOtherBorrower:
    @pytest.mark.parametrize("name", ["entities", "applications", "credit-lines", "loans"])
    def test_lists_only_the_own_rows(self, world, name):
        loan = world.other.borrow(500_000)
        rows = world[OTHER_BORROWER].get(name).json()["results"]
        own = {row.get("entity_id", row["id"]) for row in rows}
        assert own == {str(world.other.entity_id)}
        assert name != "loans" or [row["id"] for row in rows] == [str(loan)]

    def test_cannot_widen_the_scope_by_a_filter(self, world):
        asked = {"entity_id": str(world.seller.entity_id)}
        assert world[OTHER_BORROWER].get("loans", **asked).json()["results"] == []

    def test_cannot_pay_with_the_money_of_another_entity(self, world):
        loan = world.other.borrow(500_000)
        before = fingerprint(attempts=True)
        response = world[OTHER_BORROWER].post(f"loans/{loan}/repayments", world.repayment())
        assert_problem(response, 404, "LEDGER_NOT_FOUND", field="source_account_id")
        assert fingerprint(attempts=True) == before

    def test_cannot_have_a_draw_paid_to_another_entity(self, world):
        before = fingerprint(attempts=True)
        response = world[OTHER_BORROWER].post(
            f"credit-lines/{world.other.line_id}/drawdowns", world.drawdown()
        )
        assert_problem(response, 404, "LEDGER_NOT_FOUND", field="account_id")
        assert fingerprint(attempts=True) == before


class TestAUserWithoutARole:
    def test_is_refused_everywhere(self, world):
        from django.contrib.auth.models import User

        from config.identities import issue_token
        from tests.api.callers import Caller

        nobody = Caller(issue_token(user=User.objects.create(username="nobody"), days=1))
        for (method, _), row in TABLE.items():
            where, _ = row.ask(world, BORROWER)
            response = nobody.get(where) if method == "GET" else nobody.post(where, {})
            assert_problem(response, 403, "API_ROLE_NOT_ALLOWED")

    def test_is_a_borrower_only_when_the_user_is_a_member_and_staff_as_well(self, world):
        from django.contrib.auth.models import Group

        from tests.api.callers import user_of

        user_of(BORROWER).groups.add(Group.objects.get(name=ADMINISTRATOR))
        assert_problem(world[BORROWER].get("journal-entries"), 403, "API_ROLE_NOT_ALLOWED")
        rows = world[BORROWER].get("entities").json()["results"]
        assert [row["id"] for row in rows] == [str(world.seller.entity_id)]
