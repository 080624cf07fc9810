"""Restarts of a process that keeps dying slow down; the service continues and prints a message."""

import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import pytest

from waybillguard.service.operations import children
from waybillguard.service.operations.children import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    RESTARTS,
    Child,
    Children,
)
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.lifeline import FolderLock, StopFlag


class World:
    """Children with a single process that dies at every start; the test sets the clock."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.starts = 1_000.0, 0
        self.said: list[str] = []
        self.stop = StopFlag()
        self.children = Children(
            Config(folder), FolderLock(folder / "lock"), lambda _caller: {}, self.stop, self.said.append
        )
        self.child = Child("worker", [], str)
        self.children.all.append(self.child)
        monkeypatch.setattr(children.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(self.children, "spawn", self.spawn)
        self.dead = subprocess.Popen([sys.executable, "-c", ""])
        self.dead.wait()
        self.child.process = self.dead

    def spawn(self, child: Child) -> None:
        self.starts += 1
        child.process = self.dead

    def watch(self, seconds: float) -> None:
        until = self.now + seconds
        while self.now < until:
            self.children.restart_dead()
            self.now += 0.5


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_six_deaths_in_a_minute_do_not_end_the_service(world: World) -> None:
    world.watch(RESTARTS * 0.5 + 0.5)
    assert world.starts == RESTARTS
    assert "keeps ending" in world.said[-1]
    assert not world.stop.is_set()
    world.watch(FIRST_PAUSE + 1)
    assert world.starts > RESTARTS, "it is tried again after the pause"


def test_the_pauses_grow_and_are_bounded(world: World) -> None:
    world.watch(3_600)
    assert world.child.pause <= LONGEST_PAUSE
    assert world.starts < 100
    assert not world.stop.is_set()


def test_a_process_that_lived_is_started_at_once_again(world: World) -> None:
    world.watch(RESTARTS * 0.5 + 0.5)
    world.watch(FIRST_PAUSE + 0.5)
    world.now += 600
    world.child.waits_until = 0.0
    before = world.starts
    world.watch(0.5)
    assert world.starts == before + 1
    assert world.child.pause == 0.0


def test_who_dies_on_a_full_disk_is_tried_every_few_seconds_and_not_more_and_more_slowly(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "room", lambda _folder: 0)
    world.watch(600)
    assert 600 / FIRST_PAUSE / 2 < world.starts <= 600 / FIRST_PAUSE
    assert world.child.pause == 0.0
    assert world.child.deaths == []


def test_a_disk_without_room_for_what_a_process_needs_does_not_end_the_service(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_child: Child) -> None:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(world.children, "spawn", no_room)
    world.watch(60)
    monkeypatch.setattr(world.children, "spawn", world.spawn)
    world.watch(FIRST_PAUSE + 0.5)
    assert world.starts
