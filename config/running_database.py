"""The embedded server for as long as a command needs it.

Owns: starting it before the command and stopping it afterwards, unless somebody else still uses it.
Refuses to know: how the server is started (``config.embedded_postgres``) and what the command does.
With DATABASE_URL the server is its operator's; nothing is started or stopped.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, connections

from config.database import embedded_cluster

# Any role may see these columns of everybody's sessions; background workers leave one of them empty.
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datid IS NOT NULL AND usesysid IS NOT NULL AND pid <> pg_backend_pid()"
)
LEAVING_SECONDS_MAX = 2.0
POLL_SECONDS = 0.05


@contextmanager
def running_database(*, stop_always: bool = False) -> Iterator[None]:
    """Have a server answer inside the block; stop it at the end if the block started it.

    ``stop_always`` stops a server that was found running, too. Nobody's server is stopped while
    another client is connected to it. Raises EmbeddedPostgresError when none can be provided.
    """
    cluster = embedded_cluster(os.environ)
    if cluster is None or connection.settings_dict["HOST"] != str(cluster.socket_dir):
        # A server that someone else runs: the operator's, or the test suite's.
        yield
        return
    was_running = cluster.is_running()
    cluster.ensure()
    try:
        yield
    finally:
        if (stop_always or not was_running) and not _others_are_connected():
            connections.close_all()
            cluster.stop()


def _others_are_connected() -> bool:
    """Say whether anybody else stays connected; the sessions of a process that just ended soon leave."""
    connections.close_all()
    deadline = time.monotonic() + LEAVING_SECONDS_MAX
    while _others() > 0:
        if time.monotonic() > deadline:
            return True
        time.sleep(POLL_SECONDS)
    return False


def _others() -> int:
    try:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            count: int = cursor.fetchone()[0]
    except DatabaseError:
        return 0  # a server that cannot be asked has nobody
    return count
