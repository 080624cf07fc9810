"""URLs of looks at plaintext, quotas and alarms."""

from django.urls import include, path

from waybillguard.service.lookups import views, views_orders

urlpatterns = [
    path("orders/", views_orders.orders, name="orders"),
    path("orders/search/", views_orders.search, name="order_search"),
    path("orders/<int:pk>/", views_orders.detail, name="order_detail"),
    path("orders/<int:pk>/label.png", views_orders.label, name="order_label"),
    path("orders/<int:pk>/reveal/", views.ask, name="reveal"),
    path("orders/<int:pk>/reveal/show/", views.show, name="reveal_show"),
    path("looks/", views.looks, name="looks"),
    path("looks/people/", views.quotas, name="quotas"),
    path("looks/people/<int:pk>/", views.looks_of, name="looks_of"),
    path("looks/people/<int:pk>/freeze/", views.freeze, name="quota_freeze"),
    path("looks/raises/ask/", views.raise_ask, name="raise_ask"),
    path("looks/raises/<int:pk>/agree/", views.raise_agree, name="raise_agree"),
    path("looks/raises/<int:pk>/end/", views.raise_end, name="raise_end"),
    path("looks/alarms/<int:pk>/seen/", views.alarm_seen, name="alarm_seen"),
    path("", include("waybillguard.service.lookups.calls.urls")),
]
