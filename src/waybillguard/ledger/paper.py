"""Paper witness: a checkpoint on one printed line, which can be checked later without a server.

The line is printed daily on a label, sent by mail or kept at a merchant. Base32 in capitals survives fax,
OCR and reading aloud; the last group is a checksum against typing errors.
"""

import base64
import re
import zlib

from waybillguard.ledger.errors import BadNoteError
from waybillguard.ledger.note import Checkpoint

_LINE = re.compile(r"WG1 (\S+) (\d{1,19}) ((?:[A-Z2-7]{4} ){13})([A-Z2-7]{7})")


def paper_line(checkpoint: Checkpoint) -> str:
    """Return the printed line: mark, origin, size, root in groups of four, checksum."""
    root = base64.b32encode(checkpoint.root).decode().rstrip("=")
    groups = " ".join(root[i : i + 4] for i in range(0, len(root), 4))
    return f"WG1 {checkpoint.origin} {checkpoint.size} {groups} {_check(checkpoint)}"


def _check(checkpoint: Checkpoint) -> str:
    text = f"{checkpoint.origin} {checkpoint.size} ".encode() + checkpoint.root
    return base64.b32encode(zlib.crc32(text).to_bytes(4, "big")).decode().rstrip("=")


def read_paper_line(text: str) -> Checkpoint:
    """Parse a line typed from paper (case and spacing are ignored); raises BadNoteError."""
    words = text.split()
    if len(words) > 4:  # noqa: PLR2004
        body = "".join(words[3:]).upper()
        groups = " ".join(body[i : i + 4] for i in range(0, 52, 4))
        found = _LINE.fullmatch(f"{words[0].upper()} {words[1]} {words[2]} {groups} {body[52:]}")
        if found is not None:
            root = base64.b32decode(found[3].replace(" ", "") + "====")
            checkpoint = Checkpoint(found[1], int(found[2]), root)
            if _check(checkpoint) == found[4]:
                return checkpoint
    raise BadNoteError(
        zh="这一行检查点抄写有误；请逐组核对后重新输入",
        en="the printed line was copied wrongly; compare it group by group",
    )
