"""Trace which source files an operation passes through, in the service and in keyd.

keyd is used over its socket but runs in threads of this process, so that its calls are traced too.
"""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connection

import waybillguard
from support.grants import FrontDesk
from support.tenancy import Watchman
from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.keeper import Handle, Keeper
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.keyd.server import KeydServer
from waybillguard.service.keyd.timestamping import Timestamping
from waybillguard.service.keyd.witnesses import Witnesses
from waybillguard.service.platform.config import Config
from waybillguard.service.tenancy import key_process

ROOT = Path(waybillguard.__file__).parent
_OF_A_CONNECTION = "process_request_thread"
"""Name prefix of the threads of keyd's connections. Background threads (ledger, fonts) are not traced."""


@dataclass
class Followed:
    """Files below `src/waybillguard` in call order; each call into another file is one step."""

    steps: list[str] = field(default_factory=list)

    def files(self) -> list[str]:
        """Return each file once, in the order of the first call into it."""
        return list(dict.fromkeys(self.steps))

    def without(self, other: "Followed") -> "Followed":
        """Return the files that another operation does not pass through."""
        left = frozenset(self.steps) - frozenset(other.steps)
        return Followed([step for step, _ in groupby(step for step in self.steps if step in left)])

    def leads_through(self, stations: Sequence[str]) -> bool:
        """Return whether these files are entered in this order, possibly with others in between."""
        steps = iter(self.steps)
        return all(station in steps for station in stations)

    @property
    def returns(self) -> int:
        """Return how many steps lead back into a file entered earlier."""
        return len(self.steps) - len(self.files())


@cache
def _file_of(path: str) -> str:
    """Return a source file's path below `src/waybillguard`; empty for other files."""
    return Path(path).relative_to(ROOT).as_posix() if Path(path).is_relative_to(ROOT) else ""


@contextmanager
def followed() -> Iterator[Followed]:
    """Record every call into a source file, by this thread or by keyd for it."""
    seen, last, own = Followed(), "", threading.current_thread()

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal last
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        file, thread = _file_of(frame.f_code.co_filename), threading.current_thread()
        if file and file != last and (thread is own or _OF_A_CONNECTION in thread.name):
            seen.steps.append(file)
            last = file

    watching = [one for one in connection.execute_wrappers if isinstance(one, Watchman)]
    connection.execute_wrappers[:] = [one for one in connection.execute_wrappers if one not in watching]
    threading.setprofile_all_threads(note)
    try:
        yield seen
    finally:
        threading.setprofile_all_threads(None)
        sys.setprofile(None)
        connection.execute_wrappers += watching


def said_of(what: str, seen: Followed, page: Followed) -> str:
    """Return the figures of an operation in one line, followed by its files."""
    own = seen.without(page)
    figures = (
        f"{what}: {len(seen.files())} files, {seen.returns} returns; "
        f"without those of any page {len(own.files())} files, {own.returns} returns"
    )
    return "\n".join([figures, *(f"  {file}" for file in seen.files()), ""])


@contextmanager
def keyd_behind_socket(config: Config) -> Iterator[FrontDesk]:
    """Serve keyd on the socket of these settings; return the desk that presents people's factors there."""
    config.keyd_socket.parent.mkdir(parents=True, exist_ok=True)
    holder = FileHolder(RootKey(bytes(range(32))))
    made: list[Operations] = []

    def operations(ledger: Ledger) -> Handle:
        made.append(Operations(holder, ledger))
        return made[-1].handle

    def no_secret(_: messages.Request) -> object:
        raise NotImplementedError

    keeper = Keeper(
        LocalStorage(config.ledger_dir), LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER))),
        Witnesses(config.witness_file), Timestamping(config.timestamp_file, config.timestamp_roots), operations, no_secret,
    )  # fmt: skip
    keeper.start()
    key_process.keyd.cache_clear()
    with KeydServer(config.keyd_socket, keeper.handle) as server:
        threading.Thread(target=partial(server.serve_forever, 0.02), daemon=True).start()
        yield FrontDesk(made[0])
        key_process.keyd().close()
        key_process.keyd.cache_clear()
        server.shutdown()
    keeper.close()
