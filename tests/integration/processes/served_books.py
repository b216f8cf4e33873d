"""Books that are served by real processes: web and worker of their own, on a database of their own.

The processes log in as the application's role and talk to the broker that CELERY_BROKER_URL names, or to the
queue tables of the database.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from kombu import Connection as Broker

from config.serving import answers, free_port, programs

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60


class ServedBooks:
    """A database with web and worker, and what a test may do to them."""

    def __init__(self, log_dir: Path) -> None:
        self.name = f"test_served_{uuid.uuid4().hex[:8]}"
        self.port = free_port(8600 + os.getpid() % 300)
        self.log_dir = log_dir
        self.children: dict[str, subprocess.Popen] = {}
        self.environment = _environment(self.name)

    def manage(self, *arguments: str, owner: bool = True, check: bool = True) -> subprocess.CompletedProcess:
        environment = {**self.environment, "LOANBOOK_DATABASE_ROLE": "owner" if owner else "app"}
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def python(self, text: str) -> str:
        """Run a few lines inside the served books, as the application."""
        return self.manage("shell", "--no-imports", "-c", text, owner=False).stdout

    def start(self, name: str) -> None:
        spec = next(spec for spec in programs(port=self.port) if spec.name == name)
        environment = {**self.environment, "LOANBOOK_DATABASE_ROLE": "app", "LOANBOOK_NUDGE": "celery"}
        log = (self.log_dir / f"{name}.log").open("ab")
        self.children[name] = subprocess.Popen(
            spec.command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        if name == "web":
            self.wait_until(lambda: answers(port=self.port), what="the web process answers")

    def kill(self, name: str) -> None:
        """End a process and its children with -9."""
        child = self.children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def wait_until(self, condition, *, what: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"gave up waiting until {what}\n{self._logs()}"
            time.sleep(0.1)

    def row(self, sql: str, *parameters):
        with psycopg.connect(**_login(self.name)) as plain:
            return plain.execute(sql, parameters).fetchone()

    def _logs(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in sorted(self.log_dir.glob("*.log")))

    def close(self) -> None:
        for name in list(self.children):
            self.kill(name)


class Caller:
    """Someone with a token."""

    def __init__(self, books: ServedBooks, token: str) -> None:
        self.books, self.token = books, token

    def get(self, path: str):
        return self._send("GET", path, None, {})

    def post(self, path: str, body=None, *, key: str | None = None, status: int | None = None):
        headers = {"Idempotency-Key": key or uuid.uuid4().hex, "Content-Type": "application/json"}
        answer_status, answer = self._send("POST", path, json.dumps(body or {}).encode(), headers)
        assert answer_status == status if status else answer_status < 300, (answer_status, answer)
        return answer

    def upload(self, path: str, *, file: str, fields: dict[str, str]):
        """Send a form with one file, as a browser would."""
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}'
            for name, text in fields.items()
        ]
        head = 'Content-Disposition: form-data; name="file"; filename="orders.csv"\r\nContent-Type: text/csv'
        parts.append(f"--{mark}\r\n{head}\r\n\r\n{file}")
        body = ("\r\n".join(parts) + f"\r\n--{mark}--\r\n").encode()
        headers = {
            "Idempotency-Key": uuid.uuid4().hex,
            "Content-Type": f"multipart/form-data; boundary={mark}",
        }
        status, answer = self._send("POST", path, body, headers)
        assert status < 300, (status, answer)
        return answer

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.books.port}/api/v1/{path}",
            data=body,
            method=method,
            headers={"Authorization": f"Bearer {self.token}", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@contextmanager
def served_books(log_dir: Path):
    """Make a database, migrate it, and take everything away at the end."""
    books = ServedBooks(log_dir)
    with psycopg.connect(**_login("postgres"), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{books.name}"')
    try:
        books.manage("migrate", "--verbosity", "0")
        yield books
    finally:
        books.close()
        _delete_queue(books.name)
        with psycopg.connect(**_login("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{books.name}" WITH (FORCE)')


def _delete_queue(name: str) -> None:
    """Leave no queue behind on a broker that others use."""
    url = os.environ.get("CELERY_BROKER_URL")
    if url:
        with Broker(url) as broker, broker.channel() as channel:
            channel.queue_delete(name)


def _login(database: str) -> dict:
    settings = connection.settings_dict
    return {
        "host": settings["HOST"] or None,
        "port": settings["PORT"] or None,
        "user": settings["USER"],
        "password": settings["PASSWORD"] or None,
        "dbname": database,
    }


def _environment(name: str) -> dict[str, str]:
    from config.settings.test import TEST_DATA_DIR

    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return {
        **environment,
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "LOANBOOK_DATA_DIR": str(TEST_DATA_DIR),
        "LOANBOOK_DATABASE_NAME": name,
        "LOANBOOK_QUEUE": name,
        "LOANBOOK_LOG_LEVEL": "INFO",
    }
