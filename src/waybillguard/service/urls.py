"""Every address of the service. A new one must be placed in the walk (tests/service/test_walk.py)."""

from django.urls import include, path

from waybillguard.service.api.routes import api
from waybillguard.service.pages.views import errors

urlpatterns = [
    path("", include("waybillguard.service.people.urls")),
    path("", include("waybillguard.service.api.urls")),
    path("", include("waybillguard.service.badges.urls")),
    path("", include("waybillguard.service.duty.urls")),
    path("", include("waybillguard.service.merchants.urls")),
    path("", include("waybillguard.service.register.urls")),
    path("", include("waybillguard.service.sites.urls")),
    path("", include("waybillguard.service.stations.urls")),
    path("", include("waybillguard.service.pages.urls")),
    path("", include("waybillguard.service.policy.urls")),
    path("", include("waybillguard.service.reveal.urls")),
    path("", include("waybillguard.service.exports.urls")),
    path("", include("waybillguard.service.entrustment.urls")),
    path("", include("waybillguard.service.calls.urls")),
    path("", include("waybillguard.service.activity.urls")),
    path("", include("waybillguard.service.devices.urls")),
    path("api/v1/", api.urls),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
