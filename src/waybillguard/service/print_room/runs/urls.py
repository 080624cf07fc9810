"""URL patterns of label runs."""

from django.urls import path

from waybillguard.service.print_room.runs import views

urlpatterns = [
    path("print/", views.printing, name="printing"),
    path("print/start/", views.start, name="print_start"),
    path("print/<int:pk>/", views.detail, name="run_detail"),
    path("print/<int:pk>/body/", views.body, name="run_body"),
    path("print/<int:pk>/file/", views.file, name="run_file"),
]
