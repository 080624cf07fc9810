"""URLs of message checks, warning lists and the buyer's order page."""

from django.urls import path

from waybillguard.service.scams import views, views_public

urlpatterns = [
    path("scam/", views_public.scam, name="scam_check"),
    path("scam/paid/", views_public.paid, name="scam_paid"),
    path("scam/paid/sheet.pdf", views_public.paid_sheet, name="scam_paid_sheet"),
    path("parcel/<str:token>/", views_public.parcel, name="my_parcel"),
    path("parcel/<str:token>/check/", views_public.parcel_check, name="my_parcel_check"),
    path("parcel/<str:token>/ask/", views_public.parcel_ask, name="my_parcel_ask"),
    path("scams/", views.overview, name="scams"),
    path("scams/check/", views.check_order, name="scams_check"),
    path("scams/contacts/add/", views.report_contact, name="scams_contact"),
    path("scams/contacts/victims.csv", views.victims, name="scams_victims"),
    path("scams/warnings/new/", views.new, name="warning_new"),
    path("scams/warnings/<int:pk>/", views.warning, name="warning"),
    path("scams/warnings/<int:pk>/police/", views.police, name="warning_police"),
    path("scams/shares/<int:pk>/file/", views.share_file, name="warning_file"),
    path("scams/shares/<int:pk>/send/", views.share_send, name="warning_send"),
    path("scams/shares/<int:pk>/notified/", views.share_notified, name="warning_notified"),
    path("scams/requests/<int:pk>/", views.request_move, name="privacy_request"),
]
