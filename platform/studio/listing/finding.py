"""Which articles a list shows: filters over a tenant of any size, each statement with a bound of its own.

A list is a walk along one index, in the order that was asked for: the tenant's articles by last change or by title, or
its placements by date. What the filters ask of an article is looked up as the walk goes (`Filter.probe`), which is
cheap where many match. Where too few do, the filters say how many articles each lets through (`Filter.members`): the
fewest are then taken one by one, or the walk goes on far beyond with those at hand. What even that leaves open is told:
`Found.further` is where the next request goes on. So no statement depends on how articles are spread over the years,
which a planner can only guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from studio.listing.filters import MANY, Filter
from studio.paging import Position, TitlePosition

# How often candidates are looked up in one statement, at about 2 µs: at first, and where that was not enough.
NEAR, MORE = 1_500, 4_000
# Candidates that are compared with members at hand, at about 0.1 µs; and how often in one request.
FAR = 25_000
STEPS = 3
# So many members are taken one by one.
FEW = 1_000
# In place of an article's key: the row says where the search ends, for now.
_END = 0


@dataclass(frozen=True, slots=True)
class Order:
    """A way to sort. `source` is what is walked, as `c`; `key` and `pk` give the order, `article` the article's key.

    `carried` are the columns that the walk has at hand for filters that are cheap.
    """

    source: str
    key: str
    pk: str
    article: str
    carried: str
    descending: bool
    position: type[Position | TitlePosition]
    far: int = FAR

    def clause(self, *, backwards: bool) -> str:
        way = "DESC" if self.descending != backwards else "ASC"
        return f"{self.key} {way}, {self.pk} {way}"

    def beyond(self, *, backwards: bool) -> str:
        sign = "<" if self.descending != backwards else ">"
        return f"({self.key}, {self.pk}) {sign} (%(key)s, %(pk)s)"


_ARTICLES = "publishing_article c WHERE c.tenant_id = %(tenant)s"
# Static pages have no date that anybody looks for.
_PLACEMENTS = "publishing_placement c WHERE c.tenant_id = %(tenant)s AND c.status = 'published' AND c.listed"
_OWN = "c.stage, c.kind, c.written_by_id, c.updated_at"
_BY_CHANGE = (_ARTICLES, "c.updated_at", "c.id", "c.id", _OWN)
_BY_TITLE = (_ARTICLES, "lower(left(c.title, 100))", "c.id", "c.id", _OWN)
_BY_DATE = (_PLACEMENTS, "c.go_live", "c.id", "c.article_id", "c.site_id, c.go_live, c.expires_at")

ORDERS: Mapping[str, Order] = {
    "changed": Order(*_BY_CHANGE, descending=True, position=Position),
    "stale": Order(*_BY_CHANGE, descending=False, position=Position),
    # The entries of its index are three times as wide.
    "title": Order(*_BY_TITLE, descending=False, position=TitlePosition, far=20_000),
    "live": Order(*_BY_DATE, descending=True, position=Position),
    "first": Order(*_BY_DATE, descending=False, position=Position),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for. `bounds` are conditions on what is walked; `values` are those of all conditions, by name."""

    order: Order
    bounds: tuple[str, ...]
    filters: tuple[Filter, ...]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The articles of a page, in order, and the positions of its first and last row.

    `more`: there are others behind the last one. `further`: it has fewer than would fit, and the search goes on there.
    """

    articles: list[int]
    first: str = ""
    last: str = ""
    more: bool = False
    further: str = ""


Row = tuple[int, Any, int]


def find(
    query: Query, size: int, position: Position | TitlePosition | None = None, *, backwards: bool = False
) -> Found:
    """A page of at most `size` articles behind the position; backwards: before it, still in the list's order."""
    walk = _Walk(query, size, position, backwards)
    rows = walk.near()
    end = None
    if len(rows) <= size and query.filters:
        rows, end = walk.far(rows)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    places = [str(query.order.position(key, pk)) for _, key, pk in rows]
    return Found(
        [article for article, _, _ in rows],
        places[0] if places else "",
        places[-1] if places else "",
        more,
        str(end) if end and not more else "",
    )


class _Walk:
    """One request's way along the index."""

    def __init__(self, query: Query, size: int, position: Position | TitlePosition | None, backwards: bool) -> None:
        self.query, self.size, self.backwards = query, size, backwards
        self.values = dict(query.values)
        self.bounds = " AND ".join([query.order.source, *query.bounds])
        self.source = self.bounds
        if position is not None:
            self._go_on(position)
        order = query.order
        self.sorted = order.clause(backwards=backwards)
        way = "DESC" if order.descending != backwards else "ASC"
        self.outer = f"c.key {way}, c.pk {way}"
        self.columns = f"{order.article} AS article, {order.key} AS key, {order.pk} AS pk, {order.carried}"
        looked_up = sum(not one.cheap for one in query.filters)
        self.breadth = max(NEAR // looked_up, 1) if looked_up else order.far

    def near(self) -> list[Row]:
        """Looks each candidate up."""
        wanted = _all(self.query.filters)
        return self._rows(
            f"""
            SELECT c.article, c.key, c.pk FROM ({self._candidates(self.breadth)}) c
             WHERE {wanted} ORDER BY {self.outer} LIMIT {self.size + 1}
            """  # noqa: S608
        )

    def far(self, rows: list[Row]) -> tuple[list[Row], Position | TitlePosition | None]:
        """Where looking up did not fill the page: begins with the filters that let the fewest through.

        Returns the page's rows, and where to go on, if the end was not reached.
        """
        sizes, end = self._sizes()
        if end is None:
            return rows, None
        fewest = min(sizes, key=lambda name: sizes[name], default=None)
        if fewest is not None and sizes[fewest] <= FEW:
            return self._among(next(one for one in self.query.filters if one.name == fewest)), None
        held = _held(sizes)
        for _ in range(STEPS):
            self._go_on(end)
            found, end = self._step(held, self.size + 1 - len(rows))
            rows = [*rows, *found]
            if end is None or len(rows) > self.size:
                break
        return rows, end

    def _go_on(self, position: Position | TitlePosition) -> None:
        self.source = f"{self.bounds} AND {self.query.order.beyond(backwards=self.backwards)}"
        self.values |= {"key": position.key, "pk": position.pk}

    def _sizes(self) -> tuple[dict[str, int], Position | TitlePosition | None]:
        """How many articles each filter lets through, as far as it matters; and where looking up ended, if there is
        more behind."""
        counted = [one for one in self.query.filters if one.members]
        columns = [f"(SELECT count(*) FROM ({one.members} LIMIT {one.most + 1}) m)" for one in counted]  # noqa: S608
        columns += ["ended.key", "ended.pk"]
        ended = self._candidates(1, behind=self.breadth - 1)
        ((*sizes, key, pk),) = self._rows(
            f"SELECT {', '.join(columns)} FROM (SELECT) AS one LEFT JOIN ({ended}) ended ON true"  # noqa: S608
        )
        known = {one.name: size for one, size in zip(counted, sizes, strict=True) if size <= one.most}
        return known, self.query.order.position(key, pk) if pk else None

    def _step(self, held: list[str], wanted: int) -> tuple[list[Row], Position | TitlePosition | None]:
        """What is at hand is asked of many candidates, the rest of the first that pass there."""
        filters = self.query.filters
        at_hand = [one if one.cheap else one.held() for one in filters if one.cheap or one.name in held]
        looked_up = [one for one in filters if not one.cheap and one.name not in held]
        most = max(MORE // max(len(looked_up), 1), 1)
        breadth = self.query.order.far if at_hand else most
        passing = most if looked_up and at_hand else breadth + 1
        rows = self._rows(
            f"""
            WITH passed AS MATERIALIZED (
                SELECT c.article, c.key, c.pk FROM ({self._candidates(breadth)}) c
                 WHERE {_all(at_hand)} ORDER BY {self.outer} LIMIT {passing}
            ), found AS MATERIALIZED (
                SELECT c.article, c.key, c.pk FROM passed c WHERE {_all(looked_up)} LIMIT {wanted}
            ), ended AS (
                (SELECT key, pk FROM passed OFFSET {passing - 1} LIMIT 1)
                UNION ALL (SELECT key, pk FROM ({self._candidates(1, behind=breadth - 1)}) c)
            )
            TABLE found UNION ALL
            (SELECT {_END}, key, pk FROM ended WHERE (SELECT count(*) FROM found) < {wanted} LIMIT 1)
            """  # noqa: S608
        )
        if rows and rows[-1][0] == _END:
            _, key, pk = rows.pop()
            return rows, self.query.order.position(key, pk)
        return rows, None

    def _among(self, fewest: Filter) -> list[Row]:
        """Takes the articles that one filter lets through, and asks the others of them."""
        return self._rows(
            f"""
            SELECT c.article, c.key, c.pk FROM (
                SELECT {self.columns} FROM {self.source}
                   AND {self.query.order.article} = ANY (ARRAY({fewest.members}))
            ) c WHERE {_all(self.query.filters)} ORDER BY {self.outer} LIMIT {self.size + 1}
            """  # noqa: S608
        )

    def _candidates(self, count: int, *, behind: int = 0) -> str:
        return f"SELECT {self.columns} FROM {self.source} ORDER BY {self.sorted} OFFSET {behind} LIMIT {count}"  # noqa: S608

    def _rows(self, statement: str) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.values)
            return list(cursor.fetchall())


def _held(sizes: Mapping[str, int]) -> list[str]:
    """The filters whose members are held at hand: the smallest, as long as they are not too many together."""
    held: list[str] = []
    for name in sorted(sizes, key=lambda name: sizes[name]):
        if not held or sizes[name] + sum(sizes[one] for one in held) <= MANY:
            held.append(name)
    return held


def _all(filters: Iterable[Filter]) -> str:
    return " AND ".join(one.probe for one in filters) or "true"
