"""The authority's limits, held by us: what it would refuse is not asked for, and there is always room for renewals.

An order that was tried is a row, and so is each further attempt at it: what is counted here is what the authority
counts. Let's Encrypt's numbers are the settings' defaults: https://letsencrypt.org/docs/rate-limits/.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from domains.models import Order

log = logging.getLogger(__name__)

ORDERS_WITHIN = timedelta(hours=3)
REGISTERED_WITHIN = timedelta(days=7)
TENANT_WITHIN = timedelta(days=1)
FAILURES_WITHIN = timedelta(hours=1)
# The authority's check of one name may fail so often within the hour.
FAILURES = 5
# Certificates of one name in a week, of the five that the authority makes: whatever orders it again and again.
SAME_NAME = 4
# Of the orders in three hours, what new names may take: the rest is kept for renewals.
SHARE_OF_NEW = 0.8

# One decision at a time, over all processes.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('domains.orders', 0))"
_RESTS, _LIMITED = "domains.certificates.rests", "domains.certificates.limited"

# What is due and may go: renewals, and new names within what their registrable domain and their tenant have left.
_NEXT = """
WITH of_domain AS (
    SELECT registered, count(*) AS made FROM domains_order
     WHERE (state = 'done' AND ended_at > %(week)s) OR (state = 'waiting' AND tried_at IS NOT NULL AND due_at > %(now)s)
     GROUP BY registered
), of_tenant AS (
    SELECT tenant_id, count(*) AS made FROM domains_order
     WHERE tried_at > %(day)s AND NOT renewal AND tenant_id IS NOT NULL GROUP BY tenant_id
), of_name AS (
    SELECT name, count(*) FILTER (WHERE state = 'failed' AND tried_at > %(hour)s) AS failed,
           count(*) FILTER (WHERE state = 'done' AND ended_at > %(week)s) AS made
      FROM domains_order WHERE name IN (SELECT name FROM domains_order WHERE state = 'waiting') GROUP BY name
), due AS (
    SELECT waiting.*, coalesce(of_domain.made, 0)
           + row_number() OVER (PARTITION BY registered, renewal ORDER BY due_at, id) AS place_in_domain
      FROM domains_order waiting LEFT JOIN of_domain USING (registered) LEFT JOIN of_name USING (name)
     WHERE state = 'waiting' AND due_at <= %(now)s AND coalesce(of_name.failed, 0) < %(failures)s
       AND coalesce(of_name.made, 0) < %(same)s AND (%(only)s::bigint IS NULL OR id = %(only)s)
), placed AS (
    SELECT due.*, coalesce(of_tenant.made, 0)
           + row_number() OVER (PARTITION BY tenant_id, renewal ORDER BY due_at, id) AS place_in_tenant
      FROM due LEFT JOIN of_tenant USING (tenant_id)
     WHERE renewal OR place_in_domain <= %(per_domain)s
)
SELECT id, name, renewal FROM placed
 WHERE renewal OR tenant_id IS NULL OR place_in_tenant <= %(per_tenant)s
 ORDER BY renewal DESC, due_at, id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Next:
    """An order that may go now."""

    id: int
    name: str
    renewal: bool


def alone() -> None:
    """Until the end of this transaction nobody else decides which order goes."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def may_go(now: datetime, *, most: int, only: int | None = None) -> list[Next]:
    """The orders whose turn it is, renewals first; of one order, whether it is among those that may go."""
    if rests_until(now):
        return []
    tried = Order.objects.filter(tried_at__gt=now - ORDERS_WITHIN).count()
    free = settings.ACME_ORDERS_PER_3H - tried
    free_for_new = int(settings.ACME_ORDERS_PER_3H * SHARE_OF_NEW) - tried
    if free <= 0:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, _numbers(now, only) | {"most": min(free, most)})
        found = [Next(*row) for row in cursor.fetchall()]
    renewals = [one for one in found if one.renewal]
    new = [one for one in found if not one.renewal]
    return renewals + new[: max(free_for_new - len(renewals), 0)]


def _numbers(now: datetime, only: int | None) -> dict[str, datetime | int | None]:
    return {
        "only": only,
        "now": now,
        "week": now - REGISTERED_WITHIN,
        "day": now - TENANT_WITHIN,
        "hour": now - FAILURES_WITHIN,
        "failures": FAILURES,
        "same": SAME_NAME,
        "per_domain": settings.ACME_PER_REGISTERED_WEEK,
        "per_tenant": settings.ACME_PER_TENANT_DAY,
    }


def rest(until: datetime, *, limited: bool = False) -> None:
    """The authority wants to be left alone until then. Told to every process that shares a cache with this one.

    `limited`: it said so itself, and no answer that it gives meanwhile changes that.
    """
    key = _LIMITED if limited else _RESTS
    if until.timestamp() > _resting(key):
        _remember(key, until.timestamp())


def rests_until(now: datetime) -> datetime | None:
    """Until when the authority wants to be left alone; None where it does not."""
    until = max(_resting(_RESTS), _resting(_LIMITED))
    return datetime.fromtimestamp(until, now.tzinfo) if until > now.timestamp() else None


def work_again() -> None:
    """The authority answered."""
    if _resting(_RESTS):
        _remember(_RESTS, 0.0)


# Without the cache the authority is asked once too often, and renewals go on.


def _resting(key: str) -> float:
    try:
        return float(cache.get(key) or 0)
    except Exception as error:  # noqa: BLE001 -- each cache has errors of its own
        log.warning("The cache does not answer: %s", error)
        return 0.0


def _remember(key: str, until: float) -> None:
    try:
        cache.set(key, until, timeout=24 * 3600)
    except Exception as error:  # noqa: BLE001 -- each cache has errors of its own
        log.warning("The cache does not answer: %s", error)
