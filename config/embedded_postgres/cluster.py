"""The life of one embedded cluster: ensure it runs, stop it, say how to connect.

Every process may call ensure() at any time; a lock file makes one of them do the work. The server is
started in a session of its own and outlives its starter. This module knows no table and no framework.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import fasteners

from config.embedded_postgres import postmaster, roles, sockets
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.placement import Placement, place
from config.embedded_postgres.startup import START_SECONDS_MAX, start_server

# The file lock excludes processes, not the threads of one process.
_threads_of_this_process = threading.Lock()


@dataclass(frozen=True)
class EmbeddedCluster:
    """A PostgreSQL server kept in one directory and reached through one private socket.

    With durable=False a power cut may lose or corrupt the data: for tests only. Extra settings apply when
    the server starts; a server that already runs keeps those it was started with.
    """

    data_dir: Path
    durable: bool = True
    extra_settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_dir", Path(self.data_dir).expanduser().resolve())

    @property
    def socket_dir(self) -> Path:
        """Name the socket directory, without touching the disk or the server."""
        return sockets.socket_directory(self.data_dir)

    def ensure(self) -> None:
        """Make the server run, with its roles and database; do nothing when it already does.

        Raises EmbeddedPostgresError when no server can be provided.
        """
        with _told_as_one_fault():
            placement = place(self.data_dir)
            if not self._is_ready(placement):
                self._ensure_locked(placement)

    def stop(self) -> None:
        """Stop the server, if it runs, and wait until it has gone."""
        with _told_as_one_fault():
            placement = place(self.data_dir)
            if not placement.is_initialised:
                return
            with _one_at_a_time(placement.lock_file):
                postmaster.stop_server(placement.home)
                sockets.remove_socket_directory(self.socket_dir)

    def is_running(self) -> bool:
        """Say whether the server process of this data directory is alive."""
        with _told_as_one_fault():
            return postmaster.running_pid(place(self.data_dir).home) is not None

    def connection_settings(self, database: str, user: str) -> dict[str, Any]:
        """Describe the connection in Django's terms; nothing is started by asking."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": user,
            "PASSWORD": "",
            "HOST": str(self.socket_dir),
            "PORT": str(sockets.PORT),
        }

    def ensure_database(self, name: str, owner: str) -> None:
        """Create a database for an existing role in the running server, unless it is there."""
        roles.create_database(self.socket_dir, name=name, owner=owner)

    def _is_ready(self, placement: Placement) -> bool:
        if postmaster.running_pid(placement.home) is None or not self.socket_dir.exists():
            return False
        sockets.trust_socket_directory(self.socket_dir, account=placement.account)
        return self._has_socket() and roles.is_furnished(self.socket_dir)

    def _has_socket(self) -> bool:
        return (self.socket_dir / sockets.SOCKET_NAME).exists()

    def _ensure_locked(self, placement: Placement) -> None:
        placement.refuse_unusable()
        placement.create_parents()
        with _one_at_a_time(placement.lock_file):
            if self._is_ready(placement):
                return
            sockets.prepare_socket_directory(self.socket_dir, account=placement.account)
            if not self._has_socket():
                postmaster.stop_server(placement.home)  # alive but unreachable: its socket was swept away
            if postmaster.running_pid(placement.home) is None:
                self._start(placement)
            roles.wait_until_accepting(self.socket_dir, seconds_max=START_SECONDS_MAX)
            roles.furnish(self.socket_dir)

    def _start(self, placement: Placement) -> None:
        start_server(
            placement,
            socket_dir=self.socket_dir,
            durable=self.durable,
            extra_settings=self.extra_settings,
        )


@contextmanager
def _one_at_a_time(lock_file: Path) -> Iterator[None]:
    with _threads_of_this_process, fasteners.InterProcessLock(lock_file):
        yield


@contextmanager
def _told_as_one_fault() -> Iterator[None]:
    """Refuse systems without Unix sockets, and turn the operating system's errors into ours."""
    if os.name != "posix":
        raise EmbeddedPostgresError("The embedded PostgreSQL server runs on Linux and macOS only.")
    try:
        yield
    except OSError as error:
        raise EmbeddedPostgresError(f"The embedded PostgreSQL server failed: {error}.") from error
