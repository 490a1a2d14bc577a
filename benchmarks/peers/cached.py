"""The peer "stock + cache": Django's page cache on Redis around the whole of it. Its keys hold the host."""

from benchmarks.peers.settings import *  # noqa: F403
from benchmarks.peers.settings import MIDDLEWARE

MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
]
CACHE_MIDDLEWARE_SECONDS = 600
