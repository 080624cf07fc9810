"""The catalogue of known tools: names, folders, services, signers, domains, ports, printers, logs.

Hand-written tools are in ``data/tools``, one YAML file per tool; the facts of LOLRMM are in one generated file
(``scripts/make-remote-tools``). Every fact is marked: *documented* (by the maker or a published source),
*observed* (seen in public code, logs or evidence) or *assumed* (by analogy). An assumed fact never makes more
than a low finding.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import translate
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import msgspec

from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, folders
from waybillguard.shipped import read_yaml

type Mark = Literal["documented", "observed", "assumed"]
type ToolKind = Literal[
    "remote_control",  # shows and controls this PC from elsewhere
    "management",  # manages fleets of PCs, including remote control
    "tunnel",  # makes this PC reachable from the internet
    "monitoring",  # employee monitoring and data loss prevention: can record prints
    "print_tap",  # captures the print stream or passes it to a program
    "print_component",  # a shopping platform's own print component
    "attack_tool",
    "transfer",  # copies files to another place
    "client",  # controls other machines; ordinary on an office PC
]
type FactType = Literal[
    "file",
    "folder",
    "service",
    "signer",
    "product",
    "domain",
    "port",
    "log",
    "printer",
    "driver",
    "registry",
    "package",
]


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The facts with one mark. ``folder`` is a sequence of folder names; ``log`` a file name pattern."""

    file: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    signer: tuple[str, ...] = ()
    product: tuple[str, ...] = ()
    domain: tuple[str, ...] = ()
    port: tuple[int, ...] = ()
    log: tuple[str, ...] = ()
    printer: tuple[str, ...] = ()
    driver: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    package: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[FactType, str]]:
        """Yield the type and the text of each fact."""
        for kind in _FACT_TYPES:
            for value in getattr(self, kind):
                yield kind, str(value)


_FACT_TYPES: tuple[FactType, ...] = get_args(FactType.__value__)


class Tool(msgspec.Struct, frozen=True, kw_only=True, eq=False, forbid_unknown_fields=True):
    """One tool.

    Attributes:
        id: stable key.
        name: common name, in Chinese and English if it has both.
        kind: purpose of the tool.
        region: ISO code of the region where it is common; empty for everywhere.
        parser: parser for its session log; requires ``line_format``.
        line_format: source for the format of that log.
        note_zh, note_en: note for readers of a finding.
        sources: the source of the facts, by mark.
    """

    id: str
    name: str
    kind: ToolKind
    region: str = ""
    parser: str = ""
    line_format: str = ""
    note_zh: str = ""
    note_en: str = ""
    sources: dict[Mark, str] = {}
    documented: Facts = Facts()
    observed: Facts = Facts()
    assumed: Facts = Facts()

    def facts(self) -> Iterator[tuple[Mark, FactType, str]]:
        """Yield every fact with its mark."""
        for mark, group in (
            ("documented", self.documented),
            ("observed", self.observed),
            ("assumed", self.assumed),
        ):
            for kind, value in group:
                yield mark, kind, value  # type: ignore[misc]


class Match(msgspec.Struct, frozen=True):
    """A fact of the catalogue that an observation matches. ``weak`` facts do not identify a tool alone."""

    tool: Tool
    type: FactType
    value: str
    mark: Mark
    weak: bool


def read_tools() -> tuple[Tool, ...]:
    """Read the whole catalogue; a hand-written tool replaces the generated one with the same id.

    Raises:
        msgspec.ValidationError: a file does not follow the schema.
    """
    data = files(__package__) / "data"
    tools = {
        tool.id: tool
        for tool in msgspec.json.decode((data / "lolrmm.json").read_bytes(), type=tuple[Tool, ...])
    }
    for entry in sorted((data / "tools").iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".yaml"):
            tool = read_yaml("waybillguard.sensor", f"data/tools/{entry.name}", Tool)
            tools[tool.id] = tool
    return tuple(tools.values())


_REMEMBERED = 50_000


class Catalogue:
    """The tools, indexed so that matching an observation takes a few dictionary lookups."""

    def __init__(self, tools: Iterable[Tool], common_names: frozenset[str] = frozenset()) -> None:
        self.tools = tuple(tools)
        self.by_id = {tool.id: tool for tool in self.tools}
        self._exact: dict[FactType, dict[str, list[Match]]] = defaultdict(lambda: defaultdict(list))
        self._folders: dict[str, list[tuple[list[re.Pattern[str]], Match]]] = defaultdict(list)
        self._patterns: dict[FactType, list[tuple[re.Pattern[str], Match]]] = defaultdict(list)
        self._contained: dict[FactType, list[tuple[re.Pattern[str], Match]]] = defaultdict(list)
        self._ports: dict[int, list[Match]] = defaultdict(list)
        self._asked: dict[tuple[FactType, str], list[Match]] = {}
        for tool in self.tools:
            for mark, kind, value in tool.facts():
                self._add(tool, mark, kind, value.lower(), common_names)
            name = tool.name.lower()
            if tool.kind in {"remote_control", "tunnel", "monitoring"} and re.fullmatch(r"[a-z]{6,}", name):
                # On Linux, services, packages and programs usually have the product's name.
                for kind, value in (
                    ("service", name),
                    ("package", name),
                    ("file", name),
                    ("file", f"{name}d"),
                ):
                    self._add(tool, "assumed", kind, value, common_names)

    def _add(self, tool: Tool, mark: Mark, kind: FactType, value: str, common: frozenset[str]) -> None:
        # A maker signs several products, so a signer alone does not identify a tool.
        weak = kind == "signer" or (
            kind in {"file", "folder", "service"} and _is_unspecific(kind, value, common)
        )
        match = Match(tool, kind, value, mark, weak)
        if kind == "port":
            self._ports[int(value)].append(Match(tool, kind, value, mark, weak=True))
        elif kind == "folder":
            parts = [part for part in re.split(r"[\\/]", value) if part]
            key = parts[0] if "*" not in parts[0] else ""
            self._folders[key].append(([re.compile(translate(part)) for part in parts], match))
        elif kind in {"signer", "product", "registry", "printer", "driver"}:
            # No match in the middle of a word: Autodesk is not ToDesk.
            text = re.compile(rf"(?<![a-z]){re.escape(value.replace('/', chr(92)))}")
            self._contained[kind].append((text, match))
        elif "*" in value:
            self._patterns[kind].append((re.compile(translate(value)), match))
        else:
            self._exact[kind][value].append(match)

    def match(self, seen: Observation) -> list[Match]:
        """Return the facts of the catalogue that an observation matches."""
        found: list[Match] = []
        path = seen.path or seen.command
        if path and seen.kind not in {"setting", "log_cleared"}:
            found += self._look_up("file", base_name(path))
            found += self._folders_of(path)
            found += self._inside("registry", path.lower().replace("/", "\\"))
        if seen.original:
            found += self._look_up("file", base_name(seen.original))
        found += self._named(seen)
        if seen.signer:
            found += self._inside("signer", seen.signer.lower())
        if seen.product:
            found += self._inside("product", seen.product.lower())
        if seen.kind in {"dns", "host_named", "connection", "program_seen"} and seen.origin_name:
            found += self._domain(seen.origin_name.lower())
        if seen.port and seen.kind in {"listener", "connection"}:
            found += self._ports.get(seen.port, [])
        if seen.tool and seen.tool in self.by_id:
            found.append(Match(self.by_id[seen.tool], "log", seen.file, "documented", weak=False))
        return list(dict.fromkeys(found))

    def _named(self, seen: Observation) -> list[Match]:
        """Return the matches of an observation's name, which depend on the kind of observation."""
        name = seen.name.lower()
        if not name:
            return []
        if seen.kind in {"service", "service_installed"}:
            return self._look_up("service", name) + self._inside("product", name)
        if seen.kind == "program_installed":
            return self._inside("product", name) + self._look_up("package", name)
        if seen.kind in {"printer", "print_monitor", "print_processor", "print_filter"}:
            return [
                *self._inside("printer", name),
                *self._inside("driver", f"{name}\\{seen.path.lower()}\\{seen.command.lower()}"),
                *self._look_up("file", base_name(seen.path)),
            ]
        if seen.kind in {"program_run", "program_seen", "autorun", "task", "listener", "connection"}:
            return self._look_up("file", name) + (
                self._look_up("file", f"{name}.exe") if "." not in name else []
            )
        return []

    def log_tool(self, name: str, path: str) -> Tool | None:
        """Return the tool that writes a log with this file name (lower case)."""
        for match in self._look_up("log", name):
            return match.tool
        return next((match.tool for match in self._look_up("log", path.lower())), None)

    def _look_up(self, kind: FactType, value: str) -> list[Match]:
        """Return exact and pattern matches; cached, because names repeat."""
        if not value:
            return []
        known = self._asked.get((kind, value))
        if known is None:
            known = list(self._exact[kind].get(value, ()))
            known += [match for pattern, match in self._patterns[kind] if pattern.match(value)]
            self._remember((kind, value), known)
        return known

    def _remember(self, asked: tuple[FactType, str], found: list[Match]) -> None:
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked[asked] = found

    def _inside(self, kind: FactType, value: str) -> list[Match]:
        return [match for text, match in self._contained[kind] if text.search(value)]

    def _folders_of(self, path: str) -> list[Match]:
        known = self._asked.get(("folder", path))
        if known is None:
            known = self._find_folders(folders(path))
            self._remember(("folder", path), known)
        return known

    def _find_folders(self, parts: list[str]) -> list[Match]:
        found: list[Match] = []
        for place, part in enumerate(parts):
            for patterns, match in (*self._folders.get(part, ()), *self._folders.get("", ())):
                run = parts[place : place + len(patterns)]
                if len(run) == len(patterns) and all(
                    pattern.match(text) for pattern, text in zip(patterns, run, strict=True)
                ):
                    found.append(match)
        return found

    def is_tool_domain(self, host: str) -> bool:
        """Return whether a host (lower case) belongs to a tool."""
        return bool(self._domain(host))

    def _domain(self, host: str) -> list[Match]:
        labels = host.rstrip(".").split(".")
        found: list[Match] = []
        for start in range(len(labels) - 1):
            found += self._exact["domain"].get(".".join(labels[start:]), ())
        return found


def _is_unspecific(kind: FactType, value: str, common: frozenset[str]) -> bool:
    """Return whether a name is too short or too common to identify a tool alone."""
    stem = (value.rpartition(".")[0] or value) if kind == "file" else value
    bare = re.sub(r"[*?\d_. -]|x(?:64|86)|(?:32|64)$", "", stem)
    if kind == "folder":
        return len(bare.strip("\\/")) < 4 or value in common  # noqa: PLR2004
    return len(bare) < 4 or value in common or f"{stem}.exe" in common  # noqa: PLR2004


@cache
def catalogue() -> Catalogue:
    """Return the project's catalogue, read once per process."""
    words = (files(__package__) / "data" / "common_names.txt").read_text("utf-8").split("\n")
    return Catalogue(
        read_tools(), frozenset(word.strip().lower() for word in words if word and not word.startswith("#"))
    )
