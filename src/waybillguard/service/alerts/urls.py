"""URLs of alerts."""

from django.urls import path

from waybillguard.service.alerts import guard_views, views

urlpatterns = [
    path("alerts/", views.alerts, name="alerts"),
    path("alerts/<int:pk>/", views.alert, name="alert"),
    path("alerts/<int:pk>/decide/", views.decide, name="alert_decide"),
    path("alerts/<int:pk>/stop/", views.stop_account, name="alert_stop"),
    path("alerts/evidence/<int:pk>/", views.evidence, name="alert_evidence"),
    path("alerts/guard/", guard_views.guard, name="guard"),
    path("alerts/guard/decoys/", guard_views.decoy_add, name="decoy_add"),
    path("alerts/guard/decoys/<int:pk>/end/", guard_views.decoy_end, name="decoy_end"),
    path("alerts/rules/", views.detectors, name="detectors"),
    path("alerts/rules/threshold/", views.threshold_set, name="threshold_set"),
    path("alerts/rules/drill/", views.drill_now, name="drill_now"),
    path("alerts/explanations/<int:pk>/end/", views.explanation_end, name="explanation_end"),
    path("alerts/channels/", views.channels, name="channels"),
    path("alerts/channels/add/", views.channel_add, name="channel_add"),
    path("alerts/channels/<int:pk>/", views.channel_act, name="channel_act"),
]
