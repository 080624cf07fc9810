"""URLs of tracing."""

from django.urls import path

from waybillguard.service.leaks import views

urlpatterns = [
    path("tracing/", views.leaks, name="leaks"),
    path("tracing/station/", views.station, name="leak_station"),
    path("tracing/notices/", views.notice_answers, name="leak_answers"),
    path("tracing/notices/<int:pk>/", views.notice_answer, name="leak_answer"),
    path("tracing/notices/<int:pk>/confirm/", views.confirm, name="leak_answer_confirm"),
    path("tracing/notices/<int:pk>/files/", views.fetch, name="leak_answer_files"),
    path("tracing/<int:pk>/", views.leak, name="leak"),
    path("tracing/<int:pk>/body/", views.body, name="leak_body"),
    path("tracing/<int:pk>/bundle.zip", views.bundle, name="leak_bundle"),
]
