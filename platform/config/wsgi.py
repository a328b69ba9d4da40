"""The web process: `granian --interface wsgi config.wsgi:application`."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from monitoring import metrics

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
metrics.process_started("web", version=settings.VERSION, revision=settings.REVISION)
