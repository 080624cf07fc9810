"""Addresses of the hub."""

from django.urls import path

from waybillguard.service.hub import views

urlpatterns = [
    path("town/", views.town, name="town"),
    path("town/table.<str:ending>", views.town_paper, name="town_paper"),
    path("town/alarms/<int:pk>/seen/", views.alarm_seen, name="town_alarm_seen"),
    path("town/settings/", views.town_settings, name="town_settings"),
    path("town/settings/seats/<int:pk>/", views.seat, name="town_seat"),
    path("town/link/", views.hub_link, name="hub_link"),
    path("town/link/make/", views.hub_link_make, name="hub_link_make"),
    path("town/link/act/", views.hub_link_act, name="hub_link_act"),
    path("town/warehouses/add/", views.warehouse_add, name="town_warehouse_add"),
    path("town/warehouses/<int:pk>/", views.warehouse, name="town_warehouse"),
    path("town/warehouses/<int:pk>/code/", views.warehouse_code, name="town_warehouse_code"),
]
