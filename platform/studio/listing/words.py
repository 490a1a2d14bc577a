"""What somebody types into the search box, as a question to PostgreSQL."""

MOST_WORDS = 12


def question(typed: str) -> str:
    """What `to_tsquery` takes: all of the words, the last one as a beginning. Empty: there is no word in it.

    Each word is quoted, so that nothing that is typed is an operator; PostgreSQL itself says what a word is.
    """
    words = [word for word in typed.split() if any(character.isalnum() for character in word)][:MOST_WORDS]
    if not words:
        return ""
    # A single ASCII letter begins too many words to be worth asking for; in other scripts one may be a word.
    unfinished = typed[-1].isalnum() and not (len(words[-1]) == 1 and words[-1].isascii())
    return " & ".join(map(_quoted, words)) + (":*" if unfinished else "")


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
