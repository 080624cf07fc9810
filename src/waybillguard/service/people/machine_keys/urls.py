"""URL patterns of the page of machine keys (the API's own are in routes.py)."""

from django.urls import path

from waybillguard.service.people.machine_keys import views as key_views

urlpatterns = [
    path("people/keys/", key_views.machine_keys, name="machine_keys"),
    path("people/keys/add/", key_views.machine_key_add, name="machine_key_add"),
    path("people/keys/<int:pk>/revoke/", key_views.machine_key_revoke, name="machine_key_revoke"),
]
