"""URLs of the policies."""

from django.urls import include, path

from waybillguard.service.authorization import views

urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/edit/", views.edit, name="policy_edit"),
    path("policies/<int:pk>/", views.version, name="policy_version"),
    path("policies/<int:pk>/try/", views.try_draft, name="policy_try"),
    path("policies/<int:pk>/agree/", views.agree_draft, name="policy_agree"),
    path("policies/<int:pk>/activate/", views.activate_draft, name="policy_activate"),
    path("policies/<int:pk>/restore/", views.restore, name="policy_restore"),
    path("", include("waybillguard.service.authorization.shifts.urls")),
    path("", include("waybillguard.service.authorization.limits.urls")),
]
