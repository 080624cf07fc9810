"""URLs of imports, vault keys and retention."""

from django.urls import path

from waybillguard.service.vault.views import imports, keys, retention

urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.detail, name="import_detail"),
    path("imports/<int:pk>/body/", imports.body, name="import_body"),
    path("imports/<int:pk>/refused.csv", imports.refused_csv, name="import_refused"),
    path("imports/<int:pk>/<str:action>/", imports.act, name="import_act"),
    path("keys/", keys.keys, name="keys"),
    path("keys/body/", keys.body, name="keys_body"),
    path("keys/rotate/", keys.rotate, name="keys_rotate"),
    path("retention/", retention.retention, name="retention"),
    path("retention/rule/", retention.set_rule, name="retention_set"),
    path("retention/plans/<int:pk>/", retention.plan, name="plan"),
    path("retention/plans/<int:pk>/stop/", retention.plan_stop, name="plan_stop"),
    path("retention/plans/<int:pk>/confirm/", retention.plan_confirm, name="plan_confirm"),
    path("retention/waiting/stop/", retention.waiting_stop, name="waiting_stop"),
    path("retention/clock/", retention.clock_confirm, name="clock_confirm"),
    path("retention/destroy/", retention.destroy, name="retention_destroy"),
    path("retention/<int:pk>/certificate.txt", retention.certificate, name="retention_certificate"),
]
