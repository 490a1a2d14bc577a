"""What one parser takes for text and another for markup."""

import itertools
from collections.abc import Iterator

from tests.hostile.payloads import HOST, HTML64, IMG, OPEN, RUN, SCRIPT

# --- Where one parser's text is another one's markup -----------------------------------------------------------------

_RAW = [
    "style", "script", "title", "textarea", "noscript", "xmp", "iframe", "noembed", "noframes", "plaintext",
    "template", "select", "option", "listing",
]  # fmt: skip
_FOREIGN = [
    "<svg>{}</svg>", "<svg><desc>{}</desc></svg>", "<svg><foreignObject>{}</foreignObject></svg>",
    "<svg><title>{}</title></svg>", "<math>{}</math>", "<math><mtext>{}</mtext></math>",
    "<math><annotation-xml encoding='text/html'>{}</annotation-xml></math>",
    "<math><mi><mglyph>{}</mglyph></mi></math>", "<svg></p>{}", "<math><mtext><table>{}",
]  # fmt: skip


def namespaces() -> Iterator[str]:
    for foreign, raw in itertools.product(
        _FOREIGN, ["style", "title", "noscript", "script", "textarea", "xmp", "iframe"]
    ):
        yield foreign.replace("{}", f"<{raw}><a title='</{raw}>{IMG}'></a></{raw}>")
    for foreign in _FOREIGN:
        yield foreign.replace("{}", f"<style><!--</style>{IMG}--></style>")
        yield foreign.replace("{}", f"<![CDATA[><{IMG}]]>")


def mutations() -> Iterator[str]:
    for raw in _RAW:
        yield f'<{raw}><p title="</{raw}>{IMG}"></{raw}>'
        yield f"<{raw}><!--</{raw}>{IMG}--></{raw}>"
        yield f"<{raw}/>{SCRIPT}</{raw}>"
    yield from [
        f"<form><math><mtext></form><form><mglyph><style></math>{IMG}</style>",
        f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{IMG}'>",
        f"<table><td><svg><p><style><a id='</style>{IMG}'>", f"<p><svg><b><style></p>{IMG}</style>",
        f"<svg><p><style><g title='</style>{IMG}'>", f"<a><table><a><svg><a><style>{IMG}</style>",
        f"<noscript><p title='</noscript>{IMG}'>", f"<b><i><table></b>{SCRIPT}</i></table>",
        f"<table>{SCRIPT}<tr><td>x</table>", f"<table><caption><svg>{SCRIPT}</caption></table>",
        f"<select><svg><style>{IMG}</style></svg></select>", f"<select><template>{SCRIPT}</template></select>",
        f"<template><template><style></template>{IMG}</style></template>",
        f"<div><template shadowrootmode=open>{SCRIPT}{IMG}</template></div>",
        f"<ruby><rt><svg><style>{IMG}</style></rt></ruby>", f"<frameset><noframes></frameset>{IMG}</noframes>",
        f"<nobr><nobr><svg><style>{IMG}", f"<h1><h2><svg><desc><style>{IMG}</style></h1>",
        f"<svg><foreignObject><math><mi><svg><style>{IMG}", f"<p id=\"</p>{IMG}\">", f"<p title='`{IMG}`'>x",
        f"<pre>\n\n<textarea>\n</pre>{IMG}</textarea>", f"<listing>\n&lt;{IMG[1:]}</listing>",
        f"<li><li><svg/><li>{IMG}", f"&lt;script&gt;{RUN}&lt;/script&gt;", f"&amp;lt;img src=x onerror={RUN}&amp;gt;",
        f"<p>&lt;{IMG[1:]}</p>",
    ]  # fmt: skip


# --- Out of where a template puts it ---------------------------------------------------------------------------------

_ENDS = [
    '">', "'>", "`>", "-->", "--!>", "]]>", "</title>", "</style>", "</script>", "</textarea>", "</noscript>", "</a>",
    "</h1>", "</head>", "</template>", "</select>", '"/>', "?>", "%>", "}}", "</script\n>", "</ScRiPt >", "</svg>",
    "\n\n",
]  # fmt: skip


def breakouts() -> Iterator[str]:
    for end in _ENDS:
        yield f"{end}{SCRIPT}"
        yield f"x{end}{IMG}"
    yield from [
        f'" onmouseover="{RUN}" x="', f"' onfocus='{RUN}' autofocus x='", f'" autofocus onfocus={RUN} x="',
        f'\\"-{RUN}-\\"', f"';{RUN};'", f'";{RUN};"', f"${{{RUN}}}", f"</script><!--<script>{RUN}",
        f"<!--<script>{RUN}", f"\\u003cscript\\u003e{RUN}", f"\u2028{RUN}\u2029", f"{{{{ {RUN} }}}}",
        "{{ ''.__class__.__mro__ }}", "{% include '/etc/passwd' %}", "{{ config.items() }}", "{# comment #}",
        "{% raw %}", "{%- for x in ().__class__.__bases__ -%}{{x}}{%- endfor -%}", "<%= 7*7 %>", "#{7*7}",
        f'<?xml-stylesheet type="text/xsl" href="data:text/xml;base64,{HTML64}"?>',
        "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
        f"]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script><![CDATA[", "&y;&lol9;",
        f"<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>",
        "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd' parse='text'/>",
    ]  # fmt: skip


# --- What hides tags -------------------------------------------------------------------------------------------------


def hidden() -> Iterator[str]:
    for inside in (SCRIPT, IMG):
        yield from [
            f"<!--{inside}", f"<!-->{inside}-->", f"<!--->{inside}-->", f"<!-- --!>{inside}-->",
            f"<!--><!--{inside}-->", f"<!--[if gte IE 4]>{inside}<![endif]-->", f"<![if !IE]>{inside}<![endif]>",
            f"<![CDATA[{inside}]]>", f"<!{inside}>", f"<!DOCTYPE html [{inside}]>", f"<?{inside}?>",
            f"<?php {inside} ?>", f"<%{inside}%>", f"</{inside}>", f"<//{inside}", f"<a<!--{inside}-->",
            f"<!-- a--<!-- {inside} -->", f"<!--x--\n>{inside}-->", f"<comment>{inside}</comment>",
        ]  # fmt: skip


def unclosed() -> Iterator[str]:
    yield from [
        "<img src='x", f'<img src="x" onerror="{RUN}', f"<img src=x onerror={RUN}", f"<img src=x onerror='{RUN}",
        f"<a href='javascript:{RUN}", f"<a href=\"x'>{IMG}", f"<p title='\">{IMG}", f"<img \"\"\">{SCRIPT}\">",
        f"<img ''''>{SCRIPT}'>", f"<a href='x' 'y'>{SCRIPT}", f"<img src=`x`onerror={RUN}>",
        f"<img src=x:x onerror={RUN}//>", f"<script>{RUN}<!--", f"<script>{RUN}//", f"<script src=//{HOST}/x.js",
        f"<svg onload={RUN}", f"<iframe src=javascript:{RUN} <", f"<body onload={RUN}<!--",
        f"<a <a href=javascript:{RUN}>x", f"<p <p onclick={RUN}>x", f"< script>{RUN}</script>",
        f"<\tscript>{RUN}</script>", f"<\x00script>{RUN}</script>", f"<script\x00>{RUN}</script>",
        f"<scr\x00ipt>{RUN}</scr\x00ipt>", f"</p><p onclick={RUN}>",
        "</article></main></body></html><script>canary()</script>", f"</div></div></section></article>{IMG}",
        f"<x/onclick={RUN}>x</x>", f"<a onclick={RUN}//href=x>x", f"<img/src/onerror={RUN}>",
        f"<img src=\"x\"onerror=\"{RUN}\">", f"<img src=x onerror={RUN} onerror=x>",
    ]  # fmt: skip


# --- Letters ---------------------------------------------------------------------------------------------------------


def letters() -> Iterator[str]:
    yield from [
        f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-", f"+ADw-img src=x onerror={RUN}+AD4-",
        f"\xc0\xbcscript\xc0\xbe{RUN}\xc0\xbc/script\xc0\xbe", f"\xe0\x80\xbcimg src=x onerror={RUN}\xe0\x80\xbe",
        f"%3Cscript%3E{RUN}%3C/script%3E", f"%253Cscript%253E{RUN}", f"＜script＞{RUN}＜/script＞",
        f"﹤img src=x onerror={RUN}﹥", f"‹script›{RUN}‹/script›", "\u202e>tpircs/<()yranac>tpircs<",
        f"\u202e{SCRIPT}\u202c", f"\u2066{IMG}\u2069", f"\ufeff{SCRIPT}", f"\u200b<\u200bscript>{RUN}</script>",
        f"<script\u2028>{RUN}</script>", f"<script\xa0>{RUN}</script>", f"<ſcript>{RUN}</ſcript>",
        f"<ｓcript>{RUN}</ｓcript>", f"<İmg src=x onerror={RUN}>", f"<ımg src=x onerror={RUN}>",
        f"<img src=x ｏnerror={RUN}>", f"\ud800{SCRIPT}\udc00", f"{SCRIPT[:4]}\ud83d{SCRIPT[4:]}", f"\x00{SCRIPT}\x00",
        f"\x1b$B{SCRIPT}\x1b(B", f"\x0e{IMG}\x0f", f"<p>\x80\x81{IMG}", f"&#60;script&#62;{RUN}&#60;/script&#62;",
        f"&#x3c;img src=x onerror={RUN}&#x3e;", f"&LT;script&GT;{RUN}", f"&#0060script&#0062{RUN}",
        "<img src=x onerror=&#x63;&#x61;nary&lpar;&rpar;>", "&#xFFFFFFFF;&#0;&#xD800;",
        "Z\u0351\u036b\u0343a\u0329\u032a" * 20, "\u0600\u0601\u06dd" * 9, "ﷺ" * 60, "\uffff\ufffe\ufdd0",
    ]  # fmt: skip


# --- Much of it ------------------------------------------------------------------------------------------------------


def nested() -> Iterator[str]:
    yield from [
        f"{'<div>' * 600}{IMG}", f"{'<b>' * 600}{SCRIPT}", f"{'<svg>' * 300}{SCRIPT}",
        f"{'<math><mtext>' * 200}{IMG}", f"{'<table><tr><td>' * 200}{IMG}", f"{'> ' * 300}{SCRIPT}",
        f"{'- ' * 300}{IMG}", f"{'[' * 500}x{']' * 500}(javascript:{RUN})", f"{'*' * 500}{IMG}{'*' * 500}",
        f"{'<!--' * 300}{SCRIPT}", f"{'&lt;' * 300}{IMG}", f"{'<a>' * 300}<a href=javascript:{RUN}>x",
        f"{'<template>' * 200}{IMG}", f"{'<form>' * 200}<input autofocus onfocus={RUN}>", f"{OPEN * 200}{IMG}",
        f"{'<select><option>' * 100}{IMG}", f"{'<scr' * 200}ipt>{RUN}", f"{'(' * 900}{SCRIPT}",
    ]  # fmt: skip
