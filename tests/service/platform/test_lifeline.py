"""Living processes hold the data folder's lock; dead ones are recognised."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from waybillguard.service.platform.lifeline import FolderLock, is_alive, own_mark

TOLD_OFTEN = """
import signal
from waybillguard.service.platform.lifeline import StopFlag
signal.signal(signal.SIGALRM, lambda *_: flag.set())
for seconds in [0.0001] * 1000 + [None] * 1000:
    flag = StopFlag()
    signal.setitimer(signal.ITIMER_REAL, 0.0003, 0.0001)
    while not flag.wait(seconds):
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
"""
HOLDS = "import sys,time; print('ready', flush=True); time.sleep(60)"


def child_with(lock: FolderLock) -> subprocess.Popen[bytes]:
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDS], pass_fds=(lock.descriptor,), stdout=subprocess.PIPE
    )
    assert started.stdout is not None
    started.stdout.readline()
    return started


def test_a_child_keeps_the_lock_when_its_parent_lets_go(tmp_path: Path) -> None:
    lock, other = FolderLock(tmp_path / "service.lock"), FolderLock(tmp_path / "service.lock")
    assert lock.take()
    child = child_with(lock)
    lock.free()
    assert not other.take()
    assert other.holders() == [child.pid]
    assert other.end_holders() == [child.pid]
    child.communicate()
    assert other.take()
    other.free()


def test_a_process_that_ended_is_not_alive_and_a_later_one_is_another() -> None:
    assert is_alive(own_mark())
    child = subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE)
    started = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()[19]
    mark = f"{child.pid}-{started}"
    assert is_alive(mark)
    child.kill()
    child.communicate()
    assert not is_alive(mark)
    assert not is_alive(f"{os.getpid()}-1")
    assert not is_alive("")


def test_a_child_ends_when_its_parent_is_killed() -> None:
    code = (
        "import subprocess,sys,time\n"
        "inner='from waybillguard.service.platform.lifeline import end_with_parent; end_with_parent();"
        'print("up", flush=True); import time; time.sleep(60)\'\n'
        "p=subprocess.Popen([sys.executable,'-c',inner],stdout=subprocess.PIPE); p.stdout.readline()\n"
        "print(p.pid, flush=True); time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    inner = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    reader = subprocess.run(
        ["tail", f"--pid={inner}", "-f", "/dev/null"], check=False, timeout=60
    )  # waits for the process to end
    assert reader.returncode == 0


def test_signals_in_a_row_while_a_process_waits_for_them_end_it() -> None:
    """Regression: with ``threading.Event``, a service that was told to end twice deadlocked."""
    subprocess.run([sys.executable, "-c", TOLD_OFTEN], check=True, timeout=120)
