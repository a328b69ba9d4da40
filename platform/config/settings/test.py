"""Tests hash passwords cheaply and ask faster than any school; everything else is as it is in production."""

from config.settings.base import ENVIRONMENT
from config.settings.shares import SCHOOL_LIMITS

if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", "api.hashers.Once"]
    ROOM = {"work_percent": 10_000, "requests_per_second": 10_000, "concurrent_requests": 1_000}
    SCHOOL_LIMITS = {**SCHOOL_LIMITS, **ROOM}  # all tests of a run are two schools' people
