"""Every address of the service. A new one must be placed in the walk (tests/service/web/test_walk.py)."""

from django.urls import include, path

from waybillguard.service.web.api.routes import api
from waybillguard.service.web import error_pages as errors

urlpatterns = [
    path("", include("waybillguard.service.people.urls")),
    path("", include("waybillguard.service.people.machine_keys.urls")),
    path("", include("waybillguard.service.people.badges.urls")),
    path("", include("waybillguard.service.authorization.shifts.urls")),
    path("", include("waybillguard.service.people.merchants.urls")),
    path("", include("waybillguard.service.external_accounts.urls")),
    path("", include("waybillguard.service.people.sites.urls")),
    path("", include("waybillguard.service.print_room.stations.urls")),
    path("", include("waybillguard.service.web.pages_urls")),
    path("", include("waybillguard.service.authorization.urls")),
    path("", include("waybillguard.service.lookups.urls")),
    path("", include("waybillguard.service.exports.urls")),
    path("", include("waybillguard.service.contracts.urls")),
    path("", include("waybillguard.service.lookups.calls.urls")),
    path("", include("waybillguard.service.activity.urls")),
    path("", include("waybillguard.service.people.devices.urls")),
    path("api/v1/", api.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
