"""One child process: a program in a session of its own, its log, its death and its memory.

Owns: starting it, telling whether it lives, killing what it leaves behind, measuring it.
Refuses to know: what the program does, and which other children there are (``config.processes``).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

LOG_TAIL_LINES = 20
_PR_SET_PDEATHSIG = 1  # of Linux's <sys/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ChildDied(Exception):
    """A child ended although nobody asked it to."""

    def __init__(self, name: str, *, status: int, log: Path) -> None:
        super().__init__(f"{name} ended by itself ({_status_text(status)}). The end of {log}:\n{tail(log)}")
        self.name = name


@dataclass(frozen=True, kw_only=True)
class ChildSpec:
    """A program to run; ``is_ready`` says when it answers, if that can be asked."""

    name: str
    command: Sequence[str]
    is_ready: Callable[[], bool] | None = None


@dataclass(frozen=True)
class ChildMemory:
    """What one child and its own children hold, in bytes; ``own`` leaves out what they share."""

    name: str
    processes: int
    resident: int
    own: int


class Child:
    """One running program."""

    def __init__(self, spec: ChildSpec, *, log_dir: Path, env: Mapping[str, str], cwd: Path) -> None:
        self.spec = spec
        self.log = log_dir / f"{spec.name}.log"
        with self.log.open("wb") as log:
            # A session of its own: Ctrl-C in the terminal reaches the parent alone, which decides the
            # order of the end, and the whole group can be killed.
            self.process = subprocess.Popen(  # noqa: S603 - the command is ours
                list(spec.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_end_with_parent if _LIBC else None,  # noqa: PLW1509 - one prctl call
            )

    def check_alive(self) -> None:
        """Raise ChildDied when the program has ended."""
        status = self.process.poll()
        if status is not None:
            raise ChildDied(self.spec.name, status=status, log=self.log)

    @property
    def is_ready(self) -> bool:
        """Say whether the program answers; one that cannot be asked counts as ready."""
        return self.spec.is_ready is None or self.spec.is_ready()

    def end_group(self) -> None:
        """Kill whatever is left of the program and of the processes it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def memory(self) -> ChildMemory:
        """Measure the program and the processes it started; one that has just ended counts nothing."""
        used = [memory for process in self._family() if (memory := _memory_of(process)) is not None]
        resident, own = sum(rss for rss, _ in used), sum(uss for _, uss in used)
        return ChildMemory(self.spec.name, len(used), resident, own)

    def _family(self) -> list[psutil.Process]:
        try:
            root = psutil.Process(self.process.pid)
            return [root, *root.children(recursive=True)]
        except psutil.Error:
            return []


def tail(log: Path) -> str:
    """Return the last lines of a log."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-LOG_TAIL_LINES:])


def _memory_of(process: psutil.Process) -> tuple[int, int] | None:
    try:
        used = process.memory_full_info()
    except psutil.Error:
        return None
    return used.rss, used.uss


def _end_with_parent() -> None:
    """Have the kernel end this child if its parent is killed: nobody else could tell it (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _status_text(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
