"""Pages that need no sign-in: how to trust the certificate authority, and the health check."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waybillguard.service.platform.disk import NO_ROOM, room
from waybillguard.service.platform.tls import fingerprint


def _authority() -> Path:
    path: Path = settings.CONFIG.tls_dir / "ca.pem"
    return path


@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Explain, system by system, how to trust this installation's certificate authority."""
    path = _authority()
    context = {"fingerprint": fingerprint(path) if path.exists() else "", "origin": settings.ORIGIN}
    return render(request, "web/trust.html", context)


@require_safe
def authority(request: HttpRequest) -> HttpResponse:
    """Download the CA certificate, which is public. The key is never served."""
    del request
    path = _authority()
    if not path.exists():
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="waybillguard-authority.crt"'}
    return HttpResponse(path.read_bytes(), content_type="application/x-x509-ca-cert", headers=headers)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Return ``ok`` if the database answers and the disk has space; else 503 with the failing part."""
    del request
    trouble = ""
    if room(settings.CONFIG.data_dir) < NO_ROOM:
        trouble = "disk full"
    else:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            trouble = "database"
    return HttpResponse(f"{trouble or 'ok'}\n", content_type="text/plain", status=503 if trouble else 200)
