"""How much memory does a web and a worker process hold after some work?

Each is started as it is in production, given requests or tasks, and asked for its resident set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

from bench.setting import REPOSITORY, open_empty_books

BAR_MB = 250
PORT = 8791


def web_and_worker() -> dict:
    """Return the largest resident set of any process of each kind, in megabytes."""
    open_empty_books()
    environment = {**os.environ, "LOANBOOK_DATABASE_ROLE": "app", "LOANBOOK_NUDGE": "celery"}
    web = _start(environment, "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}", "--threads", "4")
    worker = _start(
        environment,
        "celery",
        "-A",
        "config.celery",
        "worker",
        "--concurrency",
        "2",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    )
    try:
        _work()
        result = {"web_mb": _largest(web), "worker_mb": _largest(worker)}
    finally:
        for child in (web, worker):
            child.terminate()
            child.wait(timeout=30)
    result |= {"bar": BAR_MB, "met": max(result["web_mb"], result["worker_mb"]) <= BAR_MB}
    return result


def _start(environment: dict, module: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _work() -> None:
    from ledger.tasks import follow

    deadline = time.monotonic() + 40
    answered = 0
    while answered < 200 and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/schema", timeout=10).read()
            answered += 1
        except (urllib.error.HTTPError, TimeoutError):
            answered += 1
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
        if answered % 40 == 0 and answered:
            follow.delay()
    time.sleep(5)


def _largest(process: subprocess.Popen) -> float:
    import psutil

    parent = psutil.Process(process.pid)
    return max(member.memory_info().rss for member in [parent, *parent.children(recursive=True)]) / 1e6
