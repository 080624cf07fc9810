"""What could be known at best: an oracle that has the laws and everything but the name.

It is told how long calls took, which victims are noise, every other leak with its source and days, and the days of the
leak in question. What it cannot name with nine chances of ten, nobody can by this log and list.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from waybillguard.trace import base
from waybillguard.trace.field import THETAS, Field, Slot, times_of
from waybillguard.trace.laws import START_LAG, START_ORDER, USUAL_DELAYS, Law, Waiting, reported_by
from waybillguard.trace.material import BINS_A_DAY, Ground, Material
from waybillguard.trace.naming import SURE, name_of
from waybillguard.trace.search import State, log_sum

_WAYS = {
    "station_tap": ("workstation", "P"), "print_tap": ("workstation", "P"), "station_remote": ("workstation", "R"),
    "hidden_remote": ("workstation", "A"), "label_photographer": ("unlogged", "P"), "shop_leak": ("shop", "orders"),
    "erp_leak": ("platform", "orders"),
}  # fmt: skip


def oracle(material: Material, thefts: Sequence[dict[str, Any]]) -> set[str]:
    """Return the thefts (by id) that could be named."""
    whose = {order: theft["id"] for theft in thefts for order in theft["victims"]}
    found: set[str] = set()
    for ground in material.grounds:
        mine = [theft for theft in thefts if theft["from"] and ground.tenant in theft["tenants"]]
        if mine:
            found |= _known(ground, mine, whose, material.close)
    return found


def _known(ground: Ground, thefts: list[dict[str, Any]], whose: dict[str, str], close: float) -> set[str]:
    times = times_of(ground)
    owner = [whose.get(victim.order_id, "") for victim in ground.victims]
    field = Field(
        ground, times, Waiting.of(START_LAG, USUAL_DELAYS), reported_by(START_LAG, USUAL_DELAYS), close
    )
    slots = {theft["id"]: _slot(field, theft, owner) for theft in thefts}
    law = _law(field, slots, owner)
    waiting, reach = Waiting.of(law, USUAL_DELAYS), reported_by(law, USUAL_DELAYS)
    field = Field(ground, times, waiting, reach, close)
    noise = np.array([not one for one in owner], dtype=float)
    rates = base.fit(
        ground, times, Waiting.of(START_ORDER, USUAL_DELAYS), reported_by(START_ORDER, USUAL_DELAYS), close,
        noise, factors=True,
    )  # fmt: skip
    found = set()
    for theft in thefts:
        others = [slot for name, slot in slots.items() if name != theft["id"] and slot is not None]
        without = State(field, rates.shares, others).without(None)
        lo, hi = _window(ground, theft)
        gains = field.bin_gains(without)[:, :, max(0, lo) : hi].sum(axis=2)
        logs = np.logaddexp.reduce(gains, axis=0) - np.log(len(THETAS)) + field.log_prior
        logs = np.append(logs, 0.0)
        chance = np.exp(logs - log_sum(logs))[:-1]
        actor, posterior = name_of(ground, {at: float(p) for at, p in enumerate(chance) if p > 0})
        if posterior >= SURE and _right(actor, theft):
            found.add(theft["id"])
    return found


def _right(actor: tuple[str, str, str, str], theft: dict[str, Any]) -> bool:
    kind, account, station, detail = actor
    if theft["account"]:
        return bool(account == theft["account"])
    if theft["workstation"]:
        return bool(station == theft["workstation"])
    return bool(kind == _WAYS[theft["kind"]][0] and (kind != "shop" or detail == theft["selection"]["shop"]))


def _window(ground: Ground, theft: dict[str, Any]) -> tuple[int, int]:
    lo, hi = (datetime.fromisoformat(theft[end]).timestamp() / 86_400 * BINS_A_DAY for end in ("from", "to"))
    return int(np.floor(lo)) - ground.first_bin, int(np.floor(hi)) - ground.first_bin + 1


def _slot(field: Field, theft: dict[str, Any], owner: list[str]) -> Slot | None:
    kind, kernel = ("account", "R") if theft["account"] else _WAYS[theft["kind"]]
    for at, key in enumerate(field.keys):
        name = (key.account or None, key.workstation or None, key.detail)
        wanted = {
            "account": (theft["account"], None, ""), "workstation": (None, theft["workstation"], ""),
            "shop": (None, None, theft["selection"].get("shop", "")),
        }.get(kind, (None, None, ""))  # fmt: skip
        if (key.kind, key.kernel) == (kind, kernel) and name == wanted:
            lo, hi = _window(field.ground, theft)
            lo, hi = max(0, lo), min(field.bins, hi)
            cost = float(field.cost[at, lo:hi].sum())
            return Slot(at, lo, hi, min(0.9, owner.count(theft["id"]) / max(1.0, cost)))
    return None


def _law(field: Field, slots: dict[str, Slot | None], owner: list[str]) -> Law:
    waits = [np.empty(0)]
    for name, slot in slots.items():
        if slot is not None:
            mine = field.of_key[slot.key]
            mine = mine[
                [owner[victim] == name and not field.times.late[victim] for victim in field.hit_victim[mine]]
            ]
            waits.append(field.times.contact[field.hit_victim[mine]] - field.hit_time[mine])
    joined = np.concatenate(waits)
    return START_LAG.refitted(joined, np.full(len(joined), 5.0), np.ones(len(joined)))
