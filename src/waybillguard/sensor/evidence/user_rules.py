"""Applies the user's own YARA and Sigma rules from a folder to the evidence; matches name the rule's author.

Promise: a rule that cannot be read is reported as a loss with file and reason; rules execute nothing. YARA requires the
extra ``yara`` (yara-x); Sigma requires nothing.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Final

from waybillguard.errors import WaybillGuardError
from waybillguard.extras import install_command
from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.evidence.sigma import SigmaError, SigmaRule, read_sigma
from waybillguard.sensor.observation import Loss, Observation

_YARA: Final = {".yar", ".yara"}
_SIGMA: Final = {".yml", ".yaml"}
_MAX_FILE: Final = 64 << 20
_MAX_RULES: Final = 4 << 20
_MAX_MATCHES: Final = 50
_SECONDS: Final = 20


class RulesError(WaybillGuardError):
    """A folder of rules cannot be used; the text explains what to do."""

    code = "sensor_rules"


def check_rules(folder: str) -> None:
    """Check that a folder of rules can be used, before any evidence is read.

    Raises:
        RulesError: it holds no rules, or YARA rules without yara-x installed.
    """
    endings = {path.suffix.lower() for path in _files(folder)}
    if not endings & (_YARA | _SIGMA):
        raise RulesError(
            zh="规则文件夹里没有规则。请放入 .yar、.yara（YARA）或 .yml、.yaml（Sigma）文件。",
            en="the folder holds no rules. Put .yar or .yara (YARA) or .yml or .yaml (Sigma) files there.",
        )
    if endings & _YARA and find_spec("yara_x") is None:
        raise RulesError(
            zh=f"有 YARA 规则，但没有安装 yara-x。请运行 {install_command('yara')}，或移走这些规则。",
            en=f"there are YARA rules, but yara-x is not installed. Run {install_command('yara')}, or take them away.",
        )


class UserRules:
    """The parsed rules of a folder.

    Attributes:
        losses: rules that cannot be read, with the reason.
    """

    def __init__(self, folder: str) -> None:
        self.losses: list[Loss] = []
        self._sigma: list[SigmaRule] = []
        self._yara: Any = None
        yara: list[tuple[str, str]] = []
        for path in _files(folder):
            name, ending = path.name, path.suffix.lower()
            if ending not in _YARA | _SIGMA:
                continue
            try:
                text = path.read_text("utf-8") if path.stat().st_size <= _MAX_RULES else ""
                if ending in _YARA:
                    yara.append((name, text))
                else:
                    self._sigma += read_sigma(text)
            except (OSError, UnicodeDecodeError):
                self._lose(name, "cannot be read")
            except SigmaError as error:
                self._lose(name, f"not applied: {error}")
        if yara:
            self._compile(yara)

    @property
    def reads_events(self) -> bool:
        """Return whether there are rules on events, so that every event must be parsed."""
        return bool(self._sigma)

    def _compile(self, files: list[tuple[str, str]]) -> None:
        import yara_x  # noqa: PLC0415 - an extra

        compiler = yara_x.Compiler(includes_enabled=False)
        for name, text in files:
            compiler.new_namespace(name)
            try:
                compiler.add_source(text)
            except yara_x.CompileError:
                self._lose(name, "not applied: it does not compile")
        self._yara = compiler.build()

    def on_file(self, name: str, stream: BinaryIO) -> Iterator[Observation]:
        """Yield the YARA rules that match a file's content."""
        if self._yara is None:
            return
        import yara_x  # noqa: PLC0415 - an extra

        content = stream.read(_MAX_FILE + 1)
        if len(content) > _MAX_FILE:
            self._lose(name, f"more than {_MAX_FILE >> 20} MiB: rules on content were not applied")
            return
        scanner = yara_x.Scanner(self._yara)
        scanner.set_timeout(_SECONDS)
        try:
            found = scanner.scan(content).matching_rules
        except yara_x.TimeoutError:
            self._lose(name, "rules on content took too long")
            return
        for rule in list(found)[:_MAX_MATCHES]:
            author = next((str(value) for key, value in rule.metadata if key == "author"), "")
            yield Observation(
                kind="rule_match", file=name, record="content", name=rule.identifier, origin_name=author[:200]
            )

    def on_event(self, event: Event) -> Iterator[Observation]:
        """Yield the Sigma rules that match an event."""
        for rule in self._sigma:
            if rule.matches(event):
                yield event.seen("rule_match", name=rule.title, origin_name=rule.author)

    def _lose(self, name: str, reason: str) -> None:
        self.losses.append(Loss(file=name, reason=reason))


def _files(folder: str) -> list[Path]:
    return sorted(path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
