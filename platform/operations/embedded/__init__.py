"""The services that `manage.py up` brings along: PostgreSQL, Redis and Traefik, and the application between them."""
