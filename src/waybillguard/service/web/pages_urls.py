"""URLs of the home page and of public pages."""

from django.urls import path
from django.views.i18n import set_language

from waybillguard.service.web import home, public

urlpatterns = [
    path("", home.home, name="home"),
    path("todo/", home.todo, name="todo"),
    path("bell/", home.bell, name="bell"),
    path("signed-in/", home.still_signed_in, name="signed_in"),
    path("lanes/", home.lanes, name="lanes"),
    path("trust/", public.trust, name="trust"),
    path("trust/authority.pem", public.authority, name="trust_authority"),
    path("health/", public.health, name="health"),
    path("language/", set_language, name="set_language"),
]
