"""Addresses of the domain's pages."""

from django.urls import path, register_converter

from schools.attendance import converters
from schools.attendance.pages import days, office, registers, settings

register_converter(converters.DayConverter, "day")

app_name = "attendance"
urlpatterns = [
    path("", days.day, name="day"),
    path("office/", office.office, name="office"),
    path("office/<uuid:mark_id>/take-back/", office.take_back, name="take_back"),
    path("on-site/", days.on_site, name="on_site"),
    path("rules/", settings.rules, name="rules"),
    path("codes/", settings.codes, name="codes"),
    path("codes/new/", settings.add_code, name="add_code"),
    path("codes/<uuid:pk>/", settings.code, name="code"),
    path("<uuid:class_id>/", days.history, name="history"),
    path("<uuid:class_id>/<day:day>/", registers.register, name="register"),
]
