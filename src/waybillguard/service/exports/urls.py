"""URL patterns of exports and their recipients."""

from django.urls import path

from waybillguard.service.exports import views, views_recipients

urlpatterns = [
    path("exports/", views.exports, name="exports"),
    path("exports/new/", views.new, name="export_new"),
    path("exports/ask/", views.ask_for, name="export_ask"),
    path("exports/recipients/", views_recipients.recipients, name="recipients"),
    path("exports/recipients/add/", views_recipients.add, name="recipient_add"),
    path("exports/recipients/<int:pk>/", views_recipients.act, name="recipient_act"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("exports/<int:pk>/body/", views.body, name="export_body"),
    path("exports/<int:pk>/decide/", views.decide, name="export_decide"),
    path("exports/<int:pk>/withdraw/", views.take_back, name="export_withdraw"),
    path("exports/<int:pk>/file/", views.file, name="export_file"),
]
