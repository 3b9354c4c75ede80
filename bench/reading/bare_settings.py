"""The server's settings with nothing around the view."""

from wellpost.server.config.settings import *  # noqa: F403 - all of it, but what follows

# allauth asks for its own; it does next to nothing here.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "reading.bare_urls"
