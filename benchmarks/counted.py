"""What `manage.py up` runs, and each request that reaches Django is counted: `benchmarks.counting`."""

from settings.embedded import *  # noqa: F403
from settings.embedded import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "benchmarks.counting.Rendered"]
