"""URLs of the limits."""

from django.urls import path

from waybillguard.service.authorization.limits import views

urlpatterns = [
    path("limits/", views.limits, name="limits"),
    path("limits/check/", views.check, name="limits_check"),
    path("limits/sign/", views.sign, name="limits_sign"),
    path("limits/withdraw/", views.withdraw, name="limits_withdraw"),
]
