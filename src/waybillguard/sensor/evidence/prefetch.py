"""Reads prefetch files: which program ran, how often, the last run times, and which files it loaded.

Versions 17 (XP), 23 (Vista, 7), 26 (8.1), 30 and 31 (10, 11), plain or compressed (``MAM``). The offsets follow the
published descriptions of the format (libscca documentation); the decoder is our own.
"""

import struct
from collections.abc import Iterator
from datetime import datetime

from waybillguard.sensor.evidence.clock import filetime
from waybillguard.sensor.evidence.xpress import XpressError, decompress
from waybillguard.sensor.observation import Observation

MAX_SIZE = 16 << 20
_RUNS = {17: (120, 1, 144), 23: (128, 1, 152), 26: (128, 8, 208), 30: (128, 8, 208), 31: (128, 8, 200)}
_SHORT_INFO = 296
"""Start of the metrics in the second variant of version 30, which has the run count eight bytes earlier."""


class PrefetchError(ValueError):
    """This is not a prefetch file, or it is damaged."""


def read_prefetch(data: bytes, file: str) -> Iterator[Observation]:
    """Yield one observation for each recorded run, the last one first.

    Raises:
        PrefetchError: not a prefetch file, an unknown version, or damaged.
    """
    data = _plain(data)
    if len(data) < 160 or data[4:8] != b"SCCA":  # noqa: PLR2004
        raise PrefetchError("no prefetch signature")
    (version,) = struct.unpack_from("<I", data, 0)
    if version not in _RUNS:
        raise PrefetchError(f"prefetch version {version} is not known")
    name = data[16:76].decode("utf-16-le", "replace").partition("\0")[0]
    first, times, counter = _RUNS[version]
    strings_at, strings_size = struct.unpack_from("<II", data, 100)
    if version == 30 and struct.unpack_from("<I", data, 84)[0] == _SHORT_INFO:  # noqa: PLR2004
        counter = 200
    try:
        (count,) = struct.unpack_from("<I", data, counter)
        runs = [filetime(struct.unpack_from("<Q", data, first + 8 * n)[0]) for n in range(times)]
    except struct.error as error:
        raise PrefetchError("prefetch file ends early") from error
    loaded = data[strings_at : strings_at + strings_size].decode("utf-16-le", "replace").split("\0")
    path = next((each for each in loaded if each.rpartition("\\")[2].upper() == name.upper()), "")
    known: list[datetime] = [each for each in runs if each is not None]
    yield Observation(
        kind="program_run",
        file=file,
        record=name,
        time=max(known, default=None),
        name=name,
        path=path or name,
        count=count,
        command="\n".join(
            each for each in loaded if each.upper().endswith((".DLL", ".DRV", ".DB", ".SPL", ".SHD"))
        ),
        marks=("prefetch",),
    )
    for run in sorted(known, reverse=True)[1:]:
        yield Observation(
            kind="program_run",
            file=file,
            record=f"{name} {run:%Y-%m-%dT%H:%M:%SZ}",
            time=run,
            name=name,
            path=path or name,
            marks=("prefetch",),
        )


def _plain(data: bytes) -> bytes:
    if data[:3] != b"MAM":
        return data
    (size,) = struct.unpack_from("<I", data, 4) if len(data) >= 8 else (0,)  # noqa: PLR2004
    if not 0 < size <= MAX_SIZE:
        raise PrefetchError("compressed prefetch file names an impossible size")
    start = 12 if data[3] & 0xF0 == 0x80 else 8  # noqa: PLR2004 - with a checksum before the data
    try:
        return decompress(data[start:], size)
    except XpressError as error:
        raise PrefetchError(str(error)) from error
