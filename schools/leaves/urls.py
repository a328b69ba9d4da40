"""Addresses of the domain's pages."""

from django.urls import path

from schools.leaves.pages import asking, office

app_name = "leaves"
urlpatterns = [
    path("", asking.mine, name="mine"),
    path("ask/", asking.ask, name="ask"),
    path("month/", office.month, name="month"),
    path("balances/", office.balances, name="balances"),
    path("types/", office.types, name="types"),
    path("types/add/", office.type_add, name="type_add"),
    path("types/<uuid:pk>/", office.type_edit, name="type"),
    path("staff/<uuid:pk>/employments/add/", office.employment_add, name="employment_add"),
    path("employments/<uuid:pk>/", office.employment, name="employment"),
    path("<uuid:pk>/", asking.leave, name="leave"),
    path("<uuid:pk>/decide/", asking.decide, name="decide"),
    path("<uuid:pk>/cancel/", asking.cancel, name="cancel"),
]
