"""Addresses below /admin/second-factor/."""

from django.urls import path

from servicedesk.staff.second_factor import challenge, enrol, people

app_name = "second-factor"

urlpatterns = [
    path("", enrol.mine, name="mine"),
    path("code/", challenge.challenge, name="challenge"),
    path("set-up/", enrol.enrol, name="enrol"),
    path("staff/", people.people, name="people"),
    path("staff/<int:user_id>/reset/", people.reset, name="reset"),
]
