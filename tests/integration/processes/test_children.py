"""Children that live and die together, tried with small real programs.

Every test starts processes of its own and ends with none of them alive.
"""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from config.child_process import Child, ChildDied, ChildSpec, tail
from config.processes import NotReady, run_together
from config.serving import NoFreePort, free_port, memory_lines

pytestmark = pytest.mark.processes

REPOSITORY = Path(__file__).resolve().parents[3]
SLEEPER = "import time; print('awake', flush=True); time.sleep(120)"
# Starts a child of its own in the same group, writes its number down, and never ends by itself.
PARENT = (
    "import subprocess, sys, time, pathlib;"
    "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(120)']);"
    "pathlib.Path(sys.argv[1]).write_text(str(p.pid)); time.sleep(120)"
)
STUBBORN = (
    "import signal, time, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(120)"
)


def python(code: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *map(str, arguments))


def run(specs, tmp_path, *, on_ready=lambda children: None):
    run_together(specs, log_dir=tmp_path / "log", env=os.environ, cwd=tmp_path, on_ready=on_ready)


def is_alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def wait_for(condition, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def send_soon(number: signal.Signals, *, after: float) -> None:
    threading.Timer(after, os.kill, (os.getpid(), number)).start()


class TestRunTogether:
    def test_stops_every_child_when_the_end_is_asked_for(self, tmp_path):
        pids = []

        def ready(children):
            pids.extend(child.process.pid for child in children)
            send_soon(signal.SIGTERM, after=0.1)

        run(
            [ChildSpec(name=name, command=python(SLEEPER)) for name in ("one", "two")],
            tmp_path,
            on_ready=ready,
        )
        assert len(pids) == 2
        assert not any(is_alive(pid) for pid in pids)

    def test_stops_the_others_and_names_the_child_that_died(self, tmp_path):
        pids = []
        failing = python("print('no ground to stand on', flush=True); raise SystemExit(3)")
        # The one that lives is started first, so that it runs when the other dies.
        specs = [
            ChildSpec(name="living", command=python(SLEEPER)),
            ChildSpec(name="dying", command=failing, is_ready=lambda: False),
        ]
        with pytest.raises(ChildDied) as caught:
            run(specs, tmp_path, on_ready=lambda children: pids.append("never"))
        assert caught.value.name == "dying"
        assert "exit status 3" in str(caught.value)
        assert "no ground to stand on" in str(caught.value)
        assert pids == []
        assert children_of_this_process() == []

    def test_leaves_nothing_of_a_killed_child_behind(self, tmp_path):
        note = tmp_path / "grandchild"

        def ready(children):
            wait_for(lambda: note.exists() and note.read_text())
            children[0].process.kill()

        with pytest.raises(ChildDied, match=r"worker ended by itself \(signal SIGKILL\)"):
            run([ChildSpec(name="worker", command=python(PARENT, note))], tmp_path, on_ready=ready)
        wait_for(lambda: not is_alive(int(note.read_text())))

    def test_kills_a_child_that_does_not_listen_once_it_is_asked_again(self, tmp_path):
        note = tmp_path / "deaf"
        pids = []

        def ready(children):
            pids.append(children[0].process.pid)
            wait_for(note.exists)
            send_soon(signal.SIGINT, after=0.1)
            send_soon(signal.SIGINT, after=0.6)

        started = time.monotonic()
        run([ChildSpec(name="deaf", command=python(STUBBORN, note))], tmp_path, on_ready=ready)
        assert 0.5 < time.monotonic() - started < 15
        assert not is_alive(pids[0])

    def test_refuses_a_child_that_never_answers(self, tmp_path, monkeypatch):
        monkeypatch.setattr("config.processes.READY_SECONDS_MAX", 0.5)
        spec = ChildSpec(name="mute", command=python(SLEEPER), is_ready=lambda: False)
        with pytest.raises(NotReady, match="mute does not answer"):
            run([spec], tmp_path)
        assert children_of_this_process() == []

    def test_gives_the_signals_back(self, tmp_path):
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(ChildDied):
            run(
                [ChildSpec(name="brief", command=python("pass"))],
                tmp_path,
                on_ready=lambda _: time.sleep(0.5),
            )
        assert signal.getsignal(signal.SIGTERM) is before


class TestChild:
    def test_ends_with_a_parent_that_was_killed(self, tmp_path):
        if sys.platform != "linux":
            pytest.skip("only Linux tells a child that its parent is gone")
        note = tmp_path / "pid"
        script = textwrap.dedent(
            f"""
            import os, pathlib, sys, time
            from config.child_process import Child, ChildSpec
            spec = ChildSpec(name="orphan", command=[sys.executable, "-c", {SLEEPER!r}])
            here = pathlib.Path({str(tmp_path)!r})
            child = Child(spec, log_dir=here, env=os.environ, cwd=pathlib.Path.cwd())
            pathlib.Path({str(note)!r}).write_text(str(child.process.pid))
            time.sleep(120)
            """
        )
        parent = subprocess.Popen([sys.executable, "-c", script], cwd=REPOSITORY)
        wait_for(lambda: note.exists() and note.read_text())
        # It has to be past its own start: the kernel's promise begins there.
        wait_for(lambda: "awake" in tail(tmp_path / "orphan.log"))
        parent.kill()
        parent.wait()
        wait_for(lambda: not is_alive(int(note.read_text())))

    def test_measures_the_memory_of_its_whole_family(self, tmp_path):
        note = tmp_path / "grandchild"
        spec = ChildSpec(name="family", command=python(PARENT, note))
        child = Child(spec, log_dir=tmp_path, env=os.environ, cwd=tmp_path)
        try:
            wait_for(lambda: note.exists() and note.read_text())
            measured = child.memory()
            assert measured.processes == 2
            assert measured.resident >= measured.own > 1024 * 1024
            assert memory_lines([child])[0].startswith("memory family: resident ")
        finally:
            child.end_group()
        assert child.memory().processes == 0


class TestFreePort:
    def test_takes_the_next_port_when_one_is_taken(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert port < free_port(port) <= port + 50

    def test_refuses_when_no_port_is_left(self):
        with pytest.raises(NoFreePort):
            free_port(65536)


def children_of_this_process() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if child.status() != psutil.STATUS_ZOMBIE and "time.sleep(120)" in " ".join(child.cmdline())
    ]
