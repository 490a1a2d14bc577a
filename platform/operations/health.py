"""What probes ask, on the internal host alone."""

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from operations.edge.document import document
from sites_core.directory import DirectoryUnavailable, directory
from sites_core.gate import refused

# A directory that the database has not confirmed for this long is no longer what readers should be sent to.
OLDEST_DIRECTORY_SECONDS = 10.0


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; asks nothing of anything else, so that a dead database does not restart it."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where requests can be served; 503 with each failing check's sentence otherwise."""
    checks = {"database": _database(), "directory": _directory()}
    checks["migrations"] = _migrations() if checks["database"] == "ok" else "not asked"
    ready = all(answer == "ok" for answer in checks.values())
    return JsonResponse(
        {
            "status": "ok" if ready else "unready",
            "checks": checks,
            "directory_age_seconds": round(directory.age, 3) if directory.age != float("inf") else None,
            "refused": dict(refused),
            "edge": document.told(),
        },
        status=200 if ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"The database does not answer: {str(error).strip().splitlines()[0]}"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return "ok"
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in missing[:5])
    return f"{len(missing)} migrations are not applied ({names}): run manage.py migrate."


def _directory() -> str:
    try:
        directory.names()
    except DirectoryUnavailable as error:
        return str(error)
    if directory.age > OLDEST_DIRECTORY_SECONDS:
        return f"The hostnames were last confirmed {directory.age:.0f} seconds ago."
    return "ok"
