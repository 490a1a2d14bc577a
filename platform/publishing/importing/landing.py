"""Posts become articles with revision, topics, bylines, pictures, placements and redirects, or nothing of them does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from django.contrib.sites.models import Site
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, transaction

from publishing.importing import arriving, changing
from publishing.importing.ahead import Ready, read_ahead, ready
from publishing.importing.post import Found, Refusal
from publishing.importing.prepared import Prepared, prepare
from publishing.importing.terms import Terms
from publishing.models import Article, Placement
from publishing.placing import hold
from tenants.models import Tenant

T = TypeVar("T")
Result = Literal["created", "updated", "unchanged", "refused"]

CHUNK = 32
"""Posts that share a transaction; one that fails is refused alone, the others are landed again."""

_CONNECTION_FAILURES = (OperationalError, InterfaceError)
_DEADLOCK = "40P01"
_RETRIES = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item; `reason` says why it was refused, `warnings` what was lost on the way."""

    result: Result
    source: str
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored under a post's source id."""

    digest: str
    site_ids: frozenset[int]
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class _Planned:
    ready: Ready
    result: Result


Plan = _Planned | Refusal


@dataclass(slots=True)
class Landing:
    """Lands posts for one tenant on some of its sites. Expects the tenant's scope to be active."""

    tenant: Tenant
    sites: Sequence[Site]
    dry_run: bool = False
    terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        self.terms = Terms(self.tenant)

    def land_all(self, found: Iterable[Found]) -> Iterator[Outcome]:
        """One outcome per item, in order."""
        # Hashes and not the ids: of a source of any size they stay a few bytes an item.
        seen: set[int] = set()
        for chunk in _chunks(read_ahead(map(ready, found))):
            plans = self._planned(chunk, seen)
            try:
                yield from self._land(plans)
            except _CONNECTION_FAILURES:
                raise
            except Exception:  # noqa: BLE001 -- whichever post it was is found below, where each is landed alone
                for plan in plans:
                    yield self._land_alone(plan)

    def _land(self, plans: Sequence[Plan], retries: int = _RETRIES) -> list[Outcome]:
        """In one transaction, begun anew where PostgreSQL ended it to resolve a deadlock."""
        try:
            return self._land_once(plans)
        except Exception as error:
            self.terms.forget()
            if retries and _is_deadlock(error):
                return self._land(plans, retries - 1)
            raise

    def _land_once(self, plans: Sequence[Plan]) -> list[Outcome]:
        with transaction.atomic():
            self._hold(plans)
            prepared = [self._prepared(plan) for plan in plans]
            both = [(one, _result(plan)) for one, plan in zip(prepared, plans, strict=True) if one]
            new = [one for one, result in both if result == "created"]
            arriving.add(new, tenant=self.tenant, sites=self.sites)
            for one in (one for one, result in both if result == "updated"):
                changing.change(one, tenant=self.tenant, sites=self.sites)
        return [_outcome(plan, one) for one, plan in zip(prepared, plans, strict=True)]

    def _land_alone(self, plan: Plan) -> Outcome:
        try:
            return self._land([plan])[0]
        except _CONNECTION_FAILURES:
            raise
        except Exception as error:  # noqa: BLE001 -- one post never ends an import; it is refused with a sentence
            source = plan.source if isinstance(plan, Refusal) else plan.ready.post.source
            return Outcome("refused", source, _sentence(error))

    def _hold(self, plans: Sequence[Plan]) -> None:
        """Before all else, so that two imports, or an import and an editor, wait for each other in one order."""
        results = {plan.ready.post.source_id: plan.result for plan in plans if isinstance(plan, _Planned)}
        updated = [source_id for source_id, result in results.items() if result == "updated"]
        if not self.dry_run and (updated or "created" in results.values()):
            articles = Article.objects.filter(source_id__in=updated).only("pk")
            hold(articles, sites=[site.pk for site in self.sites])

    def _prepared(self, plan: Plan) -> Prepared | None:
        if isinstance(plan, Refusal) or plan.result == "unchanged" or self.dry_run:
            return None
        return prepare(plan.ready, tenant=self.tenant, terms=self.terms)

    def _planned(self, chunk: Sequence[Ready | Refusal], seen: set[int]) -> list[Plan]:
        """What is to be done with each item, by what is stored of it; looked up for all at once."""
        stored = self._stored([one.post.source_id for one in chunk if isinstance(one, Ready)])
        plans: list[Plan] = []
        for one in chunk:
            if isinstance(one, Refusal):
                plans.append(one)
            elif (identity := hash(one.post.source_id)) in seen:
                plans.append(Refusal(one.post.source, "An earlier item of this import has the same id."))
            else:
                seen.add(identity)
                plans.append(_Planned(one, self._judged(one, stored.get(one.post.source_id))))
        return plans

    def _judged(self, one: Ready, stored: _Stored | None) -> Result:
        if stored is None:
            return "created"
        is_placed = stored.is_recalled or stored.site_ids.issuperset(site.pk for site in self.sites)
        return "unchanged" if is_placed and stored.digest == one.digest else "updated"

    def _stored(self, source_ids: Sequence[str]) -> Mapping[str, _Stored]:
        rows = list(Article.objects.filter(source_id__in=source_ids).values_list("pk", "source_id", "source_digest"))
        sites: dict[int, set[int]] = {pk: set() for pk, _, _ in rows}
        recalled: set[int] = set()
        for placement in Placement.objects.filter(article__in=sites).only("article_id", "site_id", "status"):
            sites[placement.article_id].add(placement.site_id)
            if placement.status == Placement.Status.RECALLED:
                recalled.add(placement.article_id)
        return {
            str(source_id): _Stored(digest, frozenset(sites[pk]), is_recalled=pk in recalled)
            for pk, source_id, digest in rows
        }


def _result(plan: Plan) -> Result:
    return "refused" if isinstance(plan, Refusal) else plan.result


def _outcome(plan: Plan, prepared: Prepared | None) -> Outcome:
    if isinstance(plan, Refusal):
        return Outcome("refused", plan.source, plan.reason)
    lost = prepared.lost if prepared else ()
    post = plan.ready.post
    return Outcome(plan.result, post.source, warnings=(*post.warnings, *lost))


def _is_deadlock(error: Exception) -> bool:
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) == _DEADLOCK


def _sentence(error: Exception) -> str:
    match error:
        case ValidationError():
            return " ".join(error.messages)
        case DatabaseError():
            return f"The database refused it: {next(iter(str(error).splitlines()), type(error).__name__)[:200]}."
        case _:
            return f"It could not be stored: {str(error)[:200]}"


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    chunk: list[T] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
