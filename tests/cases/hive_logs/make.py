"""Writes the hive-and-transaction-log cases beside this file: python make.py.

Each case is a folder with a registry hive as it was copied from a running or crashed system, the
transaction logs that lay beside it, and an expect.yaml. Everything is written from the format description
"Windows registry file format specification" of github.com/msuhanov/regf (commit 277bf1e); excerpts of
public code were looked at only to settle the byte order of the hash seed. The output is the same on every run. All software and paths planted are invented.
"""

from __future__ import annotations

import random
import shutil
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

PAGE, SECTOR, MASK = 4096, 512, 0xFFFFFFFF
STAMP = 133546320000000000  # 2024-03-11, a FILETIME
SEED = 0x82EF4D887A4E55C5
NONE = 0xFFFFFFFF

type Values = list[tuple[str, str]]
type Pages = list[tuple[int, bytes]]


# ---- hashes and checksums


def marvin32(data: bytes, seed: int = SEED) -> tuple[int, int]:
    """The two 32-bit halves (low, high) of the Marvin32 hash."""

    def rotated(value: int, bits: int) -> int:
        return (value << bits | value >> (32 - bits)) & MASK

    low, high = seed & MASK, seed >> 32
    rest = len(data) % 4
    words = list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) - rest]))
    words.append(int.from_bytes(data[len(data) - rest :] + b"\x80", "little"))
    for word in [*words, 0]:  # the last, empty round finishes the hash
        low = (low + word) & MASK
        high ^= low
        low = (rotated(low, 20) + high) & MASK
        high = rotated(high, 9) ^ low
        low = (rotated(low, 27) + high) & MASK
        high = rotated(high, 19)
    return low, high


def check_marvin32() -> None:
    """Compare with the published vectors (seed, data, result with the high half first)."""
    vectors = [("", "30ed35c100cd3c7d"), ("af", "48e73fc77d75ddc1"), ("e70f", "b5f6e1fc485dbff8")]
    vectors += [("37f495", "f0b07c789b8cf7e8"), ("8642dc59", "7008f2e87e9cf556")]
    vectors += [("153fb79826", "e6c08c6da2afa997"), ("0932e6246c47", "6f04bf1a5ea24060")]
    vectors += [("ab427ea8d10fc7", "e11847e4f0678c41")]
    for data, expected in vectors:
        low, high = marvin32(bytes.fromhex(data), 0x004FB61A001BDBCC)
        assert f"{high:08x}{low:08x}" == expected, (data, expected)


def xor32(data: bytes) -> int:
    """The checksum of a base block's first 508 bytes (all bits set is written as one less, 0 as 1)."""
    total = 0
    for word in struct.unpack("<127I", data[:508]):
        total ^= word
    return {0: 1, MASK: MASK - 1}.get(total, total)


# ---- the hive


class Bins:
    """Hive bins data under construction: cells one after the other, in bins of one page each."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.used = 0  # where the next cell goes
        self.new_bin()

    def new_bin(self) -> None:
        """Close the current bin with one free cell and begin the next."""
        free = len(self.data) - self.used
        if free:
            struct.pack_into("<i", self.data, self.used, free)
        start = len(self.data)
        stamp = STAMP if start == 0 else 0
        self.data += struct.pack("<4sIIQQI", b"hbin", start, PAGE, 0, stamp, 0).ljust(PAGE, b"\0")
        self.used = start + 32

    def cell(self, content: bytes) -> int:
        """Store an allocated cell and return its offset."""
        size = (len(content) + 4 + 7) // 8 * 8
        if self.used + size > len(self.data) - 8:
            self.new_bin()
        at = self.used
        struct.pack_into("<i", self.data, at, -size)
        self.data[at + 4 : at + 4 + len(content)] = content
        self.used += size
        return at

    def finished(self) -> bytes:
        """The bins data, with the last bin closed."""
        struct.pack_into("<i", self.data, self.used, len(self.data) - self.used)
        return bytes(self.data)


type Tree = dict[str, Tree | str]  # a key's subkeys, and its values as strings

SECURITY = bytes.fromhex(
    "01000480 30000000 40000000 00000000 14000000"  # self-relative, with owner, group and access list
    "02001c00 01000000 00031400 3f000f00 01010000 00000005 12000000"  # SYSTEM: full access
    "01020000 00000005 20000000 20020000 01010000 00000005 12000000"  # Administrators, SYSTEM
)


class Writer:
    """Writes a tree of keys; the values of a key named Run are stored last, from the second bin on."""

    def __init__(self, tree: Tree, last_bin_from: int | None) -> None:
        self.bins = Bins()
        self.last_bin_from = last_bin_from
        self.run: tuple[int, Tree] | None = None
        self.security = 0
        self.root = self.key("CMI-CreateHive{00000000-0000-0000-0000-000000000000}", tree, NONE)
        self.bins.new_bin()
        if self.run:
            self.values(*self.run)

    def key(self, name: str, tree: Tree, parent: int) -> int:
        """Store a key node with everything below it."""
        subkeys = {k: v for k, v in tree.items() if isinstance(v, dict)}
        flags = 0x2C if parent == NONE else 0x20
        longest = max((2 * len(k) for k in subkeys), default=0)
        node = struct.pack("<2sHQIIIIII", b"nk", flags, STAMP, 0, parent, len(subkeys), 0, NONE, NONE)
        node += struct.pack("<IIIIIIIIIHH", 0, NONE, self.security, NONE, longest, 0, 0, 0, 0, len(name), 0)
        at = self.bins.cell(node + name.encode("ascii"))
        if parent == NONE:
            here = self.bins.used
            body = struct.pack("<2sHIIII", b"sk", 0, here, here, 100, len(SECURITY)) + SECURITY
            self.security = self.bins.cell(body)
            struct.pack_into("<I", self.bins.data, at + 4 + 44, self.security)
        found = b""
        for child in sorted(subkeys, key=str.upper):
            code = 0
            for letter in child.upper():
                code = (37 * code + ord(letter)) & MASK
            found += struct.pack("<II", self.key(child, subkeys[child], at), code)
        if found:
            leaf = self.bins.cell(struct.pack("<2sH", b"lh", len(subkeys)) + found)
            struct.pack_into("<I", self.bins.data, at + 4 + 28, leaf)
        if name == "Run":
            self.run = (at, tree)
        else:
            self.values(at, tree)
        return at

    def values(self, at: int, tree: Tree) -> None:
        """Store the values of the key at this place, each a REG_SZ."""
        values = {k: v for k, v in tree.items() if isinstance(v, str)}
        offsets = []
        for index, (name, text) in enumerate(values.items()):
            if self.run and at == self.run[0] and index == self.last_bin_from:
                self.bins.new_bin()
            data = (text + "\0").encode("utf-16-le")
            place = self.bins.cell(data)
            head = struct.pack("<2sHIIIHH", b"vk", len(name), len(data), place, 1, 1, 0)
            offsets.append(self.bins.cell(head + name.encode("ascii")))
        if offsets:
            listed = self.bins.cell(struct.pack(f"<{len(offsets)}I", *offsets))
            struct.pack_into("<II", self.bins.data, at + 4 + 36, len(offsets), listed)
            struct.pack_into("<I", self.bins.data, at + 4 + 60, max(2 * len(n) for n in values))
            struct.pack_into("<I", self.bins.data, at + 4 + 64, max(2 * len(t) + 2 for t in values.values()))


ROOT = 32  # the root key is the first cell


def image(run: Values, *, user: bool = False, last_bin_from: int | None = None) -> bytes:
    """The bins data of a SOFTWARE hive (or a user's) with these values in its Run key."""
    version: Tree = {"Run": dict(run), "Explorer": {"Shell Folders": {}}}
    if not user:
        zebra = {"DisplayName": "Zebra Setup Utilities", "DisplayVersion": "1.1.9.1325", "Publisher": "Zebra"}
        version["Uninstall"] = {"{61B1E5B2-6E2C-4C32-9C0A-1B4E0F9C7A10}": dict(zebra)}
    microsoft: Tree = {"Windows": {"CurrentVersion": version}}
    if not user:
        microsoft["Windows NT"] = {
            "CurrentVersion": {"ProductName": "Windows 10 Pro", "CurrentBuild": "19045"}
        }
    tree: Tree = {"Microsoft": microsoft, "Classes": {}, "Policies": {}}
    writer = Writer({"Software": tree, "Environment": {}} if user else tree, last_bin_from)
    assert writer.root == ROOT
    return writer.bins.finished()


def base_block(
    size: int,
    primary: int,
    secondary: int,
    *,
    kind: int = 0,
    stamp: int = STAMP,
    name: str = r"emRoot\System32\Config\SOFTWARE",
) -> bytes:
    """A base block; the kind is 0 for a hive, 1 for an old log and 6 for a new one."""
    head = struct.pack("<4sIIQIIIIIII", b"regf", primary, secondary, stamp, 1, 5, kind, 1, ROOT, size, 1)
    head = (head + name.encode("utf-16-le")).ljust(508, b"\0")
    return (head + struct.pack("<I", xor32(head))).ljust(PAGE, b"\0")


def hive(bins: bytes, primary: int = 21, secondary: int = 20, **more: Any) -> bytes:
    """A hive file; dirty unless told otherwise."""
    return base_block(len(bins), primary, secondary, **more) + bins


# ---- the logs


def changed(before: bytes, after: bytes) -> Pages:
    """The pages of the second image that the first does not have."""
    places = range(0, len(after), PAGE)
    return [(at, after[at : at + PAGE]) for at in places if before[at : at + PAGE] != after[at : at + PAGE]]


def entry(
    number: int,
    before: bytes,
    after: bytes,
    *,
    flags: int = 0,
    bins_size: int | None = None,
    size: int | None = None,
    count: int | None = None,
    refs: list[tuple[int, int]] | None = None,
) -> bytes:
    """A log entry of the new format; what a hostile writer would change can be set, the hashes then fit."""
    pages = changed(before, after)
    body = b"".join(struct.pack("<II", *ref) for ref in refs or [(at, len(page)) for at, page in pages])
    body += b"".join(page for _, page in pages)
    body += bytes(-(40 + len(body)) % SECTOR)
    head = struct.pack(
        "<4sIIIII",
        b"HvLE",
        len(body) + 40 if size is None else size,
        flags,
        number,
        len(after) if bins_size is None else bins_size,
        len(pages) if count is None else count,
    )
    head += struct.pack("<II", *marvin32(body))
    return head + struct.pack("<II", *marvin32(head)) + body


def log(first: int, *entries: bytes, size: int = 8192, rest: int = 4 * SECTOR, **more: Any) -> bytes:
    """A log file of the new format, with unused, zeroed space behind its entries."""
    block = base_block(size, first, first, kind=6, **more)[:SECTOR]
    return block + b"".join(entries) + bytes(rest)


def old_log(
    before: bytes, after: bytes, *, number: int = 21, end: int | None = None, stamp: int = STAMP
) -> bytes:
    """A log file of the old format: a bitmap of 512-byte pages, then these pages."""
    bitmap = bytearray(len(after) // PAGE)  # a byte of it stands for eight sectors
    pages = changed(before, after)
    for at, _ in pages:
        bitmap[at // PAGE] = 0xFF
    block = base_block(len(after), number, number if end is None else end, kind=1, stamp=stamp)
    vector = (b"DIRT" + bytes(bitmap)).ljust(SECTOR, b"\0")
    return block[:SECTOR] + vector + b"".join(page for _, page in pages)


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """The same data with these bytes from there on."""
    return data[:at] + new + data[at + len(new) :]


# ---- the cases (tables, kept on long lines)

# fmt: off


HERE = Path(__file__).resolve().parent

AUDIO = ("RtkAudUService", r'"C:\Program Files\Realtek\Audio\HDA\RtkNGUI64.exe" -s')
HEALTH = ("SecurityHealth", r"C:\Windows\System32\SecurityHealthSystray.exe")
DYMO = ("DymoTray", r'"C:\Program Files (x86)\DYMO\DYMO Connect\DymoTray.exe" -minimized')
PLANTED = ("svcupd", r"C:\Users\Public\svcupd\svcupd.exe -q")
MOVED = ("svcupd", r"C:\ProgramData\svcupd\svcupd64.exe -q -w 30")
TAKEN = ("SecurityHealth", r"C:\Users\Public\Pictures\SecHealthSystray.exe")
REVIVED = ("DymoTray", r'"C:\Users\Public\Libraries\DYMO Connect Update\DymoTray.exe" -hide')
OLDER = ("RelaySync", r"C:\Users\Public\relay\relaysync.exe /hidden")

BASE = image([AUDIO, HEALTH])
ADDED = image([AUDIO, HEALTH, PLANTED])
WITH_DYMO = image([AUDIO, HEALTH, DYMO])
BOTH = image([AUDIO, HEALTH, DYMO, PLANTED])
STALE = image([AUDIO, HEALTH, OLDER])


def case(name: str, story: str, files: dict[str, bytes], present: Values, absent: Values, *, lost: bool) -> None:
    """Write one case."""
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for file, data in files.items():
        (folder / file).write_bytes(data)
    expect = {"story": story, "present": [c for _, c in present], "absent": [c for _, c in absent], "lost": lost}
    text = yaml.safe_dump(expect, sort_keys=False, allow_unicode=True, width=1000)
    (folder / "expect.yaml").write_text(text, encoding="utf-8", newline="\n")


def software(name: str, story: str, hive_file: bytes, logs: dict[str, bytes], *, present: Sequence[tuple[str, str]] = (), absent: Sequence[tuple[str, str]] = (), lost: bool) -> None:
    """A case of a SOFTWARE hive; its two ordinary values must be there whatever the logs are like."""
    files = {"SOFTWARE": hive_file} | {f"SOFTWARE.{end}": data for end, data in logs.items()}
    case(name, story, files, [AUDIO, HEALTH, *present], list(absent), lost=lost)


def clean_cases() -> None:
    """Hives that were closed properly: the logs are not looked at."""
    clean = hive(BASE, 20, 20)
    old = log(18, entry(18, BASE, ADDED), entry(19, BASE, STALE))
    software("clean_stale_log", "The hive is clean; the log still holds entries older than it.", clean, {"LOG1": old, "LOG2": b""}, absent=[PLANTED, OLDER], lost=False)
    software("clean_subsequent_log", "The hive is clean; the log holds an entry that would fit, which the specification says is ignored.", clean, {"LOG1": log(20, entry(20, BASE, ADDED))}, absent=[PLANTED], lost=False)
    software("clean_no_log", "The hive is clean and was copied without its logs.", clean, {}, absent=[PLANTED], lost=False)
    junk = random.Random(1).randbytes(3000)
    software("clean_garbage_log", "The hive is clean; the log beside it is unreadable, which does not matter.", clean, {"LOG1": junk, "LOG2": b""}, absent=[PLANTED], lost=False)
    software("old_clean", "The hive of an old system is clean; its log still holds dirty pages, which are ignored.", hive(BASE, 21, 21), {"LOG1": old_log(BASE, ADDED)}, absent=[PLANTED], lost=False)


def applied_cases() -> None:
    """Dirty hives whose logs hold all that is missing."""
    dirty = hive(BASE)
    first, second = entry(20, BASE, WITH_DYMO), entry(21, WITH_DYMO, BOTH)
    one = log(20, entry(20, BASE, ADDED))
    got: dict[str, Any] = {"present": [PLANTED], "lost": False}
    two: dict[str, Any] = {"present": [DYMO, PLANTED], "lost": False}
    software("one_entry", "One log entry adds a value.", dirty, {"LOG1": one, "LOG2": b""}, **got)
    software("two_entries", "Two log entries in sequence add one value each.", dirty, {"LOG1": log(20, first, second)}, **two)
    all_three = [first, second, entry(22, BOTH, image([AUDIO, HEALTH, DYMO, PLANTED, OLDER]))]
    software("three_entries", "Three log entries in sequence, the last ones beyond the primary sequence number of the hive, as usual on real systems.", dirty, {"LOG1": log(20, *all_three)}, present=[DYMO, PLANTED, OLDER], lost=False)
    software("three_logs", "One log entry adds a value; the empty third log of older systems lies beside the two.", dirty, {"LOG": b"", "LOG1": one, "LOG2": log(12, rest=0)}, **got)
    software("flags_set", "The log entry was written while a transaction was pending, so its flags are not zero.", dirty, {"LOG1": log(20, entry(20, BASE, ADDED, flags=1))}, **got)
    assert [at for at, _ in changed(BASE, ADDED)] == [0, PAGE]
    joined = entry(20, BASE, ADDED, count=1, refs=[(0, 8192)])
    software("joined_pages", "The log entry refers to two neighbouring pages as one of 8192 bytes.", dirty, {"LOG1": log(20, joined)}, **got)
    software("split_log1_first", "The entries are split over both logs, the earlier one in LOG1.", dirty, {"LOG1": log(20, first), "LOG2": log(21, second)}, **two)
    software("split_log2_first", "The entries are split over both logs, the earlier one in LOG2.", dirty, {"LOG1": log(21, second), "LOG2": log(20, first)}, **two)
    software("empty_log1", "LOG1 is empty and LOG2 holds the fitting entry.", dirty, {"LOG1": b"", "LOG2": one}, **got)
    # three bins: the old entries change only the third, the fitting one only the second
    three = image([AUDIO, HEALTH, DYMO], last_bin_from=2)
    revived = image([AUDIO, HEALTH, REVIVED], last_bin_from=2)
    taken = image([AUDIO, TAKEN, DYMO], last_bin_from=2)
    assert [at for at, _ in changed(three, revived)] == [2 * PAGE]
    assert [at for at, _ in changed(three, taken)] == [PAGE]
    stale = [entry(18, taken, three), entry(19, three, revived)]
    fitting = entry(20, three, taken)
    found, gone = [AUDIO, TAKEN, DYMO], [HEALTH, REVIVED]
    case("stale_log1", "LOG1 holds entries older than the hive, which must not be applied, and LOG2 the fitting one.", {"SOFTWARE": hive(three), "SOFTWARE.LOG1": log(18, *stale, size=len(three)), "SOFTWARE.LOG2": log(20, fitting, size=len(three))}, found, gone, lost=False)
    case("stale_log2", "LOG2 holds entries older than the hive, which must not be applied, and LOG1 the fitting one.", {"SOFTWARE": hive(three), "SOFTWARE.LOG1": log(20, fitting, size=len(three)), "SOFTWARE.LOG2": log(18, *stale, size=len(three))}, found, gone, lost=False)
    case("older_entries_before", "Entries older than the hive stand before the fitting one in the same log; they must not be applied.", {"SOFTWARE": hive(three), "SOFTWARE.LOG1": log(18, *stale, fitting, size=len(three))}, found, gone, lost=False)
    software(
        "older_entries_behind",
        "Entries of an earlier round of the log follow the last fitting one, as usual on real systems; they are ignored and nothing is lost.",
        dirty,
        {"LOG1": log(20, entry(20, BASE, ADDED), entry(14, BASE, STALE), entry(15, BASE, STALE))},
        absent=[OLDER],
        **got,
    )
    tail = random.Random(2).randbytes(3 * SECTOR)
    software(
        "remnant_bytes",
        "Random bytes without an entry's signature follow the last fitting entry, as usual on real systems: all consecutive entries are applied, so nothing is lost.",
        dirty,
        {"LOG1": log(20, entry(20, BASE, ADDED), rest=0) + tail},
        **got,
    )
    cut = entry(13, BASE, STALE)[3 * SECTOR :] + entry(14, BASE, STALE)
    software(
        "remnant_of_longer_entry",
        "The fitting entry overwrote the beginning of an older, longer one, whose rest and successor still follow; they are ignored and nothing is lost.",
        dirty,
        {"LOG1": log(20, entry(20, BASE, ADDED), cut)},
        absent=[OLDER],
        **got,
    )
    grown = image([AUDIO, HEALTH, PLANTED], last_bin_from=2)
    assert len(grown) == len(BASE) + PAGE
    software("hive_grows", "The log entry makes the hive one bin larger and puts the new value there.", dirty, {"LOG1": log(20, entry(20, BASE, grown))}, **got)
    software("hive_grows_over_padding", "The hive file has padding behind its last bin; the log entry makes the hive grow into it.", dirty + b"\xa5" * 2 * PAGE, {"LOG1": log(20, entry(20, BASE, grown))}, **got)
    again = image([AUDIO, HEALTH, MOVED], last_bin_from=2)
    software("hive_grows_then_changes", "The first log entry makes the hive grow, the second changes the value in the new bin.", dirty, {"LOG1": log(20, entry(20, BASE, grown), entry(21, grown, again))}, present=[MOVED], absent=[PLANTED], lost=False)
    changes = image([AUDIO, HEALTH, MOVED])
    software("changed_twice", "A value is set by the first log entry and changed by the second; the last one counts.", dirty, {"LOG1": log(20, entry(20, BASE, ADDED), entry(21, ADDED, changes))}, present=[MOVED], absent=[PLANTED], lost=False)
    software("deleted_by_log", "The hive on disk has the value and the log deletes it.", hive(ADDED), {"LOG1": log(20, entry(20, ADDED, BASE))}, absent=[PLANTED], lost=False)
    software("added_and_deleted", "The first log entry adds the value and the second deletes it again.", dirty, {"LOG1": log(20, entry(20, BASE, ADDED), entry(21, ADDED, BASE))}, absent=[PLANTED], lost=False)
    spoilt = patched(hive(BASE, 20, 20), 508, b"\x01\x02\x03\x04")
    software("base_block_checksum", "The base block of the hive has a wrong checksum (its sequence numbers agree); it is recovered from the log, then the entry is applied.", spoilt, {"LOG1": one}, **got)
    case("mixed_case_names", "The names of hive and logs differ in case, as after some copying tools.", {"software": dirty, "Software.log1": one, "SOFTWARE.Log2": b""}, [AUDIO, HEALTH, PLANTED], [], lost=False)
    name = r"ii\??\C:\Users\lager\ntuser.dat"
    user, more = image([HEALTH], user=True), image([HEALTH, PLANTED], user=True)
    case(
        "user_hive", "A user's hive, whose logs are named in lower case as Windows does.", {"NTUSER.DAT": hive(user, name=name), "ntuser.dat.LOG1": log(20, entry(20, user, more), name=name), "ntuser.dat.LOG2": b""}, [HEALTH, PLANTED], [], lost=False
    )


def broken_cases() -> None:
    """Dirty hives whose logs fit in part or not at all."""
    dirty = hive(BASE)
    first, second = entry(20, BASE, WITH_DYMO), entry(21, WITH_DYMO, BOTH)
    nothing: dict[str, Any] = {"absent": [PLANTED], "lost": True}
    partly: dict[str, Any] = {"present": [DYMO], "absent": [PLANTED], "lost": True}
    software("gap", "The entry after the first is missing; the one behind the gap must not be applied.", dirty, {"LOG1": log(20, first, entry(22, WITH_DYMO, BOTH))}, **partly)
    software("gap_between_logs", "The last entry of LOG1 and the first of LOG2 are not consecutive.", dirty, {"LOG1": log(20, first), "LOG2": log(22, entry(22, WITH_DYMO, BOTH))}, **partly)
    software("starts_too_late", "The first entry of the log is one later than the hive needs.", dirty, {"LOG1": log(21, entry(21, BASE, ADDED))}, **nothing)
    last = patched(second, 2000, b"\xff\x00\xff\x00")
    software("wrong_body_hash", "The pages of the second entry do not agree with its first hash.", dirty, {"LOG1": log(20, first, last)}, **partly)
    software("wrong_head_hash", "The head of the second entry does not agree with its second hash.", dirty, {"LOG1": log(20, first, patched(second, 32, bytes(8)))}, **partly)
    software("wrong_hash_then_good", "The second entry has a wrong hash; the good third one must not be applied.", dirty, {"LOG1": log(20, first, last, entry(22, WITH_DYMO, BOTH))}, **partly)
    software("wrong_hash_only", "The only entry has a wrong hash.", dirty, {"LOG1": log(20, patched(entry(20, BASE, ADDED), 60, b"\x55\xaa\x55\xaa"))}, **nothing)
    whole = log(20, first, second, rest=0)
    software("torn_entry", "The log file ends in the middle of the second entry.", dirty, {"LOG1": whole[: -len(second) // 2]}, **partly)
    software("torn_head", "The log file ends in the head of the second entry.", dirty, {"LOG1": whole[: 20 - len(second)]}, **partly)
    software("torn_zero_filled", "Only the first sectors of the second entry reached the disk, the rest is zero.", dirty, {"LOG1": whole[: 2 * SECTOR - len(second)] + bytes(len(second))}, **partly)
    software("bins_size_odd", "The second entry states a hive bins data size that is no multiple of 4096.", dirty, {"LOG1": log(20, first, entry(21, WITH_DYMO, BOTH, bins_size=8192 + 100))}, **partly)
    software("only_older_entries", "The hive is dirty and its log holds only entries older than it.", dirty, {"LOG1": log(18, entry(18, BASE, ADDED), entry(19, BASE, STALE))}, absent=[PLANTED, OLDER], lost=True)
    other = image([DYMO, PLANTED], user=True)
    software("log_of_another_hive", "The logs come from another computer; their sequence numbers do not fit.", dirty, {"LOG1": log(4711, entry(4711, BASE, other), entry(4712, other, ADDED)), "LOG2": b""}, absent=[PLANTED, DYMO], lost=True)
    case(
        "log_of_neighbour",
        "The hive was copied without its logs; a log of the SYSTEM hive beside it happens to have a fitting number.",
        {"SOFTWARE": dirty, "SYSTEM.LOG1": log(20, entry(20, BASE, ADDED), name=r"SYSTEM")},
        [AUDIO, HEALTH],
        [PLANTED],
        lost=True,
    )
    software("no_log", "The hive is dirty and was copied without its logs.", dirty, {}, **nothing)
    software("empty_logs", "The hive is dirty and both logs are empty files.", dirty, {"LOG1": b"", "LOG2": b""}, **nothing)
    software("zeroed_log", "The hive is dirty and its log holds nothing but zeros.", dirty, {"LOG1": bytes(8192)}, **nothing)
    software("short_log", "The log file is shorter than a sector.", dirty, {"LOG1": log(20, entry(20, BASE, ADDED))[:300]}, **nothing)
    software("garbage_log", "The log file holds random bytes.", dirty, {"LOG1": random.Random(3).randbytes(5000)}, **nothing)
    spoilt = patched(hive(ADDED, 20, 20), 508, b"\x01\x02\x03\x04")
    case("base_block_checksum_no_log", "The base block of the hive has a wrong checksum and there is no log; reading the hive all the same or not are both sensible.", {"SOFTWARE": spoilt}, [], [], lost=True)


def hostile_cases() -> None:
    """Entries with hashes that fit and lengths that do not."""
    dirty = hive(BASE)
    changes: list[tuple[str, str, dict[str, Any]]] = [
        ("size_zero", "The entry states a size of 0.", {"size": 0}),
        ("size_small", "The entry states a size smaller than its own head.", {"size": 16}),
        ("size_huge", "The entry states a size of nearly 4 GiB.", {"size": 0xFFFFFE00}),
        ("count_huge", "The entry states 4294967295 dirty pages.", {"count": 0xFFFFFFFF}),
        ("page_beyond_hive", "The entry's pages lie far beyond the end of the hive.", {"refs": [(0x7FFFF000, PAGE), (0x7FFFE000, PAGE)]}),
        ("page_size_too_large", "The entry's pages are stated larger than the entry.", {"refs": [(0, 0x10000), (PAGE, 0xFFFFF000)]}),
        ("bins_size_huge", "The entry states a hive of nearly 4 GiB, of which it holds a few pages that lie beyond 2 GiB.", {"bins_size": 0xFFFFF000, "refs": [(0x80000000, PAGE), (0xFFFFE000, PAGE)]}),
    ]
    for name, story, change in changes:
        bad = entry(20, BASE, ADDED, **change)
        software("hostile_" + name, story, dirty, {"LOG1": log(20, bad)}, absent=[PLANTED], lost=True)
        worse = entry(21, WITH_DYMO, BOTH, **change)
        software("hostile_second_" + name, story.replace("The entry", "The second entry", 1), dirty, {"LOG1": log(20, entry(20, BASE, WITH_DYMO), worse)}, present=[DYMO], absent=[PLANTED], lost=True)


def old_cases() -> None:
    """Logs of Windows 7 and before."""
    dirty = hive(BASE)
    fits = old_log(BASE, ADDED)
    got: dict[str, Any] = {"present": [PLANTED], "lost": False}
    nothing: dict[str, Any] = {"absent": [PLANTED], "lost": True}
    software("old_log", "An old-format log as of Windows 7 adds the value.", dirty, {"LOG1": fits, "LOG2": b""}, **got)
    software("old_single_log", "An old-format log as of Windows XP, the only one, adds the value.", dirty, {"LOG": fits}, **got)
    software("old_log_remnants", "Dirty pages of an earlier round follow the last one the bitmap names; they are ignored.", dirty, {"LOG1": fits + STALE}, absent=[OLDER], **got)
    software("old_second_log", "LOG1 has another last-written timestamp than the hive, LOG2 the same; LOG2 is used.", dirty, {"LOG1": old_log(BASE, STALE, number=19, stamp=STAMP - 10**9), "LOG2": fits}, absent=[OLDER], **got)
    spoilt = patched(hive(BASE, 21, 20, stamp=STAMP), 508, b"\x01\x02\x03\x04")
    software("old_checksum", "The base block of the hive has a wrong checksum; the first bin's timestamp agrees with the old-format log, which is used.", spoilt, {"LOG1": fits}, **got)
    software("old_other_timestamp", "The old-format log has another last-written timestamp than the hive.", dirty, {"LOG1": old_log(BASE, ADDED, stamp=STAMP - 10**9)}, **nothing)
    software("old_unfinished", "The two sequence numbers of the old-format log differ: it was not written to its end.", dirty, {"LOG1": old_log(BASE, ADDED, number=21, end=20)}, **nothing)
    software("old_torn", "The old-format log ends behind its bitmap, all dirty pages are missing.", dirty, {"LOG1": fits[: 2 * SECTOR]}, **nothing)
    software("old_bad_signature", "The log has no DIRT signature behind its base block.", dirty, {"LOG1": patched(fits, SECTOR, b"\0\0\0\0")}, **nothing)
    software("old_bad_bin", "The first dirty bin of the old-format log is no hive bin; recovery stops there.", dirty, {"LOG1": patched(fits, 2 * SECTOR, b"xbin")}, **nothing)
    huge = base_block(0xFFFFF000, 21, 21, kind=1)[:SECTOR]
    software("old_hostile_size", "The old-format log states a hive of nearly 4 GiB, its bitmap would be longer than the file.", dirty, {"LOG1": huge + fits[SECTOR:]}, **nothing)


if __name__ == "__main__":
    check_marvin32()
    clean_cases()
    applied_cases()
    broken_cases()
    hostile_cases()
    old_cases()
