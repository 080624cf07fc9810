"""Direct sending of notices, for orders of our own shops: there the warehouse is itself the handler (PIPL 57).

Off by default. It is switched on by ``notices.json`` in the data folder: ``{"folder": PATH, "contact": TEXT}``. The shop's
own program takes the files and tells each buyer through the platform, by order number: no name and no phone number is
needed, and none is in the file. ``contact`` is the published way to reach us; no other number goes into a notice.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec
from django.conf import settings

from waybillguard.service.platform.config import write_private
from waybillguard.service.scams.errors import ScamServiceError


class Notice(msgspec.Struct, frozen=True):
    """One notice: to the buyer of an order, whom the platform knows."""

    shop: str
    order_no: str
    text: str


class Sender(Protocol):
    """Something that brings notices to buyers. A notice is sent whole or not at all; sending the same again is harmless."""

    @property
    def contact(self) -> str:
        """The published way to reach us, as it stands in each notice."""
        ...

    def send(self, mark: str, notices: Iterable[Notice]) -> int:
        """Send, and return how many; ``mark`` names the batch, so that one is not sent twice.

        Raises:
            ScamServiceError: nothing was sent.
        """
        ...


class FileDrop(msgspec.Struct, frozen=True):
    """Writes a batch as a file of JSON lines (``shop``, ``order_no``, ``text``) into a folder."""

    folder: str
    contact: str

    def send(self, mark: str, notices: Iterable[Notice]) -> int:
        """Write ``mark.jsonl`` in one step; a batch of the same mark is replaced.

        Raises:
            ScamServiceError: the folder cannot be written to.
        """
        lines = [msgspec.json.encode(one) for one in notices]
        try:
            write_private(Path(self.folder) / f"{mark}.jsonl", b"\n".join(lines) + b"\n")
        except OSError as error:
            raise ScamServiceError(
                zh="告知文件无法写入，未发送。请检查发送文件夹的权限和空间。",
                en="The notices cannot be written; nothing was sent. Check the folder's permissions and space.",
            ) from error
        return len(lines)


def configured_sender() -> Sender | None:
    """Return what sends notices directly; None where nothing is configured.

    Raises:
        ScamServiceError: the configuration cannot be read.
    """
    path = settings.CONFIG.notices_file
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=FileDrop)
    except (OSError, msgspec.MsgspecError) as error:
        raise ScamServiceError(
            zh="notices.json 无法读取：需要 folder 和 contact 两项。",
            en="notices.json cannot be read: it holds folder and contact.",
        ) from error
