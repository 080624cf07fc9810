"""Chain of custody (证据流转) of attachments: each hand-over contains the hash of the previous one."""

from datetime import datetime

import msgspec

from waybillguard.inspect.cases.model import Attachment, Custody
from waybillguard.inspect.catalogue import digest
from waybillguard.inspect.errors import InspectError


def hand_over(attachment: Attachment, by: str, to: str, at: datetime, *, place: str = "") -> Attachment:
    """Return the attachment with one more hand-over.

    Raises:
        InspectError: the giver is not the current holder, or the time is before the last hand-over.
    """
    chain = attachment.custody
    if chain and (by != chain[-1].handed_to or at < chain[-1].at):
        raise InspectError(
            zh="流转未记录：移交人不是当前保管人，或时间早于上一次移交。",
            en="the hand-over was not recorded: the giver does not hold it, or the time lies before the last one.",
        )
    before = digest(chain[-1]) if chain else attachment.sha256
    entry = Custody(at=at, handed_by=by, handed_to=to, place=place, before=before)
    return msgspec.structs.replace(attachment, custody=(*chain, entry))


def whole(attachment: Attachment) -> bool:
    """Return whether the chain is intact: all hashes match, and each giver is the holder before."""
    before, holder = attachment.sha256, None
    for entry in attachment.custody:
        if entry.before != before or (holder is not None and entry.handed_by != holder):
            return False
        before, holder = digest(entry), entry.handed_to
    return True
