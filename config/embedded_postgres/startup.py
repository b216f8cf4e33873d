"""From a directory to a live server: choose programs, initialise once, clear a crash, launch.

Called by one process at a time, under the cluster's lock. It knows how PostgreSQL is started and nothing
of who may use it afterwards.
"""

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from config.embedded_postgres.binaries import BUILTIN_LOCALE_SINCE, Binaries, find_binaries
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.placement import VERSION_FILE, Placement
from config.embedded_postgres.postmaster import clear_after_crash
from config.embedded_postgres.roles import OWNER_ROLE

START_SECONDS_MAX = 60
LOG_FILE = "server.log"
LOG_TAIL_CHARACTERS = 2000
BASE_SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "200"}
# Commits still reach the operating system, so a killed server loses nothing; only a power cut does.
FORGETFUL_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
# pg_ctl hands the data directory to a shell between double quotes.
UNQUOTABLE = re.compile(r'["$`\\\n]')


def start_server(
    placement: Placement, *, socket_dir: Path, durable: bool, extra_settings: Mapping[str, str]
) -> None:
    """Start the server, creating its data first if there is none.

    Raises EmbeddedPostgresError for missing programs, another major version, or a server that fails.
    """
    if UNQUOTABLE.search(str(placement.home)):
        raise EmbeddedPostgresError(f"PostgreSQL cannot be started below the path {placement.home}.")
    binaries = find_binaries(env=os.environ).reachable_by(placement.account)
    _refuse_version(binaries.major_version(account=placement.account), placement=placement)
    if not placement.is_initialised:
        _initialise(placement, binaries=binaries, durable=durable)
    clear_after_crash(placement.home, socket_dir=socket_dir)
    settings = BASE_SETTINGS | ({} if durable else FORGETFUL_SETTINGS) | dict(extra_settings)
    _launch(placement, binaries=binaries, settings=settings | {"unix_socket_directories": str(socket_dir)})


def _refuse_version(version: int, *, placement: Placement) -> None:
    """Refuse programs that cannot make our locale, and data written by another major version."""
    if version < BUILTIN_LOCALE_SINCE:
        raise EmbeddedPostgresError(
            f"PostgreSQL {version} cannot run embedded; version {BUILTIN_LOCALE_SINCE} or newer can."
        )
    if not placement.is_initialised:
        return
    written_by = (placement.home / VERSION_FILE).read_text().strip()
    if written_by != str(version):
        raise EmbeddedPostgresError(
            f"The data in {placement.home} was written by PostgreSQL {written_by}, but the programs are "
            f"PostgreSQL {version}. Dump it with pg_dump of {written_by} and restore it into an empty "
            f"LOANBOOK_DATA_DIR, or point LOANBOOK_PG_BIN at PostgreSQL {written_by}."
        )


def _initialise(placement: Placement, *, binaries: Binaries, durable: bool) -> None:
    """Run initdb beside the final place and move it there, so that half a cluster is never seen."""
    unfinished = placement.home.with_name(f"{placement.home.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    placement.account.give(unfinished)
    command = [binaries.program("initdb"), "-D", str(unfinished), "-U", OWNER_ROLE, "--encoding=UTF8"]
    command += ["--locale-provider=builtin", "--locale=C.UTF-8", "--auth-local=trust", "--auth-host=reject"]
    result = placement.account.run(command if durable else [*command, "--no-sync"])
    if result.returncode != 0:
        raise EmbeddedPostgresError(f"initdb failed: {result.stderr.strip() or result.stdout.strip()}.")
    unfinished.rename(placement.home)


def _launch(placement: Placement, *, binaries: Binaries, settings: Mapping[str, str]) -> None:
    log = placement.home / LOG_FILE
    options = shlex.join(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    command = [binaries.program("pg_ctl"), "start", "-D", str(placement.home), "-l", str(log)]
    result = placement.account.run([*command, "-w", "-t", str(START_SECONDS_MAX), "-o", options])
    if result.returncode != 0:
        told = log.read_text(errors="replace")[-LOG_TAIL_CHARACTERS:] if log.exists() else result.stderr
        raise EmbeddedPostgresError(f"PostgreSQL did not start; the end of {log} says:\n{told.strip()}\n")
