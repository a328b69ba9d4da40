"""Addresses of the domain's pages."""

from django.urls import path

from schools.families.pages import office, own

app_name = "families"
urlpatterns = [
    path("mine/", own.mine, name="mine"),
    path("proposals/", office.proposals, name="proposals"),
    path("proposals/<uuid:pk>/", office.decide, name="decide"),
    path("rounds/", office.rounds, name="rounds"),
    path("rounds/<uuid:pk>/", office.one_round, name="round"),
    path("rounds/<uuid:pk>/close/", office.close, name="close"),
]
