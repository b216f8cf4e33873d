"""The server process: whether it is alive and ours, how it ends, and what a crash leaves behind.

A process number in postmaster.pid proves nothing: after a crash it may belong to any program. A server is
ours when it is named postgres, is no zombie, and carries our data directory on its command line. Files are
removed only after every process that could still write to the data has gone.
"""

import signal
import time
from pathlib import Path

import psutil

from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.sockets import SOCKET_NAME

PID_FILE = "postmaster.pid"
SERVER_NAME = "postgres"
STOP_SECONDS_MAX = 60.0
SURVIVOR_SECONDS_MAX = 10.0
POLL_SECONDS = 0.02


def running_pid(home: Path) -> int | None:
    """Return the process number of the live server of this data directory, or None."""
    pid = _recorded_pid(home / PID_FILE)
    return pid if pid is not None and _is_server_of(pid, home=home) else None


def stop_server(home: Path) -> None:
    """Shut the server down, disconnecting clients but losing no committed row."""
    pid = running_pid(home)
    if pid is None:
        return
    psutil.Process(pid).send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
    deadline = time.monotonic() + STOP_SECONDS_MAX
    while _is_server_of(pid, home=home):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"The PostgreSQL server {pid} of {home} did not stop.")
        time.sleep(POLL_SECONDS)


def clear_after_crash(home: Path, *, socket_dir: Path) -> None:
    """Remove what keeps a new server from starting although the old one is gone.

    PostgreSQL itself sorts out a process number that is free; only a number that another program has
    taken over since needs help, and only once no orphaned backend can write any more.
    """
    _end_survivors(home)
    for lock in (home / PID_FILE, socket_dir / f"{SOCKET_NAME}.lock"):
        pid = _recorded_pid(lock)
        if pid is not None and psutil.pid_exists(pid):
            lock.unlink(missing_ok=True)


def _recorded_pid(lock: Path) -> int | None:
    try:
        return abs(int(lock.read_text().split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return None


def _is_server_of(pid: int, *, home: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return _is_live_postgres(process) and str(home) in process.cmdline()
    except psutil.Error:
        return False


def _is_live_postgres(process: psutil.Process) -> bool:
    name: str = process.name()
    return name.startswith(SERVER_NAME) and process.status() != psutil.STATUS_ZOMBIE


def _end_survivors(home: Path) -> None:
    """Wait for backends whose parent was killed, then quit those that linger."""
    survivors = _backends_of(home)
    if not survivors:
        return
    _, lingering = psutil.wait_procs(survivors, timeout=SURVIVOR_SECONDS_MAX / 2)
    for process in lingering:
        process.send_signal(signal.SIGQUIT)
    _, lingering = psutil.wait_procs(lingering, timeout=SURVIVOR_SECONDS_MAX / 2)
    if lingering:
        raise EmbeddedPostgresError(
            f"Processes of a crashed server still use {home}: {[process.pid for process in lingering]}."
        )


def _backends_of(home: Path) -> list[psutil.Process]:
    return [process for process in psutil.process_iter(["name"]) if _works_in(process, home=home)]


def _works_in(process: psutil.Process, *, home: Path) -> bool:
    try:
        return _is_live_postgres(process) and Path(process.cwd()) == home
    except psutil.Error:
        return False
