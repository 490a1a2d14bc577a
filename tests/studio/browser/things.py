"""Makes, in a running Masthead that has the demo, one of everything that the studio has a page of.

It goes through no form, for it is not what is tested, and runs in a process of its own: `manage.py shell`.
"""

import json
import sys
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sites.models import Site

from publishing import drafting
from publishing.models import Image
from publishing.writing import revise
from tenants.models import Tenant, User
from tenants.roles import Role
from tenants.scope import tenant_scope
from tests.cast import House, article_on, member, signed_in
from tests.studio.rows import objects_of

TITLE = "Of the harbour that was frozen, and of all who had not seen that for more than forty years until last Tuesday"
BODY = """<p>It began on a <em>cold</em> Tuesday.<sup class="footnote-ref"><a href="#fn-1" id="r-1">1</a></sup></p>
<h2>What the harbour saw</h2>
<p><img src="{picture}" alt="A harbour"></p>
<figure class="embed"><a href="https://youtu.be/dQw4w9WgXcQ">A film of the harbour</a></figure>
<table><thead><tr><th>Year</th><th>Ships</th></tr></thead><tbody><tr><td>1987</td><td>{long}</td></tr></tbody></table>
<pre><code class="language-python">ships = [ship for ship in harbour if ship.is_frozen and not ship.has_left(1987)]
</code></pre>
<section class="footnotes"><ol>
<li id="fn-1"><p>In March. <a class="footnote-backref" href="#r-1">↩</a></p></li></ol></section>"""


def tell() -> None:
    """Prints as JSON: the arguments of the studio's URLs; the session of an owner, and of one who signs in by more
    than a password; the name of the cookie that each is for."""
    tenant = Tenant.objects.get(slug="acme")
    with tenant_scope(tenant):
        people = {role.value: member(tenant, f"every-{role.value}", role) for role in Role}
        people["guarded"] = member(tenant, "every-guarded", Role.OWNER)
        sites = {site.domain: site for site in Site.objects.filter(ownership__tenant=tenant).order_by("pk")}
        arguments = _things(House(tenant, sites, people)) | {"passkey_id": _guard(people["guarded"])}
    sessions = {name: _session_of(people[name]) for name in ("owner", "guarded")}
    sys.stdout.write(json.dumps({"arguments": arguments, "sessions": sessions, "cookie": settings.SESSION_COOKIE_NAME}))


def _things(house: House) -> dict[str, Any]:
    """By the names of the arguments. The owner has unsaved words on the article, beside what was saved since."""
    image = Image.objects.order_by("pk")[0]
    body = BODY.format(picture=image.url_for(480), long="forty-" * 30)
    article = article_on(house, *house.sites, title=TITLE, body=body, body_format="html", lead_image=image)
    words = {"title": "Mine", "body": body.replace("cold", "wet"), "body_format": "html"}
    drafting.keep(article=article, by=house.people["owner"], base=1, words=words, version=0)
    revise(article=article, by=house.people["author"], body=body.replace("cold", "dark"))
    arguments = objects_of(house, article, next(iter(house.sites.values())), "every-page")
    # The rows' own picture has no files.
    Image.objects.filter(pk=arguments["image_id"]).delete()
    own = {"image_id": image.pk, "picture_file": image.url_for(480).rpartition("/")[2]}
    return {**arguments, **own, "tenant": house.tenant.slug, "article_id": article.pk}


def _guard(user: User) -> int:
    """An app, recovery codes and a passkey, by which nobody will sign in; the passkey's number."""
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    passkey = {"name": "A key", "credential": {}}
    return int(Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=passkey).pk)


def _session_of(user: User) -> str:
    """Its key; the password was typed just now."""
    session = signed_in(user, "studio").session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return str(session.session_key)
