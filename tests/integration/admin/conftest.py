"""A small book with one of everything, and sign-ins of every staff role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from config.identities import ADMINISTRATOR
from config.roles import set_role_permissions
from tests.builders.sellers import Seller, pay_outs, seller_with_line


@pytest.fixture
def roles(db):
    """The groups with their permissions, as a migration leaves them."""
    set_role_permissions(using="default")


@pytest.fixture
def staff(roles):
    """Return a signed-in browser of a person with one role."""

    def sign_in(role: str) -> Client:
        user, _ = User.objects.get_or_create(username=f"some-{role}", is_staff=True)
        user.groups.set([Group.objects.get(name=role)])
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def administrator(staff):
    return staff(ADMINISTRATOR)


@dataclass
class Lent:
    """A seller with an instalment loan that was prepaid in part, and a revolving loan that is overdue."""

    seller: Seller
    loan_id: UUID
    revolving_id: UUID


@pytest.fixture
def lend(books):
    """Return a function that makes such a seller."""

    def make(reference: str) -> Lent:
        seller = seller_with_line(reference=reference)
        loan_id = seller.borrow(1_000_000, term=6)
        revolving_id = seller.borrow(500_000, product="revolving-daily", term=30)
        seller.close_through(date(2024, 1, 11))
        seller.receive(300_000, account=0, reference=f"{reference}-receipt")
        seller.repay(loan_id, 200_000, kind="prepayment").value()
        seller.receive(20_000, account=1)
        seller.close_through(seller.today() + timedelta(days=25))
        pay_outs()
        return Lent(seller, loan_id, revolving_id)

    return make


@pytest.fixture
def lent(lend) -> Lent:
    return lend("seller-1")
