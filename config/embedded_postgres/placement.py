"""Where the data of a cluster really lives, and who owns it.

Normally that is the directory asked for. When root hands the server to an account that cannot reach that
directory, the data moves to a place derived from the path, so that every process finds the same one. Data
that already exists always wins over the rule, so a later change of permissions never hides it.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.identity import (
    ROOT,
    ServerAccount,
    fallback_account,
    is_root,
    own_account,
    owner_account,
)

RELOCATED_DATA_ROOT = Path("/var/lib")
VERSION_FILE = "PG_VERSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The directory that holds the cluster, and the account that runs it."""

    home: Path
    account: ServerAccount

    @property
    def is_initialised(self) -> bool:
        """Say whether initdb has finished here."""
        return (self.home / VERSION_FILE).exists()

    @property
    def lock_file(self) -> Path:
        """Name the file that racing starters queue at."""
        return self.home.with_name(f"{self.home.name}.lock")

    def refuse_unusable(self) -> None:
        """Refuse, with EmbeddedPostgresError, a place out of the account's reach or taken by other files."""
        if not self.account.can_enter(self.home.parent):
            raise EmbeddedPostgresError(f"The account that owns {self.home} cannot reach it from above.")
        # Contents first: initdb's result appears whole, so files seen before its version file are foreign.
        if self.home.exists() and any(self.home.iterdir()) and not self.is_initialised:
            raise EmbeddedPostgresError(
                f"{self.home} holds files but no PostgreSQL data; choose an empty LOANBOOK_DATA_DIR."
            )

    def create_parents(self) -> None:
        """Create missing parent directories, reachable for the account whatever the caller's umask."""
        if not self.account.demoted:
            self.home.parent.mkdir(parents=True, exist_ok=True)
            return
        umask = os.umask(0o022)
        try:
            self.home.parent.mkdir(parents=True, exist_ok=True)
        finally:
            os.umask(umask)


def fingerprint(path: Path) -> str:
    """Shorten a path to a name that is stable and fits a socket address."""
    return sha256(os.fsencode(path)).hexdigest()[:16]


def relocated_home(data_dir: Path) -> Path:
    """Name the stand-in for a directory that the server's account cannot reach."""
    return RELOCATED_DATA_ROOT / f"loanbook-{fingerprint(data_dir)}" / "postgres"


def place(data_dir: Path) -> Placement:
    """Decide where the cluster of this data directory lives and which account runs it."""
    return _place_as_root(data_dir) if is_root() else _place_as_user(data_dir)


def _place_as_user(data_dir: Path) -> Placement:
    account = own_account()
    if data_dir.exists() and data_dir.stat().st_uid != account.uid:
        raise EmbeddedPostgresError(
            f"The PostgreSQL data directory {data_dir} belongs to another account (uid "
            f"{data_dir.stat().st_uid}); run as that account, or choose another LOANBOOK_DATA_DIR."
        )
    return Placement(home=data_dir, account=account)


def _place_as_root(data_dir: Path) -> Placement:
    for home in (data_dir, relocated_home(data_dir)):
        if (home / VERSION_FILE).exists():
            return Placement(home=home, account=owner_account(of=home))
    account = _account_for_new_data(data_dir)
    home = data_dir if account.can_enter(data_dir.parent) else relocated_home(data_dir)
    return Placement(home=home, account=account)


def _account_for_new_data(data_dir: Path) -> ServerAccount:
    if data_dir.exists() and data_dir.stat().st_uid != ROOT:
        return owner_account(of=data_dir)
    return fallback_account()
