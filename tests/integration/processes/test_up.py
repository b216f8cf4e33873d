"""``manage.py up`` for real: it serves, and whatever ends it, nothing is left running.

Each test starts the database, web, worker and beat, in a directory and on a port of its own.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.embedded_postgres import EmbeddedCluster
from config.serving import free_port

pytestmark = [pytest.mark.processes, pytest.mark.slow]

REPOSITORY = Path(__file__).resolve().parents[3]
OF_THE_SUITE = ("DATABASE", "DJANGO", "LOANBOOK", "CELERY")
READY = "Ctrl-C stops everything."
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 60


class Served:
    """One running ``up``."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.port = free_port(18000 + os.getpid() % 1000)
        self.cluster = EmbeddedCluster(place / "postgres")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(OF_THE_SUITE)}
        environment |= {"LOANBOOK_DATA_DIR": str(self.cluster.data_dir), "PYTHONUNBUFFERED": "1"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "manage.py",
                    "up",
                    "--port",
                    str(self.port),
                    "--log-dir",
                    str(place / "log"),
                ],
                cwd=REPOSITORY,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for(lambda: READY in self.said(), seconds=START_SECONDS_MAX)
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    @property
    def output(self) -> Path:
        return self.place / "output"

    def said(self) -> str:
        return self.output.read_text()

    def child(self, words: str) -> psutil.Process:
        direct = psutil.Process(self.process.pid).children()
        (found,) = (child for child in direct if words in " ".join(child.cmdline()))
        return found

    def get(self, path: str) -> int:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", path)
            return client.getresponse().status
        finally:
            client.close()

    def wait_for(self, condition, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def ends_with(self, status: int) -> None:
        assert self.process.wait(STOP_SECONDS_MAX) == status, self.said()
        # A killed process takes a moment to leave the table.
        _, alive = psutil.wait_procs(self.family, timeout=10)
        assert alive == []
        assert not self.cluster.is_running()


@pytest.fixture
def served() -> Iterator[Served]:
    place = Path(tempfile.mkdtemp(prefix="loanbook-up-", dir="/tmp"))
    place.chmod(0o755)
    running = Served(place)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
        psutil.wait_procs(running.family, timeout=30)
        running.cluster.stop()
        shutil.rmtree(place)


def test_serves_until_it_is_interrupted_and_leaves_nothing_behind(served):
    assert served.get("/livez") == 200
    assert served.get("/readyz") == 200
    assert "the first business date is" in served.said()
    # The worker does what beat asks for, over the queue in the database.
    log = served.place / "log" / "worker.log"
    served.wait_for(lambda: "ledger.follow" in log.read_text() and "succeeded" in log.read_text(), seconds=60)
    served.process.send_signal(signal.SIGUSR1)
    served.wait_for(lambda: served.said().count("memory ") == 3, seconds=30)
    served.process.send_signal(signal.SIGINT)
    served.ends_with(0)
    assert served.said().rstrip().endswith("Stopped.")


def test_stops_everything_and_names_the_worker_when_it_is_killed(served):
    served.child("config.celery worker").kill()
    served.ends_with(1)
    assert "worker ended by itself (signal SIGKILL)" in served.said()
    assert "Traceback" not in served.said()
