"""URL patterns of waves, stations and scans."""

from django.urls import path

from waybillguard.service.print_room.stations import views_scans, views_stations, views_waves

urlpatterns = [
    path("print/waves/make/", views_waves.make, name="wave_make"),
    path("print/waves/<int:pk>/", views_waves.wave, name="wave"),
    path("print/waves/<int:pk>/body/", views_waves.body, name="wave_body"),
    path("print/waves/<int:pk>/print/", views_waves.do_print, name="wave_print"),
    path("print/waves/<int:pk>/find/", views_waves.find, name="wave_find"),
    path("print/reprints/<int:pk>/", views_waves.decide, name="reprint_decide"),
    path("print/stations/", views_stations.stations, name="stations"),
    path("print/stations/<int:pk>/<slug:action>/", views_stations.printer_act, name="printer_act"),
    path("print/uncertain/<slug:ticket>/", views_stations.settle, name="ticket_settle"),
    path("print/heads/<int:pk>/", views_stations.head, name="head_done"),
    path("print/rules/", views_stations.rules, name="print_rules"),
    path("print/scans/", views_scans.scans, name="scans"),
    path("print/scans/one/", views_scans.one, name="scan_one"),
    path("print/scans/file/", views_scans.take_file, name="scan_file"),
    path("print/check/", views_scans.check, name="label_check"),
]
