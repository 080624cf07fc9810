"""Reads the configuration of a print system: CUPS printers, server, PPDs, backends and filters; packet rules.

Sources: cupsd.conf(5), printers.conf(5), the PPD extensions of CUPS, iptables-save(8) and nft(8). Used for evidence
and by the live scan.
"""

import re
from collections.abc import Iterable, Iterator

from waybillguard.sensor.observation import Observation

_PROGRAM_PLACE = re.compile(r"/(?:lib|lib64|libexec)/cups/(backend|filter)/([^/]+)$")
_COPIES = re.compile(
    r"\b(?:tee|cp|mv|dd|cat\s+[^|\n]*>|curl|wget|nc|ncat|socat|rsync|scp|sftp|ftp|smbclient|mail|logger|openssl\s+s_client)\b"
)
_FILTER = re.compile(r"^\*cupsFilter2?:\s*\"([^\"]+)\"", re.MULTILINE)
_PRELOAD = re.compile(r"\bLD_(?:PRELOAD|AUDIT)[=\s]+\"?'?([^\s\"']+)")


def cups_program(path: str, file: str, record: str = "place") -> Iterator[Observation]:
    """Yield a backend or filter of CUPS, recognised by its folder."""
    place = _PROGRAM_PLACE.search(path)
    if place:
        yield Observation(
            kind="print_filter",
            file=file,
            record=record,
            name=place[2],
            path=f"/usr/lib/cups/{place[1]}/{place[2]}",
            command=place[1],
        )


def read_cups_script(text: str, file: str) -> Iterator[Observation]:
    """Yield a backend or filter that is a script and forwards its jobs."""
    place = _PROGRAM_PLACE.search(f"/{file}")
    told = _COPIES.search(re.sub(r"^[ \t]*#.*$", "", text, flags=re.MULTILINE))
    if place and told:
        yield Observation(
            kind="print_filter",
            file=file,
            record="text",
            name=place[2],
            path=f"/usr/lib/cups/{place[1]}/{place[2]}",
            command=place[1],
            marks=("copies",),
        )


def read_printers_conf(text: str, file: str) -> Iterator[Observation]:
    """Yield the printers of CUPS and their backends."""
    for block in re.split(r"(?=^<(?:Default)?Printer )", text, flags=re.MULTILINE):
        name = re.match(r"<(?:Default)?Printer (\S+)>", block)
        uri = re.search(r"^DeviceURI (\S+)", block, re.MULTILINE)
        if not name or not uri:
            continue
        scheme = uri[1].partition(":")[0]
        yield Observation(
            kind="printer", file=file, record=name[1], name=name[1], path=scheme, command=uri[1]
        )
        yield Observation(
            kind="print_filter", file=file, record=f"{name[1]} DeviceURI", name=scheme, command="backend"
        )


def read_cupsd(text: str, file: str) -> Iterator[Observation]:
    """Yield the settings of the CUPS server that keep jobs or load code into the server."""
    kept = re.search(r"^[ \t]*PreserveJobFiles\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)
    if kept and kept[1].lower() not in {"no", "off", "false", "0"}:
        yield Observation(
            kind="setting", file=file, record="PreserveJobFiles", name="jobs_kept", command=f"PreserveJobFiles {kept[1]}"
        )  # fmt: skip
    moved = re.search(r"^[ \t]*RequestRoot\s+(\S+)", text, re.MULTILINE | re.IGNORECASE)
    if moved and moved[1].rstrip("/") != "/var/spool/cups":
        yield Observation(
            kind="setting", file=file, record="RequestRoot", name="spool_moved", command=moved[1]
        )
    yield from read_preload(text, file)


def read_preload(text: str, file: str) -> Iterator[Observation]:
    """Yield the libraries that a file preloads into programs: ``LD_PRELOAD``, ``LD_AUDIT``, ``ld.so.preload``."""
    found = (
        [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()[:1] == "/"]
        if file.endswith("ld.so.preload")
        else [(text.count("\n", 0, each.start()) + 1, each[1]) for each in _PRELOAD.finditer(text)]
    )  # fmt: skip
    for number, library in found:
        for each in re.split(r"[\s:]+", library):
            yield Observation(
                kind="hook", file=file, record=f"line {number}", name="preload", path=each, command=library
            )


def read_ppd(text: str, file: str) -> Iterator[Observation]:
    """Yield the filters that a PPD applies to each job."""
    for each in dict.fromkeys(_FILTER.findall(text)):
        program = each.split()[-1]
        yield Observation(
            kind="print_filter",
            file=file,
            record=f"cupsFilter {each}",
            name=program.rpartition("/")[2],
            path=program if "/" in program else "",
            command="filter",
        )


_REDIRECT = re.compile(
    r"^(?:\s*\d+\s+\S+\s+)?(?:DNAT|REDIRECT|TEE|TPROXY)\s|-j\s+(?:DNAT|REDIRECT|TEE|TPROXY|NFQUEUE|NFLOG)\b|\b(?:dnat|redirect|dup|tproxy)\s+(?:ip6?\s+)?to\b", re.IGNORECASE
)  # fmt: skip
_TARGET = re.compile(r"(?:--to-destination|--gateway|\bto|TEE gw)[:\s]\s*:?\[?([0-9a-f.:]+?)\]?(?::(\d+))?(?=\s|$)", re.IGNORECASE)  # fmt: skip


def read_packet_rules(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield rules of iptables or nftables that redirect or duplicate packets."""
    for number, line in lines:
        if line.lstrip().startswith("#") or not _REDIRECT.search(line):
            continue
        target = _TARGET.search(line)
        yield Observation(
            kind="packet_redirect",
            file=file,
            record=f"line {number}",
            name=file.rpartition("/")[2],
            origin=target[1] if target else "",
            command=line.strip()[:500],
        )


_HOOK = re.compile(r"^\s*(?:Pre|Post)Up\s*=\s*(\S.*)$", re.IGNORECASE)


def read_wireguard(text: str, file: str) -> Iterator[Observation]:
    """Yield the packet rules and commands that a WireGuard tunnel runs at start (wg-quick(8)), and its endpoint."""
    ends = re.findall(r"^[ \t]*Endpoint[ \t]*=[ \t]*(\S{1,300})", text, re.MULTILINE)
    for number, line in enumerate(text.splitlines(), 1):
        hook = _HOOK.match(line)
        if hook:
            command = f"{hook[1].strip()[:400]} (WireGuard {' '.join(ends[:3])})"
            yield from read_packet_rules([(number, command)], file)
            yield Observation(
                kind="script",
                file=file,
                record=f"line {number}",
                name=file.rpartition("/")[2],
                path=file.rpartition("/")[2].lower(),
                command=command,
            )
