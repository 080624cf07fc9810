"""Trust policies (C2SP tlog-policy): trusted logs, trusted witnesses, and the required quorum."""

from collections.abc import Iterable

import msgspec

from waybillguard.ledger.errors import BadNoteError
from waybillguard.ledger.note import (
    COSIGN_ED25519,
    ED25519,
    MLDSA44,
    Checkpoint,
    Note,
    Verifier,
    parse_checkpoint,
    parse_note,
    parse_vkey,
    verified,
)

_NONE = "none"
_LIMIT = 1000


class Group(msgspec.Struct, frozen=True):
    """A group of witnesses; it counts as one cosigner when ``needed`` of its members have cosigned."""

    needed: int
    members: tuple[str, ...]


class Witness(msgspec.Struct, frozen=True):
    """A witness of a policy: its name, its key, and the URL for submitting checkpoints ("": none)."""

    name: str
    verifier: Verifier
    url: str = ""


class Judged(msgspec.Struct, frozen=True):
    """A checkpoint that a policy accepts.

    ``logs`` are the log's vkeys that signed; ``witnesses`` maps each witness (by its name in the policy)
    that cosigned to the POSIX time it states.
    """

    checkpoint: Checkpoint
    logs: tuple[str, ...]
    witnesses: dict[str, int]


class Policy(msgspec.Struct, frozen=True):
    """A parsed policy. ``quorum`` is a witness or group name, or ``none``."""

    logs: tuple[Verifier, ...]
    witnesses: dict[str, Witness]
    groups: dict[str, Group]
    quorum: str

    def met(self, cosigned: Iterable[str]) -> bool:
        """Return whether these witnesses (names) meet the quorum."""
        return self.quorum == _NONE or self._met(self.quorum, set(cosigned))

    def _met(self, name: str, cosigned: set[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        return sum(self._met(member, cosigned) for member in group.members) >= group.needed

    def judge(self, data: bytes | Note) -> Judged:
        """Check a checkpoint note against the policy; raises BadNoteError with the reason."""
        note = data if isinstance(data, Note) else parse_note(data)
        checkpoint = parse_checkpoint(note.text)
        logs = [v for v in self.logs if v.name == checkpoint.origin]
        signed = verified(note, logs)
        if not signed:
            raise BadNoteError(
                zh="检查点没有政策文件所列台账的签名",
                en="the checkpoint is not signed by a log that the policy lists",
            )
        cosigned: dict[str, int] = {}
        for witness in self.witnesses.values():
            for _, when in verified(note, [witness.verifier]):
                cosigned[witness.name] = when or 0
        if not self.met(cosigned):
            raise BadNoteError(
                zh=f"见证数量不足：政策要求 {self.quorum}，只有 {len(cosigned)} 个见证方签名",
                en=f"not enough witnesses: the policy asks for {self.quorum}, {len(cosigned)} cosigned",
            )
        return Judged(checkpoint, tuple(v.vkey() for v, _ in signed), cosigned)


def parse_policy(data: bytes) -> Policy:  # noqa: C901 - one rule a branch, in the order of the specification
    """Parse a tlog-policy file; raises BadNoteError naming the line."""
    if any((byte < 0x20 and byte not in b"\t\n") or byte == 0x7F for byte in data):  # noqa: PLR2004
        raise _bad(0, "control character")
    logs: list[Verifier] = []
    witnesses: dict[str, Witness] = {}
    groups: dict[str, Group] = {}
    quorum: str | None = None
    used: set[str] = set()
    # Latin-1 keeps octets opaque, as the specification asks; vkeys are decoded again as UTF-8.
    for number, line in enumerate(data.decode("latin-1").split("\n"), 1):
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        keyword, *rest = words
        try:
            if keyword == "log" and len(rest) in {1, 2}:
                logs.append(_log(rest[0], logs))
            elif keyword == "witness" and len(rest) in {2, 3}:
                name = _fresh(rest[0], witnesses, groups)
                verifier = _witness(rest[1], witnesses)
                witnesses[name] = Witness(name, verifier, rest[2] if len(rest) > 2 else "")  # noqa: PLR2004
            elif keyword == "group" and len(rest) > 2:  # noqa: PLR2004
                name = _fresh(rest[0], witnesses, groups)
                groups[name] = _group(rest[1], rest[2:], {*witnesses, *groups}, used)
            elif keyword == "quorum" and len(rest) == 1 and quorum is None:
                quorum = rest[0]
                if quorum != _NONE and quorum not in witnesses and quorum not in groups:
                    raise _bad(number, "unknown quorum")
            else:
                raise _bad(number, keyword)
        except BadNoteError as error:
            raise _bad(number, error.en) from error
        if number > _LIMIT:
            raise _bad(number, "too long")
    if quorum is None:
        raise _bad(0, "no quorum line")
    return Policy(tuple(logs), witnesses, groups, quorum)


def _log(text: str, logs: list[Verifier]) -> Verifier:
    """Parse a log's key. One key may have several names, because a ledger signs all its quarters with the same key."""
    verifier = _key(text, {ED25519, MLDSA44})
    if any((log.name, log.public) == (verifier.name, verifier.public) for log in logs):
        raise _bad(0, "key listed twice")
    return verifier


def _witness(text: str, witnesses: dict[str, Witness]) -> Verifier:
    verifier = _key(text, {COSIGN_ED25519, MLDSA44})
    if any(known.verifier.public == verifier.public for known in witnesses.values()):
        raise _bad(0, "key listed twice")
    return verifier


def _key(text: str, kinds: set[int]) -> Verifier:
    try:
        verifier = parse_vkey(text.encode("latin-1").decode())
    except UnicodeDecodeError as error:
        raise _bad(0, "key name") from error
    if verifier.kind not in kinds:
        raise _bad(0, "key of the wrong type")
    return verifier


def _fresh(name: str, witnesses: dict[str, Witness], groups: dict[str, Group]) -> str:
    if name == _NONE or name in witnesses or name in groups:
        raise _bad(0, "name used twice")
    return name


def _group(rule: str, members: list[str], known: set[str], used: set[str]) -> Group:
    if len(set(members)) != len(members) or not set(members) <= known or set(members) & used:
        raise _bad(0, "group member unknown or used twice")
    used.update(members)
    if rule in {"all", "any"}:
        return Group(len(members) if rule == "all" else 1, tuple(members))
    if not rule.isascii() or not rule.isdigit() or rule.startswith("0") or len(rule) > 4:  # noqa: PLR2004
        raise _bad(0, "group threshold")
    if int(rule) > len(members):
        raise _bad(0, "group threshold")
    return Group(int(rule), tuple(members))


def _bad(line: int, what: str) -> BadNoteError:
    place = f" {line}" if line else ""
    return BadNoteError(
        zh=f"信任政策文件第{place or '?'} 行有误：{what}",
        en=f"the policy file is wrong at line{place}: {what}",
    )
