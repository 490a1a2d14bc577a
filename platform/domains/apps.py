from django.apps import AppConfig


class Domains(AppConfig):
    name = "domains"

    def ready(self) -> None:
        from domains.leaving import forget
        from tenants.leaving import tenant_leaves

        tenant_leaves.connect(forget)
