"""Addresses of the domain's pages."""

from django.urls import path

from schools.exports import pages

app_name = "exports"
urlpatterns = [path("<slug:key>.<slug:kind>", pages.take_home, name="take_home")]
