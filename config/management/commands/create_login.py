"""``manage.py create_login``: a person or a machine that may use the product.

Owns: the command line and printing the secrets, which are shown this once.
Refuses to know: what a role may do.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.identities import BORROWER, ROLES, SERVICE, Login, ensure_login, ensure_service
from lending.models import LegalEntity


class Command(BaseCommand):
    """Makes the login, or gives an existing one a new password, token and role."""

    help = "Create a login with one role, or renew its password and token, and print them once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name, the role and, for a borrower, the entity."""
        parser.add_argument("name", help="the name to sign in with; for a service also its client id")
        parser.add_argument("--role", required=True, choices=sorted(ROLES))
        parser.add_argument("--entity", help="the reference of the entity a borrower acts for")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the login."""
        name, role = options["name"], options["role"]
        if (role == BORROWER) != bool(options["entity"]):
            raise CommandError("--entity goes with the role borrower and with no other.")
        if role == SERVICE:
            self._print(ensure_service(client_id=name, username=name))
        else:
            entity_id = _entity_id(options["entity"]) if options["entity"] else None
            self._print(ensure_login(username=name, role=role, entity_id=entity_id))

    def _print(self, login: Login) -> None:
        lines = {
            "user": login.username,
            "role": login.role,
            "password": login.password,
            "token": login.token,
            "client id": login.client_id,
            "client secret": login.client_secret,
        }
        for name, value in lines.items():
            if value:
                self.stdout.write(f"{name}: {value}")


def _entity_id(reference: str) -> UUID:
    entity = LegalEntity.objects.filter(reference=reference).first()
    if entity is None:
        raise CommandError(f"There is no entity {reference}.")
    return entity.id
