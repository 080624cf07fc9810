"""Send notices directly to buyers of our own shops, for which the warehouse itself is the handler (PIPL 57).

Off by default. ``notices.json`` in the data folder turns it on: ``{"folder": PATH, "contact": TEXT}``. The shop's own
program reads the files and notifies each buyer through the platform by order number. The files contain no name and
no phone number. ``contact`` is the published contact; no other number is put into a notice.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec
from django.conf import settings

from waybillguard.service.platform.config import write_private
from waybillguard.service.scams.errors import ScamServiceError


class Notice(msgspec.Struct, frozen=True):
    """A notice to the buyer of one order, whom the platform identifies by order number."""

    shop: str
    order_no: str
    text: str


class Sender(Protocol):
    """Sends notices to buyers. A notice is sent completely or not at all; sending it again has no effect."""

    @property
    def contact(self) -> str:
        """The published contact that each notice shows."""
        ...

    def send(self, mark: str, notices: Iterable[Notice]) -> int:
        """Send the notices and return how many; ``mark`` identifies the batch, so that it is not sent twice.

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
    """Return the configured sender, or None if there is none.

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
