"""Full-text search within one site, in its language: a question, its results, and what helps where it has none."""

from reading.searching.questions import LONGEST_QUERY, Question, Unanswerable, question_from
from reading.searching.results import Results, found
from reading.searching.suggestions import Suggestions, suggested

__all__ = [
    "LONGEST_QUERY", "Question", "Results", "Suggestions", "Unanswerable", "found", "question_from", "suggested",
]  # fmt: skip
