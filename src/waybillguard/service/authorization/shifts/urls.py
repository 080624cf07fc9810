"""URLs of overtime and sale days."""

from django.urls import path

from waybillguard.service.authorization.shifts import views

urlpatterns = [
    path("duty/", views.duty, name="duty"),
    path("duty/overtime/", views.overtime_grant, name="overtime_grant"),
    path("duty/overtime/<int:pk>/withdraw/", views.overtime_withdraw, name="overtime_withdraw"),
    path("duty/sales/", views.sale_declare, name="sale_declare"),
    path("duty/sales/<int:pk>/withdraw/", views.sale_withdraw, name="sale_withdraw"),
]
