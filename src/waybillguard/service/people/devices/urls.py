"""Addresses of the devices page."""

from django.urls import path

from waybillguard.service.people.devices import views
from waybillguard.service.print_room.components import views_compatibility, views_record

urlpatterns = [
    path("devices/", views.devices, name="devices"),
    path("devices/code/", views.device_code, name="device_code"),
    path("devices/<int:pk>/restrict/", views.device_restrict, name="device_restrict"),
    path("devices/<int:pk>/release/", views.device_release, name="device_release"),
    path("devices/<int:pk>/site/", views.device_site, name="device_site"),
    path("devices/<int:pk>/revoke/", views.device_revoke, name="device_revoke"),
    path("devices/compatibility/", views_compatibility.compatibility, name="compatibility"),
    path("devices/compatibility/on/", views_compatibility.compatibility_on, name="compatibility_on"),
    path(
        "devices/compatibility/<int:pk>/off/", views_compatibility.compatibility_off, name="compatibility_off"
    ),
    path("print/record/", views_record.record, name="station_record"),
    path("print/record/file/", views_record.record_file, name="station_record_file"),
    path("print/custom-area/", views_record.custom_area, name="custom_area"),
]
