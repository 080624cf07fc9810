"""The live process: one stream of small events for open pages (Server-Sent Events).

A page learns only *that* something of its own tenant changed (``batch 12``, ``run 3``) and asks the
console for it, where every rule applies. The sign-in behind a stream is checked again before each
answer, twice a second, so a leaver's open page goes silent at once.
"""

import asyncio
import http.cookies
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async

from waybillguard.service.operations.start import start_django

start_django()

from django.conf import settings  # noqa: E402 - settings exist only now
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import close_old_connections  # noqa: E402
from django.utils.crypto import constant_time_compare  # noqa: E402
from django_scopes import scope  # noqa: E402

from waybillguard.service.identity.accounts.sessionstore import SessionStore  # noqa: E402
from waybillguard.service.identity.models import User  # noqa: E402
from waybillguard.service.print_room.models import LabelRun  # noqa: E402
from waybillguard.service.vault.models import Batch  # noqa: E402

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

INTERVAL = 0.5
KEEP_ALIVE = 15.0
MAX_STREAMS = 500
_streams = 0


async def application(asgi_scope: Message, receive: Receive, send: Send) -> None:
    """Serve ``GET /events`` to signed-in people of the console's own origin; nothing else."""
    if asgi_scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if asgi_scope["type"] != "http":
        return
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in asgi_scope["headers"]
    }
    if asgi_scope["path"] != "/events" or asgi_scope["method"] != "GET":
        await _refuse(send, 404)
        return
    origin = headers.get("origin", "")
    if not _is_console(origin):
        await _refuse(send, 403)
        return
    cookie = http.cookies.SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    session_key = cookie.value if cookie else ""
    tenant = await _tenant_of(session_key)
    if tenant is None:
        await _refuse(send, 401)
        return
    if _streams >= MAX_STREAMS:
        await _refuse(send, 503)
        return
    await _stream(send, receive, session_key, tenant, origin)


async def _stream(send: Send, receive: Receive, session_key: str, tenant: int, origin: str) -> None:
    global _streams  # noqa: PLW0603 - a plain count of open streams of this process
    _streams += 1
    gone = asyncio.create_task(_until_disconnect(receive))
    try:
        await send(
            {"type": "http.response.start", "status": 200, "headers": _headers("text/event-stream", origin)}
        )
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        seen: dict[str, str] = await _snapshot(tenant)
        quiet = 0.0
        while not gone.done():
            await asyncio.wait({gone}, timeout=INTERVAL)
            quiet += INTERVAL
            if await _tenant_of(session_key) != tenant:
                break
            now = await _snapshot(tenant)
            changed = sorted(name for name, mark in now.items() if seen.get(name) != mark)
            seen = now
            if changed:
                quiet = 0.0
                body = "".join(f"data: {json.dumps({'changed': name})}\n\n" for name in changed)
                await send({"type": "http.response.body", "body": body.encode(), "more_body": True})
            elif quiet >= KEEP_ALIVE:
                quiet = 0.0
                await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        _streams -= 1


@sync_to_async
def _tenant_of(session_key: str) -> int | None:
    """Return the tenant of a living session of an active person with the same password hash."""
    close_old_connections()
    if not session_key:
        return None
    data = SessionStore(session_key).load()
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user = User.objects.filter(pk=data.get(SESSION_KEY) or 0, is_active=True).first()
    if user is None or not constant_time_compare(
        data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        return None
    return user.tenant_id


@sync_to_async
def _snapshot(tenant: int) -> dict[str, str]:
    """Return a mark for each recent import and label run; a changed mark means a changed thing."""
    with scope(tenant=tenant):
        batches = (
            Batch.objects.filter(tenant_id=tenant)
            .order_by("-id")
            .values_list("id", "state", "rows_read")[:10]
        )
        runs = (
            LabelRun.objects.filter(tenant_id=tenant).order_by("-id").values_list("id", "state", "done")[:10]
        )
        marks = {f"batch-{pk}": f"{state} {rows}" for pk, state, rows in batches}
        marks |= {f"run-{pk}": f"{state} {done}" for pk, state, done in runs}
    return marks


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _is_console(origin: str) -> bool:
    """Tell whether a page of this console asks: a name it answers to, on its port, over TLS."""
    asked, own = urlsplit(origin), urlsplit(settings.ORIGIN)
    host = f"[{asked.hostname}]" if asked.hostname and ":" in asked.hostname else asked.hostname
    return asked.scheme == own.scheme and asked.port == own.port and host in settings.ALLOWED_HOSTS


def _headers(content_type: str, origin: str = "") -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", content_type.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"access-control-allow-origin", origin.encode()),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _headers("text/plain")})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
