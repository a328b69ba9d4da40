"""The token address of OAuth 2."""

from django.urls import path

from api import token

app_name = "oauth"
urlpatterns = [path("token", token.give, name="token")]
