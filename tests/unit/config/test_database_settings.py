"""Tests of which database is chosen, and as whom; no server is involved."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import (
    check_server_version,
    data_directory,
    database_role,
    database_settings,
    embedded_cluster,
    ensure_database_running,
)

SERVER = {"DATABASE_URL": "postgres://books:s%40cret@db.example:6432/ledger?sslmode=require"}
EVERYBODYS = "-c jit=off -c search_path=public,pg_temp"
APP_LIMITS = f"{EVERYBODYS} -c lock_timeout=2s -c idle_in_transaction_session_timeout=60s"


@dataclass(frozen=True)
class Connection:
    pg_version: int


class TestEmbeddedSettings:
    def test_the_application_logs_in_as_a_role_that_owns_nothing(self, tmp_path: Path) -> None:
        settings = database_settings({}, data_dir=tmp_path, role="app")
        assert (settings["NAME"], settings["USER"]) == ("loanbook", "loanbook_app")

    def test_migrations_log_in_as_the_owner(self, tmp_path: Path) -> None:
        assert database_settings({}, data_dir=tmp_path, role="owner")["USER"] == "loanbook"

    def test_the_host_is_a_short_socket_directory_derived_from_the_data_path(self, tmp_path: Path) -> None:
        deep = tmp_path / ("d" * 100) / ("e" * 100)
        first, again = (database_settings({}, data_dir=deep, role="app")["HOST"] for _ in range(2))
        other = database_settings({}, data_dir=tmp_path, role="app")["HOST"]
        assert first == again != other
        assert len(first) + len("/.s.PGSQL.5432.lock") < 100

    def test_asking_for_settings_creates_nothing(self, tmp_path: Path) -> None:
        settings = database_settings({}, data_dir=tmp_path / "data", role="app")
        assert not (tmp_path / "data").exists()
        assert not Path(settings["HOST"]).exists()

    def test_an_empty_url_counts_as_none(self, tmp_path: Path) -> None:
        settings = database_settings({"DATABASE_URL": ""}, data_dir=tmp_path, role="app")
        assert settings["USER"] == "loanbook_app"


class TestServerSettings:
    def test_the_owner_is_the_user_of_the_url(self, tmp_path: Path) -> None:
        settings = database_settings(SERVER, data_dir=tmp_path, role="owner")
        assert (settings["USER"], settings["PASSWORD"]) == ("books", "s@cret")
        assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", 6432, "ledger")

    def test_the_application_takes_the_owners_password_unless_it_has_one(self, tmp_path: Path) -> None:
        shared = database_settings(SERVER, data_dir=tmp_path, role="app")
        own = database_settings(SERVER | {"LOANBOOK_APP_PASSWORD": "mine"}, data_dir=tmp_path, role="app")
        assert (shared["USER"], shared["PASSWORD"]) == ("loanbook_app", "s@cret")
        assert (own["USER"], own["PASSWORD"]) == ("loanbook_app", "mine")

    def test_an_application_url_replaces_the_whole_connection(self, tmp_path: Path) -> None:
        env = SERVER | {"LOANBOOK_APP_DATABASE_URL": "postgres://web:pw@pooler/ledger"}
        settings = database_settings(env, data_dir=tmp_path, role="app")
        assert (settings["HOST"], settings["USER"], settings["PASSWORD"]) == ("pooler", "web", "pw")
        assert database_settings(env, data_dir=tmp_path, role="owner")["USER"] == "books"

    @pytest.mark.parametrize("url", ["mysql://u@h/d", "sqlite:///d", "postgres://u@h/", "nonsense://x/y"])
    @pytest.mark.parametrize("variable", ["DATABASE_URL", "LOANBOOK_APP_DATABASE_URL"])
    def test_a_url_that_is_not_postgresql_is_refused_by_name(
        self, tmp_path: Path, variable: str, url: str
    ) -> None:
        with pytest.raises(ImproperlyConfigured, match=variable):
            database_settings(SERVER | {variable: url}, data_dir=tmp_path, role="app")


class TestSessionSettings:
    @pytest.mark.parametrize("env", [{}, SERVER])
    def test_only_the_application_is_held_to_time_limits(self, tmp_path: Path, env: dict[str, str]) -> None:
        app = database_settings(env, data_dir=tmp_path, role="app")
        owner = database_settings(env, data_dir=tmp_path, role="owner")
        assert app["OPTIONS"]["options"] == APP_LIMITS
        assert owner["OPTIONS"]["options"] == EVERYBODYS

    def test_options_of_the_url_are_kept_and_have_the_last_word(self, tmp_path: Path) -> None:
        env = {"DATABASE_URL": SERVER["DATABASE_URL"] + "&options=-c%20lock_timeout%3D9s"}
        options = database_settings(env, data_dir=tmp_path, role="app")["OPTIONS"]
        assert options == {"sslmode": "require", "options": f"{APP_LIMITS} -c lock_timeout=9s"}

    @pytest.mark.parametrize("role", ["app", "owner"])
    def test_connections_are_kept_for_a_minute_without_a_pool(self, tmp_path: Path, role: str) -> None:
        settings = database_settings({}, data_dir=tmp_path, role=role)
        assert settings["CONN_MAX_AGE"] == 60
        assert "pool" not in settings.get("OPTIONS", {})


class TestDatabaseRole:
    @pytest.mark.parametrize(
        ("env", "role"),
        [
            ({}, "app"),
            ({"LOANBOOK_DATABASE_ROLE": ""}, "app"),
            ({"LOANBOOK_DATABASE_ROLE": "app"}, "app"),
            ({"LOANBOOK_DATABASE_ROLE": "owner"}, "owner"),
        ],
    )
    def test_is_the_application_unless_the_environment_says_owner(
        self, env: dict[str, str], role: str
    ) -> None:
        assert database_role(env) == role

    def test_takes_the_callers_default_when_the_environment_is_silent(self) -> None:
        assert database_role({}, default="owner") == "owner"

    def test_refuses_any_other_word(self) -> None:
        with pytest.raises(ImproperlyConfigured, match="root"):
            database_role({"LOANBOOK_DATABASE_ROLE": "root"})


class TestDataDirectory:
    def test_lies_in_the_checkout_by_default(self) -> None:
        assert data_directory({}).parts[-2:] == (".var", "postgres")

    def test_can_be_chosen(self, tmp_path: Path) -> None:
        assert data_directory({"LOANBOOK_DATA_DIR": str(tmp_path)}) == tmp_path


class TestEnsureDatabaseRunning:
    def test_leaves_a_named_server_to_its_operator(self, tmp_path: Path) -> None:
        ensure_database_running(SERVER, data_dir=tmp_path / "data")
        assert embedded_cluster(SERVER) is None
        assert not (tmp_path / "data").exists()


class TestCheckServerVersion:
    @pytest.mark.parametrize("version", [150000, 150020, 160003, 170010, 180006])
    def test_accepts_supported_servers(self, version: int) -> None:
        check_server_version(Connection(pg_version=version))

    @pytest.mark.parametrize(("version", "told"), [(140009, "PostgreSQL 14"), (190000, "PostgreSQL 19")])
    def test_refuses_others_and_names_the_range(self, version: int, told: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=f"{told}; Loanbook supports 15 to 18"):
            check_server_version(Connection(pg_version=version))
