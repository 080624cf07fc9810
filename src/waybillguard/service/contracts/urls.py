"""URLs of contracts."""

from django.urls import path

from waybillguard.service.contracts import views

urlpatterns = [
    path("entrustments/", views.entrustments, name="entrustments"),
    path("entrustments/new/", views.new, name="entrustment_new"),
    path("entrustments/<int:pk>/", views.entrustment, name="entrustment"),
    path("entrustments/<int:pk>/body/", views.body, name="entrustment_body"),
    path("entrustments/<int:pk>/change/", views.change, name="entrustment_change"),
    path("entrustments/<int:pk>/end/", views.propose, name="entrustment_propose"),
    path("entrustments/ends/<int:pk>/answer/", views.answer, name="entrustment_answer"),
    path("entrustments/ends/<int:pk>/files/", views.files, name="entrustment_files"),
    path("entrustments/ends/<int:pk>/returned/", views.returned, name="entrustment_returned"),
    path("entrustments/ends/<int:pk>/certificate/", views.certificate, name="entrustment_certificate"),
]
