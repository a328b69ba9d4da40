"""Addresses of version 1."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from api import description
from api.v1.students import Students

app_name = "api"
router = SimpleRouter(use_regex_path=False)
router.register("students", Students, basename="students")

urlpatterns = [
    *router.urls,
    path("schema/", description.schema, name="schema"),
    path("docs/", description.docs, name="docs"),
    re_path(r"^.*$", description.nothing_here),
]
