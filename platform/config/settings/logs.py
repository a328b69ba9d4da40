"""One JSON object per line."""

from config import env
from config.settings.base import ENVIRONMENT
from monitoring import logging as logs

LOG_LEVEL = env.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO")
LOGGING = logs.config(ENVIRONMENT, LOG_LEVEL)
