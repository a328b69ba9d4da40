"""The web process: `granian --interface wsgi config.wsgi:application`."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from monitoring import metrics
from tenants import pooler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
pooler.require()
metrics.process_started("web", version=settings.VERSION, revision=settings.REVISION)
# What is loaded by now lives as long as the process: the collector need not walk it again and again.
gc.collect()
gc.freeze()
