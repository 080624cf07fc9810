"""Addresses of the console's pages."""

from django.urls import path
from django.views.i18n import set_language

from waybillguard.service.web import home, public
from waybillguard.service.vault.views import imports, keys, retention
from waybillguard.service.activity import views_ledger as ledger
from waybillguard.service.lookups import views_orders as orders
from waybillguard.service.print_room.runs import views as printing

urlpatterns = [
    path("", home.home, name="home"),
    path("lanes/", home.lanes, name="lanes"),
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.detail, name="import_detail"),
    path("imports/<int:pk>/body/", imports.body, name="import_body"),
    path("imports/<int:pk>/refused.csv", imports.refused_csv, name="import_refused"),
    path("imports/<int:pk>/<str:action>/", imports.act, name="import_act"),
    path("orders/", orders.orders, name="orders"),
    path("orders/search/", orders.search, name="order_search"),
    path("orders/<int:pk>/", orders.detail, name="order_detail"),
    path("orders/<int:pk>/looks/", ledger.looks, name="order_looks"),
    path("orders/<int:pk>/looks.jsonl", ledger.looks_file, name="order_looks_file"),
    path("keys/", keys.keys, name="keys"),
    path("keys/body/", keys.body, name="keys_body"),
    path("keys/rotate/", keys.rotate, name="keys_rotate"),
    path("retention/", retention.retention, name="retention"),
    path("retention/rule/", retention.set_rule, name="retention_set"),
    path("retention/destroy/", retention.destroy, name="retention_destroy"),
    path("retention/<int:pk>/certificate.txt", retention.certificate, name="retention_certificate"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/verify/", ledger.verifier, name="ledger_verify"),
    path("ledger/policy/", ledger.policy, name="ledger_policy"),
    path("ledger/<slug:shard>/checkpoint/", ledger.note, name="ledger_note"),
    path("orders/<int:pk>/label.png", orders.label, name="order_label"),
    path("print/", printing.printing, name="printing"),
    path("print/start/", printing.start, name="print_start"),
    path("print/<int:pk>/", printing.detail, name="run_detail"),
    path("print/<int:pk>/body/", printing.body, name="run_body"),
    path("print/<int:pk>/file/", printing.file, name="run_file"),
    path("trust/", public.trust, name="trust"),
    path("trust/authority.pem", public.authority, name="trust_authority"),
    path("language/", set_language, name="set_language"),
    path("health/", public.health, name="health"),
]
