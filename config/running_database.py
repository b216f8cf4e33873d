"""The embedded server for as long as a command needs it.

Owns: starting it before the command and stopping it afterwards, unless somebody else still uses it.
Refuses to know: how the server is started (``config.embedded_postgres``) and what the command does.
With DATABASE_URL the server is its operator's; nothing is started or stopped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, connections

from config.database import embedded_cluster

OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@contextmanager
def running_database(*, stop_always: bool = False) -> Iterator[None]:
    """Have a server answer inside the block; stop it at the end if the block started it.

    ``stop_always`` stops a server that was found running, too. Nobody's server is stopped while
    another client is connected to it. Raises EmbeddedPostgresError when none can be provided.
    """
    cluster = embedded_cluster(os.environ)
    if cluster is None:
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
    """Say whether anybody else is connected; a server that cannot be asked has nobody."""
    connections.close_all()
    try:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS)
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False
