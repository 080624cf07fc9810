"""Seals the bytes of a print job to one device, bound to the job's description.

The format is that of `waybillguard.agent.boxes`. The additional data holds the device id and every field of the
`JobHead`, so a job cannot be moved to another device, printer, ticket or attempt. The sender is authenticated by the
TLS connection to the pinned authority.
"""

from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent.boxes import open_box, seal_box
from waybillguard.agent.errors import SealedJobError
from waybillguard.agent.protocol import JobHead, Lease
from waybillguard.keys.primitives import Random, frame

_INFO: Final = b"waybillguard print job v1"


def seal_job(content: bytes, head: JobHead, *, device: str, key: bytes, random: Random) -> bytes:
    """Seal ``content`` to the device.

    Args:
        content: the bytes for the printer.
        head: the job's description, bound to the content.
        device: the device's id.
        key: its X25519 public key, 32 bytes.
        random: source of 32 fresh bytes.

    Raises:
        SealedJobError: the key is not a point that X25519 can use.
    """
    sealed = seal_box(content, key=key, info=_INFO, bound=_bound(head, device), random=random)
    if sealed is None:
        raise _does_not_open()
    return sealed


def lease(content: bytes, head: JobHead, *, device: str, key: bytes, random: Random) -> Lease:
    """Return the sealed job in the form that is sent to the agent."""
    sealed = seal_job(content, head, device=device, key=key, random=random)
    return Lease(
        job=head.job,
        ticket=head.ticket,
        attempt=head.attempt,
        printer=head.printer,
        language=head.language,
        expires=head.expires,
        sealed=sealed,
    )


def open_job(job: Lease, *, device: str, key: X25519PrivateKey) -> bytes:
    """Open a job with the device's private key.

    Raises:
        SealedJobError: another device's job, another version, or altered in transit.
    """
    content = open_box(job.sealed, key=key, info=_INFO, bound=_bound(job, device))
    if content is None:
        raise _does_not_open()
    return content


def _bound(head: JobHead, device: str) -> bytes:
    """Return an unambiguous encoding of every field of the description."""
    words = (
        device,
        head.job,
        head.ticket,
        str(head.attempt),
        head.printer,
        head.language,
        _moment(head.expires),
    )
    return frame(_INFO, *(word.encode() for word in words))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _does_not_open() -> SealedJobError:
    return SealedJobError(
        zh="打印任务无法用本设备的密钥打开，未打印。请在控制台重新发送；如反复出现，请重新登记设备。",
        en="the job does not open with this device's key; nothing was printed. Send it again from the console; "
        "if it goes on, enrol the device anew.",
    )
