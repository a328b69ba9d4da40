"""Addresses of the callbacks, on the platform's own host."""

from django.urls import path

from api.callbacks import sms

app_name = "callbacks"
urlpatterns = [
    path("sms/<str:token>/report/", sms.report, name="sms_report"),
    path("sms/<str:token>/opt-out/", sms.opt_out, name="sms_opt_out"),
]
