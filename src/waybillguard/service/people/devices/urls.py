"""URL patterns of the devices page."""

from django.urls import path

from waybillguard.service.people.devices import views

urlpatterns = [
    path("devices/", views.devices, name="devices"),
    path("devices/code/", views.device_code, name="device_code"),
    path("devices/<int:pk>/restrict/", views.device_restrict, name="device_restrict"),
    path("devices/<int:pk>/release/", views.device_release, name="device_release"),
    path("devices/<int:pk>/site/", views.device_site, name="device_site"),
    path("devices/<int:pk>/revoke/", views.device_revoke, name="device_revoke"),
]
