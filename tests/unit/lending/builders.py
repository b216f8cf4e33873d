"""Aggregates of lending in a known state, for tests."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from lending.domain.application import Application
from lending.domain.credit_line import CreditLine
from lending.domain.entity import LegalEntity
from lending.domain.entity_events import MonthTurnover

DAY = date(2024, 7, 15)
ENTITY, LINE, APPLICATION = UUID(int=1), UUID(int=2), UUID(int=3)
MASTER, SUB = UUID(int=100), UUID(int=101)
LOAN, OTHER_LOAN = UUID(int=200), UUID(int=201)


def open_line(*, limit_minor=100_000, drawn_minor=0, reserved_minor=0):
    """Return a line with one drawn loan and one reservation, where an amount is given."""
    line = CreditLine.blank(LINE)
    line.open(entity_id=ENTITY, currency="CNY", limit_minor=limit_minor, effective_date=DAY)
    if drawn_minor:
        line.reserve(loan_id=OTHER_LOAN, amount_minor=drawn_minor, effective_date=DAY)
        line.book(loan_id=OTHER_LOAN, effective_date=DAY)
    if reserved_minor:
        line.reserve(loan_id=LOAN, amount_minor=reserved_minor, effective_date=DAY)
    return line


def registered_entity(*, accounts=()):
    """Return an entity with a master account and the named sub accounts."""
    entity = LegalEntity.blank(ENTITY)
    entity.register(reference="ENT-00001", country="CN", currency="CNY", effective_date=DAY)
    for number, external_id in enumerate(accounts):
        role = "master" if number == 0 else "sub"
        link(entity, account_id=UUID(int=100 + number), external_id=external_id, role=role)
    return entity


def link(entity, **changes):
    """Link an account that is right but for the changes."""
    entity.link_account(**{**account_inputs(), **changes})


def account_inputs():
    """Return the inputs of a sub account that an entity accepts."""
    return {
        "account_id": UUID(int=900),
        "platform": "taobao",
        "external_id": "shop-900",
        "role": "sub",
        "opened_on": date(2022, 7, 1),
        "consent_granted_on": date(2024, 7, 1),
        "effective_date": DAY,
    }


def sales_inputs(**changes):
    """Return a batch of sales that an entity with the master account accepts, but for the changes."""
    return {
        "account_id": MASTER,
        "batch_id": "batch-1",
        "file_sha256": "a" * 64,
        "sampling_factor": 1,
        "currency": "CNY",
        "months": (MonthTurnover("2024-05", 3, 30_000), MonthTurnover("2024-06", 1, 5_000)),
        "first_order_on": date(2024, 5, 2),
        "last_order_on": date(2024, 6, 20),
        "effective_date": DAY,
    } | changes


def submitted_application(**changes):
    """Return an application that waits for its decision."""
    application = Application.blank(APPLICATION)
    application.submit(**application_inputs(**changes))
    return application


def application_inputs(**changes):
    """Return the inputs of an application that is taken, but for the changes."""
    return {
        "entity_id": ENTITY,
        "currency": "CNY",
        "product_family": "seller-credit",
        "industry_code": "apparel",
        "requested_minor": None,
        "debt_ratio_bps": 5_000,
        "clean_record": True,
        "effective_date": DAY,
    } | changes
