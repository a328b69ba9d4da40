"""PostgreSQL backend whose search path is verified against the server (Django's ENGINE is `tenants.backend`)."""
