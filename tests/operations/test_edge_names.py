"""The small DNS server of `up --tls`: this machine's names are this machine, and nothing else is anything."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest

from operations.embedded.loopback_names import Malformed, answer


def asked(name: str, kind: str = "A") -> dns.message.Message:
    query = dns.message.make_query(name, kind)
    reply = dns.message.from_wire(answer(query.to_wire()))
    assert query.is_response(reply)
    return reply


@pytest.mark.parametrize("name", ["localhost", "techblog.localhost", "a.b.LOCALHOST", "x.test"])
def test_names_of_this_machine_have_its_address(name: str):
    reply = asked(name)
    assert [str(record) for record in reply.answer[0]] == ["127.0.0.1"]
    assert reply.rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("kind", ["AAAA", "CAA", "TXT", "CNAME"])
def test_they_have_no_other_records(kind: str):
    reply = asked("techblog.localhost", kind)
    assert (reply.rcode(), reply.answer) == (dns.rcode.NOERROR, [])


@pytest.mark.parametrize("name", ["example.com", "localhost.example.com", "xlocalhost", "."])
def test_no_other_name_exists(name: str):
    assert asked(name).rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(
    "wire", [b"", b"x" * 11, b"\0" * 12, b"\0\0\x80\0\0\1" + b"\0" * 20, b"\0\0\0\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1"]
)
def test_what_is_no_question_gets_no_answer(wire: bytes):
    with pytest.raises(Malformed):
        answer(wire)
