"""Topics and bylines by their names, looked up once an import."""

from collections.abc import Iterable
from typing import TypeVar

from publishing.importing.post import slug_of
from publishing.models import Byline, Topic
from tenants.models import Tenant

T = TypeVar("T", Topic, Byline)


class Terms:
    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self._topics: dict[str, Topic] = {}
        self._bylines: dict[str, Byline] = {}

    def topics(self, names: Iterable[str]) -> list[Topic]:
        return self._named(Topic, self._topics, names)

    def bylines(self, names: Iterable[str]) -> list[Byline]:
        return self._named(Byline, self._bylines, names)

    def forget(self) -> None:
        """What a rolled-back transaction had made does not exist."""
        self._topics.clear()
        self._bylines.clear()

    def _named(self, model: type[T], known: dict[str, T], names: Iterable[str]) -> list[T]:
        """Two spellings of one name are one term: the first spelling is kept."""
        slugs: dict[str, str] = {}
        for name in names:
            slugs.setdefault(slug_of(name)[:100].strip("-"), name)
        for slug in (slug for slug in slugs if slug not in known):
            defaults = {"name": slugs[slug][:120]}
            known[slug] = model.objects.get_or_create(tenant=self.tenant, slug=slug, defaults=defaults)[0]
        return [known[slug] for slug in slugs]
