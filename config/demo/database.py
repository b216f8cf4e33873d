"""The database of the demonstration, made anew for each run.

Owns: dropping and creating it, and logging in to it as the application. Refuses to know: its tables.
The name is its own (``manage.py`` chooses it), so books that are served or tested are never touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import errors, sql

from config.database import data_directory, database_settings

NAME_SUFFIX = "_demo"
MAINTENANCE_DATABASE = "postgres"
# The simulation does not wait for the disk after each commit: its books are made anew by the next run.
# What serves them afterwards does wait.
SIMULATION_OPTIONS = "-c synchronous_commit=off"


class DemoDatabaseRefused(Exception):
    """The database cannot be made anew: it is not the demonstration's, or it is in use."""


def recreate_database() -> None:
    """Drop the demonstration's database and create it empty. Raises DemoDatabaseRefused."""
    name = str(connection.settings_dict["NAME"])
    if not name.endswith(NAME_SUFFIX):
        raise DemoDatabaseRefused(f"The database {name} is not the demonstration's; use manage.py demo.")
    connections.close_all()
    try:
        with _maintenance() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except errors.ObjectInUse as in_use:
        raise DemoDatabaseRefused(
            f"The database {name} is in use: another demonstration is running or serving."
        ) from in_use
    except psycopg.Error as failure:
        raise DemoDatabaseRefused(f"The database {name} cannot be made anew: {failure}") from failure


@contextmanager
def application_login() -> Iterator[None]:
    """Use the books inside the block as the application does: in a role that cannot rewrite history."""
    owner = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(_application_settings())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(owner)


def _application_settings() -> dict[str, Any]:
    chosen = database_settings(os.environ, data_dir=data_directory(os.environ), role="app")
    options = dict(chosen.get("OPTIONS", {}))
    options["options"] = f"{options.get('options', '')} {SIMULATION_OPTIONS}".strip()
    return {name: chosen[name] for name in ("USER", "PASSWORD")} | {"OPTIONS": options}


def _maintenance() -> psycopg.Connection[Any]:
    owner = settings.DATABASES["default"]
    return psycopg.connect(
        host=owner["HOST"] or None,
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        dbname=MAINTENANCE_DATABASE,
        autocommit=True,
    )
