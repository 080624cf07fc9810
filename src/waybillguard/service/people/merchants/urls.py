"""URL patterns of merchants."""

from django.urls import path

from waybillguard.service.people.merchants import views

urlpatterns = [
    path("merchants/", views.merchants, name="merchants"),
    path("merchants/add/", views.add, name="merchant_add"),
    path("merchants/<int:pk>/", views.merchant, name="merchant"),
    path("merchants/<int:pk>/save/", views.save, name="merchant_save"),
]
