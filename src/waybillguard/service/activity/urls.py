"""URLs of the activity pages."""

from django.urls import path

from waybillguard.service.activity import (
    log_views,
    platform_views,
    siem_views,
    views,
    views_ledger,
    views_protections,
)

urlpatterns = [
    path("orders/<int:pk>/looks/", views_ledger.looks, name="order_looks"),
    path("orders/<int:pk>/looks.jsonl", views_ledger.looks_file, name="order_looks_file"),
    path("ledger/", views_ledger.ledger, name="ledger"),
    path("ledger/verify/", views_ledger.verifier, name="ledger_verify"),
    path("ledger/policy/", views_ledger.policy, name="ledger_policy"),
    path("ledger/<slug:shard>/checkpoint/", views_ledger.note, name="ledger_note"),
    path("protections/", views_protections.protections_page, name="protections"),
    path("activity/", views.activity, name="activity"),
    path("activity/events/", views.events, name="activity_events"),
    path("activity/logs/", log_views.logs, name="activity_logs"),
    path("activity/logs/<int:pk>/", log_views.log, name="activity_log"),
    path("activity/logs/<int:pk>/body/", log_views.log_body, name="activity_log_body"),
    path("activity/logs/<int:pk>/map/", log_views.log_map, name="activity_log_map"),
    path("activity/logs/<int:pk>/refused.csv", log_views.log_refused, name="activity_log_refused"),
    path("activity/logs/<int:pk>/<str:action>/", log_views.log_act, name="activity_log_act"),
    path("activity/siem/", siem_views.siem, name="siem"),
    path("activity/siem/save/", siem_views.siem_save, name="siem_save"),
    path("activity/siem/act/", siem_views.siem_act, name="siem_act"),
    path("activity/platforms/", platform_views.platform_logs, name="platform_logs"),
    path("activity/platforms/add/", platform_views.platform_shop_add, name="platform_shop_add"),
    path("activity/platforms/<int:pk>/stop/", platform_views.platform_shop_stop, name="platform_shop_stop"),
    path(
        "activity/platforms/logs/<int:pk>/again/",
        platform_views.platform_log_again,
        name="platform_log_again",
    ),
    path(
        "activity/platforms/logs/<int:pk>.<str:ending>",
        platform_views.platform_log_file,
        name="platform_log_file",
    ),
    path("orders/<int:pk>/activity/", views.order_activity, name="order_activity"),
]
