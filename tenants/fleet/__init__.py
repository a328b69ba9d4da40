"""All schools' schemas as one fleet: where each stands, and bringing them to this version while schools work.

`manage.py fleet` is its command line; `docs/decisions/migrate-a-fleet.md` says why it is built so.
"""
