"""Backups with flipped bits are refused with a message and leave nothing behind; the intact backup is restored."""

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from support.running import Running

from storm.database import Embedded


@dataclass
class Flips:
    """The results for the damaged copies."""

    refused: int = 0
    taken: list[int] = field(default_factory=list)
    """Positions of flips in copies that were restored nevertheless."""
    badly: list[str] = field(default_factory=list)
    whole: bool = False


def flip(service: Running, folder: Path, times: int, seed: int, orders: int) -> Flips:
    """Back up the running service, restore ``times`` copies with one flipped bit each, then restore the original.

    ``orders``: number of orders acknowledged before; the intact backup must contain at least these.
    """
    chance, result = random.Random(seed), Flips()
    kept = folder / "kept.wgb"
    done = service.cli("backup", str(kept), "--data", str(service.data))
    if done.returncode:
        result.badly.append(f"backup: {done.stderr[-400:]}")
        return result
    raw = kept.read_bytes()
    passphrase = next((service.home / "config" / "waybillguard" / "unlock").iterdir())
    for turn in range(times):
        place = (
            chance.randrange(len(raw)) if turn else chance.randrange(64)
        )  # the first flips are in the header
        damaged = bytearray(raw)
        damaged[place] ^= 1 << chance.randrange(8)
        broken = folder / "broken.wgb"
        broken.write_bytes(damaged)
        target = Running(folder / "flipped")
        done = target.cli(
            "restore", str(broken), "--passphrase-file", str(passphrase), "--data", str(target.data)
        )
        if done.returncode == 0:
            result.taken.append(place)
        elif done.returncode != 2 or "Traceback" in done.stderr or target.data.exists():
            result.badly.append(f"byte {place}: {done.returncode} {done.stderr[-300:]}")
        else:
            result.refused += 1
        shutil.rmtree(target.home, ignore_errors=True)
    target = Running(folder / "whole")
    done = target.cli("restore", str(kept), "--passphrase-file", str(passphrase), "--data", str(target.data))
    result.whole = (
        done.returncode == 0
        and Embedded(target.data).counted()[0] >= orders
        and target.cli("ledger", "fsck", "--data", str(target.data)).returncode == 0
    )
    shutil.rmtree(target.home, ignore_errors=True)
    return result
