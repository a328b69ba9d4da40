"""The HTTP and JSON door as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Its clients and replays live in each school."""

    name = "api"

    def ready(self) -> None:
        """Offer the API's scopes and the clients that pages issue, and its collections to a school's export."""
        from api import clients, portable, scopes
        from identity import clients as counters
        from tenants.archive import exporting

        scopes.register()
        counters.serve(
            counters.Counter(
                create=clients.create_client, current=clients.current_clients, revoke=clients.revoke_client
            )
        )
        exporting.offer(portable.resources)
