"""A reader of the service's output may stop reading: no process blocks, and the reader learns how much was dropped."""

import subprocess
import sys
from pathlib import Path

from support.print_room import until

from waybillguard.service.operations.output import HELD

CHILD = "import sys; [print('x' * 99) for _ in range(int(sys.argv[1]))]"
PROGRAM = f"""
import subprocess, sys
from pathlib import Path
from waybillguard.service.operations.output import Output

with Output():
    print("first words", flush=True)
    subprocess.run([sys.executable, "-c", {CHILD!r}, sys.argv[2]], check=True)
    Path(sys.argv[1]).touch()
    sys.stdin.readline()
    print("last words", flush=True)
print("afterwards", flush=True)
"""


def printing(done: Path, lines: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", PROGRAM, str(done), str(lines)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_who_prints_does_not_wait_for_a_reader_that_stopped(tmp_path: Path) -> None:
    lines = 5 * HELD // 100
    with printing(tmp_path / "done", lines) as process:
        until((tmp_path / "done").exists)
        text, _ = process.communicate("\n", timeout=60)
    assert text.startswith("first words\n" + "x" * 99)
    assert "nobody read them" in text
    assert HELD // 2 < len(text) < 2 * HELD
    assert text.endswith("afterwards\n")


def test_a_reader_that_reads_is_told_everything_in_order(tmp_path: Path) -> None:
    with printing(tmp_path / "done", 20) as process:
        text, _ = process.communicate("\n", timeout=60)
    assert text == "first words\n" + ("x" * 99 + "\n") * 20 + "last words\nafterwards\n"
