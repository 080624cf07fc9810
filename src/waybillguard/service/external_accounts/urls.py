"""URLs of external accounts."""

from django.urls import path

from waybillguard.service.external_accounts import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("register/lists/new/<str:kind>/", views.list_take, name="register_list_take"),
    path("register/lists/<int:pk>/", views.list_show, name="register_list"),
    path("register/lists/<int:pk>/<str:action>/", views.list_act, name="register_list_act"),
    path("register/accounts/", views.account_add, name="outside_account_add"),
    path("register/accounts/<int:pk>/drop/", views.account_drop, name="outside_account_drop"),
    path("register/leavers/<int:pk>/", views.leaving, name="leaving"),
    path("register/leavers/<int:pk>/items/<int:item>/", views.leaving_show, name="leaving_show"),
    path(
        "register/leavers/<int:pk>/items/<int:item>/proof/", views.leaving_evidence, name="leaving_evidence"
    ),
    path("register/leavers/<int:pk>/close/", views.leaving_close, name="leaving_close"),
    path("people/<int:pk>/leaving/", views.leaving_of, name="leaving_of"),
]
