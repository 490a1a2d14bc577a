"""Links of a body, as they lead from elsewhere."""

import pytest

from reading.absolute import with_absolute_links

PAGE = "https://one.example/piece/"


@pytest.mark.parametrize(
    ("html", "absolute"),
    {
        '<a href="/x/">': '<a href="https://one.example/x/">',
        '<a href="#s-note">': '<a href="https://one.example/piece/#s-note">',
        '<img src="/media/a-480.jpg" alt="b">': '<img src="https://one.example/media/a-480.jpg" alt="b">',
        '<source type="image/avif" srcset="/media/a-480.avif 480w, /media/a-960.avif 960w" sizes="100vw">':
            '<source type="image/avif" srcset="https://one.example/media/a-480.avif 480w, '
            'https://one.example/media/a-960.avif 960w" sizes="100vw">',
        '<img srcset="/media/a-480.jpg">': '<img srcset="https://one.example/media/a-480.jpg">',
        '<a href="https://two.example/?a=1&amp;b=2">': '<a href="https://two.example/?a=1&amp;b=2">',
        '<a href="mailto:a@b.example">': '<a href="mailto:a@b.example">',
        '<a href="http://[">': '<a href="http://[">',
        '<p title="/x/">href="/x/"</p>': '<p title="/x/">href="/x/"</p>',
        '&lt;a href="/x/"&gt;': '&lt;a href="/x/"&gt;',
        '<a title="&gt; href=" href="/x/">': '<a title="&gt; href=" href="https://one.example/x/">',
    }.items(),
)  # fmt: skip
def test_what_leads_within_the_site_leads_to_it(html: str, absolute: str) -> None:
    assert with_absolute_links(html, PAGE) == absolute
