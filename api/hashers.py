"""How client secrets are kept: they are 128 characters of chance, so one round of a salted hash is enough."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Once(PBKDF2PasswordHasher):
    """One round: a slow hash would only let strangers spend our time at the token address."""

    algorithm = "once"
    iterations = 1
