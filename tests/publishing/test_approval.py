"""Where a newsroom wants approval, readers see what was approved; and a deed asks once more what was asked before."""

import io
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from PIL import Image as Pillow

from publishing import correcting, drafting, recalling
from publishing.arranging import Do, Wish, arrange, arrange_all
from publishing.describing import describe
from publishing.images import store
from publishing.models import Article, Byline, Correction, Image, Placement, Revision, Topic
from publishing.placing import place, prepare
from publishing.proposing import propose, trust
from publishing.replacing import replace
from publishing.restoring import restore
from publishing.reviewing import approve, ask_review
from publishing.writing import correct, revise, set_bylines, set_topics, write
from tests.cast import FINANCEBLOG, TECHBLOG, House

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]

Deed = Callable[[House, Article], object]


@pytest.fixture
def house(house: House) -> House:
    house.tenant.needs_approval = True
    house.tenant.save()
    return house


def drawn(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (60, 40), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def image(house: House) -> Image:
    return store(house.tenant, drawn(), name="boat.png", alt="A boat")


@pytest.fixture
def article(house: House, image: Image) -> Article:
    """Written by the author, approved by the editor."""
    written = write(tenant=house.tenant, by=house.people["author"], title="A headline", body="Words.", lead_image=image)
    approve(review=ask_review(article=written, by=house.people["author"]), by=house.people["editor"])
    return written


def stored(article: Article) -> Article:
    return Article.objects.select_related("tenant").get(pk=article.pk)


def stage(article: Article) -> str:
    return stored(article).stage


def ahead(**length: float):
    return timezone.now() + timedelta(**length)


@pytest.mark.parametrize("many", [False, True])
def test_what_lost_its_approval_since_it_was_looked_at_is_not_published(house: House, article: Article, many: bool):
    looked_at, site = stored(article), house.sites[TECHBLOG]
    revise(article=stored(article), by=house.people["author"], body="Others.")
    if many:
        [outcome] = arrange_all(article=looked_at, wishes=[(site, Wish(Do.PUBLISH))])
        assert "has not been approved" in outcome.refused[0]
    else:
        with pytest.raises(ValidationError, match="has not been approved"):
            arrange(article=looked_at, site=site, wish=Wish(Do.PUBLISH))
    assert not Placement.objects.exists()


@pytest.mark.parametrize("do", [Do.SCHEDULE, Do.SAVE, Do.EXPIRE])
def test_what_is_over_comes_back_only_approved(house: House, article: Article, do: Do):
    site = house.sites[TECHBLOG]
    place(article=article, site=site, go_live=ahead(days=-3), expires_at=ahead(days=-1))
    dates: dict[str, Any] = {"go_live": ahead(hours=1), "expires_at": None}
    later = Wish(do, {"expires_at": None} if do == Do.EXPIRE else dates)
    revise(article=stored(article), body="Others.")
    with pytest.raises(ValidationError, match="has not been approved"):
        arrange(article=stored(article), site=site, wish=later)
    Article.objects.update(stage="approved")
    placement = arrange(article=stored(article), site=site, wish=later)
    assert placement is not None
    assert placement.expires_at is None


def term(house: House, model: Any) -> Any:
    return model.objects.create(tenant=house.tenant, slug="new", name="New")


def head(article: Article) -> Image:
    return Image.objects.get(lead_of=article)


CHANGES: dict[str, Deed] = {
    "title": lambda h, a: revise(article=a, title="Another"),
    "language": lambda h, a: revise(article=a, language="de"),
    "lead picture": lambda h, a: revise(article=a, lead_image=None),
    "kind": lambda h, a: revise(article=a, kind="page"),
    "topics": lambda h, a: revise(article=a, topics=[term(h, Topic)]),
    "bylines": lambda h, a: revise(article=a, bylines=[term(h, Byline)]),
    "topics alone": lambda h, a: set_topics(article=a, topics=[term(h, Topic)]),
    "bylines alone": lambda h, a: set_bylines(article=a, bylines=[term(h, Byline)]),
    "the picture's file": lambda h, a: replace(image=head(a), data=drawn("blue"), name="b.png"),
    "the picture's words": lambda h, a: describe(image=head(a), alt="A ship"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_readers_would_see_otherwise_ends_the_approval_and_what_was_scheduled_waits(
    house: House, article: Article, what: str
):
    here, there, when = house.sites[TECHBLOG], house.sites[FINANCEBLOG], ahead(days=1)
    place(article=article, site=here, go_live=when, canonical=True)
    place(article=article, site=there)
    CHANGES[what](house, stored(article))
    assert stage(article) == "draft"
    waits, live = (Placement.objects.get(article=article, site=site) for site in (here, there))
    assert (waits.status, waits.go_live, waits.is_canonical) == ("draft", when, False)
    assert (live.status, live.is_canonical) == ("published", True)


def test_what_changes_nothing_ends_nothing(house: House, article: Article, image: Image):
    place(article=article, site=house.sites[TECHBLOG], go_live=ahead(days=1))
    revise(article=stored(article), title="A headline", topics=[])
    describe(image=image, alt="A boat")
    replace(image=image, data=drawn(), name="again.png")
    assert stage(article) == "approved"
    assert Placement.objects.get().status == "published"


def test_a_picture_in_the_text_or_on_one_site_ends_the_approval_too(house: House, article: Article, image: Image):
    article = revise(article=stored(article), lead_image=None, body=f"![A boat]({image.url_for(480)})")
    other = write(tenant=house.tenant, title="Another", body="Words.")
    place(article=other, site=house.sites[TECHBLOG], image=image)
    Article.objects.update(stage="approved")
    replace(image=image, data=drawn("blue"), name="b.png")
    assert (stage(article), stage(other)) == ("draft", "draft")


def test_where_no_approval_is_wanted_pictures_end_none_and_what_is_scheduled_appears(
    house: House, article: Article, image: Image
):
    house.tenant.needs_approval = False
    house.tenant.save()
    place(article=article, site=house.sites[TECHBLOG], go_live=ahead(days=1))
    replace(image=Image.objects.get(pk=image.pk), data=drawn("blue"), name="b.png")
    assert stage(article) == "approved"
    revise(article=stored(article), body="Others.")
    assert stage(article) == "draft"
    assert Placement.objects.get().status == "published"


def test_nobody_approves_words_of_their_own_but_an_owner(house: House, article: Article):
    author, editor, limited = (house.people[who] for who in ("author", "editor", "limited"))
    revise(article=stored(article), by=editor, body="The editor's.")
    review = ask_review(article=stored(article), by=author)
    with pytest.raises(ValidationError, match=r"You wrote on “A headline” yourself.*Ask another editor"):
        approve(review=review, by=editor)
    assert stage(article) == "review"
    approve(review=review, by=limited)
    # What was approved once by somebody else is nobody's any more.
    revise(article=stored(article), by=author, body="The author's.")
    approve(review=ask_review(article=stored(article), by=author), by=editor)
    revise(article=stored(article), by=house.people["owner"], body="The owner's.")
    approve(review=ask_review(article=stored(article), by=author), by=house.people["owner"])
    assert stage(article) == "approved"


# --- Proposals --------------------------------------------------------------------------------------------------------


def test_a_trusted_member_brings_out_only_what_they_may_write(house: House, article: Article):
    site, author = house.sites[FINANCEBLOG], house.people["author"]
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    for writes in (None, lambda article: False):
        proposal = propose(article=stored(article), site=site, by=author, writes=writes)
        assert proposal.state == "open"
        assert "may not change this article" in proposal.reason
        proposal.delete()
    assert propose(article=stored(article), site=site, by=author, writes=lambda article: True).state == "accepted"


@pytest.mark.parametrize("waits", ["draft", "scheduled"])
def test_a_trusted_member_brings_out_nothing_that_waits_elsewhere(house: House, article: Article, waits: str):
    site, author = house.sites[FINANCEBLOG], house.people["author"]
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    if waits == "draft":
        prepare(article=article, site=house.sites[TECHBLOG])
    else:
        place(article=article, site=house.sites[TECHBLOG], go_live=ahead(days=30))
    proposal = propose(article=stored(article), site=site, by=author, writes=lambda article: True)
    assert proposal.state == "open"
    assert "Techblog has it as well, and does not show it yet" in proposal.reason
    assert not Placement.objects.filter(site=site).exists()


def test_a_trusted_site_vouches_where_the_member_cannot(house: House, article: Article):
    site, author = house.sites[FINANCEBLOG], house.people["author"]
    trust(site=site, tenant_id=house.tenant.pk, user=author)
    trust(site=site, tenant_id=house.tenant.pk, source=house.sites[TECHBLOG])
    place(article=article, site=house.sites[TECHBLOG])
    proposal = propose(article=stored(article), site=site, by=author, writes=lambda article: False)
    assert (proposal.state, proposal.reason) == (
        "accepted",
        "Accepted by itself: Financeblog trusts Techblog.",
    )


# --- Asked once more --------------------------------------------------------------------------------------------------


def no(article: Article) -> bool:
    return False


def words(article: Article) -> drafting.Words:
    return drafting.Words("Mine", "", "Mine.", "markdown", "article", "", None)


NOT_ALLOWED: dict[str, Deed] = {
    "save": lambda h, a: drafting.save(article=a, by=h.people["author"], base=1, words=words(a), allowed=no),
    "restore": lambda h, a: restore(revision=Revision.objects.get(article=a), allowed=no),
    "ask for a review": lambda h, a: ask_review(article=a, by=h.people["author"], allowed=no),
    "correct": lambda h, a: correct(article=a, note="Wrong.", allowed=no),
    "reword": lambda h, a: correcting.reword(correction=corrected(a), note="Wrong.", allowed=no),
    "take a correction off": lambda h, a: correcting.withdraw_correction(correction=corrected(a), allowed=no),
    "undo a recall": lambda h, a: recalling.undo(recalled=recalling.recall_everywhere(article=a), allowed=no),
}


def corrected(article: Article) -> Correction:
    return correct(article=article, note="It was Tuesday.")


@pytest.mark.parametrize("deed", NOT_ALLOWED)
def test_a_deed_asks_once_more_whether_it_is_allowed(house: House, article: Article, deed: str):
    place(article=article, site=house.sites[TECHBLOG])
    with pytest.raises(PermissionDenied):
        NOT_ALLOWED[deed](house, stored(article))
    assert (stored(article).title, Revision.objects.count(), stage(article)) == ("A headline", 1, "approved")
    assert set(Correction.objects.values_list("note", flat=True)) <= {"It was Tuesday."}
    assert Placement.objects.get().status == ("recalled" if deed == "undo a recall" else "published")


def test_a_recall_takes_back_what_was_looked_at_or_nothing(house: House, article: Article):
    here = place(article=article, site=house.sites[TECHBLOG])
    there = place(article=article, site=house.sites[FINANCEBLOG])
    recall = partial(recalling.recall_everywhere, article=article)
    with pytest.raises(recalling.PlacedMeanwhile):
        recall(expected=frozenset({here.pk}))
    assert set(Placement.objects.values_list("status", flat=True)) == {"published"}
    recall(expected=frozenset({here.pk, there.pk}))
    assert set(Placement.objects.values_list("status", flat=True)) == {"recalled"}


def test_undoing_a_recall_tells_whether_the_article_was_changed_since(house: House, article: Article):
    place(article=article, site=house.sites[TECHBLOG])
    assert not recalling.undo(recalled=recalling.recall_everywhere(article=article)).rewritten
    recalled = recalling.recall_everywhere(article=article)
    revise(article=stored(article), body="Others.")
    Article.objects.update(stage="approved")
    assert recalling.undo(recalled=recalled).rewritten
