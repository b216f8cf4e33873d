"""Which operating-system account runs the server, and what that account can reach.

PostgreSQL refuses to run as root, so root hands the server to the owner of the data directory, else to
`postgres`, else to `nobody`. Permission bits are read, never changed: opening someone's home directory to
make a database start is not ours to do.
"""

import os
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded_postgres.errors import EmbeddedPostgresError

ROOT = 0
FALLBACK_ACCOUNTS = ("postgres", "nobody")
INHERITED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAccount:
    """The account that owns the data directory, the socket directory and the server process."""

    uid: int
    gid: int
    demoted: bool

    def can_enter(self, directory: Path) -> bool:
        """Say whether every existing directory down to this one may be traversed by the account."""
        resolved = directory.resolve()
        return all(self._may_execute(path) for path in (resolved, *resolved.parents) if path.exists())

    def can_run(self, program: Path) -> bool:
        """Say whether the account can reach and execute a program."""
        return self.can_enter(program.resolve().parent) and self._may_execute(program)

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in a session of its own so that Ctrl-C passes it by."""
        return subprocess.run(  # noqa: S603 - the commands are PostgreSQL's own, built without a shell
            command,
            user=self.uid if self.demoted else None,
            group=self.gid if self.demoted else None,
            extra_groups=[] if self.demoted else None,
            env=_neutral_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )

    def give(self, path: Path) -> None:
        """Hand a path we just created to the account."""
        if self.demoted:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _may_execute(self, path: Path) -> bool:
        if not self.demoted:
            return os.access(path, os.X_OK)
        status = path.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def is_root() -> bool:
    """Say whether this process must hand the server to another account."""
    return os.geteuid() == ROOT


def own_account() -> ServerAccount:
    """Name the account of this process, which runs the server itself."""
    return ServerAccount(uid=os.geteuid(), gid=os.getegid(), demoted=False)


def owner_account(*, of: Path) -> ServerAccount:
    """Name the owner of an existing directory, refusing root, under which PostgreSQL will not run."""
    status = of.stat()
    if status.st_uid == ROOT:
        raise EmbeddedPostgresError(
            f"The PostgreSQL data in {of} belongs to root, and PostgreSQL refuses to run as root; "
            f"give it to an ordinary account with chown -R."
        )
    return ServerAccount(uid=status.st_uid, gid=status.st_gid, demoted=True)


def fallback_account() -> ServerAccount:
    """Name the unprivileged account that root hands a new server to."""
    import pwd

    for name in FALLBACK_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerAccount(uid=entry.pw_uid, gid=entry.pw_gid, demoted=True)
    raise EmbeddedPostgresError(
        "PostgreSQL refuses to run as root, and this machine has neither a postgres nor a nobody account."
    )


def _neutral_environment() -> dict[str, str]:
    """Keep the caller's locale, time zone and PG* variables from leaking into the cluster."""
    kept = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
