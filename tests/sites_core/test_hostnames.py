import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from sites_core.hostnames import MalformedHost, canonical_host, hostname_from_text, unicode_hostname

PORTS = frozenset({80, 443, 8000})

CANONICALISED = {
    "techblog.test": "techblog.test",
    "TechBlog.TEST": "techblog.test",
    "techblog.test.": "techblog.test",
    "techblog.test:80": "techblog.test",
    "techblog.test:8000": "techblog.test",
    "TECHBLOG.test.:443": "techblog.test",
    "techblog.test:0080": "techblog.test",
    "xn--strae-oqa.test": "xn--strae-oqa.test",
    "localhost": "localhost",
    "a-b.c--.test".replace("c--", "c"): "a-b.c.test",
    f"{'a' * 63}.test": f"{'a' * 63}.test",
    "4.test": "4.test",
}

MALFORMED = [
    "", ".", "..", ":", ":80", "-", "-a.test", "a-.test", ".techblog.test", "techblog..test", "techblog.test..",
    "techblog.test:", "techblog.test:0", "techblog.test:81", "techblog.test:99999", "techblog.test:" + "9" * 50,
    "techblog.test:abc", "techblog.test:8000:80", "techblog.test:-80", "techblog.test:+80", "techblog.test: 80",
    "techblog.test:८०", "techblog.test:80 ", " techblog.test", "techblog.test ", "tech blog.test", "techblog.test\t",
    "techblog.test\n", "techblog.test\r\nX: y", "techblog.test\x00", "techblog.test\x0b", "techblog.test\x7f",
    "user@techblog.test", "user:pass@techblog.test", "@techblog.test", "techblog.test/", "techblog.test/x",
    "http://techblog.test", "//techblog.test", "techblog.test?x", "techblog.test#x", "techblog.test\\x",
    "techblog.test,financeblog.test", "techblog.test, financeblog.test", "techblog.test;a", "techblog.test%00",
    "t%65chblog.test", "%74echblog.test", "techblog.test%2e", "tech_blog.test", "*.test", "techblog.*", "*",
    "127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "10.0.0.1:80", "1.2.3.4.", "256.256.256.256",
    "[::1]", "[::1]:80", "::1", "[fe80::1%25eth0]", "[::ffff:127.0.0.1]", "[techblog.test]", "[", "]",
    "téchblog.test", "techblоg.test", "ｔechblog.test", "techblog。test", "techblog．test", "ⓣechblog.test",
    "techblog.ſest", "straße.test", "techblog.test\u200b", "\u202etset.golbhcet", "techblog\u00ad.test", "ⅷ.test",
    "ab--cd.test", "zz--x.techblog.test", "techblog.test.123", "techblog.7", f"{'a' * 64}.test", "a." * 127 + "toolong",
    "a" * 8192, "techblog.test" * 700, "'techblog.test'", '"techblog.test"', "<techblog.test>", "techblog.test'--",
    "$(id).test", "`id`.test", "{techblog}.test", "(techblog.test)", "~techblog.test", "techblog!test",
    "techblog&.test",
]  # fmt: skip


@pytest.mark.parametrize(("header", "name"), CANONICALISED.items())
def test_spellings_of_a_hostname_become_one(header: str, name: str):
    assert canonical_host(header, PORTS) == name


@pytest.mark.parametrize("header", MALFORMED)
def test_what_is_no_hostname_is_malformed(header: str):
    with pytest.raises(MalformedHost):
        canonical_host(header, PORTS)


def test_the_table_is_long_enough_to_mean_something():
    assert len(set(MALFORMED)) + len(CANONICALISED) >= 100


@given(st.text(max_size=300))
def test_any_text_is_canonical_or_malformed_and_nothing_else(header: str):
    try:
        name = canonical_host(header, PORTS)
    except MalformedHost:
        return
    assert canonical_host(name, PORTS) == name
    assert name == name.lower()


@pytest.mark.parametrize(
    ("typed", "name"),
    {
        " TechBlog.Example ": "techblog.example",
        "bücher.example": "xn--bcher-kva.example",
        # IDNA 2008 keeps the sharp s, which the standard library's codec would fold into another domain.
        "straße.example": "xn--strae-oqa.example",
        "XN--BCHER-KVA.example": "xn--bcher-kva.example",
        "techblog.example.": "techblog.example",
    }.items(),
)
def test_what_a_person_types_is_kept_as_a_labels(typed: str, name: str):
    assert hostname_from_text(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", "http://techblog.example", "techblog.example:80", "tech blog.example", "xn--a.example", "ſhop.example",
     "ⓣech.example", "10.0.0.1", "*.example", "a..b", "☃-.example", "a" * 300, "xn--zzzzzz99999.example"],
)  # fmt: skip
def test_what_a_person_types_wrongly_is_refused_with_a_sentence(typed: str):
    with pytest.raises(ValidationError, match="hostname"):
        hostname_from_text(typed)


def test_a_labels_are_shown_in_unicode():
    assert unicode_hostname("xn--bcher-kva.example") == "bücher.example"
    assert unicode_hostname("xn--\x00") == "xn--\x00"
