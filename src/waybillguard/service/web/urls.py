"""All URLs of the service: those of each application that has ``urls``, and of the machine API.

Add each new URL to the walk in tests/service/web/test_walk.py.
"""

from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from waybillguard.service.web import error_pages as errors
from waybillguard.service.web.api.routes import api

urlpatterns = [
    *(
        path("", include(f"{name}.urls"))
        for name in settings.APPLICATIONS
        if name != "waybillguard.service.web" and find_spec(f"{name}.urls")
    ),
    path("", include("waybillguard.service.web.pages_urls")),
    path("api/v1/", api.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
