"""What a QR code opens, on every host."""

from django.urls import path

from schools.papers.pages import verifying

urlpatterns = [
    path("verify/<str:token>/photo", verifying.photo, name="verify_photo"),
    path("verify/<str:token>", verifying.verify, name="verify"),
]
