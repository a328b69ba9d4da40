"""Addresses of the domain's pages."""

from django.urls import path, register_converter

from schools.attendance import converters, pages

register_converter(converters.DayConverter, "day")

app_name = "attendance"
urlpatterns = [
    path("", pages.day, name="day"),
    path("rules/", pages.rules, name="rules"),
    path("<uuid:class_id>/", pages.history, name="history"),
    path("<uuid:class_id>/<day:day>/", pages.register, name="register"),
]
