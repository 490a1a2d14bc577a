"""Deeds of two people at the same moment: one waits for the other; neither deadlocks, neither undoes the other."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from publishing.arranging import Do, Wish, arrange, arrange_all, stamp
from publishing.models import Article, Placement, Proposal, Recall
from publishing.placing import hold, move, override, place, recall, unpublish
from publishing.proposing import accept, decline, propose, trust, withdraw
from publishing.recalling import recall_everywhere, undo
from publishing.writing import correct, revise, write
from tenants.scope import tenant_scope
from tests.cast import FINANCEBLOG, TECHBLOG, House, acme

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12
Deed = Callable[[House, Article], object]


def on(house: House, article: Article, domain: str) -> Placement:
    return Placement.objects.get(article=article, site=house.sites[domain])


DEEDS: dict[str, Deed] = {
    "unpublish": lambda h, a: unpublish(placements=[on(h, a, TECHBLOG)]),
    "recall": lambda h, a: recall(article=a),
    "revise": lambda h, a: revise(article=a, title=f"Revised {timezone.now()}"),
    "correct": lambda h, a: correct(article=a, note="We were wrong."),
    "place here": lambda h, a: place(article=a, site=h.sites[TECHBLOG]),
    "place there, canonical": lambda h, a: place(article=a, site=h.sites[FINANCEBLOG], canonical=True),
    "schedule": lambda h, a: place(article=a, site=h.sites[FINANCEBLOG], go_live=timezone.now() - timedelta(days=1)),
    "recall everywhere": lambda h, a: recall_everywhere(article=a),
    "override": lambda h, a: override(placement=on(h, a, TECHBLOG), title="Own title"),
    "move": lambda h, a: move(placement=on(h, a, FINANCEBLOG), slug=f"moved-{a.pk}"),
    "arrange all": lambda h, a: arrange_all(article=a, wishes=[(one, Wish(Do.PUBLISH)) for one in h.sites.values()]),
}


def at_once(house: House, *deeds: Callable[[], object]) -> list[BaseException]:
    """Run them side by side, each on a connection of its own; what they raised."""
    raised: list[BaseException] = []
    together = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        try:
            with tenant_scope(house.tenant):
                together.wait()
                deed()
        except BaseException as error:  # noqa: BLE001 -- a thread's error is the test's to look at
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def placed(house: House) -> Article:
    """An article on both sites."""
    with tenant_scope(house.tenant):
        article = write(tenant=house.tenant, title="A headline", body="Words.")
        for domain in (TECHBLOG, FINANCEBLOG):
            place(article=article, site=house.sites[domain])
    return article


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("unpublish", "revise"), ("recall", "revise"), ("place here", "revise"), ("correct", "unpublish"),
        ("place here", "place there, canonical"), ("schedule", "place here"), ("correct", "place there, canonical"),
        ("recall everywhere", "arrange all"), ("arrange all", "revise"), ("override", "move"),
    ],
)  # fmt: skip
def test_two_deeds_on_one_article_do_not_deadlock(one: str, other: str):
    house = acme()
    for _ in range(ROUNDS):
        article = placed(house)
        with tenant_scope(house.tenant):
            deeds = [partial(DEEDS[name], house, Article.objects.get(pk=article.pk)) for name in (one, other)]
        assert at_once(house, *deeds) == []
        with tenant_scope(house.tenant):
            live = article.placements.filter(status="published")
            assert live.filter(is_canonical=True).count() == min(1, live.count())


def place_in_order(house: House, article: Article, *domains: str) -> None:
    """Several deeds in one transaction, as an import or a form does them: it begins by holding all that they touch."""
    with transaction.atomic():
        hold([article], sites=[house.sites[domain].pk for domain in domains])
        for domain in domains:
            place(article=article, site=house.sites[domain])


def test_transactions_that_meet_the_same_sites_in_opposite_order_do_not_deadlock():
    house = acme()
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            pair = [write(tenant=house.tenant, title=f"Story {number}", body="Words.") for _ in range(2)]
        orders = ((TECHBLOG, FINANCEBLOG), (FINANCEBLOG, TECHBLOG))
        deeds = [partial(place_in_order, house, one, *order) for one, order in zip(pair, orders, strict=True)]
        assert at_once(house, *deeds) == []


def test_two_articles_that_want_one_slug_at_once_get_two():
    house = acme()
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            pair = [write(tenant=house.tenant, title=f"Story {number}", body="Words.") for _ in range(2)]
        deeds = [partial(place, article=article, site=house.sites[TECHBLOG]) for article in pair]
        assert at_once(house, *deeds) == []
        with tenant_scope(house.tenant):
            slugs = set(Placement.objects.filter(article__in=pair).values_list("slug", flat=True))
        assert slugs == {f"story-{number}", f"story-{number}-2"}


def test_two_imports_that_name_the_same_sites_in_opposite_order_do_not_deadlock(tmp_path: Path):
    house = acme()
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        for number in range(96):
            (tmp_path / name / f"post-{number}.md").write_text(f"---\ntitle: {name} {number}\n---\nWords.\n")

    def run(name: str, *sites: str) -> None:
        options = [word for site in sites for word in ("--site", site)]
        call_command("import_articles", str(tmp_path / name), "--tenant", "acme", *options, stdout=StringIO())

    # The second run changes every post, through the deeds.
    for words in ("Words.", "Other words."):
        for path in tmp_path.rglob("*.md"):
            path.write_text(path.read_text().replace("Words.", words))
        imports = [partial(run, "one", TECHBLOG, FINANCEBLOG), partial(run, "other", FINANCEBLOG, TECHBLOG)]
        assert at_once(house, *imports) == []
    with tenant_scope(house.tenant):
        assert Placement.objects.filter(article__text="Other words.").count() == 2 * 2 * 96


# --- Two at one desk, or at two --------------------------------------------------------------------------------------


def one_of(raised: list[BaseException]) -> str:
    """What the one that came second was told."""
    assert len(raised) == 1, raised
    assert isinstance(raised[0], ValidationError)
    return " ".join(raised[0].messages)


def test_of_two_who_publish_what_they_saw_unplaced_one_is_told_of_the_other():
    house = acme()
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            article = write(tenant=house.tenant, title=f"Story {number}", body="Words.")
        wishes = [Wish(Do.PUBLISH, {"title": title}, seen=stamp(None)) for title in ("One", "Other")]
        deeds = [partial(arrange, article=article, site=house.sites[TECHBLOG], wish=wish) for wish in wishes]
        assert "Somebody changed it meanwhile" in one_of(at_once(house, *deeds))
        with tenant_scope(house.tenant):
            assert article.placements.count() == 1


def test_a_publication_sent_twice_at_once_is_done_once_and_neither_is_refused():
    house = acme()
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            article = write(tenant=house.tenant, title=f"Story {number}", body="Words.")
        deed = partial(arrange, article=article, site=house.sites[TECHBLOG], wish=Wish(Do.PUBLISH, seen=stamp(None)))
        assert at_once(house, deed, deed) == []
        with tenant_scope(house.tenant):
            assert article.placements.count() == 1


def test_what_is_published_while_it_is_recalled_is_recalled_or_stands_and_is_never_half_of_each():
    house = acme()
    for _ in range(ROUNDS):
        article = placed(house)
        deeds = [partial(DEEDS[name], house, article) for name in ("recall everywhere", "place here")]
        assert at_once(house, *deeds) == []
        with tenant_scope(house.tenant):
            recalled = Recall.objects.get(article=article)
            assert {one["placement"] for one in recalled.before} == set(article.placements.values_list("pk", flat=True))
            statuses = dict(article.placements.values_list("site__domain", "status"))
            assert statuses[FINANCEBLOG] == "recalled"
            assert article.placements.filter(is_canonical=True).count() == (statuses[TECHBLOG] == "published")


def test_a_recall_that_two_undo_at_once_is_undone_once():
    house = acme()
    for _ in range(ROUNDS):
        article = placed(house)
        with tenant_scope(house.tenant):
            recalled = recall_everywhere(article=article)
            deeds = [partial(undo, recalled=Recall.objects.get(pk=recalled.pk)) for _ in range(2)]
        assert "already" in one_of(at_once(house, *deeds))
        with tenant_scope(house.tenant):
            assert set(article.placements.values_list("status", flat=True)) == {"published"}
            assert article.placements.filter(is_canonical=True).count() == 1


@pytest.mark.parametrize("other", ["place here", "place there, canonical", "revise", "recall everywhere"])
def test_undoing_a_recall_waits_for_what_others_do(other: str):
    house = acme()
    for _ in range(ROUNDS):
        article = placed(house)
        with tenant_scope(house.tenant):
            recalled = recall_everywhere(article=article)
            stale = Article.objects.get(pk=article.pk)
            deeds: list[Callable[[], object]] = [partial(undo, recalled=recalled), partial(DEEDS[other], house, stale)]
        raised = at_once(house, *deeds)
        # Nothing is there to recall for who comes before the undoing.
        assert all(isinstance(one, ValidationError) for one in raised), raised
        assert not raised or other == "recall everywhere"
        with tenant_scope(house.tenant):
            live = article.placements.filter(status="published")
            assert live.count() in ({0, 2} if other == "recall everywhere" else {2})
            assert live.filter(is_canonical=True).count() == min(1, live.count())


def test_of_two_who_decide_about_a_proposal_at_once_one_is_told_of_the_other():
    house = acme()
    editor, author = house.people["editor"], house.people["author"]
    decisions = (
        (lambda one: accept(proposal=one, by=editor), lambda one: accept(proposal=one, by=editor)),
        (lambda one: accept(proposal=one, by=editor), lambda one: decline(proposal=one, by=editor, reason="No.")),
        (lambda one: accept(proposal=one, by=editor), lambda one: withdraw(proposal=one, by=author)),
    )
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            article = write(tenant=house.tenant, title=f"Story {number}", body="Words.")
            proposal = propose(article=article, site=house.sites[TECHBLOG], by=author)
            deeds = [partial(deed, Proposal.objects.get(pk=proposal.pk)) for deed in decisions[number % 3]]
        assert "Meanwhile it was" in one_of(at_once(house, *deeds))
        with tenant_scope(house.tenant):
            proposal.refresh_from_db()
            assert article.placements.exists() == (proposal.state == "accepted")


def test_an_article_that_two_propose_at_once_is_proposed_once():
    house = acme()
    for number in range(ROUNDS):
        with tenant_scope(house.tenant):
            article = write(tenant=house.tenant, title=f"Story {number}", body="Words.")
        deeds = [
            partial(propose, article=article, site=house.sites[TECHBLOG], by=house.people[who])
            for who in ("author", "editor")
        ]
        assert "proposed to Techblog already" in one_of(at_once(house, *deeds))


def test_trust_that_two_give_at_once_is_given_once():
    house = acme()
    deed = partial(trust, site=house.sites[TECHBLOG], tenant_id=house.tenant.pk, user=house.people["author"])
    assert at_once(house, deed, deed) == []
