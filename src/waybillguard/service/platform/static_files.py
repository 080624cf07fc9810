"""Serves ``/static/`` from the package, without a separate web server or ``collectstatic``."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from waybillguard.service.platform.assets import Asset, assets

type Respond = Callable[[HttpRequest], HttpResponse]

_PREFIX = "/static/"


class StaticFilesMiddleware:
    """Serves static files: hashed URLs are cacheable for a year, plain ones are revalidated by ETag."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return a static file, or pass the request on."""
        if not request.path_info.startswith(_PREFIX):
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        name = request.path_info.removeprefix(_PREFIX)
        digest, _, rest = name.partition("/")
        known = assets()
        if rest in known and known[rest].digest == digest:
            return _answer(request, known[rest], "public, max-age=31536000, immutable")
        if name in known:
            return _answer(request, known[name], "public, no-cache")
        return HttpResponse(status=404, content_type="text/plain")


def _answer(request: HttpRequest, asset: Asset, caching: str) -> HttpResponse:
    etag = f'"{asset.digest}"'
    headers = {"Cache-Control": caching, "ETag": etag, "Vary": "Accept-Encoding"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    body = asset.content
    if asset.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = asset.compressed
        headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(body))
    return HttpResponse(
        body if request.method == "GET" else b"", content_type=asset.content_type, headers=headers
    )
