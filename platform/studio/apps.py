from allauth.account.apps import AccountConfig
from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "studio"


class Accounts(AccountConfig):  # type: ignore[misc]  # the library has no types
    """allauth's, whose middleware stands in SURFACE_MIDDLEWARE: it looks for it in MIDDLEWARE alone, and refuses."""

    def ready(self) -> None:
        from allauth.account import checks  # noqa: F401 -- registers them
