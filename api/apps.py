"""The HTTP and JSON door as a Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Its clients and replays live in each school."""

    name = "api"

    def ready(self) -> None:
        """Offer the API's scopes to the pages that issue keys, and keep the clients that they issue."""
        from api import clients, scopes
        from identity import clients as counters

        scopes.register()
        counters.serve(
            counters.Counter(
                create=clients.create_client, current=clients.current_clients, revoke=clients.revoke_client
            )
        )
