"""What would fail at the authority is seen before it is asked: where the name leads, and who may issue for it."""

from django.conf import settings

from domains.checking import is_asked
from domains.dns import look_up, may_issue, points_here
from sites_core.hostnames import unicode_hostname
from sites_core.models import Hostname


def precheck(name: str) -> str:
    """Why the authority would refuse the name, in a sentence; "" where nothing speaks against it.

    What DNS did not tell us speaks against nothing: the authority has resolvers of its own.
    """
    hostname = Hostname.objects.filter(name=name).first()
    if hostname is None or not is_asked(hostname):
        return ""
    told = look_up(name).told()
    if points_here(told) is False:
        return f"{unicode_hostname(name)} does not lead here, so that the certificate authority would ask elsewhere."
    if may_issue(told) is False:
        return f"The CAA records of {unicode_hostname(name)} do not name {settings.ACME_CAA_DOMAIN}."
    return ""
