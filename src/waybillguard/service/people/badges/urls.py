"""URL patterns of badges, of the station's page and of shared accounts."""

from django.urls import path

from waybillguard.service.people.badges import station_views, views

urlpatterns = [
    path("station/", station_views.station, name="station"),
    path("station/pin/", station_views.station_pin, name="station_pin"),
    path("station/enrol/", station_views.station_enrol, name="station_enrol"),
    path("badges/", views.badges, name="badges"),
    path("people/<int:pk>/badge/", views.badge, name="badge"),
    path("people/<int:pk>/badge/issue/", views.badge_issue, name="badge_issue"),
    path("people/<int:pk>/badge/start/", views.badge_start, name="badge_start"),
    path("people/<int:pk>/badge/revoke/", views.badge_revoke, name="badge_revoke"),
    path("people/<int:pk>/shared/", views.shared_mark, name="shared_mark"),
]
