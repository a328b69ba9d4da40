"""Addresses of the domain's pages."""

from django.urls import path

from schools.records.pages import documents, file

app_name = "records"
urlpatterns = [
    path("looks/", file.looks, name="looks"),
    path("students/<uuid:pk>/care/", file.care_edit, name="care_edit"),
    path("students/<uuid:pk>/alerts/add/", file.alert_add, name="alert_add"),
    path("students/<uuid:pk>/consent/", file.consent, name="consent"),
    path("alerts/<uuid:pk>/end/", file.alert_end, name="alert_end"),
    path("<slug:whose>/<uuid:pk>/documents/add/", documents.add, name="document_add"),
    path("documents/<uuid:pk>/file/", documents.fetch, name="document"),
    path("documents/<uuid:pk>/remove/", documents.remove, name="document_remove"),
]
