"""The token endpoint's rules: client credentials only, and never more than the client was granted."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from api.models import Client
from identity import scopes


class Scopes(BaseScopes):  # type: ignore[misc]
    """A client may ask for its own scopes; asking for none gives all of them."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope with its words."""
        return {name: str(label) for name, label in scopes.all().items()}

    def get_available_scopes(self, application: Client | None = None, *args: Any, **kwargs: Any) -> list[str]:
        """What this client may ask for."""
        return list(application.scopes) if application is not None else []

    def get_default_scopes(self, application: Client | None = None, *args: Any, **kwargs: Any) -> list[str]:
        """What a client gets that does not say."""
        return self.get_available_scopes(application)


class Validator(OAuth2Validator):  # type: ignore[misc]
    """The toolkit's validator, in the school of the host: its tables hold this school's clients alone."""

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Client, request: Any, *args: Any, **kwargs: Any
    ) -> bool:
        """Client credentials and nothing else."""
        return grant_type == "client_credentials" and client.user is not None and client.user.is_active
