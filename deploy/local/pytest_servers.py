"""pytest plugin: real PostgreSQL and Redis stand before the settings are read, and end with the run."""

import pytest

from deploy.local import testing

RUNNING = pytest.StashKey[testing.Servers]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Start what the environment does not name; pytest-xdist's workers inherit it and start nothing."""
    early_config.stash[RUNNING] = servers = testing.start()
    early_config.add_cleanup(servers.stop)
