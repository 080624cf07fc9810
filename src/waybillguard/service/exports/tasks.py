"""Worker tasks of exports: make one, continue interrupted ones, shred expired files."""

import logging
from datetime import timedelta
from functools import partial
from typing import Final

from django.db.models import F
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.service.exports.files import shred
from waybillguard.service.exports.making import (
    EndedError,
    begin,
    claim,
    ended_without_file,
    make_masked,
    make_sealed,
    own,
)
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.merchants.scope import inside
from waybillguard.service.keyd.client import KeydUnavailableError, RefusedError
from waybillguard.service.platform.disk import WAITS
from waybillguard.service.platform.queue import no_room, put_off

logger = logging.getLogger(__name__)
AGAIN_AFTER: Final = timedelta(seconds=30)
MOST_TRIES: Final = 240
"""Two hours of retries while keyd is unavailable or busy."""


@task()
def make_export(export_id: int, tried: int = 0) -> None:
    """Make one export. Safe to run twice: one worker at a time, and parts already made are kept.

    If the disk is full, it is retried later without limit.
    """
    with scopes_disabled():
        export = Export.objects.select_related("tenant").get(pk=export_id)
    with scope(tenant=export.tenant):
        mine = claim(export_id)
        if mine is None:
            if Export.objects.filter(pk=export_id, state__in=_GOING_ON).exists():
                make_export.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(export_id)
            return
        try:
            _make(mine)
        except EndedError:
            if ended_without_file(mine):
                shred(mine)
        except KeydUnavailableError as error:
            _later(mine, error, "系统会自动重试。", " It is tried again by itself.")
        except RefusedError as error:
            if error.reason == "export_paced":
                _later(mine, error)
            else:
                _fail_by(mine, error, tried)
        except Exception as error:  # noqa: BLE001 - an export must not stay half-finished
            _fail_by(mine, error, tried)


def _fail_by(export: Export, error: Exception, tried: int) -> None:
    """End an export, or retry when the disk has room. Unexpected errors are not quoted: they may hold fields."""
    if no_room(error):
        back = partial(
            own(export, *_GOING_ON).update, claimed_until=None, reason_zh=WAITS[0], reason_en=WAITS[1]
        )
        put_off("exports.tasks.make_export", export.pk, tried=tried, put_back=back)
    elif isinstance(error, WaybillGuardError):
        _fail(export, error.zh, error.en, getattr(error, "policies", ()))
    else:
        logger.error("export %d failed: %s", export.pk, type(error).__name__)
        _fail(
            export,
            "制作导出文件时发生内部错误，已停止，不会留下文件。请重新申请。",
            "an internal fault while the file was made; it stopped and no file is left. Ask again.",
        )


_GOING_ON: Final = (Export.State.AGREED, Export.State.MAKING)


def _make(export: Export) -> None:
    with inside(export.asked_by):
        begin(export)
        # Never refresh the claim: with another worker's claim this worker would change the other's export.
        export.refresh_from_db(fields=["state", "policies", "policy_version", "head"])
        if export.form == Export.Form.SEALED:
            make_sealed(export)
        else:
            make_masked(export)


def _later(export: Export, error: WaybillGuardError, zh: str = "", en: str = "") -> None:
    """Retry soon, with the error and ``zh`` or ``en`` as the reason; stop after two hours."""
    if export.tries >= MOST_TRIES:
        _fail(export, error.zh, error.en)
        return
    changed = own(export, *_GOING_ON).update(
        tries=F("tries") + 1, claimed_until=None, reason_zh=(error.zh + zh)[:400], reason_en=(error.en + en)[:400]
    )  # fmt: skip
    if changed:
        make_export.using(run_after=timezone.now() + AGAIN_AFTER).enqueue(export.pk)


def _fail(export: Export, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
    changed = own(export, *_GOING_ON).update(
        state=Export.State.FAILED, reason_zh=zh[:400], reason_en=en[:400], finished_at=timezone.now(),
        claimed_until=None, **({"policies": " ".join(policies)[:300]} if policies else {}),
    )  # fmt: skip
    if changed:
        export.refresh_from_db()
        shred(export)


def sweep_interrupted_exports() -> int:
    """Resume exports that a crash interrupted; return how many."""
    with scopes_disabled():
        going = list(Export.objects.filter(state__in=_GOING_ON).values_list("pk", flat=True))
    for pk in going:
        make_export.enqueue(pk)
    return len(going)
