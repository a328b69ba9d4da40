"""Addresses of the domain's pages."""

from django.urls import path

from schools.details.pages import noting, shaping

app_name = "details"
urlpatterns = [
    path("", shaping.index, name="index"),
    path("houses/add/", shaping.house_add, name="house_add"),
    path("houses/<uuid:pk>/", shaping.house, name="house"),
    path("houses/<uuid:pk>/remove/", shaping.house_remove, name="house_remove"),
    path("fields/add/", shaping.field_add, name="field_add"),
    path("fields/<uuid:pk>/", shaping.field, name="field"),
    path("fields/<uuid:pk>/remove/", shaping.field_remove, name="field_remove"),
    path("numbers/", shaping.numbers, name="numbers"),
    path("students/<uuid:pk>/", noting.edit, name="edit"),
    path("several/house/", noting.house_several, name="house_several"),
    path("several/tags/", noting.tag_several, name="tag_several"),
]
