"""Start, restart and stop the processes of the service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from waybillguard.sandbox import launch
from waybillguard.service.keyd.callers import Caller
from waybillguard.service.operations.isolation import Part, launch_of, prepare, temporary_of
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.disk import NO_ROOM, is_full, room
from waybillguard.service.platform.lifeline import FolderLock, StopFlag

STOP_TIMEOUT = 10.0
# After this many deaths within the window (seconds), a process is restarted after a pause that doubles each time.
RESTARTS, RESTART_WINDOW = 5, 60.0
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0


@dataclass
class Child:
    """One supervised process, with the command to restart it."""

    name: str
    arguments: list[str]
    secret: Callable[[], str]
    caller: Caller | None = None
    part: Part | None = None
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    started: float = 0.0
    pause: float = 0.0
    waits_until: float = 0.0

    def note_death(self, now: float, *, full: bool = False) -> float:
        """Record a death; return the pause (seconds) before the restart. Deaths outside the window no longer count.

        A death while the disk was ``full`` is not the process's fault, so the pause stays short.
        """
        if full:
            return FIRST_PAUSE
        if now - self.started > RESTART_WINDOW:
            self.deaths, self.pause = [], 0.0
        self.deaths = [moment for moment in self.deaths if now - moment < RESTART_WINDOW] + [now]
        if self.pause or len(self.deaths) > RESTARTS:
            self.pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self.pause))
        return self.pause


class Children:
    """The supervised processes, in the order they were started.

    Args:
        config: configuration of the service.
        lock: lock on the data folder; each process inherits it.
        environment: returns the environment variables of a process, by its rights at keyd.
        stop: set when the service ends; no process is started after that.
        say: prints a message to the operator.
    """

    def __init__(
        self,
        config: Config,
        lock: FolderLock,
        environment: Callable[[Caller | None], dict[str, str]],
        stop: StopFlag,
        say: Callable[[str], None],
    ) -> None:
        self._config = config
        self._lock = lock
        self._environment = environment
        self._stop = stop
        self._say = say
        self.all: list[Child] = []

    def add(self, child: Child) -> None:
        """Start a process and supervise it from now on."""
        self.all.append(child)
        self.spawn(child)

    def spawn(self, child: Child) -> None:
        """Start a process."""
        environment = self._environment(child.caller)
        command = [sys.executable, "-P", "-m", *child.arguments]
        if child.part is not None:
            prepare(self._config, child.part)
            module, *arguments = child.arguments
            command = launch.command(launch_of(self._config, child.part, child.port), module, *arguments)
            environment["TMPDIR"] = str(temporary_of(self._config, child.part))
        child.process = subprocess.Popen(  # noqa: S603 - our own modules with our own arguments
            command,
            stdin=subprocess.PIPE,
            cwd=self._config.data_dir.resolve(),  # with -P: import no modules from where `up` was called
            env=environment,
            start_new_session=True,
            pass_fds=(self._lock.descriptor,),
        )
        if child.process.stdin is not None:
            try:
                child.process.stdin.write(child.secret().encode() + b"\n")
                child.process.stdin.close()
            except BrokenPipeError:
                pass  # it died at once; `restart_dead` handles that

    def restart_dead(self) -> None:
        """Restart dead processes, after a pause if they die too often."""
        for child in self.all:
            if self._stop.is_set() or child.process is None or child.process.poll() is None:
                continue
            now = time.monotonic()
            if child.waits_until > now:
                continue
            if child.waits_until:
                child.waits_until = 0.0
            elif pause := child.note_death(now, full=room(self._config.data_dir) < NO_ROOM):
                child.waits_until = now + pause
                if room(self._config.data_dir) < NO_ROOM:
                    self._say(
                        f"磁盘已满，进程 {child.name} 将在 {pause:.0f} 秒后再试。\n"
                        f"The disk is full: the {child.name} process is tried again in {pause:.0f} s."
                    )
                    continue
                self._say(
                    f"进程 {child.name} 反复退出，{pause:.0f} 秒后再试，其余功能照常。原因见上。\n"
                    f"The {child.name} process keeps ending; tried again in {pause:.0f} s, the rest goes on. The reason "
                    "is above."
                )
                continue
            try:
                self.spawn(child)
            except OSError as error:
                if not is_full(error, self._config.data_dir):
                    raise
                child.waits_until = now + FIRST_PAUSE
                continue
            child.started = now
            self._say(f"{child.name}: 已重新启动 / started again")

    def end(self) -> None:
        """End all processes in reverse order of their start."""
        # keyd last: the others may still need it to finish their work.
        for child in reversed(self.all):
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
                try:
                    child.process.wait(STOP_TIMEOUT)
                except subprocess.TimeoutExpired:
                    os.killpg(child.process.pid, signal.SIGKILL)
                    child.process.wait()
