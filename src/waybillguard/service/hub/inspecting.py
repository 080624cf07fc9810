"""Special inspections (专项检查): planning, sampling without repeats, and findings recorded offline."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from waybillguard.inspect.cases import Visit, inspected_already
from waybillguard.inspect.sheet import items as sheet_items
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.intake import reevaluate
from waybillguard.service.hub.models import Check, CheckPhoto, Special, Warehouse
from waybillguard.service.hub.tasks_of import close_by_retest
from waybillguard.service.hub.towns import seat_of, town_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.vault.uploads import SealedUpload

MAX_PHOTOS: Final = 12
_MAX_BYTES: Final = 20 * 1024 * 1024
_UID: Final = range(8, 37)
_AHEAD: Final = timedelta(minutes=5)
CLAIMS: Final = ("retested", "witnessed")
ITEMS: Final = tuple(str(item.number) for item in sheet_items())
KINDS: Final = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


def plan(
    by: User, title: str, items: list[str], on: date, count: int, *, district: str = "", joint: bool = False
) -> Special:
    """Plan an inspection: sample warehouses, and leave out items inspected within the town's period.

    Raises:
        HubError: title or items are missing, or nothing is left to inspect.
    """
    tenant, authority = tenant_of(by), seat_of(by)
    town, title = town_of(tenant), title.strip()[:80]
    wanted = [one for one in ITEMS if one in items]
    if not title or not wanted:
        raise HubError(
            zh="请填写名称并选择检查项目。未保存。", en="type a title and choose items. Nothing was saved."
        )
    seed, left_out, planned, drawn = secrets.token_hex(8), [], [], 0
    earlier = _visits(
        Check.objects.filter(tenant=tenant, special__on__gt=on - timedelta(days=town.period_days))
    )
    for warehouse in draw(
        list(Warehouse.objects.filter(tenant=tenant, **({"district": district} if district else {}))), seed
    ):
        if drawn == count:
            break
        free = []
        for item in wanted:
            visit = Visit(warehouse.name, item, authority, on, joint)
            before = inspected_already(visit, earlier, timedelta(days=town.period_days))
            if before is None:
                free.append(item)
            else:
                left_out.append([warehouse.name, item, before.authority, before.on.isoformat()])
        planned += [(warehouse, item) for item in free]
        drawn += bool(free)
    if not planned:
        raise HubError(
            zh="所选项目在期限内都已检查过，没有可检查的仓库。未保存。",
            en="every chosen item was inspected within the period; nothing is left. Nothing was saved.",
        )
    with transaction.atomic():
        special = Special.objects.create(
            tenant=tenant, title=title, authority=authority, joint=joint, items=wanted, on=on, seed=seed,
            left_out=left_out, made_by=by,
        )  # fmt: skip
        Check.objects.bulk_create(
            Check(tenant=tenant, special=special, warehouse=warehouse, item=item)
            for warehouse, item in planned
        )
    return special


def draw(warehouses: list[Warehouse], seed: str) -> list[Warehouse]:
    """Return warehouses in a pseudo-random order that depends only on the seed, so the draw can be repeated."""
    return sorted(warehouses, key=lambda one: hashlib.sha256(f"{seed}:{one.name}".encode()).digest())


def may_inspect(user: User, special: Special) -> bool:
    """Tell whether the user's authority may carry out an inspection: its own one, or a joint one."""
    return special.joint or seat_of(user) == special.authority


def keep_finding(
    by: User, check: Check, uid: str, result: str, claim: str, note: str, found_at: datetime
) -> bool:
    """Store an inspector's finding and return whether it is new; sending it again changes nothing.

    A re-test closes or reopens tasks of joint cases and updates the town's table.

    Raises:
        HubError: the item was already inspected, here or in another inspection within the period, or the finding
            is invalid.
    """
    now = timezone.now()
    if uid and check.uid == uid:
        return False
    if (
        result not in {Check.Result.PASSED, Check.Result.FAILED}
        or claim not in CLAIMS
        or len(uid) not in _UID
    ):
        raise HubError(zh="结果不完整。未保存。", en="the finding is incomplete. Nothing was saved.")
    found_at = min(found_at, now) if found_at <= now + _AHEAD else now
    found_at = max(found_at, check.special.made_at)
    with transaction.atomic():
        # The row lock serialises findings on one warehouse.
        Warehouse.objects.select_for_update().get(tenant=check.tenant, pk=check.warehouse_id)
        _not_twice(check)
        first = Check.objects.filter(pk=check.pk, tenant=check.tenant, result=Check.Result.OPEN).update(
            result=result,
            claim=claim,
            note=note.strip()[:300],
            found_at=found_at,
            found_by=by,
            came_at=now,
            uid=uid,
        )
        if first != 1:
            check.refresh_from_db()
            if check.uid == uid:
                return False
            raise _already(local_day(check.found_at or now, check.tenant).isoformat())
        check.refresh_from_db()
        reevaluate(check.warehouse, now)
    close_by_retest(check, seat_of(by), by)
    return True


def keep_photo(by: User, check: Check, uid: str, upload: object) -> bool:
    """Store a photo of a finding once; return whether it is new.

    Raises:
        HubError: the photo is missing, too large or of another file type, or the finding has too many photos.
    """
    if len(uid) not in _UID or not isinstance(upload, SealedUpload) or upload.writer is None:
        raise HubError(zh="没有收到照片。", en="no photo arrived.")
    if upload.kind not in KINDS or (upload.size or 0) > _MAX_BYTES:
        raise HubError(
            zh="照片应为 JPG、PNG 或 WebP，不超过 20 MB。", en="a photo is JPG, PNG or WebP of at most 20 MB."
        )
    with transaction.atomic():
        Check.objects.select_for_update().get(tenant=check.tenant, pk=check.pk)
        photos = CheckPhoto.objects.filter(tenant=check.tenant, check_row=check)
        if photos.filter(uid=uid).exists():
            return False
        if photos.count() >= MAX_PHOTOS:
            raise HubError(
                zh=f"每项最多 {MAX_PHOTOS} 张照片。", en=f"an item takes {MAX_PHOTOS} photos at most."
            )
        CheckPhoto.objects.create(
            tenant=check.tenant, check_row=check, uid=uid, sha256=upload.writer.sha256.hex(), size=upload.writer.size,
            kind=upload.kind, spool_name=upload.writer.name, wrapped_key=bytes(upload.writer.wrapped_key), added_by=by,
        )  # fmt: skip
    return True


def _not_twice(check: Check) -> None:
    """Refuse a finding if another inspection covered the same item of the warehouse within the period."""
    town, special = town_of(check.tenant), check.special
    on = local_day(timezone.now(), check.tenant)
    done = Check.objects.filter(tenant=check.tenant, warehouse=check.warehouse_id, item=check.item)
    visit = Visit(check.warehouse.name, check.item, special.authority, on, special.joint)
    others = _visits(done.exclude(result="").exclude(special=special.pk), found=True)
    before = inspected_already(visit, others, timedelta(days=town.period_days))
    if before is not None:
        raise _already(before.on.isoformat())


def _visits(checks: object, *, found: bool = False) -> list[Visit]:
    """Return checks as visits, dated by the planned day, or by the day of the finding if ``found``."""
    return [
        Visit(
            one.warehouse.name, one.item, one.special.authority,
            local_day(one.found_at, one.tenant) if found and one.found_at else one.special.on, one.special.joint,
        )
        for one in checks.select_related("warehouse", "special", "tenant")  # type: ignore[attr-defined]
    ]  # fmt: skip


def _already(day: str) -> HubError:
    return HubError(
        zh=f"该项目已于 {day} 检查过，期限内不重复检查（网络数据安全管理条例第五十二条）。",
        en=f"the item was inspected on {day} and is not inspected again within its period (Network Data Regulations 52).",
    )
