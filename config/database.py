"""Which PostgreSQL the application talks to, and as whom.

Without DATABASE_URL it is the embedded cluster, with it a server of the operator's. The application logs
in as a role that owns nothing; migrations, rebuilds and tests log in as the owner. This module reads the
environment it is given and knows neither models nor tables.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Protocol

import environ
from django.core.exceptions import ImproperlyConfigured

from config.embedded_postgres import APP_ROLE, DATABASE, OWNER_ROLE, EmbeddedCluster

DatabaseRole = Literal["app", "owner"]
ROLES: dict[str, DatabaseRole] = {"app": "app", "owner": "owner"}

REPOSITORY = Path(__file__).resolve().parent.parent
SCHEMES = ("postgres://", "postgresql://")
SERVER_VERSION_MIN = 15
SERVER_VERSION_MAX = 18
CONNECTION_SECONDS_MAX = 60
# A server that compiles its plans spends seconds on the day close of a shard that runs for milliseconds. A temporary
# table never hides one of the books, unless a statement asks for it.
SESSION_SETTINGS = {"jit": "off", "search_path": "public,pg_temp"}
# A waiting command gives up, and a forgotten transaction is ended, before either holds up a shard.
APP_SESSION_SETTINGS = SESSION_SETTINGS | {
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "60s",
}


class PostgresConnection(Protocol):
    """The one attribute of Django's PostgreSQL connection that is read here."""

    @property
    def pg_version(self) -> int:
        """The server's version as PostgreSQL counts it, such as 180006."""


def data_directory(env: Mapping[str, str]) -> Path:
    """Say where the embedded cluster keeps its data unless a caller decides otherwise."""
    chosen = env.get("LOANBOOK_DATA_DIR")
    return Path(chosen).expanduser().absolute() if chosen else REPOSITORY / ".var" / "postgres"


def database_role(env: Mapping[str, str], *, default: DatabaseRole = "app") -> DatabaseRole:
    """Read which role to log in as, refusing any word but app and owner."""
    chosen = env.get("LOANBOOK_DATABASE_ROLE") or default
    if chosen not in ROLES:
        raise ImproperlyConfigured(f"LOANBOOK_DATABASE_ROLE is app or owner, not {chosen!r}.")
    return ROLES[chosen]


def database_settings(env: Mapping[str, str], *, data_dir: Path, role: DatabaseRole) -> dict[str, Any]:
    """Build Django's DATABASES["default"] without touching any server.

    Raises ImproperlyConfigured for a URL that is not PostgreSQL's.
    """
    settings = (
        _embedded_settings(data_dir, role=role) if is_embedded(env) else _server_settings(env, role=role)
    )
    # Another database of the same server: the demonstration keeps its books apart from all others.
    settings["NAME"] = env.get("LOANBOOK_DATABASE_NAME") or settings["NAME"]
    settings |= {"CONN_MAX_AGE": CONNECTION_SECONDS_MAX, "CONN_HEALTH_CHECKS": True}
    ours = APP_SESSION_SETTINGS if role == "app" else SESSION_SETTINGS
    return _with_session_settings(settings, ours)


def is_embedded(env: Mapping[str, str]) -> bool:
    """Say whether the embedded cluster serves, because no other server was named."""
    return not env.get("DATABASE_URL")


def embedded_cluster(
    env: Mapping[str, str],
    *,
    data_dir: Path | None = None,
    durable: bool = True,
    extra_settings: Mapping[str, str] | None = None,
) -> EmbeddedCluster | None:
    """Return the embedded cluster, not yet started, or None when DATABASE_URL names a server."""
    if not is_embedded(env):
        return None
    return EmbeddedCluster(data_dir or data_directory(env), durable, extra_settings or {})


def ensure_database_running(
    env: Mapping[str, str] | None = None, *, data_dir: Path | None = None, durable: bool = True
) -> None:
    """Start the embedded cluster if it is the one in use; a named server is its operator's to run.

    Raises EmbeddedPostgresError when the cluster cannot be provided.
    """
    cluster = embedded_cluster(os.environ if env is None else env, data_dir=data_dir, durable=durable)
    if cluster is not None:
        cluster.ensure()


def check_server_version(connection: PostgresConnection) -> None:
    """Refuse, with ImproperlyConfigured, a server of a version that is not tested."""
    version = connection.pg_version // 10000
    if not SERVER_VERSION_MIN <= version <= SERVER_VERSION_MAX:
        raise ImproperlyConfigured(
            f"The database server is PostgreSQL {version}; Loanbook supports {SERVER_VERSION_MIN} to "
            f"{SERVER_VERSION_MAX}. Point DATABASE_URL at a supported server."
        )


def _embedded_settings(data_dir: Path, *, role: DatabaseRole) -> dict[str, Any]:
    user = APP_ROLE if role == "app" else OWNER_ROLE
    return EmbeddedCluster(data_dir).connection_settings(DATABASE, user)


def _server_settings(env: Mapping[str, str], *, role: DatabaseRole) -> dict[str, Any]:
    owner = _parsed("DATABASE_URL", env["DATABASE_URL"])
    if role == "owner":
        return owner
    if env.get("LOANBOOK_APP_DATABASE_URL"):
        return _parsed("LOANBOOK_APP_DATABASE_URL", env["LOANBOOK_APP_DATABASE_URL"])
    password = env.get("LOANBOOK_APP_PASSWORD", owner["PASSWORD"])
    return owner | {"USER": APP_ROLE, "PASSWORD": password}


def _parsed(variable: str, url: str) -> dict[str, Any]:
    is_postgresql = url.startswith(SCHEMES)
    settings: dict[str, Any] = environ.Env.db_url_config(url) if is_postgresql else {}
    if not settings.get("NAME"):
        raise ImproperlyConfigured(f"{variable} must look like postgres://user:password@host:5432/database.")
    return settings


def _with_session_settings(settings: dict[str, Any], ours: Mapping[str, str]) -> dict[str, Any]:
    """Add settings of ours before any options of the URL, so that the URL has the last word."""
    told = " ".join(f"-c {name}={value}" for name, value in ours.items())
    options = dict(settings.get("OPTIONS", {}))
    options["options"] = f"{told} {options.get('options', '')}".rstrip()
    return settings | {"OPTIONS": options}
