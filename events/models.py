"""The outbox: one row an event, from the transaction that caused it until it is delivered."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Event(models.Model):
    """Something that happened, and what is to be done about it outside of the transaction that wrote it.

    `payload` holds names and keys, for anybody in ops to read; what is not for them, such as a mail, lies in `sealed`
    and is dropped once it is delivered. `due_at` is when it is tried next: whoever takes the event moves it to when its
    lease ends, so that what a killed process had in hand is due again by itself.
    """

    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict, blank=True)
    sealed = models.BinaryField(null=True)
    # While an event of this key waits, another one is the same.
    once = models.CharField(max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["once"],
                condition=Q(done_at=None, dead_at=None) & ~Q(once=""),
                name="events_event_once_unique",
            ),
            models.CheckConstraint(condition=Q(done_at=None) | Q(dead_at=None), name="events_event_done_or_dead"),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(done_at=None, dead_at=None), name="events_event_due"),
            models.Index(fields=["dead_at"], condition=~Q(dead_at=None), name="events_event_dead"),
            models.Index(fields=["done_at"], condition=~Q(done_at=None), name="events_event_done"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Turn(models.Model):
    """When what is periodic is next due: one row for each line of the schedule, made when it first comes round."""

    name = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.due_at}"
