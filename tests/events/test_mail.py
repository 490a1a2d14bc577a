"""A mail is written with its deed and sent by the relay: sealed meanwhile, whole at its end, and recognisable."""

import email
import re
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage as Parsed
from email.policy import default
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import transaction
from django.utils import timezone

from events.delivering import deliver, take
from events.mail import LEASE
from events.models import Event
from events.relay import drain

pytestmark = pytest.mark.django_db

LINK = "https://studio.platform.test/invitation/secret/"


@pytest.fixture(autouse=True)
def through_the_outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "events.mail.Outbox"
    settings.MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def written() -> Event:
    return Event.objects.get(name="mail")


def sent() -> Parsed:
    """The one mail that was sent, as its reader's program has it."""
    [one] = mail.outbox
    found = email.message_from_bytes(one.message().as_bytes(), policy=default)
    assert isinstance(found, Parsed)
    return found


def test_nothing_is_sent_before_its_deed_is_committed_and_nothing_if_it_is_not():
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Taken back", "…", None, ["nora@acme.test"])
        raise RuntimeError
    assert send_mail("An invitation", LINK, None, ["nora@acme.test"]) == 1
    assert mail.outbox == []
    drain()
    assert sent()["Subject"] == "An invitation"
    assert written().done_at


def test_who_looks_at_the_database_reads_neither_the_words_nor_the_address():
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    event = written()
    seen = f"{event.payload} {event.once} {event.error} {bytes(event.sealed or b'')!r}"
    assert event.sealed
    for word in ("invitation", "secret", "nora", LINK):
        assert word not in seen
    drain()
    assert written().sealed is None


def test_attachments_alternatives_and_headers_arrive_as_they_were_written():
    message = EmailMultiAlternatives(
        "Überschrift", "Grüße,\nzwei Zeilen\n.ein Punkt", "Bücher <desk@bücher.test>", ["Nora Ökonom <nora@acme.test>"],
        cc=["copy@acme.test"], bcc=["blind@acme.test"], reply_to=["answers@acme.test"],
        headers={"List-Unsubscribe": "<https://acme.test/u>", "X-Long": "word " * 60},
    )  # fmt: skip
    message.attach_alternative("<p>Grüße</p>", "text/html")
    message.attach("bild.bin", bytes(range(256)), "application/octet-stream")
    message.send()
    drain()
    got = sent()
    assert (got["Subject"], got["Cc"], got["Reply-To"]) == ("Überschrift", "copy@acme.test", "answers@acme.test")
    assert got["Bcc"] is None
    assert got["List-Unsubscribe"] == "<https://acme.test/u>"
    assert got["X-Long"].split() == ["word"] * 60
    text, html = (got.get_body((kind,)) for kind in ("plain", "html"))
    assert text
    assert html
    assert text.get_content().splitlines() == ["Grüße,", "zwei Zeilen", ".ein Punkt"]
    assert html.get_content().strip() == "<p>Grüße</p>"
    [attached] = got.iter_attachments()
    assert attached.get_filename() == "bild.bin"
    assert attached.get_content() == bytes(range(256))
    assert mail.outbox[0].recipients() == [
        "=?utf-8?q?Nora_=C3=96konom?= <nora@acme.test>",
        "copy@acme.test",
        "blind@acme.test",
    ]


def test_what_is_sent_twice_says_that_it_is_the_same():
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    event = written()
    sealed = event.sealed
    drain()
    # Its process was killed between the sending and the word that it was sent.
    Event.objects.filter(pk=event.pk).update(done_at=None, sealed=sealed, due_at=timezone.now() - LEASE)
    drain()
    first, second = (message.message().as_bytes() for message in mail.outbox)
    assert first == second
    assert re.search(rb"^Message-ID: (<[^>]+>)", first, re.MULTILINE)
    assert event.payload["message_id"].encode() in first


def test_what_can_never_be_sent_is_refused_at_the_deed():
    with pytest.raises(BadHeaderError):
        send_mail("Two\nlines", "…", None, ["nora@acme.test"])
    with pytest.raises(ValueError, match="address"):
        send_mail("A subject", "…", None, ["nora@acme@test"])
    assert EmailMessage("To nobody", "…").send() == 0
    assert not Event.objects.filter(name="mail").exists()


def test_a_server_that_is_away_is_tried_again(settings):
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    drain()
    event = written()
    assert "ConnectionRefusedError" in event.error
    assert (event.attempts, event.done_at, event.dead_at) == (1, None, None)
    assert event.sealed


def test_a_process_that_was_not_told_where_mail_goes_says_so(settings):
    settings.MAIL_BACKEND = ""
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    drain()
    assert ImproperlyConfigured.__name__ in written().error
    assert "EMAIL_URL" in written().error


def test_a_mail_that_was_sealed_with_another_key_is_given_up(settings):
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    settings.SECRET_KEY = "another"
    drain()
    assert written().dead_at
    assert "SECRET_KEY" in written().error


def test_no_word_of_a_mail_gets_into_the_log(settings, caplog: pytest.LogCaptureFixture):
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    send_mail("An invitation", LINK, None, ["nora@acme.test"])
    drain()
    assert "failed, attempt 1" in caplog.text
    assert "nora" not in caplog.text
    assert "secret" not in caplog.text


class Server:
    """As much of a mail server as Django's client asks for."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got: list[tuple[list[str], bytes]] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            stream.write(b"220 here\r\n")
            envelope: list[str] = []
            while line := stream.readline():
                word = line[:4].upper()
                if word in {b"MAIL", b"RCPT"}:
                    envelope.append(line.decode().strip())
                if word == b"DATA":
                    stream.write(b"354 go on\r\n")
                    content = b""
                    while (part := stream.readline()) != b".\r\n":
                        content += part.removeprefix(b".")
                    self.got.append((envelope, content))
                stream.write(b"221 bye\r\n" if word == b"QUIT" else b"250 yes\r\n")

    def close(self) -> None:
        self.listener.close()
        self.thread.join(10)


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.close()


def test_a_real_server_gets_envelope_and_bytes(settings, server: Server):
    settings.MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    EmailMessage("Grüße", "Zeile\n.Punkt", "desk@acme.test", ["nora@acme.test"], bcc=["blind@acme.test"]).send()
    lease, [key] = take_mail()
    assert deliver(key, lease)
    [(envelope, content)] = server.got
    assert [line.split(":")[1].split(">")[0] for line in envelope] == [
        "<desk@acme.test",
        "<nora@acme.test",
        "<blind@acme.test",
    ]
    assert b"blind" not in content
    assert b"\n" not in content.replace(b"\r\n", b"")
    parsed = email.message_from_bytes(content, policy=default)
    assert isinstance(parsed, Parsed)
    assert parsed["Subject"] == "Grüße"
    assert parsed.get_content().splitlines() == ["Zeile", ".Punkt"]


def take_mail() -> tuple[Any, list[int]]:
    Event.objects.exclude(name="mail").delete()
    return take()


@pytest.mark.parametrize("backend", ["filebased", "console"])
def test_files_and_the_log_get_it_as_well(settings, tmp_path, backend: str, capsys: pytest.CaptureFixture[str]):
    settings.MAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    send_mail("An invitation", f"Grüße {LINK}", None, ["nora@acme.test"])
    drain()
    said = (
        "".join(file.read_text() for file in tmp_path.iterdir()) if backend == "filebased" else capsys.readouterr().out
    )
    assert written().done_at
    assert "Subject: An invitation\n" in said
    assert LINK in said
