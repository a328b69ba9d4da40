"""The platform's settings, one screen per concern."""

from config.settings.apps import *  # noqa: F403
from config.settings.base import *  # noqa: F403
from config.settings.build import *  # noqa: F403
from config.settings.cache import *  # noqa: F403
from config.settings.celery import *  # noqa: F403
from config.settings.database import *  # noqa: F403
from config.settings.logs import *  # noqa: F403
from config.settings.rest import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.shares import *  # noqa: F403
from config.settings.signing_up import *  # noqa: F403
from config.settings.storage import *  # noqa: F403
from config.settings.test import *  # noqa: F403
