"""Addresses of a school's doors."""

from django.urls import path

from identity import pages

app_name = "identity"
urlpatterns = [
    path("sign-in/", pages.sign_in, name="sign_in"),
    path("sign-out/", pages.sign_out, name="sign_out"),
    path("forgot/", pages.forgot, name="forgot"),
    path("welcome/<str:token>/", pages.welcome, name="welcome"),
    path("account/", pages.account, name="account"),
    path("account/password/", pages.change_password, name="change_password"),
    path("account/leave-everywhere/", pages.leave_everywhere, name="leave_everywhere"),
]
