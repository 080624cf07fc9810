"""Addresses of alerts."""

from django.urls import path

from waybillguard.service.alerts import views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<int:pk>/", views.alert, name="alert"),
    path("alerts/<int:pk>/decide/", views.decide, name="alert_decide"),
    path("alerts/<int:pk>/stop/", views.stop_account, name="alert_stop"),
    path("alerts/rules/", views.detectors, name="detectors"),
    path("alerts/explanations/<int:pk>/end/", views.explanation_end, name="explanation_end"),
    path("alerts/channels/", views.channels, name="channels"),
    path("alerts/channels/add/", views.channel_add, name="channel_add"),
    path("alerts/channels/<int:pk>/", views.channel_act, name="channel_act"),
]
