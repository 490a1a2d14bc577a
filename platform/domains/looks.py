"""What a hostname looks like: the scripts of its labels, and the plain letters that an eye would take them for.

This follows the ideas of Unicode's UTS 39 (restriction level "highly restrictive", skeletons) and not its data: no
library with the confusables is among our dependencies, and `unicodedata` knows no scripts. So scripts are read from the
names of characters, and the table below holds by hand what looks alike between Latin, Cyrillic, Greek, Armenian and
digits. A pair of letters that is not in it, or that a certain typeface makes alike, is not found.
"""

import unicodedata

from sites_core.hostnames import unicode_hostname

# The scripts in common use (UAX 31, table 5), by the first word of their characters' names.
SCRIPTS = frozenset(
    {
        "ARABIC", "ARMENIAN", "BENGALI", "BOPOMOFO", "CJK", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GREEK",
        "GUJARATI", "GURMUKHI", "HANGUL", "HEBREW", "HIRAGANA", "KANNADA", "KATAKANA", "KHMER", "LAO", "LATIN",
        "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL", "TELUGU", "THAANA", "THAI", "TIBETAN",
    }
)  # fmt: skip
# What is written together: Japanese, Korean and Chinese, each with Latin.
TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# Characters whose names begin with no script.
_OF_NO_SCRIPT = {"ー": "KATAKANA", "々": "CJK", "〆": "CJK", "〇": "CJK"}
_EXTENDED = {"EXTENDED": "ARABIC"}  # the digits of Persian and Urdu
# Scripts in which a mark that stays beside its letter is foreign, and hides what is below it.
_WITHOUT_LOOSE_MARKS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CJK", "HANGUL", "BOPOMOFO"})
# Of alphabets in use, beside a to z with an accent. Phonetic letters and small capitals are in no alphabet.
_LATIN_LETTERS = frozenset("æœøßþðđħłŋıəŧ")

_LOOKS_LIKE = {
    # Latin
    "æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "þ": "p", "ð": "d", "đ": "d", "ħ": "h", "ł": "l", "ŋ": "n", "ı": "i",
    "ə": "e", "ŧ": "t",
    # Cyrillic
    "а": "a", "в": "b", "г": "r", "д": "a", "е": "e", "ё": "e", "з": "e", "и": "u", "й": "u", "к": "k", "м": "m",
    "н": "h", "о": "o", "п": "n", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x", "ц": "u", "ш": "w", "щ": "w",
    "ь": "b", "ъ": "b", "ы": "bi", "б": "6", "я": "r", "ѕ": "s", "і": "i", "ї": "i", "ј": "j", "ћ": "h", "ђ": "h",
    "љ": "jb", "њ": "hb", "џ": "u", "ғ": "f", "қ": "k", "ҝ": "k", "ң": "h", "ҥ": "h", "ү": "y", "ұ": "y", "ҳ": "x",
    "һ": "h", "ӏ": "l", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ѡ": "w", "ѵ": "v", "ѳ": "o", "ө": "o", "ә": "e", "є": "e",
    "ԍ": "g", "ґ": "r", "ҫ": "c", "ҽ": "e", "ӡ": "e", "ѐ": "e", "ԧ": "h", "ԥ": "n", "ҕ": "h", "ҏ": "p", "ӄ": "k",
    "ӈ": "h", "ʼ": "",
    # Greek
    "α": "a", "β": "b", "γ": "y", "δ": "o", "ε": "e", "ζ": "z", "η": "n", "θ": "o", "ι": "i", "κ": "k", "λ": "a",
    "μ": "u", "ν": "v", "ξ": "e", "ο": "o", "π": "n", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "φ": "o",
    "χ": "x", "ψ": "w", "ω": "w", "ϲ": "c", "ϳ": "j", "ϝ": "f", "ϸ": "p",
    # Armenian
    "ա": "w", "զ": "q", "լ": "l", "հ": "h", "ղ": "n", "յ": "j", "ն": "u", "ո": "n", "պ": "w", "ռ": "n", "ս": "u",
    "վ": "u", "տ": "un", "ց": "g", "ւ": "l", "ք": "p", "օ": "o", "ե": "t", "գ": "q", "ի": "h", "մ": "u", "ր": "n",
    "ֆ": "o", "ճ": "d", "փ": "o", "խ": "h", "ծ": "o", "կ": "h", "ձ": "a", "ջ": "o", "չ": "z", "շ": "z", "ժ": "d",
    "է": "t", "ը": "n", "թ": "p", "բ": "f", "դ": "n",
    # Elsewhere: what is round, what is a stroke
    "ס": "o", "ו": "l", "ן": "l", "ه": "o", "ا": "l", "ہ": "o", "ധ": "w", "ം": "o", "ဝ": "o", "ഠ": "o", "ଠ": "o",
    "ჿ": "o", "〇": "o", "一": "-", "ー": "-", "二": "=", "口": "o", "工": "i", "卜": "h", "ト": "h",
    "ロ": "o", "ニ": "=", "エ": "i", "へ": "^", "ヘ": "^", "ノ": "/", "丶": ".",
    # Digits
    "0": "o", "1": "l",
}  # fmt: skip
# Letters that stand together and look like one, for what is compared with the platform's own names.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(name: str) -> str:
    """A canonical hostname as an eye may read it: names of one skeleton are taken for each other."""
    return ".".join(_plain(label) for label in unicode_hostname(name).split("."))


def narrow(looks: str) -> str:
    """A skeleton once more, in which letters that touch are one."""
    for pair, letter in _PAIRS:
        looks = looks.replace(pair, letter)
    return looks.replace("-", "").replace("i", "l")


def _plain(label: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", label) if unicodedata.category(one) != "Mn")
    # After the marks are gone: й has become и.
    return "".join(_LOOKS_LIKE.get(digit := _digit(one), digit) for one in unicodedata.normalize("NFC", bare))


def _digit(one: str) -> str:
    return str(unicodedata.digit(one)) if unicodedata.category(one) == "Nd" else one


def wrong_with(label: str) -> str:
    """Why a label in Unicode is not written as people write, as the end of a sentence; "" where it is."""
    scripts: set[str] = set()
    for one in label:
        if unicodedata.category(one) in {"Cf", "Cc", "Zs", "Co", "Cn"}:
            return "has a character that cannot be seen"
        if script := _script(one):
            if script not in SCRIPTS:
                return f"has “{one}”, a character that is in no alphabet in common use"
            scripts.add(script)
        elif not (one.isascii() or one == "·" or unicodedata.category(one) == "Mn"):
            return f"has “{one}”, a character that is in no alphabet in common use"
    if len(scripts) > 1 and not any(scripts <= mix for mix in TOGETHER):
        return f"mixes scripts ({', '.join(_name(one) for one in sorted(scripts))})"
    if any(unicodedata.category(one) == "Mn" for one in label) and (not scripts or scripts & _WITHOUT_LOOSE_MARKS):
        return "has an accent that belongs to no letter"
    if odd := next((one for one in label if _script(one) == "LATIN" and not _of_an_alphabet(one)), ""):
        return f"has “{odd}”, a letter that is in no alphabet in common use"
    return "mixes digits of several kinds" if _kinds_of_digits(label) > 1 else ""


def _script(one: str) -> str:
    """ "" for what all scripts share: ASCII's digits and the hyphen, marks, the middle dot."""
    if one in _OF_NO_SCRIPT:
        return _OF_NO_SCRIPT[one]
    if unicodedata.category(one) == "Mn" and unicodedata.name(one, "").startswith("COMBINING"):
        return ""
    if one in "·-" or (one.isascii() and not one.isalpha()):
        return ""
    first = unicodedata.name(one, "?").split(" ")[0].split("-")[0]
    return _EXTENDED.get(first, first)


def _name(script: str) -> str:
    return "Han" if script == "CJK" else script.capitalize()


def _of_an_alphabet(one: str) -> bool:
    return one in _LATIN_LETTERS or unicodedata.normalize("NFD", one)[0].isascii()


def _kinds_of_digits(label: str) -> int:
    return len({ord(one) - unicodedata.digit(one) for one in label if unicodedata.category(one) == "Nd"})
