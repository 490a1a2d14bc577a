"""What DNS says of a name, asked of several resolvers at once, and what it should say.

Resolvers that do not know each other are believed where most of them agree: one that lies, is poisoned or lags behind
proves nothing and loses nobody a name. What too few of them answered is not known, which is neither yes nor no.
"""

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any

import dns.exception
import dns.flags
import dns.nameserver
import dns.rcode
import dns.rdatatype
import dns.resolver
from django.conf import settings
from django.utils import timezone

from domains.models import Claim
from domains.refusing import registered
from sites_core.models import Hostname

# Before the name that is proven, and before the token.
PROOF, VALUE = "_masthead", "masthead="
# Seconds that a resolver has for one question, retries in.
PATIENCE = 5.0
ADDRESSES = ("A", "AAAA")
# RFC 8659: a record that must be understood, and is not, forbids.
_CRITICAL = 128


@dataclass(frozen=True, slots=True)
class Answer:
    """What one resolver said to one question. `known`: it did say something, if only that there is nothing."""

    known: bool
    values: frozenset[str] = frozenset()
    # The aliases that were followed, from the name on.
    chain: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What most resolvers said. Where `known` is False, too few answered; `disputed` are values that too few gave."""

    known: bool
    values: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What DNS says of a name, and `at` when the asking began.

    `records` by type: A, AAAA, CNAME (the whole chain), TXT (of the proof's own name), CAA (as `tag value`, from the
    nearest name up to the registrable domain that has any).
    """

    name: str
    at: datetime
    records: dict[str, Agreed] = field(default_factory=dict)
    problem: str = ""

    @property
    def tokens(self) -> frozenset[str]:
        """The tokens of the proofs that are in DNS."""
        texts = self.records["TXT"].values if "TXT" in self.records else ()
        return frozenset(text.strip().removeprefix(VALUE) for text in texts if text.strip().startswith(VALUE))

    def proves(self, token: str) -> bool | None:
        """Whether the token's proof is there; None: that is not known."""
        if token in self.tokens:
            return True
        texts = self.records.get("TXT", Agreed(known=False))
        # What some see and some do not is on its way, in or out.
        return False if texts.known and f"{VALUE}{token}" not in texts.disputed else None

    def told(self) -> dict[str, list[str]]:
        """As it is kept: the values by record type. A type is missing that is not known, or all disputed."""
        return {
            kind: list(agreed.values)
            for kind, agreed in self.records.items()
            if agreed.known and (agreed.values or not agreed.disputed)
        }


@dataclass(frozen=True, slots=True)
class Record:
    """A record to set, or another way to the same end: what it must be, beside what was found last.

    `right`: True or False; None where it has not been looked for yet. `value` is "" where any will do.
    """

    type: str
    name: str
    value: str
    why: str
    found: tuple[str, ...] = ()
    right: bool | None = None


# --- Asking ----------------------------------------------------------------------------------------------------------


def look_up(name: str) -> Seen:
    """What DNS says of a canonical name. Takes as long as the slowest resolver, at most some seconds; never raises."""
    at = timezone.now()
    try:
        resolvers = _resolvers()
    except dns.exception.DNSException:
        return Seen(name, at, problem="This machine has no resolver; DNS_RESOLVERS may name some.")
    questions = [(f"{PROOF}.{name}", "TXT"), (name, "A"), (name, "AAAA")]
    if settings.EDGE_CNAME:
        questions += [(settings.EDGE_CNAME, kind) for kind in ADDRESSES]
    if settings.ACME_CAA_DOMAIN:
        questions += [(above, "CAA") for above in _up_to_registered(name)]
    answers = _ask_all(resolvers, questions)
    records = {kind: _agree(answers[asked, kind]) for asked, kind in questions[:3]}
    records["CNAME"] = _agreed_chain(answers[name, "A"] + answers[name, "AAAA"], len(resolvers))
    if settings.EDGE_CNAME:
        edge = [_agree(answers[settings.EDGE_CNAME, kind]) for kind in ADDRESSES]
        records["EDGE"] = Agreed(all(one.known for one in edge), tuple(sorted({*edge[0].values, *edge[1].values})))
    if settings.ACME_CAA_DOMAIN:
        records["CAA"] = _nearest([_agree(answers[above, "CAA"]) for above in _up_to_registered(name)])
    unknown = [kind for kind, agreed in records.items() if not agreed.known]
    problem = f"Too few resolvers answered for {', '.join(unknown)}: {_reasons(answers)}" if unknown else ""
    return Seen(name, at, records, problem)


def _up_to_registered(name: str) -> list[str]:
    labels, end = name.split("."), registered(name)
    return [".".join(labels[start:]) for start in range(len(labels) - end.count("."))]


def _resolvers() -> list[dns.resolver.Resolver]:
    if not settings.DNS_RESOLVERS:
        # Its several addresses are one resolver: the next is asked where the one before is silent.
        return [_hurried(dns.resolver.Resolver(configure=True))]
    resolvers = []
    for text in settings.DNS_RESOLVERS:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*_address_and_port(text))]
        resolvers.append(_hurried(resolver))
    return resolvers


def _hurried(resolver: dns.resolver.Resolver) -> dns.resolver.Resolver:
    resolver.lifetime, resolver.timeout, resolver.cache = PATIENCE, PATIENCE / 2, None
    return resolver


def _address_and_port(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", text)
    return (match[1] or match[3], int(match[2] or match[4] or 53)) if match else (text, 53)


def _ask_all(
    resolvers: list[dns.resolver.Resolver], questions: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[Answer]]:
    """Each question of each resolver, side by side."""
    distinct = list(dict.fromkeys(questions))
    pairs = [(resolver, *question) for question in distinct for resolver in resolvers]
    with ThreadPoolExecutor(min(len(pairs), 32), thread_name_prefix="dns") as pool:
        said = list(pool.map(lambda pair: _ask(*pair), pairs))
    count = len(resolvers)
    return {question: said[place * count : (place + 1) * count] for place, question in enumerate(distinct)}


def _ask(resolver: dns.resolver.Resolver, name: str, kind: str) -> Answer:
    try:
        answer = resolver.resolve(f"{name}.", kind, raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN as error:
        return Answer(known=True, chain=_chain_of(error, name))
    except dns.resolver.LifetimeTimeout:
        return Answer(known=False, problem="no answer in time")
    except (dns.exception.DNSException, OSError, ValueError) as error:
        return Answer(known=False, problem=_why(error))
    chain = tuple(str(rdata.target).lower().rstrip(".") for rrset in answer.chaining_result.cnames for rdata in rrset)
    if kind == "TXT" and chain:
        # A proof stands where it belongs: whoever runs what a wildcard alias leads to has proven nothing.
        return Answer(known=True, chain=chain)
    return Answer(known=True, values=frozenset(map(_value, answer.rrset or ())), chain=chain)


def _chain_of(error: dns.resolver.NXDOMAIN, name: str) -> tuple[str, ...]:
    """An alias of something that does not exist is an alias all the same."""
    target = str(error.canonical_name).lower().rstrip(".")
    return () if target == name else (target,)


def _why(error: Exception) -> str:
    if isinstance(error, dns.resolver.NoNameservers):
        rcodes = {dns.rcode.to_text(one[4].rcode()) for one in error.kwargs.get("errors", []) if one[4] is not None}
        return ", ".join(sorted(rcodes)) or "no answer"
    return type(error).__name__


def _value(rdata: Any) -> str:
    kind = dns.rdatatype.to_text(rdata.rdtype)
    if kind == "TXT":
        return _text(b"".join(rdata.strings))
    if kind == "CAA":
        critical = "!" if rdata.flags & _CRITICAL else ""
        return f"{critical}{rdata.tag.decode('ascii', 'replace').lower()} {_text(rdata.value)}"
    return str(rdata.address)


def _text(data: bytes) -> str:
    """As it can be kept: the database's JSON takes no NUL."""
    return data.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _reasons(answers: dict[tuple[str, str], list[Answer]]) -> str:
    problems = Counter(one.problem for said in answers.values() for one in said if one.problem)
    return f"{', '.join(sorted(problems)) or 'they disagree'}."


# --- Agreeing --------------------------------------------------------------------------------------------------------


def _most(count: int) -> int:
    """How many of so many resolvers must say the same: more than half, and so two at least where there are several."""
    return count // 2 + 1


def _agree(answers: Sequence[Answer]) -> Agreed:
    needed = _most(len(answers))
    votes = Counter(value for answer in answers for value in answer.values)
    return Agreed(
        known=sum(answer.known for answer in answers) >= needed,
        values=tuple(sorted(value for value, count in votes.items() if count >= needed)),
        disputed=tuple(sorted(value for value, count in votes.items() if count < needed)),
    )


def _agreed_chain(answers: Sequence[Answer], resolvers: int) -> Agreed:
    """The aliases, nearest first, that most resolvers met on their way to an address of either kind."""
    chains = Counter(answer.chain for answer in answers if answer.known)
    chain, count = chains.most_common(1)[0] if chains else ((), 0)
    return Agreed(known=sum(answer.known for answer in answers) >= _most(resolvers), values=chain if count else ())


def _nearest(up: Sequence[Agreed]) -> Agreed:
    """The CAA records that count; not known where a name nearer by is not known."""
    for agreed in up:
        if not agreed.known or agreed.values or agreed.disputed:
            return agreed
    return Agreed(known=True)


# --- Judging ---------------------------------------------------------------------------------------------------------


def points_here(seen: dict[str, list[str]]) -> bool | None:
    """Whether the name leads to the edge, by what is kept of `Seen.told()`; None: that is not known.

    Every address must be the edge's: of a right one and a wrong one, some readers and the certificate authority meet
    the wrong one.
    """
    if "A" not in seen or "AAAA" not in seen:
        return None
    found, edge = {*seen["A"], *seen["AAAA"]}, {*map(_same, _edge(seen))}
    if not (settings.EDGE_ADDRESSES or settings.EDGE_CNAME):
        return bool(found)
    if found and settings.EDGE_CNAME in seen.get("CNAME", []):
        return True
    if not edge:
        # Our own name has no address, or was not asked for: that is no fault of theirs.
        return None
    return bool(found) and {*map(_same, found)} <= edge


def _edge(seen: dict[str, list[str]]) -> list[str]:
    return [*settings.EDGE_ADDRESSES, *seen.get("EDGE", [])]


def _same(address: str) -> str:
    return str(ip_address(address))


def may_issue(seen: dict[str, list[str]]) -> bool | None:
    """Whether CAA lets our authority issue for the name; None: that is not known. Without records everybody may."""
    if not settings.ACME_CAA_DOMAIN:
        return True
    if "CAA" not in seen:
        return None
    records = [record.partition(" ")[::2] for record in seen["CAA"]]
    if any(tag.startswith("!") and tag[1:] not in {"issue", "issuewild", "iodef"} for tag, _ in records):
        return False
    issuers = [value.partition(";")[0].strip().lower() for tag, value in records if tag.removeprefix("!") == "issue"]
    return not issuers or settings.ACME_CAA_DOMAIN in issuers


def records(of: Claim | Hostname) -> list[Record]:
    """What is to be set for a claim or a hostname, and what was found last. Asks nobody."""
    standing = None if isinstance(of, Claim) else of.standing
    told, looked = (of.seen, of.checked_at) if isinstance(of, Claim) else (standing.seen, standing.checked_at)  # type: ignore[union-attr]
    token = of.token if isinstance(of, Claim) else standing.token  # type: ignore[union-attr]
    found = told if looked else {}
    wanted = [_proof(of.name, token, found)] if token else []
    if standing is None or standing.proof != standing.Proof.FREE:
        wanted += _addresses(of.name, found)
        wanted += _authorities(of.name, found)
    return wanted


def _proof(name: str, token: str, found: dict[str, list[str]]) -> Record:
    value = f"{VALUE}{token}"
    texts = tuple(found.get("TXT", ()))
    why = "It proves that the name is yours. Leave it there: it is looked for daily."
    return Record("TXT", f"{PROOF}.{name}", value, why, texts, _known("TXT", found, value in texts))


def _addresses(name: str, found: dict[str, list[str]]) -> list[Record]:
    right = points_here(found) if found else None
    by_alias = settings.EDGE_CNAME and name != registered(name)
    why = "It leads readers here."
    if by_alias:
        return [Record("CNAME", name, settings.EDGE_CNAME, why, _led(found), right)]
    by_kind = {"A": 4, "AAAA": 6}
    edge = _edge(found)
    wanted = []
    for kind, version in by_kind.items():
        values = [address for address in edge if ip_address(address).version == version]
        there = tuple(found.get(kind, ()))
        wanted += [
            Record(kind, name, value, why, there, _known(kind, found, _same(value) in map(_same, there)))
            for value in values
        ]
        if there and edge and not values:
            wanted.append(Record(kind, name, "", "Take it away: it leads elsewhere.", there, right=False))
    if not wanted:
        value = settings.EDGE_CNAME
        wanted = [Record("ALIAS" if value else "A", name, value, why, _led(found), right)]
    return wanted


def _led(found: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(one for kind in ("CNAME", *ADDRESSES) for one in found.get(kind, ()))


def _authorities(name: str, found: dict[str, list[str]]) -> list[Record]:
    """Only where CAA records are in the way: without them nothing is to be set."""
    if not found or may_issue(found) is not False:
        return []
    why = "Your CAA records let no other authority make the name's certificate."
    return [
        Record("CAA", registered(name), f'0 issue "{settings.ACME_CAA_DOMAIN}"', why, tuple(found["CAA"]), right=False)
    ]


def _known(kind: str, found: dict[str, list[str]], right: bool) -> bool | None:
    return right if kind in found else None
