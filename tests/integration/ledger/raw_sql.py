"""Plain psycopg connections to the books of a test, as their owner and as the application's role.

Refuses to know: Django. What is tried here is what somebody with a password and psql could try.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from config.database import database_settings
from config.embedded_postgres import APP_ROLE
from config.settings.test import TEST_DATA_DIR


@contextmanager
def as_owner() -> Iterator[psycopg.Connection[Any]]:
    with _connect(connection.settings_dict) as raw:
        yield raw


@contextmanager
def as_application() -> Iterator[psycopg.Connection[Any]]:
    """Log in with the application's own credentials."""
    settings = database_settings(os.environ, data_dir=TEST_DATA_DIR, role="app")
    with _connect({**settings, "NAME": connection.settings_dict["NAME"]}) as raw:
        row = raw.execute("SELECT session_user, current_setting('is_superuser')").fetchone()
        raw.rollback()
        assert row == (APP_ROLE, "off")
        yield raw


@contextmanager
def _connect(settings: dict[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    raw = psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
    )
    try:
        yield raw
    finally:
        raw.close()
