"""What browsers are told that pages may do."""

import pytest

from reading.policies import CONTENT_POLICY, PERMISSIONS_POLICY, WITH_REMOTE_PICTURES, content_policy
from tests.cast import TECHBLOG, acme, article_on
from tests.reading.visiting import furnished, reader

pytestmark = pytest.mark.django_db

PAGES = ["/", "/needle-0/", "/topics/", "/search/?q=needle", "/nothing/", "/search/?q=%00"]


def directives(path: str) -> dict[str, str]:
    policy = reader().get(path)["Content-Security-Policy"]
    return dict(one.split(" ", 1) for one in policy.split("; "))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_may_show_what_is_its_sites_own_and_run_nothing(path: str) -> None:
    furnished(acme(), 1)
    assert directives(path) == {
        "default-src": "'none'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
        "manifest-src": "'self'", "connect-src": "'self'",
        "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
    }  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nothing_of_the_device_and_tells_others_little(path: str) -> None:
    furnished(acme(), 1)
    response = reader().get(path)
    switched_off = response["Permissions-Policy"].split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "browsing-topics=()", "usb=()"} <= set(switched_off)
    assert all(feature.endswith("=()") for feature in switched_off)
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response


def test_an_article_with_a_picture_from_elsewhere_may_fetch_it_and_no_other_page_may() -> None:
    owner = acme()
    article_on(owner, TECHBLOG, title="Near", body="![a](/media/x.webp)")
    article_on(owner, TECHBLOG, title="Far", body="![a](https://elsewhere.example/x.png)")
    assert directives("/far/")["img-src"] == "'self' https://elsewhere.example"
    assert directives("/near/")["img-src"] == "'self'"
    assert directives("/")["img-src"] == "'self'"


@pytest.mark.parametrize(
    ("html", "is_remote"),
    {
        '<img src="https://a.example/x.png" alt="">': True,
        '<img alt="" width="4" src="https://a.example/x.png">': True,
        '<img src="//a.example/x.png">': True,
        '<img src="/media/x.jpg">': False,
        '<img src="x.jpg" title=" src=">https://a.example': False,
        '<a href="https://a.example/">a</a><img src="/x.jpg">': False,
        '<p>&lt;img src="https://a.example/x.png"&gt;</p>': False,
        '<img alt="> src=" src="https://a.example/x.png">': True,
    }.items(),
)
def test_a_picture_from_elsewhere_is_told_from_talk_of_one(html: str, is_remote: bool) -> None:
    named = CONTENT_POLICY.replace("img-src 'self'", "img-src 'self' https://a.example")
    assert content_policy(html) == (named if is_remote else CONTENT_POLICY)


@pytest.mark.parametrize("host", ["a b.example", "a;script-src.example", "[::1]", "u:p@a.example", "é.example", ""])
def test_no_host_writes_another_policy(host: str) -> None:
    assert content_policy(f'<img src="https://{host}/x.png">') == WITH_REMOTE_PICTURES


def test_very_many_hosts_are_not_named() -> None:
    assert content_policy("".join(f'<img src="HTTPS://h{n}.example/x.png">' for n in range(9))) == WITH_REMOTE_PICTURES


def test_what_is_switched_off_is_named_once() -> None:
    features = PERMISSIONS_POLICY.split(", ")
    assert sorted(set(features)) == features
