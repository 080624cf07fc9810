"""URLs of calls."""

from django.urls import path

from waybillguard.service.lookups.calls import views

urlpatterns = [
    path("calls/", views.calls, name="calls"),
    path("calls/provider/", views.provider, name="call_provider"),
    path("calls/<int:pk>/end/", views.end, name="call_end"),
    path("orders/<int:pk>/call/", views.call, name="call"),
]
