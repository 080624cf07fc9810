"""After a rollover, rewrap every wrapped key of the database and of the proofs under the new root key.

The service keeps running. A value is replaced only if it is still the one that was read, so the renewal can be killed
at any time and run again. The earlier root keys are closed only after a full pass finds nothing to rewrap.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import batched
from typing import Final

import msgspec
from django.db import models
from django_scopes import scopes_disabled

from waybillguard.keys.hierarchy import epoch_context
from waybillguard.service.keyd import messages, rolling
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.files import WAITING, spool_context, text_context
from waybillguard.service.keyd.rotating import root_context
from waybillguard.service.operations.backup_tables import all_models
from waybillguard.service.platform.config import Config, write_private
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Epoch, KeyGeneration

_WAITING: Final = ("", *sorted(WAITING))


class Summary(msgspec.Struct, frozen=True):
    """The number of rewrapped secrets, and of those that no root key opens (left unchanged)."""

    renewed: int
    unopened: int


class _Held(msgspec.Struct, frozen=True):
    """A stored wrapped secret, with the contexts it may be bound to and a function that replaces it."""

    wrapped: bytes
    contexts: list[bytes]
    replace: Callable[[bytes], object]


def renew_all(config: Config, keyd: KeydClient, context: messages.Context) -> Summary:
    """Rewrap everything, then have keyd close the earlier root keys.

    Raises:
        KeydError: keyd does not answer, or no owner just confirmed; finished rewraps are kept.
    """
    renewed, changed, unopened = 0, 1, 0
    with scopes_disabled():
        while changed:
            changed, unopened = _pass(config, keyd, context)
            renewed += changed
    keyd.call(rolling.EndRenewal(context=context, renewed=renewed, unopened=unopened), messages.Recorded)
    return Summary(renewed, unopened)


def _pass(config: Config, keyd: KeydClient, context: messages.Context) -> tuple[int, int]:
    changed = unopened = 0
    for some in batched(_held(config), rolling.MOST_RENEWED):
        secrets = [rolling.WrappedSecret(one.wrapped, one.contexts) for one in some]
        request = rolling.RenewWrapped(context=context, secrets=secrets)
        for one, wrapped in zip(some, keyd.call(request, rolling.Renewed).wrapped, strict=True):
            if not wrapped:
                unopened += 1
            elif wrapped != one.wrapped:
                one.replace(wrapped)
                changed += 1
    return changed, unopened


def _held(config: Config) -> Iterator[_Held]:
    slugs = list(Tenant.objects.order_by("pk").values_list("slug", flat=True))
    files = [spool_context(slug, what) for slug in slugs for what in _WAITING]
    texts = [text_context(slug) for slug in slugs]
    epochs = Epoch.objects.values_list("pk", "wrapped", "tenant__slug", "epoch_id", "day")
    for pk, wrapped, slug, number, day in epochs.order_by("pk"):
        yield _row(Epoch, "wrapped", pk, bytes(wrapped), [epoch_context(slug, number, day)])
    roots = KeyGeneration.objects.exclude(wrapped=b"").values_list("pk", "wrapped", "tenant__slug", "number")
    for pk, wrapped, slug, number in roots.order_by("pk"):
        kinds = [root_context(slug, number, kind) for kind in (b"index-root", b"row-root")]
        yield _row(KeyGeneration, "wrapped", pk, bytes(wrapped), kinds)
    for model in all_models():
        names = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
        for name, contexts in (("wrapped_key", files), ("wrapped_password", texts)):
            if name in names:
                rows = model._base_manager.exclude(**{name: b""})  # noqa: SLF001
                for pk, wrapped in rows.order_by("pk").values_list("pk", name):
                    yield _row(model, name, pk, bytes(wrapped), contexts)
    for path in sorted((config.data_dir / "evidence").glob("**/*.key")):
        yield _Held(path.read_bytes(), files, partial(write_private, path))


def _row(model: type[models.Model], name: str, pk: object, wrapped: bytes, contexts: list[bytes]) -> _Held:
    rows = model._base_manager.filter(pk=pk, **{name: wrapped})  # noqa: SLF001
    return _Held(wrapped, contexts, lambda now: rows.update(**{name: now}))
