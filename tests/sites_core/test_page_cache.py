import gzip
import sys
import threading
import time
from datetime import timedelta
from unittest.mock import Mock

import brotli
import pytest
import zstandard
from django.contrib.sites.models import Site
from django.utils import timezone

from sites_core.directory import directory
from sites_core.models import SiteState
from sites_core.page_cache.cache import STALE_SECONDS, PageCache
from sites_core.page_cache.memory import Memory
from sites_core.page_cache.pages import page_of
from tests.sites_core.wsgi import Newsroom, ask

pytestmark = pytest.mark.django_db

HIT, STORED, STALE, PASSED = (
    "Masthead; hit", "Masthead; fwd=miss; stored", "Masthead; hit; detail=stale", "Masthead; fwd=miss",
)  # fmt: skip
TECHBLOG, FINANCEBLOG = "techblog.test", "financeblog.test"


@pytest.fixture(autouse=True)
def sites(settings) -> dict[str, Site]:
    settings.PUBLIC_PORT = 80
    return {domain: Site.objects.create(domain=domain, name=domain) for domain in (TECHBLOG, FINANCEBLOG)}


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


@pytest.fixture
def cache(newsroom: Newsroom) -> PageCache:
    return PageCache(newsroom, 1_000_000)


def raise_generation(domain: str) -> None:
    state = SiteState.objects.get(site__domain=domain)
    SiteState.objects.filter(pk=state.pk).update(generation=state.generation + 1)
    directory.expire()


# --- What is held ----------------------------------------------------------------------------------------------------


def test_a_page_is_rendered_once_and_is_the_same_the_second_time(cache, newsroom):
    first, second = ask(cache, TECHBLOG, "/a/"), ask(cache, TECHBLOG, "/a/")
    assert (first.cache_status, second.cache_status) == (STORED, HIT)
    assert first.body == second.body
    assert newsroom.rendered == ["techblog.test/a/"]


def test_a_hit_costs_no_sql(cache, django_assert_num_queries):
    ask(cache, TECHBLOG)
    with django_assert_num_queries(0):
        assert ask(cache, TECHBLOG).cache_status == HIT


def test_each_site_has_its_own_page_at_the_same_path(cache):
    for domain in (TECHBLOG, FINANCEBLOG, TECHBLOG):
        assert ask(cache, domain, "/a/").body.startswith(f"{domain} /a/".encode())


def test_a_raised_generation_makes_the_site_s_pages_anew_and_leaves_the_others(cache):
    ask(cache, TECHBLOG), ask(cache, FINANCEBLOG)
    raise_generation(TECHBLOG)
    assert ask(cache, TECHBLOG).cache_status == STORED
    assert ask(cache, FINANCEBLOG).cache_status == HIT


def test_a_change_during_the_rendering_leaves_no_stale_page(cache, newsroom):
    newsroom.before = lambda: raise_generation(TECHBLOG)
    ask(cache, TECHBLOG)
    newsroom.before = lambda: None
    assert ask(cache, TECHBLOG).cache_status == STORED
    assert ask(cache, TECHBLOG).cache_status == HIT


def test_a_page_ends_at_its_next_scheduled_change(cache, newsroom):
    newsroom.until = timezone.now() + timedelta(hours=1)
    ask(cache, TECHBLOG)
    assert ask(cache, TECHBLOG).cache_status == HIT
    newsroom.until = timezone.now() - timedelta(seconds=1)
    raise_generation(TECHBLOG)
    ask(cache, TECHBLOG)
    assert ask(cache, TECHBLOG).cache_status == STORED


def test_shortly_before_a_scheduled_change_nobody_else_may_keep_the_page(cache, newsroom):
    newsroom.headers = [("Cache-Control", "public, s-maxage=60")]
    for minutes, told in ((60, "public, s-maxage=60"), (1, "no-cache")):
        newsroom.until = timezone.now() + timedelta(minutes=minutes)
        raise_generation(TECHBLOG)
        for _ in range(2):
            assert ask(cache, TECHBLOG).headers["Cache-Control"] == told


def test_a_host_of_the_platform_costs_the_directory_nothing(cache, settings, django_assert_num_queries):
    directory.forget()
    with django_assert_num_queries(0):
        cache._asked({"REQUEST_METHOD": "GET", "HTTP_HOST": f"internal.{settings.PLATFORM_DOMAIN}", "PATH_INFO": "/"})


def test_a_key_that_another_site_had_before_has_none_of_its_pages(cache):
    for name in ("acme.test", "bolt.test"):
        site = Site.objects.create(pk=987_654, domain=name, name=name)
        directory.expire()
        answer = ask(cache, name)
        assert (answer.cache_status, answer.body.split()[0]) == (STORED, name.encode())
        site.delete()


@pytest.mark.parametrize(
    "change",
    [
        {"is_kept": False},
        {"status": "404 Not Found"},
        {"status": "301 Moved Permanently"},
        {"status": "206 Partial Content"},
        {"headers": [("Set-Cookie", "a=b")]},
        {"headers": [("Vary", "Cookie")]},
        {"headers": [("Cache-Control", "private, max-age=60")]},
        {"headers": [("Cache-Control", "No-Store")]},
        {"headers": [("Cache-Control", "Private")]},
        {"headers": [("Content-Encoding", "gzip")]},
        {"as_site": 999_999},
    ],
    ids=str,
)
def test_what_is_not_for_everybody_is_never_held(cache, newsroom, change):
    for name, value in change.items():
        setattr(newsroom, name, value)
    for _ in range(2):
        answer = ask(cache, TECHBLOG)
        assert "Cache-Status" not in answer.headers
        assert answer.headers.items() >= dict(newsroom.headers).items()
    assert len(newsroom.rendered) == 2
    assert not len(cache.memory)


@pytest.mark.parametrize(
    "host",
    [
        "TechBlog.test",
        "techblog.test.",
        "techblog.test:80",
        "techblog.test:8000",
        "stranger.test",
        "techblog.test,financeblog.test",
        "",
    ],
)
def test_any_other_spelling_of_the_host_is_django_s_to_judge(cache, newsroom, host):
    ask(cache, TECHBLOG)
    assert "Cache-Status" not in ask(cache, host).headers
    assert newsroom.rendered[-1] == f"{host}/"


def test_the_public_port_belongs_to_the_spelling(newsroom, settings):
    settings.PUBLIC_PORT = 8000
    cache = PageCache(newsroom, 1_000_000)
    for _ in range(2):
        assert "Cache-Status" not in ask(cache, TECHBLOG).headers
    assert [ask(cache, f"{TECHBLOG}:8000").cache_status for _ in range(2)] == [STORED, HIT]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_only_reading_is_answered(cache, newsroom, method):
    ask(cache, TECHBLOG)
    assert "Cache-Status" not in ask(cache, TECHBLOG, method=method).headers
    assert len(newsroom.rendered) == 2


def test_a_smuggled_script_name_passes_by(cache, newsroom):
    ask(cache, TECHBLOG)

    def smuggling(environ, start_response):
        return cache(environ | {"SCRIPT_NAME": "/evil"}, start_response)

    assert "Cache-Status" not in ask(smuggling, TECHBLOG).headers


def test_what_came_without_tls_is_django_s_to_redirect(newsroom, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    cache = PageCache(newsroom, 1_000_000)
    ask(cache, TECHBLOG, x_forwarded_proto="https")
    assert ask(cache, TECHBLOG, x_forwarded_proto="https").cache_status == HIT
    assert ask(cache, TECHBLOG, x_forwarded_proto="http").cache_status == ""
    assert ask(cache, TECHBLOG).cache_status == ""


def test_a_retired_site_has_no_pages(cache):
    ask(cache, TECHBLOG)
    SiteState.objects.filter(site__domain=TECHBLOG).update(retired_at=timezone.now())
    directory.expire()
    assert "Cache-Status" not in ask(cache, TECHBLOG).headers


def test_a_renamed_site_s_old_name_has_no_pages(cache):
    ask(cache, TECHBLOG)
    Site.objects.filter(domain=TECHBLOG).update(domain="gazette.test")
    directory.expire()
    assert "Cache-Status" not in ask(cache, TECHBLOG).headers


def test_files_pass_by(cache):
    assert "Cache-Status" not in ask(cache, TECHBLOG, "/static/reader.css").headers
    assert "Cache-Status" not in ask(cache, TECHBLOG, "/media/picture.webp").headers


def test_a_cookie_and_a_name_of_a_user_change_nothing(cache, newsroom):
    ask(cache, TECHBLOG)
    assert ask(cache, TECHBLOG, cookie="session=1", authorization="Basic x").cache_status == HIT
    assert len(newsroom.rendered) == 1


# --- Queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "idle",
    ["?utm_source=mail", "?fbclid=1&utm_campaign=x", "?a", "?", "?&&", "?%61=1", "?a+b=c", "?é=1", "?Q=1", "?q+=1"],
)
def test_marks_of_campaigns_are_not_pages_of_their_own(cache, newsroom, idle):
    ask(cache, TECHBLOG, "/")
    assert ask(cache, TECHBLOG, f"/{idle}").cache_status == HIT
    assert len(newsroom.rendered) == 1


@pytest.mark.parametrize("shaping", ["?before=x", "?q=a", "?q=a&q=b", "?q=b&q=a", "?%71=a", "?utm=1&q=c", "?q", "?&q="])
def test_what_may_shape_a_page_is_a_page_of_its_own(cache, newsroom, shaping):
    ask(cache, TECHBLOG, "/")
    assert ask(cache, TECHBLOG, f"/{shaping}").cache_status == STORED
    assert ask(cache, TECHBLOG, f"/{shaping}").cache_status == HIT


def test_a_very_long_query_passes_by(cache):
    assert "Cache-Status" not in ask(cache, TECHBLOG, f"/?q={'x' * 600}").headers


# --- How it is sent --------------------------------------------------------------------------------------------------

UNPACK = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("zstd", "zstd"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "zstd"),
        ("br;q=0", ""),
        ("identity", ""),
        ("BR", "br"),
        ("br;q=nonsense", ""),
        ("deflate", ""),
        ("", ""),
    ],
)
def test_a_page_is_compressed_as_the_client_takes_it(cache, accepted, encoding):
    plain = ask(cache, TECHBLOG)
    for _ in range(2):
        answer = ask(cache, TECHBLOG, accept_encoding=accepted)
        assert answer.headers.get("Content-Encoding", "") == encoding
        assert UNPACK.get(encoding, bytes)(answer.body) == plain.body
        assert answer.headers["Content-Length"] == str(len(answer.body))
        assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_compression_is_made_once(cache, monkeypatch):
    compress = Mock(wraps=brotli.compress)
    monkeypatch.setattr(brotli, "compress", compress)
    for _ in range(3):
        ask(cache, TECHBLOG, accept_encoding="br")
    assert compress.call_count == 1


def test_a_client_that_has_the_page_is_told_so(cache):
    for accepted in ("br", ""):
        tag = ask(cache, TECHBLOG, accept_encoding=accepted).headers["ETag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            answer = ask(cache, TECHBLOG, accept_encoding=accepted, if_none_match=known)
            assert (answer.status, answer.body) == (304, b"")
            assert answer.headers["ETag"] == tag
            assert not {"Content-Length", "Content-Encoding", "Content-Type"} & set(answer.headers)
        assert ask(cache, TECHBLOG, accept_encoding=accepted, if_none_match='"other"').status == 200


def test_tags_of_two_compressions_differ_and_none_is_taken_for_the_other(cache):
    plain, packed = ask(cache, TECHBLOG).headers["ETag"], ask(cache, TECHBLOG, accept_encoding="br").headers["ETag"]
    assert plain != packed
    assert ask(cache, TECHBLOG, if_none_match=packed).status == 200
    assert ask(cache, TECHBLOG, accept_encoding="br", if_none_match=plain).status == 200


def test_the_first_answer_has_all_that_a_hit_has(cache):
    first, second = (ask(cache, TECHBLOG, accept_encoding="br") for _ in range(2))
    assert {**first.headers, "Cache-Status": HIT} == second.headers
    assert first.body == second.body


def test_head_is_get_without_the_body(cache, newsroom):
    head, get, again = (ask(cache, TECHBLOG, method=method) for method in ("HEAD", "GET", "HEAD"))
    assert head.body == again.body == b""
    assert head.headers["Content-Length"] == again.headers["Content-Length"] == str(len(get.body))
    assert len(newsroom.rendered) == 1


def test_a_server_may_add_to_the_headers_that_it_is_given(cache):
    def adding(environ, start_response):
        return cache(
            environ,
            lambda status, headers, exc_info=None: start_response(status, (headers.append(("X", "y")), headers)[1]),
        )

    ask(adding, TECHBLOG)
    assert "X" not in ask(cache, TECHBLOG).headers


# --- Bounds ----------------------------------------------------------------------------------------------------------


def test_memory_is_bounded_and_the_least_recently_asked_for_leaves_first(newsroom):
    cache = PageCache(newsroom, 100_000)
    for number in range(200):
        ask(cache, TECHBLOG, f"/{number}/")
        ask(cache, TECHBLOG, "/wanted/")
        assert cache.memory.bytes <= 100_000
    assert newsroom.rendered.count("techblog.test/wanted/") == 1
    assert ask(cache, TECHBLOG, "/0/").cache_status == STORED


def test_threads_that_look_up_and_threads_that_hold_do_not_disturb_each_other(sites):
    memory = Memory(60_000)
    trouble: list[Exception] = []
    keys = [(sites[TECHBLOG].id, f"/{number}/", "") for number in range(50)]

    def work(number: int) -> None:
        try:
            for turn in range(4000):
                key = keys[(turn * 7 + number) % len(keys)]
                if memory.get(key) is None:
                    memory.put(key, page_of(key[0], 1, None, [], b"x" * 1000))
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is what the test is about
            trouble.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(4)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert not trouble
    assert memory.bytes == sum(page.weight + len(key[1]) for key, page in memory._pages.items()) <= 60_000


def test_pages_with_queries_push_out_no_others(newsroom):
    cache = PageCache(newsroom, 200_000)
    ask(cache, TECHBLOG, "/wanted/")
    for number in range(200):
        ask(cache, TECHBLOG, f"/search/?q={number}")
    assert ask(cache, TECHBLOG, "/wanted/").cache_status == HIT
    assert cache.memory.bytes + cache.endless.bytes <= 200_000


def test_a_rendering_of_yesterday_s_generation_does_not_replace_today_s(cache, sites):
    key = (sites[TECHBLOG].id, "/", "")
    newer, older = (page_of(key[0], generation, None, [], b"") for generation in (2, 1))
    cache.memory.put(key, newer)
    cache.memory.put(key, older)
    assert cache.memory.get(key) is newer


def test_compressions_are_weighed_too(cache):
    ask(cache, TECHBLOG)
    before = cache.memory.bytes
    ask(cache, TECHBLOG, accept_encoding="gzip")
    assert cache.memory.bytes > before


def test_a_page_of_more_than_its_share_is_sent_and_not_held(newsroom):
    cache = PageCache(newsroom, 30_000)
    for _ in range(2):
        assert ask(cache, TECHBLOG).status == 200
    assert (len(newsroom.rendered), cache.memory.bytes) == (2, 0)


def test_nothing_is_held_where_the_memory_is_none(newsroom):
    cache = PageCache(newsroom, 0)
    answers = [ask(cache, TECHBLOG, accept_encoding="br") for _ in range(2)]
    assert [answer.cache_status for answer in answers] == [PASSED, PASSED]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"br"}
    assert len(newsroom.rendered) == 2


# --- One rendering ---------------------------------------------------------------------------------------------------


def test_twenty_threads_that_ask_at_once_cost_one_rendering(cache, newsroom):
    directory.names()
    everybody, waiting = threading.Barrier(20), threading.Event()
    newsroom.before = lambda: waiting.wait(5)
    answers = []

    def reader() -> None:
        everybody.wait()
        answers.append(ask(cache, TECHBLOG))

    threads = [threading.Thread(target=reader) for _ in range(20)]
    for thread in threads:
        thread.start()
    while cache._flights._flying == {}:
        pass
    waiting.set()
    for thread in threads:
        thread.join()
    assert len(newsroom.rendered) == 1
    assert len({answer.body for answer in answers}) == 1


def test_an_answer_that_is_not_held_keeps_nobody_waiting(cache, newsroom):
    newsroom.is_kept = False
    ask(cache, TECHBLOG)
    assert cache._flights._flying == {}


def test_a_rendering_that_raises_lets_the_others_go(cache, newsroom):
    def broken() -> None:
        raise RuntimeError("broken")

    newsroom.before = broken
    with pytest.raises(RuntimeError):
        ask(cache, TECHBLOG)
    newsroom.before = lambda: None
    assert ask(cache, TECHBLOG).cache_status == STORED


# --- When something is broken ----------------------------------------------------------------------------------------


def test_a_page_that_was_overtaken_stands_in_while_the_newer_one_cannot_be_made(cache, newsroom, monkeypatch):
    first = ask(cache, TECHBLOG)
    raise_generation(TECHBLOG)
    newsroom.status = "500 Internal Server Error"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    answer = ask(cache, TECHBLOG)
    assert (answer.status, answer.body, answer.cache_status) == (200, first.body, STALE)
    # For a second nobody tries again.
    tried = len(newsroom.rendered)
    ask(cache, TECHBLOG)
    assert len(newsroom.rendered) == tried
    now += 2
    newsroom.status = "200 OK"
    assert ask(cache, TECHBLOG).cache_status == STORED


def test_nothing_stands_in_for_longer_than_ten_minutes_after_it_was_last_right(cache, newsroom, monkeypatch):
    ask(cache, TECHBLOG)
    raise_generation(TECHBLOG)
    directory.names()
    newsroom.status = "503 Service Unavailable"
    now = time.monotonic()
    monkeypatch.setattr(directory, "_due", now + 10_000)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert ask(cache, TECHBLOG).status == 200
    now += STALE_SECONDS + 2
    assert ask(cache, TECHBLOG).status == 503


@pytest.mark.parametrize("status", ["410 Gone", "404 Not Found", "301 Moved Permanently"])
def test_what_was_taken_back_is_gone_and_does_not_come_back_when_something_fails(cache, newsroom, status):
    ask(cache, TECHBLOG)
    raise_generation(TECHBLOG)
    newsroom.status = status
    assert ask(cache, TECHBLOG).status == int(status[:3])
    newsroom.status = "500 Internal Server Error"
    assert ask(cache, TECHBLOG).status == 500


def test_a_page_of_another_site_is_never_shown_whatever_the_memory_says(cache, sites):
    ask(cache, FINANCEBLOG, "/a/")
    foreign = cache.memory.get((sites[FINANCEBLOG].id, "/a/", ""))
    foreign.generation = directory.names().generations[sites[TECHBLOG].id]
    cache.memory.put((sites[TECHBLOG].id, "/a/", ""), foreign)
    with pytest.raises(RuntimeError, match="was about to be shown"):
        ask(cache, TECHBLOG, "/a/")


@pytest.mark.parametrize(("status", "host"), [("404 Not Found", TECHBLOG), ("200 OK", "stranger.test")])
def test_head_has_no_body_whatever_answers_it(cache, newsroom, status, host):
    newsroom.status, newsroom.is_kept = status, False
    assert ask(cache, host, method="HEAD").body == b""
    assert ask(cache, host).body != b""
