"""Child processes that live and die together.

Owns: starting them, waiting until they answer, noticing the first that dies, stopping them all.
Refuses to know: what the children do, and how a single one is started (``config.child_process``).
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from config.child_process import Child, ChildSpec, tail

STOP_SECONDS_MAX = 20.0
READY_SECONDS_MAX = 60.0
POLL_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class NotReady(Exception):
    """A child runs but does not answer in time."""

    def __init__(self, child: Child) -> None:
        super().__init__(f"{child.spec.name} does not answer. The end of {child.log}:\n{tail(child.log)}")


class _Stopped(Exception):
    """Someone asked for the end."""


@dataclass
class StopRequest:
    """How often the end was asked for; the second time nothing is waited for."""

    count: int = 0

    def note(self, _signal: int, _frame: FrameType | None) -> None:
        """Count a signal. Nothing else is safe to do inside a signal handler."""
        self.count += 1


def run_together(
    specs: Sequence[ChildSpec],
    *,
    log_dir: Path,
    env: Mapping[str, str],
    cwd: Path,
    on_ready: Callable[[Sequence[Child]], None],
) -> None:
    """Run the children until a signal asks for the end; then stop them and return.

    Raises ChildDied or NotReady, after the other children have been stopped.
    """
    log_dir.mkdir(parents=True, exist_ok=True)
    children: list[Child] = []
    with stop_signals() as request:
        try:
            for spec in specs:
                child = Child(spec, log_dir=log_dir, env=env, cwd=cwd)
                children.append(child)
            _wait_until_ready(children, request=request)
            on_ready(children)
            _watch(children, request=request)
        except _Stopped:
            return
        finally:
            _stop(children, request=request)


@contextmanager
def stop_signals() -> Iterator[StopRequest]:
    """Note Ctrl-C, SIGTERM and a closed terminal instead of being ended by them."""
    request = StopRequest()
    before = {number: signal.signal(number, request.note) for number in STOP_SIGNALS}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupted_by_every_stop_signal() -> Iterator[None]:
    """Turn SIGTERM and a closed terminal into KeyboardInterrupt, so that clean-up code runs for them too."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_until_ready(children: Sequence[Child], *, request: StopRequest) -> None:
    deadline = time.monotonic() + READY_SECONDS_MAX
    waiting = list(children)
    while waiting:
        _check(children, request=request)
        waiting = [child for child in waiting if not child.is_ready]
        if waiting and time.monotonic() > deadline:
            raise NotReady(waiting[0])
        time.sleep(POLL_SECONDS)


def _watch(children: Sequence[Child], *, request: StopRequest) -> None:
    while True:
        _check(children, request=request)
        time.sleep(POLL_SECONDS)


def _check(children: Sequence[Child], *, request: StopRequest) -> None:
    if request.count:
        raise _Stopped
    for child in children:
        child.check_alive()


def _stop(children: Sequence[Child], *, request: StopRequest) -> None:
    """Ask every child to finish, wait for it, and leave none of their processes behind."""
    for child in children:
        with suppress(ProcessLookupError):
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS_MAX
    while request.count < 2 and time.monotonic() < deadline:
        if all(child.process.poll() is not None for child in children):
            break
        time.sleep(POLL_SECONDS)
    for child in children:
        child.end_group()
