"""URLs of training."""

from django.urls import path

from waybillguard.service.training import views

urlpatterns = [
    path("training/", views.training, name="training"),
    path("training/people/", views.people, name="training_people"),
    path("training/agreement/", views.agreement, name="training_agreement"),
    path("training/lessons/<slug:name>/", views.lesson, name="lesson"),
]
