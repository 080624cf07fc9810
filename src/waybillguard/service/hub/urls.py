"""Addresses of the hub."""

from django.urls import path

from waybillguard.service.hub import inspect_views, joint_views, room_views, views

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
    path("town/cases/", joint_views.joint_cases, name="joint_cases"),
    path("town/cases/open/", joint_views.joint_open, name="joint_open"),
    path("town/cases/<int:pk>/", joint_views.joint_case, name="joint_case"),
    path("town/cases/<int:pk>/event/", joint_views.joint_event, name="joint_event"),
    path("town/cases/<int:pk>/tasks/", joint_views.joint_tasks, name="joint_tasks"),
    path("town/cases/<int:pk>/step/", joint_views.joint_step, name="joint_step"),
    path("town/cases/<int:pk>/attach/", joint_views.joint_attach, name="joint_attach"),
    path("town/cases/<int:pk>/room/", joint_views.joint_room, name="joint_room"),
    path("town/cases/<int:pk>/<slug:name>.<str:ending>", joint_views.joint_paper, name="joint_paper"),
    path("town/phone-worker.js", inspect_views.phone_worker, name="phone_worker"),
    path("town/photos/<int:pk>/", inspect_views.check_photo, name="check_photo"),
    path("town/inspections/", inspect_views.specials, name="specials"),
    path("town/inspections/plan/", inspect_views.special_plan, name="special_plan"),
    path("town/inspections/<int:pk>/", inspect_views.special, name="special"),
    path("town/inspections/<int:pk>/phone/", inspect_views.special_phone, name="special_phone"),
    path("town/inspections/<int:pk>/state/", inspect_views.special_state, name="special_state"),
    path("town/inspections/<int:pk>/finding/", inspect_views.special_finding, name="special_finding"),
    path("town/inspections/<int:pk>/photo/", inspect_views.special_photo, name="special_photo"),
    path("room/<str:token>/", room_views.room, name="case_room"),
]
