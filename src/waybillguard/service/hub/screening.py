"""Screening of victims at the hub: it passes encrypted files of ``trace match`` between police and warehouses.

The police encrypt the list under their own key, and only they can decrypt the answers. So neither the hub nor a
warehouse learns who is on the list, and the police learn only which victims' parcels passed a warehouse.
"""

import io
import zipfile
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from waybillguard.agent.protocol_screening import MAX_REQUEST, ScreeningPart
from waybillguard.agent.protocol_town import MAX_SCREENINGS, ScreeningTold
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import Screening, ScreeningSetup, ScreeningTo, Warehouse
from waybillguard.service.hub.towns import seat_of, town_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User

POLICE: Final = "police"
_ZIP_DATE: Final = (2020, 1, 1, 0, 0, 0)


def send_screening(
    by: User, number: str, since: date | None, content: bytes, district: str = ""
) -> Screening:
    """Send a request of the police to the warehouses of the town, or of a district.

    Raises:
        HubError: the user is not of the police; number, day or file is missing or too large; the number was used
            before; or no warehouse is listed.
    """
    tenant, number = tenant_of(by), number.strip()[:80]
    town_of(tenant)
    if seat_of(by) != POLICE:
        raise not_the_police()
    if not number or since is None or not 0 < len(content) <= MAX_REQUEST or "\x00" in number:
        raise HubError(
            zh="请填写文号和起始日期，并选择 trace match request 生成的文件。未发送。",
            en="type number and day, and choose the file that trace match request made. Nothing was sent.",
        )
    listed = Warehouse.objects.filter(tenant=tenant, **({"district": district} if district else {}))
    to = list(listed.values_list("pk", flat=True))
    if not to:
        raise HubError(zh="名单中没有仓库。未发送。", en="no warehouse is listed. Nothing was sent.")
    try:
        with transaction.atomic():
            sent = Screening.objects.create(
                tenant=tenant, number=number, since=since, district=district, request=content, sent_by=by
            )
            ScreeningTo.objects.bulk_create(
                (ScreeningTo(tenant=tenant, screening=sent, warehouse_id=one) for one in to), batch_size=500
            )
    except IntegrityError:
        raise HubError(
            zh=f"{number} 已用于另一次筛查。未发送。",
            en=f"{number} was used for another screening. Nothing was sent.",
        ) from None
    return sent


def not_the_police() -> HubError:
    """Make the error for a user who represents another authority."""
    return HubError(
        zh="受害人筛查由公安机关发起。未发送。",
        en="a screening of victims is the police's to send. Nothing was sent.",
    )


def pending_screenings(warehouse: Warehouse, now: datetime) -> tuple[ScreeningTold, ...]:
    """Return the screenings that wait for a warehouse's answer, and mark them as sent to it."""
    copies = ScreeningTo.objects.filter(tenant=warehouse.tenant, warehouse=warehouse, answered_at=None)
    waiting = list(copies.select_related("screening").defer("screening__request")[:MAX_SCREENINGS])
    copies.filter(pk__in=[one.pk for one in waiting], told_at=None).update(told_at=now)
    return tuple(
        ScreeningTold(
            id=one.screening_id, authority=POLICE, document=one.screening.number, since=one.screening.since
        )
        for one in waiting
    )


def request_for(warehouse: Warehouse, screening: int) -> bytes:
    """Return the police's file to a warehouse that received the screening.

    Raises:
        HubError: the warehouse is not part of the screening.
    """
    return bytes(_copy(warehouse, screening).screening.request)


def keep_part(warehouse: Warehouse, sent: ScreeningPart, now: datetime) -> None:
    """Store a part of an answer; the last part completes it. A repeated part changes nothing.

    Raises:
        HubError: the warehouse was not asked or has already answered, or the part does not match the others.
    """
    with transaction.atomic():
        copy = _copy(warehouse, sent.id, lock=True)
        if copy.answered_at is not None or sent.part > sent.parts or (sent.part == 1) != bool(sent.response):
            raise HubError(
                zh="该筛查已应答，或分段有误。", en="it was answered already, or the part is wrong."
            )
        if sent.part == 1:
            # A new answer uses a new key, so the parts of an earlier attempt are invalid.
            copy.setups.filter(tenant=copy.tenant).delete()
            copy.response, copy.parts = sent.response, sent.parts
        elif sent.parts != copy.parts:
            raise HubError(zh="分段与首段不符。", en="the part is not of the answer that was begun.")
        ScreeningSetup.objects.update_or_create(
            tenant=copy.tenant, answer=copy, part=sent.part, defaults={"setup": sent.setup}
        )
        if copy.setups.filter(tenant=copy.tenant).count() == copy.parts:
            copy.answered_at = now
        copy.save()


def answer_file(copy: ScreeningTo) -> bytes:
    """Return a warehouse's answer for the police: a ZIP of ``response.bin`` and ``setup-1.bin`` and so on."""
    out = io.BytesIO()
    setups = copy.setups.filter(tenant=copy.tenant).order_by("part")
    files = [("response.bin", bytes(copy.response))]
    files += [(f"setup-{one.part}.bin", bytes(one.setup)) for one in setups]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files:
            packed.writestr(zipfile.ZipInfo(name, _ZIP_DATE), content)
    return out.getvalue()


def _copy(warehouse: Warehouse, screening: int, *, lock: bool = False) -> ScreeningTo:
    rows = (
        ScreeningTo.objects.select_for_update() if lock else ScreeningTo.objects.select_related("screening")
    )
    copy = rows.filter(tenant=warehouse.tenant, warehouse=warehouse, screening_id=screening).first()
    if copy is None:
        raise HubError(zh="没有这项筛查。", en="there is no such screening for this warehouse.")
    return copy
