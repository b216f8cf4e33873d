"""A small book with one of everything, and sign-ins of every staff role."""

from __future__ import annotations

from datetime import date, timedelta

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


@pytest.fixture
def lent(books) -> Lent:
    return lend(reference="seller-1")


class Lent:
    """A seller with an instalment loan that was prepaid in part, and a revolving loan that is overdue."""

    def __init__(self, seller: Seller) -> None:
        self.seller = seller
        self.loan_id = seller.borrow(1_000_000, term=6)
        self.revolving_id = seller.borrow(500_000, product="revolving-daily", term=30)


def lend(*, reference: str) -> Lent:
    lent = Lent(seller_with_line(reference=reference))
    seller = lent.seller
    seller.close_through(date(2024, 1, 11))
    seller.receive(300_000, account=0, reference=f"{reference}-receipt")
    seller.repay(lent.loan_id, 200_000, kind="prepayment").value()
    seller.receive(20_000, account=1)
    seller.close_through(seller.today() + timedelta(days=25))
    pay_outs()
    return lent
