"""URLs of cases."""

from django.urls import path

from waybillguard.service.cases import views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/open/", views.open_own, name="case_open"),
    path("cases/<int:pk>/", views.case, {"tab": "timeline"}, name="case"),
    path("cases/<int:pk>/note/", views.add_note, name="case_note"),
    path("cases/<int:pk>/close/", views.close, name="case_close"),
    path("cases/<int:pk>/record.<str:form>", views.record_file, name="case_record"),
    path("cases/<int:pk>/<slug:tab>/", views.case, name="case_tab"),
]
