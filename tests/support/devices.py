"""A device for tests: its keys, and requests signed as by the agent."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.test import Client

from waybillguard.agent.protocol import Message, encode
from waybillguard.agent.signing import sign

HOST = "testserver"


@dataclass
class Keys:
    """A device's keys; ``uid`` is set once it is enrolled."""

    uid: str = ""
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)

    @property
    def signing_public(self) -> bytes:
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        return self.sealing.public_key().public_bytes_raw()

    def headers(
        self,
        path: str,
        body: bytes,
        *,
        key_id: str = "",
        now: datetime | None = None,
        server: str = f"http://{HOST}",
    ) -> dict[str, str]:
        """Return the headers of a signed POST to ``path`` on Django's test server or on ``server``."""
        return sign(
            "POST", f"{server}{path}", body, key=self.signing, key_id=key_id or self.uid,
            now=now or datetime.now(UTC), random=os.urandom,
        )  # fmt: skip

    def post(self, path: str, message: Message, *, key_id: str = "", now: datetime | None = None) -> Any:
        """Send a message as this device."""
        body = encode(message)
        return Client().post(
            path,
            body,
            content_type="application/json",
            headers=self.headers(path, body, key_id=key_id, now=now),
        )


def enrolled(
    owner: Any, *, station: str = "打包台1", kind: str = "agent", holder: Any = None
) -> tuple[Any, Keys]:
    """Create an enrolled device and its keys directly, without the enrolment steps."""
    from waybillguard.service.identity.models import Device

    keys = Keys(uid=os.urandom(16).hex())
    device = Device.objects.create(
        uid=keys.uid, tenant=owner.tenant, station=station, kind=kind, holder=holder, enrolled_by=owner,
        signing_key=keys.signing_public, sealing_key=keys.sealing_public,
        printers=[{"name": "label-1", "transport": "raw", "languages": ["tspl"], "dpi": 203, "model": "",
                   "serial": "", "refused": ""}],
    )  # fmt: skip
    return device, keys
