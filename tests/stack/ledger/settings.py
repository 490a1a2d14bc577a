"""The outbox with the ledger and nothing else, so that a killed process is soon back."""

from settings.base import *  # noqa: F403
from settings.base import database, env, seal

SECRET_KEY = "ledger"
INSTALLED_APPS = ["events", "tests.stack.ledger"]
MIDDLEWARE = []
DATABASES = {"default": database(env.dj_db_url("DATABASE_URL"))}

seal()
