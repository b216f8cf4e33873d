"""People and machines who call the API, and a small world for them to call about."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from config.identities import BORROWER, SERVICE, STAFF, ensure_login
from tests.builders.sellers import Seller, seller_with_line

PROBLEM = "application/problem+json"
OTHER_BORROWER = "other borrower"
ANONYMOUS = "anonymous"
_keys = itertools.count(1)


@dataclass
class Caller:
    """Somebody with a token, or nobody."""

    token: str | None = None

    def get(self, path: str, **params: Any):
        return Client().get(f"/api/v1/{path}", params, headers=self._headers())

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str | None = "",
        raw: bytes | None = None,
        content_type: str = "application/json",
    ):
        """Send a body under a key of its own; ``key=None`` sends none."""
        headers = self._headers()
        if key is not None:
            headers["Idempotency-Key"] = key or f"api-{next(_keys)}"
        data = raw if raw is not None else json.dumps(body)
        return Client().generic("POST", f"/api/v1/{path}", data, content_type=content_type, headers=headers)

    def upload(self, path: str, form: dict[str, Any], *, key: str | None = ""):
        """Send a form with a file."""
        return self.post(path, raw=encode_multipart(BOUNDARY, form), content_type=MULTIPART_CONTENT, key=key)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@dataclass
class World:
    """Two sellers with lines; the first has two loans and money on its account."""

    seller: Seller
    other: Seller
    instalment: UUID
    revolving: UUID
    callers: dict[str, Caller]

    def __getitem__(self, role: str) -> Caller:
        return self.callers[role]

    def drawdown(self, **changes: Any) -> dict[str, Any]:
        """Return a body that draws 500.00 on the first seller's line."""
        body = {
            "amount": "500.00",
            "currency": "CNY",
            "account_id": str(self.seller.accounts[0]),
            "product_code": "revolving-daily",
            "term": 30,
        }
        return body | changes

    def repayment(self, **changes: Any) -> dict[str, Any]:
        """Return a body that repays 100.00 of principal early."""
        body = {
            "kind": "prepayment",
            "amount": "100.00",
            "currency": "CNY",
            "source_account_id": str(self.seller.accounts[0]),
        }
        return body | changes


def build_world() -> World:
    """Make the world, in about a second."""
    seller, other = seller_with_line(reference="E-1"), seller_with_line(reference="E-2")
    instalment = seller.borrow(3_000_000)
    revolving = seller.borrow(1_000_000, product="revolving-daily", term=30)
    seller.receive(20_000_00)
    callers = {role: Caller(ensure_login(username=role, role=role).token) for role in STAFF | {SERVICE}}
    for name, owner in ((BORROWER, seller), (OTHER_BORROWER, other)):
        login = ensure_login(username=name, role=BORROWER, entity_id=owner.entity_id)
        callers[name] = Caller(login.token)
    callers[ANONYMOUS] = Caller()
    return World(seller, other, instalment, revolving, callers)


def product_body(**changes: Any) -> dict[str, Any]:
    """Return a body that saves a sound product: interest every month, principal at the end."""
    body = {
        "title": "Interest on the 20th",
        "currency": "CNY",
        "effective_from": "2024-01-05",
        "offer": {"terms": [3, 6], "amount_min": "1000.00", "amount_max": "500000.00"},
        "pricing": {"annual_rate": "0.126"},
        "repayment": {"method": "interest_only", "fixed_day": 20},
        "early": {"modes": ["reduce_instalment"]},
    }
    return body | changes


def user_of(role: str) -> User:
    return User.objects.get(username=role)


def assert_problem(response: Any, status: int, code: str, *, field: str | None = None) -> dict[str, Any]:
    """Check the shape of a refusal and return its body."""
    body = response.json()
    assert (response.status_code, body.get("code")) == (status, code), body
    assert response.headers["Content-Type"] == PROBLEM
    assert body["status"] == status
    assert body["type"] == f"urn:loanbook:problem:{code}"
    assert body["title"]
    assert body["detail"]
    if field is not None:
        assert body["field"] == field, body
    return body
