"""What it takes to serve: web, worker and beat, as programs with their arguments.

Owns: the three programs, the port, and the words that announce them. Refuses to know: how children are
supervised (``config.processes``) and which database is served. The children log in as the
application's role, whatever role their parent has: they cannot rewrite history.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from config.child_process import Child, ChildSpec
from config.processes import run_together

REPOSITORY = Path(__file__).resolve().parent.parent
LOG_DIR = REPOSITORY / ".var" / "log"
HOST = "127.0.0.1"
PORT_DEFAULT = 8000
PORTS_TRIED = 50
WEB_WORKERS = 2
WEB_THREADS = 4
WORKER_PROCESSES = 2
ANSWER_SECONDS_MAX = 2.0
MIB = 1024 * 1024
PAGES = (
    ("API", "/api/v1/"),
    ("API documentation", "/api/v1/docs/"),
    ("Admin", "/admin/"),
)


class NoFreePort(Exception):
    """Every port that was tried is taken."""


def serve(
    *,
    port: int,
    log_dir: Path,
    say: Callable[[str], None],
    notes: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run web, worker and beat until Ctrl-C. Raises ChildDied, NotReady, NoFreePort."""
    free = free_port(port)
    if free != port:
        say(f"Port {port} is taken; port {free} serves.")

    def announce(children: Sequence[Child]) -> None:
        for line in (*addresses(free), *notes, f"Logs: {log_dir}", "Ctrl-C stops everything."):
            say(line)
        _print_memory_on_request(children, say=say)

    run_together(
        programs(port=free),
        log_dir=log_dir,
        env=child_environment(environment or {}),
        cwd=REPOSITORY,
        on_ready=announce,
    )


def programs(*, port: int) -> tuple[ChildSpec, ...]:
    """Return the programs that serve, in the order in which they start."""
    python = sys.executable
    web = (python, "-m", "gunicorn", "config.wsgi:application", "--worker-class", "gthread")
    celery = (python, "-m", "celery", "-A", "config.celery")
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return (
        ChildSpec(
            name="web",
            command=(*web, *_web_options(port)),
            is_ready=lambda: answers(port=port),
        ),
        ChildSpec(
            name="worker",
            command=(*celery, "worker", "--loglevel", "INFO", "--concurrency", str(WORKER_PROCESSES), *quiet),
        ),
        ChildSpec(name="beat", command=(*celery, "beat", "--loglevel", "INFO", "--pidfile=")),
    )


def _web_options(port: int) -> tuple[str, ...]:
    return (
        *("--bind", f"{HOST}:{port}", "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)),
        # The control socket would lie in the home directory, one for all copies that run.
        *("--graceful-timeout", "15", "--no-control-socket"),
    )


def child_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the children: the parent's, with the application's database role."""
    return {**os.environ, **environment, "LOANBOOK_DATABASE_ROLE": "app", "PYTHONUNBUFFERED": "1"}


def addresses(port: int) -> tuple[str, ...]:
    """Return one line per page that can be opened."""
    return tuple(f"{name:18} http://{HOST}:{port}{path}" for name, path in PAGES)


def free_port(first: int) -> int:
    """Return the first port from ``first`` on that nobody listens on. Raises NoFreePort."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            # As the web server does; without it a port just left would count as taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise NoFreePort(f"No port from {first} on is free.")


def answers(*, port: int) -> bool:
    """Say whether the web process answers that it is alive."""
    client = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS_MAX)
    try:
        client.request("GET", "/livez")
        return client.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        client.close()


def memory_lines(children: Sequence[Child]) -> tuple[str, ...]:
    """Return what each child holds, for a person or a benchmark to read."""
    measured = [child.memory() for child in children]
    return tuple(
        f"memory {row.name}: resident {row.resident / MIB:.1f} MiB, own {row.own / MIB:.1f} MiB,"
        f" {row.processes} processes"
        for row in measured
    )


def _print_memory_on_request(children: Sequence[Child], *, say: Callable[[str], None]) -> None:
    """Print the children's memory whenever the parent receives SIGUSR1."""

    def on_signal(_signal: int, _frame: FrameType | None) -> None:
        for line in memory_lines(children):
            say(line)

    signal.signal(signal.SIGUSR1, on_signal)
