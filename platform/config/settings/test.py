"""Tests hash passwords cheaply; everything else is as it is in production."""

from config.settings.base import ENVIRONMENT

if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "api.hashers.Once"]
