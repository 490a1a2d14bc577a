"""Constraints that Django's models cannot state, as reversible migration operations."""

from django.db.migrations import RunSQL
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


def foreign_key(
    name: str, table: str, columns: str, target: str, target_columns: str, *, on_delete: str = "NO ACTION"
) -> RunSQL:
    """A named, deferred foreign key over one or more columns.

    Over two columns it makes a link between two tenants impossible in the database, not only in forms. `on_delete` is
    SQL's own, so that deleting a site by SQL alone works as it does through the ORM.
    """
    return RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {target} ({target_columns}) "
        f"ON DELETE {on_delete} DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class WatchChanges(AddTrigger):
    """pgtrigger's operation, without building the state's models anew: a trigger changes no field of theirs.

    With it, an empty database is migrated in half of the time.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]
