"""Decompresses Windows' LZ77+Huffman (Xpress Huffman), used by compressed prefetch files.

Written from [MS-XCA] section 2.2 (Microsoft Open Specifications). The output is bounded by the expected size.
"""

import struct

_SYMBOLS = 512
_TABLE_BITS = 15
_BLOCK = 65_536
_AHEAD = 4
"""Bytes that the decoder reads ahead of the current code."""


class XpressError(ValueError):
    """The data is not a complete Xpress Huffman stream."""


def decompress(data: bytes, size: int) -> bytes:
    """Return the decompressed data of ``size`` bytes.

    Raises:
        XpressError: the stream ends early, or contains an invalid code or distance.
    """
    out = bytearray()
    place = 0
    try:
        while len(out) < size:
            place = _block(data, place, out, min(len(out) + _BLOCK, size))
    except (IndexError, struct.error) as error:
        raise XpressError("compressed data ends early") from error
    return bytes(out[:size])


def _table(lengths: list[int]) -> list[int]:
    """Build the decoding table: 15 bits of input to symbol (MS-XCA 2.2.2.1, canonical codes by length)."""
    table: list[int] = []
    for length in range(1, _TABLE_BITS + 1):
        for symbol in range(_SYMBOLS):
            if lengths[symbol] == length:
                table += [symbol] * (1 << (_TABLE_BITS - length))
    if len(table) != 1 << _TABLE_BITS:
        raise XpressError("code lengths do not fill the code space")
    return table


def _block(data: bytes, place: int, out: bytearray, end: int) -> int:
    """Decode one block of up to 64 KiB; return where the next one starts."""
    packed = data[place : place + _SYMBOLS // 2]
    if len(packed) < _SYMBOLS // 2:
        raise XpressError("compressed data ends early")
    lengths = [nibble for byte in packed for nibble in (byte & 15, byte >> 4)]
    table = _table(lengths)
    place += _SYMBOLS // 2
    high, low = struct.unpack_from("<HH", data, place)
    bits, place, spare = high << 16 | low, place + 4, 16
    while len(out) < end:
        symbol = table[bits >> 17]
        used = lengths[symbol]
        bits = bits << used & 0xFFFFFFFF
        spare -= used
        if spare < 0:
            bits, place, spare = _refill(data, place, bits, spare)
        if symbol < 256:  # noqa: PLR2004 - a literal byte
            out.append(symbol)
            continue
        length = symbol & 15
        if length == 15:  # noqa: PLR2004 - longer than the code can say
            length, place = _long_length(data, place)
        length += 3
        distance_bits = (symbol - 256) >> 4
        distance = (1 << distance_bits) | (bits >> (32 - distance_bits) if distance_bits else 0)
        bits = bits << distance_bits & 0xFFFFFFFF
        spare -= distance_bits
        if spare < 0:
            bits, place, spare = _refill(data, place, bits, spare)
        if distance > len(out):
            raise XpressError("distance before the start")
        _copy(out, distance, length)
    return place


def _refill(data: bytes, place: int, bits: int, spare: int) -> tuple[int, int, int]:
    if place > len(data) + _AHEAD:
        raise XpressError("compressed data ends early")
    word = struct.unpack_from("<H", data, place)[0] if place + 2 <= len(data) else 0
    return bits | word << -spare & 0xFFFFFFFF, place + 2, spare + 16


def _long_length(data: bytes, place: int) -> tuple[int, int]:
    length = data[place]
    place += 1
    if length < 255:  # noqa: PLR2004
        return length + 15, place
    (length,) = struct.unpack_from("<H", data, place)
    place += 2
    if length == 0:
        (length,) = struct.unpack_from("<I", data, place)
        place += 4
    if length < 15:  # noqa: PLR2004
        raise XpressError("match length cannot be")
    return length, place


def _copy(out: bytearray, distance: int, length: int) -> None:
    start = len(out) - distance
    if distance >= length:
        out += out[start : start + length]
        return
    piece = bytes(out[start:])
    out += (piece * (length // distance + 1))[:length]
