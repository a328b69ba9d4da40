"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id at the cost that the OWASP Password Storage Cheat Sheet names: 19 MiB, two passes, one lane.

    The framework's own cost (100 MiB, eight lanes) takes 0.4 s of a core: a school of a thousand that signs in at
    eight would keep two cores busy for minutes. A password hashed at another cost is hashed anew when it is next used.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
