"""What narrows the list, each filter in SQL: asked of one candidate, and as the set of all that it lets through.

Statements name their values as %(…)s. Candidates are the tenant's, and values that are keys have been looked up among
what is the tenant's: nothing else keeps these statements within it.
"""

from dataclasses import dataclass, replace

from studio.standing import BY_CLOCK, IN_SQL, Standing

FEW_WORDS, MANY = 1_000, 15_000
NOWHERE = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """`probe` is a condition on the candidate `c`; `members` a statement of articles' keys, if there is one, such that
    no other article can meet the condition.

    `most` is how many members are ever worth counting. `cheap`: the candidate itself has what is asked of it.
    """

    name: str
    probe: str
    members: str = ""
    most: int = MANY
    cheap: bool = False

    def held(self) -> "Filter":
        """The same, with the members at hand. CASE keeps the planner from making a join of it, and so another order."""
        return replace(self, probe=f"CASE WHEN c.article IN ({self.members}) THEN {self.probe} ELSE false END")


def _is_there(query: str) -> str:
    """A condition that is looked up for each candidate; EXISTS would be made a join, in an order of the planner's."""
    return f"(SELECT true FROM {query} LIMIT 1)"  # noqa: S608


def words() -> Filter:
    """Of %(words)s, a question as `words.question` writes it, and %(lexeme)s, the tenant's own."""
    matching = "a.words @@ (to_tsquery('pg_catalog.simple', %(words)s) && %(lexeme)s::tsquery)"
    return Filter(
        "words",
        _is_there(f"publishing_article a WHERE a.id = c.article AND {matching}"),
        f"SELECT a.id FROM publishing_article a WHERE {matching}",  # noqa: S608
        FEW_WORDS,
    )


def own(columns: list[str], *, at_hand: bool) -> Filter:
    """Of the article itself: `stage`, `kind`, `written_by_id`, each with a value of its name."""
    wanted = " AND ".join(f"a.{column} = %({column})s" for column in columns)
    inline = " AND ".join(f"c.{column} = %({column})s" for column in columns)
    looked_up = _is_there(f"publishing_article a WHERE a.id = c.article AND {wanted}")
    members = f"SELECT a.id FROM publishing_article a WHERE a.tenant_id = %(tenant)s AND {wanted}"  # noqa: S608
    return Filter("own", inline if at_hand else looked_up, members, cheap=at_hand)


def changed(bounds: list[str]) -> Filter:
    """Last changed within bounds on `c.updated_at`, where the list is sorted by something else."""
    wanted = " AND ".join(bounds)
    members = f"SELECT c.id FROM publishing_article c WHERE c.tenant_id = %(tenant)s AND {wanted}"  # noqa: S608
    return Filter("changed", wanted, members, cheap=True)


def term(name: str) -> Filter:
    """A topic or a byline of the tenant's, by %(topic)s or %(byline)s. By composite keys its articles are the tenant's
    too; asking for that as well would take the rows where an index is enough."""
    table, mine = f"publishing_article{name} t", f"t.{name}_id = %({name})s"
    return Filter(
        name,
        _is_there(f"{table} WHERE t.article_id = c.article AND {mine}"),
        f"SELECT t.article_id FROM {table} WHERE {mine}",  # noqa: S608
    )


def placed(stands: str, on: str) -> Filter:
    """That it stands so on a site in view. `stands` is a Standing, NOWHERE, or empty for any; `on` narrows `p.site_id`,
    if anything does."""
    there = [*([on] if on else []), *([IN_SQL[Standing(stands)]] if stands not in {"", NOWHERE} else [])]
    # Where few stand so, the planner would go through all of them for each candidate, out of the index of those few.
    looked_up = [condition.replace("p.status =", "p.status || '' =") for condition in there]
    found = _is_there(f"publishing_placement p WHERE {' AND '.join(['p.article_id = c.article', *looked_up])}")
    if stands == NOWHERE:
        return Filter("placed", f"{found} IS NULL")
    # A site is the tenant's; asking for that as well would take the rows where an index is enough.
    of_tenant = " AND ".join(there if on == ON_SITE else ["p.tenant_id = %(tenant)s", *there])
    return Filter("placed", found, f"SELECT p.article_id FROM publishing_placement p WHERE {of_tenant}")  # noqa: S608


def dated(stands: str, on: str, bounds: list[str], *, descending: bool) -> list[Filter]:
    """In a list by date, where a candidate is a placement: that it stands so and is on a site in view; and that it is
    the outermost of its article's that do, since an article has one row."""
    wanted = [*([BY_CLOCK[Standing(stands)]] if stands else []), *([on] if on else [])]
    found = []
    if wanted:
        within = " AND ".join(wanted)
        published = "p.tenant_id = %(tenant)s AND p.status = 'published' AND p.listed"
        members = f"SELECT p.article_id FROM publishing_placement p WHERE {published} AND {within}"  # noqa: S608
        found.append(Filter("dated", within.replace("p.", "c."), members, cheap=True))
    if on != ON_SITE:
        sign = ">" if descending else "<"
        same = " AND ".join([*wanted, *(bound.replace("c.", "p.") for bound in bounds), "p.status = 'published'"])
        other = f"p.article_id = c.article AND p.listed AND {same} AND (p.go_live, p.id) {sign} (c.key, c.pk)"
        found.append(Filter("outermost", f"{_is_there(f'publishing_placement p WHERE {other}')} IS NULL"))
    return found


# What narrows `p.site_id`.
ON_SITE = "p.site_id = %(site)s"
IN_VIEW = "p.site_id = ANY (%(view)s)"
