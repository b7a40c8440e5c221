"""The addresses of the help, below /admin/help/."""

from django.urls import path

from servicedesk.staff.help import views

app_name = "help"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.topic, name="topic"),
]
