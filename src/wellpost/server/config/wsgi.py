"""What granian runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellpost.server.config.settings")
application = get_wsgi_application()

from wellpost.server.config import rounds  # noqa: E402 - Django is set up by now

rounds.start()
