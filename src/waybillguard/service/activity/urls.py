"""Addresses of the activity pages."""

from django.urls import path

from waybillguard.service.activity import views

urlpatterns = [
    path("activity/", views.activity, name="activity"),
    path("activity/events/", views.events, name="activity_events"),
    path("orders/<int:pk>/activity/", views.order_activity, name="order_activity"),
]
