"""URL patterns of the print room."""

from django.urls import include, path

urlpatterns = [
    path("", include("waybillguard.service.print_room.runs.urls")),
    path("", include("waybillguard.service.print_room.stations.urls")),
    path("", include("waybillguard.service.print_room.components.urls")),
]
