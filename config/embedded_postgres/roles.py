"""The roles and databases inside a fresh cluster, made through the socket with no client program.

`loanbook` owns the schema and runs migrations; `loanbook_app` is what the application logs in as: it owns
nothing, so it can neither create tables nor switch off the triggers that guard the books. The roles keep
honest code honest; on one machine, the private socket directory is what keeps other people out.
"""

import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import errors, sql

from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.sockets import PORT

OWNER_ROLE = "loanbook"
APP_ROLE = "loanbook_app"
DATABASE = "loanbook"
MAINTENANCE_DATABASE = "postgres"
CONNECT_SECONDS_MAX = 5
POLL_SECONDS = 0.05


def connect(socket_dir: Path, *, database: str, user: str) -> psycopg.Connection:
    """Open an autocommitting connection over the private socket."""
    return psycopg.connect(
        host=str(socket_dir),
        port=PORT,
        dbname=database,
        user=user,
        connect_timeout=CONNECT_SECONDS_MAX,
        autocommit=True,
    )


def is_furnished(socket_dir: Path) -> bool:
    """Say whether the application could log in right now; its role is the last thing furnishing makes."""
    try:
        connect(socket_dir, database=DATABASE, user=APP_ROLE).close()
    except psycopg.OperationalError:
        return False
    return True


def wait_until_accepting(socket_dir: Path, *, seconds_max: float) -> None:
    """Wait while a server that is already alive recovers, and refuse if it never answers."""
    deadline = time.monotonic() + seconds_max
    while True:
        try:
            connect(socket_dir, database=MAINTENANCE_DATABASE, user=OWNER_ROLE).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"The PostgreSQL server does not answer: {error}.") from error
            time.sleep(POLL_SECONDS)
        else:
            return


def furnish(socket_dir: Path) -> None:
    """Create the application's database, then its login role; both may exist already."""
    create_database(socket_dir, name=DATABASE, owner=OWNER_ROLE)
    create_login_role(socket_dir, name=APP_ROLE)


def create_database(socket_dir: Path, *, name: str, owner: str) -> None:
    """Create a database for an existing role unless it is there."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
    with connect(socket_dir, database=MAINTENANCE_DATABASE, user=OWNER_ROLE) as connection:
        present = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if present is None:
            with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                connection.execute(statement)


def create_login_role(socket_dir: Path, *, name: str) -> None:
    """Create a role that may log in and nothing more, unless it is there."""
    statement = sql.SQL(
        "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    ).format(sql.Identifier(name))
    with connect(socket_dir, database=MAINTENANCE_DATABASE, user=OWNER_ROLE) as connection:
        present = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        if present is None:
            with suppress(errors.DuplicateObject, errors.UniqueViolation):
                connection.execute(statement)
