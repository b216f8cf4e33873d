"""A private PostgreSQL cluster for machines that have none: found, initialised, started, healed, stopped.

Importing this package starts nothing. It knows nothing of Django, of migrations, or of what the tables
mean; it hands out connection settings and the promise that a server answers behind them.
"""

from config.embedded_postgres.cluster import EmbeddedCluster
from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.roles import APP_ROLE, DATABASE, OWNER_ROLE

__all__ = ["APP_ROLE", "DATABASE", "OWNER_ROLE", "EmbeddedCluster", "EmbeddedPostgresError"]
