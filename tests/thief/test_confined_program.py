"""Who owns a process of the service, where one OS user is all there is: keys, other processes, keyd under false flags.

The thief is a program that starts as web or worker start (`sandbox.launch`), with the very rules and the very
key to keyd. The whole user is his; what he obtains is printed, and must be what that process needs, no more.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.keyd import Keyd
from support.missing import missing

from waybillguard.sandbox import landlock, launch, seccomp
from waybillguard.service.keyd.callers import Caller, caller_key
from waybillguard.service.keyd.client import CALLER
from waybillguard.service.operations.isolation import Part, launch_of, prepare

pytestmark = pytest.mark.timeout(240)
SECRET = bytes(range(32))
NEEDED = {
    Part.WEB: {"ask status", "ask django", "ask reveal", "control"},
    Part.WORKER: {
        "ask status", "ask django", "ask upload", "ask password", "ask end rotation", "ask export", "control",
        "another port",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def keyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyd]:
    if landlock.Taken.SIGNALS not in landlock.supported() or not seccomp.supported():
        missing("Landlock 6 and seccomp", "Linux 6.12 or later")
    home = tmp_path_factory.mktemp("confined")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv(CALLER, f"supervisor:{caller_key(SECRET, Caller.SUPERVISOR)}")
        made = Keyd(home / "data", callers=SECRET).start()
        made.state()
        for path in (made.config.passphrase_file, made.config.caller_file, made.config.tls_dir / "ca.key"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("invented")
        yield made
        made.stop()


def steal(keyd: Keyd, part: Part, key: str) -> set[str]:
    """Run the thief in a process's place; return what he obtained."""
    config = keyd.config
    prepare(config, part)
    rules = launch_of(config, part, 9)
    (config.spool_dir / "control").write_text("what the process needs")
    assert keyd.process is not None
    plan = {
        "files": [str(path) for path in (
            config.passphrase_file, config.key_file, config.people_file, config.caller_file,
            config.tls_dir / "ca.key", config.data_dir / "service.lock",
        )],
        "folders": [str(config.keyd_dir), str(config.ledger_dir), str(config.passphrase_file.parent), str(Path.home())],
        "processes": {"keyd": keyd.process.pid, "supervisor": os.getpid()},
        "socket": str(config.keyd_socket),
        "control": str(config.spool_dir / "control"),
    }  # fmt: skip
    environment = {
        **os.environ, CALLER: key, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip
    done = subprocess.run(
        launch.command(rules, "support.thief_program", json.dumps(plan)),
        env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    obtained = set(json.loads(done.stdout))
    sys.stdout.write(f"hijacked {part}: {len(obtained - NEEDED[part])} things that are not its own\n")
    return obtained


@pytest.mark.parametrize("part", list(Part))
def test_a_hijacked_process_obtains_what_it_needs_and_nothing_else(keyd: Keyd, part: Part) -> None:
    key = f"{part}:{caller_key(SECRET, Caller(part.value))}"
    assert steal(keyd, part, key) == NEEDED[part]


@pytest.mark.parametrize(
    "key", ["", "worker:" + "0" * 64, "supervisor:", f"web:{caller_key(SECRET, Caller.WORKER)}"]
)
def test_who_shows_no_key_or_anothers_may_ask_for_the_state_alone(keyd: Keyd, key: str) -> None:
    assert {name for name in steal(keyd, Part.WEB, key) if name.startswith("ask")} == {"ask status"}


def test_the_same_program_unconfined_would_have_it_all(keyd: Keyd) -> None:
    """So the test above can fail."""
    assert keyd.config.passphrase_file.read_text() == "invented"
    assert keyd.config.key_file.read_bytes()
    os.kill(keyd.process.pid if keyd.process else 0, 0)
