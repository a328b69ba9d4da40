"""Addresses of the platform's own pages."""

from django.urls import path

from console.pages import sign_up, site

app_name = "site"
urlpatterns = [
    path("", site.front, name="front"),
    path("sign-up/", sign_up.ask, name="sign_up"),
    path("sign-up/address/", sign_up.address, name="sign_up_address"),
    path("sign-up/sent/", sign_up.sent, name="sign_up_sent"),
    path("sign-up/<str:token>/", sign_up.follow, name="sign_up_link"),
    path("find/", site.find, name="find"),
]
