"""Lists which protections are active here and which are missing, for the owner.

keyd reports its own protections (`messages.StatusAnswer`). Each confined process was told at its start which rights
could not be removed (`sandbox.launch.LACKING`). For each missing protection the list explains the consequence.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from waybillguard.sandbox import landlock, seccomp
from waybillguard.sandbox.landlock import Taken
from waybillguard.sandbox.launch import LACKING
from waybillguard.service.keyd import messages
from waybillguard.service.platform.health import Check, State

_SWAPS: Final = Path("/proc/swaps")

_IN_FORCE: Final = {
    Taken.FILES: (
        "控制台和后台进程读不到口令、根密钥、台账", "web and worker cannot read passphrase, root key and ledger"
    ),
    Taken.NETWORK: ("控制台只能使用自己的端口", "the console can answer on its own port alone"),
    Taken.SIGNALS: (
        "控制台和后台进程不能操作其他进程", "web and worker cannot touch other processes"
    ),
    Taken.SYSTEM_CALLS: (
        "读取外来文件的进程不能联网、不能启动程序",
        "processes that read files from outside have no network and start no program",
    ),
    "callers": ("密钥进程按用途识别请求方", "keyd tells its callers apart and lets each ask its own work"),
    "no_core": ("密钥进程不会留下内存转储", "keyd leaves no core dump and nobody attaches to it"),
    "memory": ("密钥不会写入交换分区", "keys are not written to swap"),
    "own_user": ("密钥进程使用独立的系统用户", "keyd has a system user of its own"),
}  # fmt: skip
_MISSING: Final = {
    Taken.FILES: (
        "内核不支持 Landlock：被入侵的控制台进程能读到口令和根密钥",
        "no Landlock in this kernel: a hijacked web process can read passphrase and root key",
        "升级到 Linux 5.13 及以上，或让密钥进程使用独立用户（部署文档）。",
        "Take Linux 5.13 or later, or give keyd a user of its own (deployment page).",
    ),
    Taken.NETWORK: (
        "内核不能限制端口：被入侵的控制台进程能监听其他端口",
        "this kernel does not bound ports: a hijacked web process can answer on others",
        "升级到 Linux 6.7 及以上。", "Take Linux 6.7 or later.",
    ),
    Taken.SIGNALS: (
        "内核不能限制信号：被入侵的控制台进程能结束其他进程（读不到其内存）",
        "this kernel does not bound signals: a hijacked web process can end others (not read them)",
        "升级到 Linux 6.12 及以上。", "Take Linux 6.12 or later.",
    ),
    Taken.SYSTEM_CALLS: (
        "无法过滤系统调用：恶意文件若攻破解析进程，可以联网",
        "system calls are not filtered: a hostile file that takes over its reader has the network",
        "请使用 x86-64 或 ARM64 的 Linux。", "Take Linux on x86-64 or ARM64.",
    ),
    "callers": (
        "密钥进程不区分请求方", "keyd does not tell its callers apart",
        "请用 waybillguard up 启动，或按部署文档配置。", "Start it with waybillguard up, or as the deployment page says.",
    ),
    "no_core": (
        "密钥进程崩溃时可能留下含密钥的内存转储", "a crash of keyd can leave a core dump with keys in it",
        "在服务单元中设置 LimitCORE=0。", "Set LimitCORE=0 in its unit.",
    ),
    "memory": (
        "密钥可能被写入交换分区", "keys can be written to swap",
        "关闭或加密交换分区，或在服务单元中设置 LimitMEMLOCK=infinity。",
        "Switch swap off or encrypt it, or set LimitMEMLOCK=infinity in the unit.",
    ),
    "own_user": (
        "所有进程使用同一系统用户：能以该用户运行程序的人可打开全部数据",
        "all processes share one system user: who can run a program as that user can open everything",
        "按部署文档让密钥进程使用独立的系统用户。", "Give keyd a system user of its own (deployment page).",
    ),
}  # fmt: skip


def protections(state: messages.StatusAnswer | None, lacking: Iterable[str]) -> list[Check]:
    """Return every protection, active or missing.

    Args:
        state: keyd's status; None if keyd does not run, so its protections are unknown.
        lacking: protections that a confined process lacks.
    """
    missing = set(lacking)
    found = [_check(name, there=name not in missing) for name in Taken]
    if state is None:
        return found
    kept = set(state.protections)
    memory = "memory_locked" in kept or not _swaps()
    return [
        *found, _check("callers", there="callers" in kept), _check("no_core", there="no_core" in kept),
        _check("memory", there=memory), _check("own_user", there="own_user" in kept),
    ]  # fmt: skip


def lacking_here() -> set[str]:
    """Return what this process was told at its start; otherwise what the kernel cannot do."""
    told = os.environ.get(LACKING)
    if told is not None:
        return set(filter(None, told.split(",")))
    able = landlock.supported() | (frozenset({Taken.SYSTEM_CALLS}) if seccomp.supported() else frozenset())
    return {name.value for name in Taken if name not in able}


def _check(name: str, *, there: bool) -> Check:
    if there:
        return Check(f"protection_{name}", State.GOOD, *_IN_FORCE[name])
    # Most installations begin with one user for everything: report it, but not as a fault.
    state = State.NOTE if name == "own_user" else State.MISSING
    return Check(f"protection_{name}", state, *_MISSING[name])


def _swaps() -> bool:
    """Return whether swap is in use; True if it cannot be determined."""
    try:
        return len(_SWAPS.read_text(encoding="ascii").splitlines()) > 1
    except OSError:
        return True
