"""Where the link of a round leads."""

from django.urls import path

from schools.families.pages import own

urlpatterns = [path("<str:token>/", own.confirm, name="confirm_details")]
