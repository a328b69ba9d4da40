"""Addresses of the operators' API."""

from django.urls import path, re_path

from api import description
from api.platform.copies import Copies, Restorations
from api.platform.lives import Lives
from api.platform.schools import Schools
from api.platform.sign_ups import SignUps

app_name = "platform_api"
urlpatterns = [
    path("schools/", Schools.as_view({"get": "list", "post": "create"}), name="schools"),
    path("schools/<slug:slug>/", Schools.as_view({"get": "retrieve"}), name="school"),
    path("schools/<slug:slug>/retry/", Schools.as_view({"post": "retry"}), name="retry"),
    path("schools/<slug:slug>/suspend/", Schools.as_view({"post": "suspend"}), name="suspend"),
    path("schools/<slug:slug>/read-only/", Schools.as_view({"post": "read_only"}), name="read_only"),
    path("schools/<slug:slug>/resume/", Schools.as_view({"post": "resume"}), name="resume"),
    path("schools/<slug:slug>/archive/", Lives.as_view({"post": "archive"}), name="archive"),
    path("schools/<slug:slug>/bring-back/", Lives.as_view({"post": "bring_back"}), name="bring_back"),
    path("schools/<slug:slug>/rename/", Lives.as_view({"post": "rename"}), name="rename"),
    path("schools/<slug:slug>/erase/", Lives.as_view({"post": "ask_erasure"}), name="erase"),
    path("schools/<slug:slug>/erase/confirm/", Lives.as_view({"post": "confirm_erasure"}), name="confirm_erasure"),
    path("schools/<slug:slug>/erase/take-back/", Lives.as_view({"post": "take_back"}), name="take_back"),
    path("schools/<slug:slug>/copies/", Copies.as_view({"get": "list", "post": "create"}), name="copies"),
    path("schools/<slug:slug>/restorations/", Restorations.as_view({"get": "list", "post": "create"}), name="ways"),
    path("schools/<slug:slug>/restorations/<uuid:pk>/", Restorations.as_view({"get": "retrieve"}), name="way"),
    path("schools/<slug:slug>/restorations/<uuid:pk>/swap/", Restorations.as_view({"post": "swap"}), name="swap"),
    path("schools/<slug:slug>/restorations/<uuid:pk>/discard/", Restorations.as_view({"post": "discard"}), name="drop"),
    path("sign-ups/", SignUps.as_view({"get": "list"}), name="sign_ups"),
    path("sign-ups/<uuid:pk>/approve/", SignUps.as_view({"post": "approve"}), name="approve_sign_up"),
    path("sign-ups/<uuid:pk>/refuse/", SignUps.as_view({"post": "refuse"}), name="refuse_sign_up"),
    path("backups/", Copies.as_view({"get": "ages"}), name="backups"),
    path("erasures/<uuid:school_id>/", Lives.as_view({"get": "certificate"}), name="certificate"),
    re_path(r"^.*$", description.nothing_here),
]
