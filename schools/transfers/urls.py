"""Addresses of the domain's pages."""

from django.urls import path

from schools.transfers import pages

app_name = "transfers"
urlpatterns = [
    path("", pages.index, name="index"),
    path("listed/", pages.listed, name="listed"),
    path("bring/", pages.bring, name="bring"),
    path("students/<uuid:pk>/", pages.ask, name="ask"),
    path("<uuid:pk>/", pages.transfer, name="transfer"),
    path("<uuid:pk>/file/", pages.file, name="file"),
    path("<uuid:pk>/approve/", pages.approve, name="approve"),
    path("<uuid:pk>/withdraw/", pages.withdraw, name="withdraw"),
    path("<uuid:pk>/answer/", pages.answer, name="answer"),
    path("<uuid:pk>/take-in/", pages.take_in, name="take_in"),
]
