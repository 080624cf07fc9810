"""Addresses of the activity pages."""

from django.urls import path

from waybillguard.service.activity import log_views, views

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/events/", views.events, name="activity_events"),
    path("activity/logs/", log_views.logs, name="activity_logs"),
    path("activity/logs/<int:pk>/", log_views.log, name="activity_log"),
    path("activity/logs/<int:pk>/body/", log_views.log_body, name="activity_log_body"),
    path("activity/logs/<int:pk>/map/", log_views.log_map, name="activity_log_map"),
    path("activity/logs/<int:pk>/refused.csv", log_views.log_refused, name="activity_log_refused"),
    path("activity/logs/<int:pk>/<str:action>/", log_views.log_act, name="activity_log_act"),
    path("orders/<int:pk>/activity/", views.order_activity, name="order_activity"),
]
