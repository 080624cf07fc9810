"""URL patterns of sites."""

from django.urls import path

from waybillguard.service.people.sites import views

urlpatterns = [
    path("sites/", views.sites, name="sites"),
    path("sites/add/", views.add, name="site_add"),
    path("sites/<int:pk>/rename/", views.rename, name="site_rename"),
    path("sites/<int:pk>/close/", views.close, name="site_close"),
    path("sites/<int:pk>/reopen/", views.reopen, name="site_reopen"),
]
