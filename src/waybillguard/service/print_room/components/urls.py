"""URL patterns of print components: compatibility mode and the station's record."""

from django.urls import path

from waybillguard.service.print_room.components import views_compatibility, views_record

urlpatterns = [
    path("devices/compatibility/", views_compatibility.compatibility, name="compatibility"),
    path("devices/compatibility/on/", views_compatibility.compatibility_on, name="compatibility_on"),
    path(
        "devices/compatibility/<int:pk>/off/", views_compatibility.compatibility_off, name="compatibility_off"
    ),
    path("print/record/", views_record.record, name="station_record"),
    path("print/record/file/", views_record.record_file, name="station_record_file"),
    path("print/custom-area/", views_record.custom_area, name="custom_area"),
]
