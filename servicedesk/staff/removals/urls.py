"""Addresses below /admin/removals/."""

from django.urls import path

from servicedesk.staff.removals import views

app_name = "removals"

urlpatterns = [
    path("", views.removals, name="list"),
    path("<int:request_id>/", views.request, name="request"),
    path("<int:request_id>/carry-out/", views.carry_out, name="carry-out"),
    path("<int:request_id>/refuse/", views.refuse, name="refuse"),
]
