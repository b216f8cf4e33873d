"""The private directory of the server's Unix socket: its name, its creation, and whether to trust it.

The name is a pure function of the data directory, so settings are static and every process computes the
same one. It is short because a socket address holds about a hundred bytes, and it lies in the shared
/tmp, so its owner and mode are checked before anything is sent through it.
"""

import stat
from contextlib import suppress
from pathlib import Path

from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.identity import ServerAccount
from config.embedded_postgres.placement import fingerprint

# A fixed place: TMPDIR differs between shells, and two names for one server would be two truths.
SOCKET_ROOT = Path("/tmp")  # noqa: S108 - ownership is verified by trust_socket_directory
PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"


def socket_directory(data_dir: Path) -> Path:
    """Name the socket directory that belongs to a data directory."""
    return SOCKET_ROOT / f"loanbook-pg-{fingerprint(data_dir)}"


def prepare_socket_directory(directory: Path, *, account: ServerAccount) -> None:
    """Create the directory for the account alone, replacing an empty one left by another account."""
    if _is_private_to(directory, account=account):
        return
    with suppress(OSError):
        directory.rmdir()
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        account.give(directory)
    trust_socket_directory(directory, account=account)


def trust_socket_directory(directory: Path, *, account: ServerAccount) -> None:
    """Refuse a socket directory that another account could have put there or can write to."""
    if not _is_private_to(directory, account=account):
        raise EmbeddedPostgresError(
            f"The socket directory {directory} is not private to the account that runs the server "
            f"(uid {account.uid}); remove it if nothing uses it."
        )


def remove_socket_directory(directory: Path) -> None:
    """Remove the directory once the server has left it."""
    with suppress(OSError):
        directory.rmdir()


def _is_private_to(directory: Path, *, account: ServerAccount) -> bool:
    try:
        status = directory.lstat()
    except FileNotFoundError:
        return False
    is_private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    return is_private and status.st_uid == account.uid
