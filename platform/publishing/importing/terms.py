"""Topics and bylines by their names, looked up once an import."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

from publishing.models import Byline, Topic
from publishing.slugs import slug_from
from tenants.models import Tenant

T = TypeVar("T", Topic, Byline)
_LONGEST = 120
_NUMBERED = 20


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
        spelled: dict[str, str] = {}
        for name in (name[:_LONGEST] for name in names):
            spelled.setdefault(_spelling(name), name)
        for spelling in (spelling for spelling in spelled if spelling not in known):
            known[spelling] = self._term(model, spelled[spelling])
        return [known[spelling] for spelling in spelled]

    def _term(self, model: type[T], name: str) -> T:
        for slug in _slugs(name):
            term = model.objects.get_or_create(tenant=self.tenant, slug=slug, defaults={"name": name})[0]
            if _spelling(term.name) == _spelling(name):
                break
        return term


def _slugs(name: str) -> Iterator[str]:
    """`c-plus-plus` of "C++" and `c-sharp` of "C#"; numbered for other names that share a slug, at last by a digest."""
    spoken = re.sub(r"(?<=\w)#", " sharp", re.sub(r"(?<=[\w+])\+", " plus", name))
    slug = slug_from(spoken)[:90].strip("-")
    yield slug
    yield from (f"{slug}-{number}" for number in range(2, _NUMBERED))
    yield f"{slug}-{hashlib.sha256(_spelling(name).encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _spelling(name: str) -> str:
    """Equal for what is one name: case, accents, hyphens and white space do not tell two apart."""
    letters = (sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[-_]", " ", "".join(letters)).split())
