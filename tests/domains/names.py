"""Names that nobody may claim, 300 of them: written by hand, and made from the names that they imitate."""

import itertools

import idna

# Of each letter, others that an eye takes for it.
LOOK_ALIKES = {
    "a": "аαɑａ𝐚", "b": "ьｂƅ", "c": "сϲｃⅽ", "d": "ԁđｄⅾ", "e": "еəｅҽ", "f": "ғƒｆ", "g": "ɡցｇ", "h": "һհｈħ",
    "i": "іιıｉ", "k": "кκｋ", "l": "ӏłｌ1", "m": "мｍⅿ", "n": "ոηŋｎ", "o": "оοօ0øｏ๐", "p": "рρｐ", "r": "гｒʀ",
    "s": "ѕｓꜱ", "t": "тτŧｔ", "u": "υսｕ", "v": "νѵｖ", "w": "ԝωｗ", "x": "хχｘ", "y": "уγｙ",
}  # fmt: skip
INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u034f\u180e\u202e\u2066"
MARKS = "\u0301\u0307\u0323\u0331\u0332\u0335\u0338\u20dd"


def imitations(name: str) -> list[str]:
    """The name with one letter, and with all letters, in another script; with marks; with what cannot be seen."""
    label, _, rest = name.partition(".")
    made = []
    for place, letter in enumerate(label):
        made += [label[:place] + other + label[place + 1 :] for other in LOOK_ALIKES.get(letter, "")]
    for column in range(3):
        made.append("".join((LOOK_ALIKES.get(one, one) + one * 3)[column] for one in label))
    made += [label[:3] + one + label[3:] for one in INVISIBLE + MARKS]
    made += [f"{label}\u0307", f"\u0301{label}"]
    return [f"{one}.{rest}" for one in dict.fromkeys(made) if one != label]


# Of platform.test and sites.test, the platform's own, and of techblog.test, which is another tenant's.
IMITATIONS = list(
    itertools.chain.from_iterable(map(imitations, ("platform.test", "studio.platform.test", "techblog.test")))
)

BY_HAND = [
    # The platform's, below it and around it
    "platform.test", "PLATFORM.test.", "studio.platform.test", "ops.platform.test", "x.platform.test",
    "a.b.platform.test", "internal.platform.test", "platform.test.evil.test", "studio.platform.test.evil.test",
    "www.platform.test.evil.test", "x.platform.test.y.evil.test", "studio-platform.test", "platform-test.evil.test",
    "studio.platform-test.evil.test", "plat-form.test", "platforrn.test", "piatform.test", "p1atform.test",
    "platf0rm.test", "studio.p1atform.test", "www.platf0rm.test", "platform.test.com", "sites.test",
    "www.sites.test", "techblog.sites.test.evil.test", "s1tes.test", "ѕites.test", "sites-test.evil.test",
    # Below SITES_DOMAIN: what the platform uses, or may
    "preview-1.sites.test", "preview-01.sites.test", "preview-99999999999.sites.test", "x.preview-1.sites.test",
    "site-1.sites.test", "ns1.sites.test", "mail.sites.test", "admin.sites.test", "studio.sites.test",
    "ops.sites.test", "internal.sites.test", "reader.sites.test", "preview.sites.test", "autodiscover.sites.test",
    "wpad.sites.test", "mta-sts.sites.test", "security.sites.test", "localhost.sites.test", "edge.sites.test",
    "a.b.sites.test", "www.techblog.sites.test", "_acme-challenge.sites.test", "*.sites.test", "pla-tform.sites.test",
    "platform.sites.test", "adrnin.sites.test", "stud1o.sites.test", "рreview.sites.test",
    # Public suffixes
    "com", "de", "test", "co.uk", "com.au", "gov.uk", "ac.jp", "kawasaki.jp", "github.io", "blogspot.com",
    "herokuapp.com", "pages.dev", "netlify.app", "vercel.app", "s3.amazonaws.com", "web.app", "xn--p1ai", "рф",
    "xn--fiqs8s", "公司.cn", "個人.hk", "k12.ca.us", "ck", "foo.ck", "azurewebsites.net", "myshopify.com",
    # Wildcards
    "*", "*.test", "*.techblog.test", "www.*.test", "*techblog.test", "w*w.techblog.test", "tech*.test",
    # Addresses
    "127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "10.0.0.1.", "1.2.3.4:80", "[::1]",
    "::1", "[::ffff:127.0.0.1]", "fe80::1%eth0", "127.0.0.0x1", "techblog.0x7f", "a.0x", "１２７.0.0.1", "127。0。0。1",
    "256.256.256.256", "1.0.0.127.in-addr.arpa", "1.0.0.2.ip6.arpa", "١٢٧.0.0.1", "①.②.③.④",
    # No names
    "", ".", "..", "techblog..test", ".techblog.test", "techblog.test..", "-techblog.test", "techblog-.test",
    "tech_blog.test", "_masthead.techblog.test", "_dmarc.techblog.test", "t%65chblog.test", "techblog%2etest",
    "techblog.test%00", "techblog.test\x00", "tech blog.test", "techblog.test/", "https://techblog.test",
    "techblog.test:80", "user@techblog.test", "techblog.test,financeblog.test",
    "techblog\u2024test", "ab--cd.test", "tech\tblog.test", "\\techblog.test",
    "'techblog'.test", "<b>.test", "$(id).test",
    # Beyond DNS
    f"{'a' * 64}.test", f"{'a.' * 124}test", f"{'abcdefghi.' * 24}tests", "a" * 254, "ü" * 60 + ".test",
    f"{'a' * 62}ü.test",
    # Punycode that is none
    "xn--.test", "xn--a.test", "xn--techblog.test", "xn--techblog-.test", "xn--zzzzzz99999.test", "xn---.test",
    "xn--ü.test", "xn--techblog-.xn--test-", "xn--80ak6aa92e.test-",
    "xn--\u200b.test", "xn--0.test", "xn--bcher-KVA.xn--",
    "xn--xn--bcher-kva.test", "xn--strasse-.test", "xn--1ch.test.xn--",
    # Mixed in one label
    "аpple.example", "pаypal.example", "gοοgle.example", "miсrosoft.example", "blоg日本.example", "новоcти.example",
    "αthens.example", "日本кафе.example", "한국カフェ.example",
    "שלוםworld.example", "مرحباworld.example", "helloсвіт.example",
    "ελλάδαrus.example", "հայ-latin.example", "ไทยthai.example", "nаme-日本.example", "漢字ひらがなбг.example",
    # Letters and signs of no alphabet in use
    "ɑpple.example", "ɡoogle.example", "ʟantern.example",
    "ꜱites.example", "ƨite.example", "ʘne.example", "ǃkung.example",
    "ᎪᏢᏢᏞᎬ.example", "ꓮꓑꓑꓡꓰ.example", "𐐨𐐩.example", "☃.example", "💩.example", "♥.example", "½.example", "ⓣech.example",
    "ⅷ.example", "ﬁnance.example", "㏇.example", "ſhop.example",
    "x\u0332y.example", "q\u0307.example", "a\u0301\u0301b.example", "te\u0301.example\u0301", "p\u0338aypal.example",
    "१2३.example", "٣4.example",
]  # fmt: skip

_TECHBLOG_WITH_CYRILLIC_O = f"{idna.alabel('techblоg').decode()}.test"
# Of another tenant's: techblog.test, financeblog.test, strasse.test, osa.test, sophia.test.
OF_ANOTHERS = [
    "straße.test", "xn--strae-oqa.test", "www.straße.test",
    "www.techb1og.test", "techbl0g.test", "t3chblog.techb1og.test",
    "news.techbl0g.test", "tèchblog.test", "techblóg.test", "téchblög.test", "тесһвӏоɡ.test",
    "fınanceblog.test", "financebløg.test",
    "finançeblog.test",
    _TECHBLOG_WITH_CYRILLIC_O, f"www.{_TECHBLOG_WITH_CYRILLIC_O}",
    "ŧechblog.test", "strasѕe.test", "ѕtrasse.test", "оѕа.test", "σophia.test", "ςophia.test",
]  # fmt: skip

REFUSED = list(dict.fromkeys([*IMITATIONS, *BY_HAND, *OF_ANOTHERS]))

HONEST = [
    "example.com", "www.example.com", "blog.example.co.uk", "foo.github.io", "bücher.example", "straße.example",
    "ελλάδα.example", "νέα.example", "новости.example", "україна.example", "հայաստան.example", "საქართველო.example",
    "日本語.example", "ニュース.example", "東京カフェ.example",
    "ひらがなカタカナ漢字abc.example", "人々.example", "한국.example",
    "한국어-news.example", "中文.example", "新聞abc.example", "שלום.example", "مرحبا.example", "اخبار۱۲.example",
    "ไทย.example", "हिन्दी.example", "বাংলা.example", "தமிழ்.example", "తెలుగు.example", "ខ្មែរ.example", "ລາວ.example",
    "አማርኛ.example", "col·legi.example", "łódź.example", "ærø.example", "þing.example", "façade.example",
    "việtnam.example", "xn--bcher-kva.example", "modern.example", "area51.example", "a-b.example", "4.example",
    "novosti.sites.test", "daily.sites.test", "日本.sites.test", "techblog.example", "new-platform.example",
    "platform.example", "φως.example", "ὁδός.example", "оса.example",
]  # fmt: skip
