"""An article's comments as threads, each where its passage stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from publishing import commenting
from publishing.models import Article, Comment
from studio.reviewing.marking import Marked, Reading
from studio.reviewing.passages import Span
from tenants.models import User


@dataclass(slots=True)
class Thread:
    """A comment and its answers. `span` is where its passage stands; None: it is about the whole, or `is_gone`."""

    begun: Comment
    span: Span | None
    is_gone: bool
    may_settle: bool
    answers: list[Comment] = field(default_factory=list)
    others_answered: bool = False

    @property
    def answer_form(self) -> str:
        """The name of the form in which it is answered."""
        return f"answer-{self.begun.pk}"

    @property
    def is_open(self) -> bool:
        return self.begun.resolved_at is None


@dataclass(frozen=True, slots=True)
class Threads:
    """Those on the whole come first, then those on passages in the order of the text."""

    here: list[Thread]
    gone: list[Thread]
    resolved: list[Thread]

    @property
    def marks(self) -> list[Marked]:
        return [Marked(thread.begun.pk, thread.span) for thread in self.here if thread.span]


def comments_of(article: Article) -> list[Comment]:
    return list(Comment.objects.filter(article=article).select_related("user", "resolved_by").order_by("made_at", "id"))


def threads_of(article: Article, comments: Iterable[Comment], reading: Reading, me: User, *, edits: bool) -> Threads:
    """`edits`: whether `me` may settle everybody's."""
    threads: dict[int, Thread] = {}
    for comment in comments:
        if comment.parent_id is None:
            threads[comment.pk] = _thread(article, comment, reading, me, edits=edits)
        elif thread := threads.get(comment.parent_id):
            thread.answers.append(comment)
            thread.others_answered = thread.others_answered or comment.user_id != thread.begun.user_id
    still = [thread for thread in threads.values() if thread.is_open]
    here = [thread for thread in still if not thread.is_gone]
    here.sort(key=lambda thread: thread.span.start if thread.span else -1)
    return Threads(
        here=here,
        gone=[thread for thread in still if thread.is_gone],
        resolved=[thread for thread in threads.values() if not thread.is_open],
    )


def _thread(article: Article, comment: Comment, reading: Reading, me: User, *, edits: bool) -> Thread:
    # What is settled is not looked for: it is marked nowhere.
    looked_for = bool(comment.quote) and comment.resolved_at is None
    span = reading.text.find(comment.quote, comment.before, comment.after) if looked_for else None
    return Thread(
        begun=comment,
        span=span,
        is_gone=looked_for and span is None,
        may_settle=commenting.may_settle(comment=comment, article=article, by=me, edits=edits),
    )
