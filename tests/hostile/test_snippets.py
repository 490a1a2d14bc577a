"""What readers get of a hostile body is harmless, whichever way it was written; told without a browser."""

from contextlib import suppress

import pytest

from publishing.bodies import BodyFormat, BodyTooLong, render
from publishing.bodies.sanitising import clean
from tests.hostile.auditing import Harm, audit_body, audit_page
from tests.hostile.payloads import IMG, SCRIPT
from tests.hostile.snippets import KINDS, SNIPPETS

FORMATS: list[BodyFormat] = ["markdown", "html"]


def test_there_are_many_and_no_two_are_alike():
    assert len(SNIPPETS) >= 500
    assert len(set(SNIPPETS)) == len(SNIPPETS)
    assert all(len(kind) >= 15 for kind in KINDS.values())


@pytest.mark.parametrize("body_format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_body_becomes_a_harmless_one(kind: str, body_format: BodyFormat):
    for snippet in KINDS[kind]:
        html = render(f"before\n\n{snippet}\n\nafter", body_format).html
        try:
            audit_body(html)
        except Harm as harm:
            raise AssertionError(f"{snippet!r} became {html!r}") from harm
        assert "before" in html


@pytest.mark.parametrize("body_format", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_harmless_stays_so_when_it_is_written_once_more(kind: str, body_format: BodyFormat):
    """As when somebody copies it out of a page, or a newer release renders it again."""
    for snippet in KINDS[kind]:
        once = render(snippet, body_format).html
        audit_body(clean(once))
        audit_body(render(once, "html").html)
        audit_body(render(once, "markdown").html)


@pytest.mark.parametrize("body_format", FORMATS)
def test_snippets_do_not_help_each_other(body_format: BodyFormat):
    """Each between two others of its kind, and halves of two put together."""
    for snippets in KINDS.values():
        for one, two, three in zip(snippets, snippets[1:], snippets[2:], strict=False):
            joined = one + two + three, one[: len(one) // 2] + two[len(two) // 2 :]
            for source in joined:
                with suppress(BodyTooLong):
                    audit_body(render(source, body_format).html)


@pytest.mark.parametrize(
    "harm",
    [
        SCRIPT, IMG, "<p onclick=x>", "<a href='javascript:x'>", "<a href='\x01javascript:x'>", "<p id=main>",
        "<!-- x -->", "<iframe src='https://evil.test/'>", "<form>", "<p style=x>", "<p hx-get=/>", "<svg>",
        "<div class=masthead>",
        "<iframe src='https://player.vimeo.com/video/1'>", "<a href='data:text/html,x'>", "<x-y>", "<?x?>", "<!x>",
    ],
)  # fmt: skip
def test_the_audit_itself_finds_harm(harm: str):
    with pytest.raises(Harm):
        audit_body(harm)


@pytest.mark.parametrize(
    "harm",
    [SCRIPT, IMG, "<base href=x>", "<a href='javascript:x'>", "<script src=//evil.test/></script>", "<p style=x>"],
)
def test_the_audit_of_pages_finds_harm(harm: str):
    with pytest.raises(Harm):
        audit_page(f"<!doctype html><html><body>{harm}</body></html>")
