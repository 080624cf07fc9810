"""URLs of inspections."""

from django.urls import path

from waybillguard.service.inspections import views, views_documents, views_owner, views_policies

urlpatterns = [
    path("inspections/", views.inspections, name="inspections"),
    path("inspections/run/", views.run, name="inspection_run"),
    path("inspections/sheet.<str:ending>", views.blank_sheet, name="inspection_blank_sheet"),
    path("inspections/risks/", views_owner.accepted_risks, name="accepted_risks"),
    path("inspections/risks/<int:pk>/end/", views_owner.accepted_risk_end, name="accepted_risk_end"),
    path("inspections/poster.<str:ending>", views_owner.wall_poster, name="wall_poster"),
    path("inspections/health/", views.health, name="health_check"),
    path("inspections/health/report.<str:ending>", views.health_paper, name="health_paper"),
    path("inspections/labels/", views.label_samples, name="label_samples"),
    path("inspections/labels/new/", views.photos, name="inspection_photos"),
    path("inspections/labels/<int:pk>/", views.label_sample, name="label_sample"),
    path("inspections/labels/<int:pk>/body/", views.label_sample_body, name="label_sample_body"),
    path(
        "inspections/labels/<int:pk>/record.<str:ending>", views.label_sample_paper, name="label_sample_paper"
    ),
    path("inspections/documents/", views_documents.document_list, name="inspection_documents"),
    path(
        "inspections/documents/new/<str:kind>/", views_documents.document_add, name="inspection_document_add"
    ),
    path(
        "inspections/documents/<int:pk>/file/", views_policies.document_file, name="inspection_document_file"
    ),
    path("rules/", views_policies.policy_list, name="internal_rules"),
    path("rules/<int:pk>/file/", views_policies.policy_file, name="internal_rule_file"),
    path("rules/<int:pk>/read/", views_policies.policy_read, name="internal_rule_read"),
    path(
        "inspections/documents/<int:pk>/withdraw/",
        views_documents.document_withdraw,
        name="inspection_document_withdraw",
    ),
    path("inspections/register/", views_documents.register_entries, name="register_entries"),
    path("inspections/register/<int:pk>/", views_documents.register_entry, name="register_entry"),
    path("inspections/register/<int:pk>/step/", views_documents.register_step, name="register_step"),
    path(
        "inspections/register/<int:pk>/steps.<str:ending>",
        views_documents.register_paper,
        name="register_paper",
    ),
    path("inspections/<int:pk>/", views.inspection, name="inspection"),
    path("inspections/<int:pk>/body/", views.body, name="inspection_body"),
    path("inspections/<int:pk>/<str:form>.<str:ending>", views.paper, name="inspection_paper"),
]
