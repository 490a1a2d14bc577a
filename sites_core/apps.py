from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class SitesCoreConfig(AppConfig):
    name = "sites_core"
    verbose_name = "Sites"

    def ready(self) -> None:
        # Models, Django's too, can be imported from here on and not before.
        from django.contrib.sites import models as sites_models
        from django.contrib.sites.management import create_default_site

        import sites_core.checks  # noqa: F401 -- registers them
        from sites_core.current_site import DirectorySites, expire_directory

        # Django would make a site "example.com" on an empty database: a host that nobody added.
        post_migrate.disconnect(create_default_site, sender=apps.get_app_config("sites"))
        sites_models.SITE_CACHE = DirectorySites()
        # The stock method would put a plain dictionary back.
        sites_models.SiteManager.clear_cache = expire_directory  # type: ignore[method-assign, assignment]
