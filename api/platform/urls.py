"""Addresses of the operators' API."""

from django.urls import path, re_path

from api import description
from api.platform.schools import Schools

app_name = "platform_api"
urlpatterns = [
    path("schools/", Schools.as_view({"get": "list", "post": "create"}), name="schools"),
    path("schools/<slug:slug>/", Schools.as_view({"get": "retrieve"}), name="school"),
    path("schools/<slug:slug>/suspend/", Schools.as_view({"post": "suspend"}), name="suspend"),
    path("schools/<slug:slug>/read-only/", Schools.as_view({"post": "read_only"}), name="read_only"),
    path("schools/<slug:slug>/resume/", Schools.as_view({"post": "resume"}), name="resume"),
    re_path(r"^.*$", description.nothing_here),
]
