"""Base45 (RFC 9285): encodes bytes in the 45 characters of a QR code's alphanumeric mode."""

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Encode two bytes as three characters, and a last single byte as two."""
    out: list[str] = []
    for at in range(0, len(data) - 1, 2):
        high, low = divmod(data[at] << 8 | data[at + 1], 45)
        out += (ALPHABET[low], ALPHABET[high % 45], ALPHABET[high // 45])
    if len(data) % 2:
        out += (ALPHABET[data[-1] % 45], ALPHABET[data[-1] // 45])
    return "".join(out)


def decode(text: str) -> bytes:
    """Undo `encode`.

    Raises:
        ValueError: a character outside the alphabet, an impossible length or a value too large. The
            message does not quote the text.
    """
    try:
        values = [_VALUES[character] for character in text]
    except KeyError:
        raise ValueError("not base45: a character outside the alphabet") from None
    out = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        value, size = sum(digit * 45**power for power, digit in enumerate(group)), len(group) - 1
        if size == 0 or value >= 1 << (8 * size):
            raise ValueError("not base45: impossible length or value")
        out += value.to_bytes(size)
    return bytes(out)


def encode_many(data: bytes, size: int) -> list[str]:
    """Encode consecutive records of ``size`` bytes (even) at once; return one string per record."""
    import numpy as np  # noqa: PLC0415 - for waves of labels; a child that seals one order starts without it

    codes = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    pairs = np.frombuffer(data, dtype=">u2").astype(np.uint32)
    digits = np.stack((pairs % 45, pairs // 45 % 45, pairs // 2025), axis=1)
    text = codes[digits].tobytes().decode("ascii")
    width = size // 2 * 3
    return [text[at : at + width] for at in range(0, len(text), width)]
