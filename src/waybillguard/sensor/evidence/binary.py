"""Reads program files: the version block and signer of a PE, and tool domains in a bounded part of the file.

Nothing is executed. The signer is the subject of the certificate in the file. The signature is not verified, so a
signer can support a finding but never clear a program.
"""

import re
import struct
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.observation import Observation

_MOST = 48 << 20
_PIECE, _OVERLAP = 1 << 20, 256
"""Size in bytes of a searched piece, and the overlap of two pieces, which is longer than any domain."""
_SHORT = 7
"""Domains up to this length are not searched for, because they may occur within other words."""
_FIELDS = ("OriginalFilename", "ProductName", "CompanyName", "FileDescription")


def read_binary(stream: BinaryIO, file: str, *, path: str = "") -> Iterator[Observation]:
    """Yield one observation of a program file: version fields, signer, and a tool's domain named in it."""
    stream.seek(0)
    data = stream.read(_MOST)
    fields = version_fields(data) if data[:2] == b"MZ" else {}
    signer = signer_of(data) if data[:2] == b"MZ" else ""
    named = named_domain(data)
    place = path or file
    yield Observation(
        kind="program_seen",
        file=file,
        record="file",
        name=re.split(r"[\\/]", place)[-1].lower(),
        path=original_place(place) if data[:2] == b"MZ" else place,
        original=fields.get("OriginalFilename", ""),
        product=fields.get("ProductName", "") or fields.get("FileDescription", ""),
        signer=signer or fields.get("CompanyName", ""),
        origin_name=named,
        marks=tuple(mark for mark in ("binary", "" if signer or data[:2] != b"MZ" else "unsigned") if mark),
    )


_USUAL = r"(?:users|windows|program|documents|\$recycle)"
_VOLUME = re.compile(
    rf"^.*?(?:%5C%5C[.?]%5C(?:GLOBALROOT%5CDevice%5C\w+|([A-Za-z])%3A)|\[root\](?=/{_USUAL}))/", re.IGNORECASE
)
_DRIVE = re.compile(rf"(?:^|/)([A-Za-z])(?:%3A|[:_$]|盘)?/({_USUAL}.*)$", re.IGNORECASE)
_ANY_DRIVE = re.compile(r"^(?:uploads/\w+/)?([A-Za-z])(?:%3A|[:_$])?/(.*)$")


def original_place(place: str) -> str:
    """Return the original path of a file in a collector's folder layout.

    Supported are KAPE (``C/Users/…``), Velociraptor (``uploads/auto/C%3A/…``, ``uploads/ntfs/%5C%5C.%5CC%3A/…``, its
    shadow copies) and FTK Imager (``NONAME [NTFS]/[root]/…``).
    """
    place = _VOLUME.sub(lambda volume: f"{volume[1] or 'C'}/", place)
    found = _DRIVE.search(place) or _ANY_DRIVE.match(place)
    path = f"{found[1]}:\\{found[2]}" if found else place
    return path.replace("/", "\\").lower()


def version_fields(data: bytes) -> dict[str, str]:
    """Return the strings of a PE's version block (VS_VERSIONINFO)."""
    start = data.find("VS_VERSION_INFO".encode("utf-16-le"))
    if start < 0:
        return {}
    block, out = data[start : start + 8192], {}
    for name in _FIELDS:
        key = f"{name}\0".encode("utf-16-le")
        at = block.find(key)
        if at >= 0:
            value = block[at + len(key) :].lstrip(b"\0")[:512]
            if len(value) % 2:
                value = value[:-1]
            out[name] = value.decode("utf-16-le", "replace").partition("\0")[0].strip()
    return out


def signer_of(data: bytes) -> str:
    """Return the subject of the certificate that signed a PE; empty if it is missing or unreadable."""
    try:
        (header,) = struct.unpack_from("<I", data, 0x3C)
        (magic,) = struct.unpack_from("<H", data, header + 24)
        directory = header + 24 + (128 if magic == 0x10B else 144)  # noqa: PLR2004 - PE32, else PE32+
        place, size = struct.unpack_from("<II", data, directory)
    except struct.error:
        return ""
    if not 0 < place < len(data) or not len(b"WIN_CERT") < size <= 1 << 20:
        return ""
    try:
        from cryptography import x509  # noqa: PLC0415 - only for signed programs
        from cryptography.hazmat.primitives.serialization import pkcs7  # noqa: PLC0415

        chain = pkcs7.load_der_pkcs7_certificates(data[place + 8 : place + size])
        for certificate in chain:
            issuers = {each.issuer for each in chain if each is not certificate}
            if certificate.subject not in issuers:
                names = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
                names = names or certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
                return str(names[0].value) if names else ""
    except Exception:  # noqa: BLE001 - whatever a hostile file provokes
        return ""
    return ""


@cache
def _domains() -> tuple[BytesAhoCorasick, list[bytes]]:
    names = sorted(
        {
            value.encode()
            for tool in catalogue().tools
            if tool.kind in {"remote_control", "tunnel"}
            for _, kind, value in tool.facts()
            if kind == "domain" and value.count(".") == 1 and len(value) > _SHORT
        }
    )
    return BytesAhoCorasick(names, matchkind=MatchKind.LeftmostLongest), names


def named_domain(data: bytes) -> str:
    """Return the remote-control tool's domain that a program contains, if it contains the domains of only one tool."""
    search, names = _domains()
    found: set[bytes] = set()
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE + _OVERLAP]
        hits = search.find_matches_as_indexes(piece)
        found.update(names[number] for number, begin, _ in hits if begin < _PIECE)
        if len(found) > 1:
            return ""
    return found.pop().decode() if found else ""
