"""Articles that say the same in several languages: how they find and leave each other, and who sees it."""

from functools import partial
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError

from publishing.models import Article
from publishing.translating import join_translations, leave_translations, refuse_translation, translations_of
from publishing.writing import revise, write
from sites_core.models import Brand, SiteState
from tenants.scope import across_tenants
from tests.cast import FINANCEBLOG, LANTERN, TECHBLOG, House, article_on, bolt
from tests.publishing.test_races import ROUNDS, at_once

pytestmark = pytest.mark.django_db


def written(house: House, language: str = "", title: str = "A headline") -> Article:
    return write(tenant=house.tenant, title=title, language=language)


def others(article: Article) -> list[str]:
    return [one.language for one in translations_of(article)]


def generation(house: House, domain: str) -> int:
    return SiteState.objects.get(site=house.sites[domain]).generation


def test_two_articles_become_translations_of_each_other(house: House):
    english, german = written(house, "en"), written(house, "de")
    group = join_translations(article=german, other=english)
    for one in (english, german):
        one.refresh_from_db()
        assert one.translation_group == group
    assert (others(english), others(german)) == (["de"], ["en"])


def test_who_joins_one_of_a_group_joins_all_of_it(house: House):
    english, german, french, welsh = (written(house, language) for language in ("en", "de", "fr", "cy"))
    join_translations(article=german, other=english)
    join_translations(article=french, other=welsh)
    join_translations(article=french, other=german)
    assert others(english) == ["cy", "de", "fr"]
    assert Article.objects.values("translation_group").distinct().count() == 1


def test_joining_twice_changes_nothing_and_nobody_sees_it(house: House):
    english, german = article_on(house, TECHBLOG, language="en"), article_on(house, FINANCEBLOG, language="de")
    group = join_translations(article=german, other=english)
    before = generation(house, TECHBLOG), generation(house, FINANCEBLOG)
    assert join_translations(article=english, other=german) == group
    assert (generation(house, TECHBLOG), generation(house, FINANCEBLOG)) == before


def test_the_sites_of_both_see_that_they_join_and_that_one_leaves(house: House):
    english, german = article_on(house, TECHBLOG, language="en"), article_on(house, FINANCEBLOG, language="de")
    seen = [(generation(house, TECHBLOG), generation(house, FINANCEBLOG))]
    join_translations(article=german, other=english)
    seen.append((generation(house, TECHBLOG), generation(house, FINANCEBLOG)))
    leave_translations(article=german)
    seen.append((generation(house, TECHBLOG), generation(house, FINANCEBLOG)))
    for before, after in pairwise(seen):
        assert all(one < other for one, other in zip(before, after, strict=True))


def test_who_leaves_is_alone_and_the_others_stay_together(house: House):
    english, german, french = (written(house, language) for language in ("en", "de", "fr"))
    join_translations(article=german, other=english)
    join_translations(article=french, other=english)
    leave_translations(article=german)
    german.refresh_from_db()
    assert (german.translation_group, others(german), others(english)) == (None, [], ["fr"])


def test_who_remains_alone_is_no_translation_any_more(house: House):
    english, german = written(house, "en"), written(house, "de")
    join_translations(article=german, other=english)
    leave_translations(article=german)
    assert not Article.objects.filter(translation_group__isnull=False).exists()


def test_leaving_no_group_is_no_change(house: House):
    article = article_on(house, TECHBLOG)
    before = generation(house, TECHBLOG)
    leave_translations(article=article)
    assert generation(house, TECHBLOG) == before


def test_what_was_read_before_somebody_elses_deed_undoes_nothing_of_it(house: House):
    english, german, french = (written(house, language) for language in ("en", "de", "fr"))
    early = Article.objects.get(pk=english.pk)
    join_translations(article=german, other=english)
    join_translations(article=french, other=early)
    assert others(german) == ["en", "fr"]


def test_a_translation_is_of_the_same_tenant(house: House):
    other = bolt()
    foreign = article_on(other, LANTERN, language="de")
    article = written(house, "en")
    with across_tenants("the refusal is the deed's own, not the scope's"):
        with pytest.raises(ValidationError, match="belongs to another tenant"):
            join_translations(article=article, other=foreign)
        article.refresh_from_db()
        foreign.refresh_from_db()
    assert (article.translation_group, foreign.translation_group) == (None, None)


def test_the_same_group_in_two_tenants_is_two_groups(house: House):
    english, german = written(house, "en"), written(house, "de")
    group = join_translations(article=german, other=english)
    foreign = article_on(bolt(), LANTERN, language="fr")
    with across_tenants("a group of another tenant, as only SQL could give it"):
        Article.objects.filter(pk=foreign.pk).update(translation_group=group)
        assert others(english) == ["de"]
        leave_translations(article=german)
        foreign.refresh_from_db()
        assert foreign.translation_group == group


def test_an_article_is_no_translation_of_itself(house: House):
    article = written(house, "en")
    with pytest.raises(ValidationError, match="no translation of itself"):
        join_translations(article=article, other=article)


def test_one_language_stands_once_in_a_group(house: House):
    english, german, again = written(house, "en"), written(house, "de", "Erste"), written(house, "de", "Zweite")
    join_translations(article=german, other=english)
    with pytest.raises(ValidationError, match=r"“Erste” is there in that language already \(de\)"):
        join_translations(article=again, other=english)
    again.refresh_from_db()
    assert again.translation_group is None
    refuse_translation(article=again, other=english, language="fr")


def test_articles_of_no_language_of_their_own_may_join(house: House):
    one, other = written(house), written(house)
    join_translations(article=one, other=other)
    assert others(one) == [""]


@pytest.mark.django_db(transaction=True)
def test_two_who_join_and_leave_at_once_wait_for_each_other(house: House):
    languages = ("en", "de", "fr", "cy")
    for _ in range(ROUNDS):
        one, two, three, four = (
            article_on(house, (TECHBLOG, FINANCEBLOG)[number % 2], language=language)
            for number, language in enumerate(languages)
        )
        raised = at_once(
            house,
            partial(join_translations, article=one, other=two),
            partial(join_translations, article=three, other=four),
            partial(join_translations, article=four, other=one),
        )
        assert raised == []
        assert others(one) == ["cy", "de", "fr"]
        raised = at_once(house, partial(leave_translations, article=one), partial(leave_translations, article=four))
        assert raised == []
        assert others(two) == ["fr"]


def test_no_revision_gives_an_article_the_language_of_its_translation(house: House):
    english, german = written(house, "en"), written(house, "de")
    join_translations(article=german, other=english)
    with pytest.raises(ValidationError, match="in that language already"):
        revise(article=german, language="en")
    assert revise(article=german, language="fr").language == "fr"


def test_a_site_that_changes_its_language_is_seen_where_translations_link_to_it(house: House):
    english, german = article_on(house, TECHBLOG, title="One"), article_on(house, FINANCEBLOG, title="Eins")
    join_translations(article=german, other=english)
    before = generation(house, TECHBLOG), generation(house, FINANCEBLOG)
    Brand.objects.filter(site=house.sites[FINANCEBLOG]).update(language="de")
    assert generation(house, TECHBLOG) > before[0]
    assert generation(house, FINANCEBLOG) > before[1]
    before = generation(house, TECHBLOG), generation(house, FINANCEBLOG)
    Brand.objects.filter(site=house.sites[FINANCEBLOG]).update(tagline="Words")
    assert generation(house, TECHBLOG) == before[0]
