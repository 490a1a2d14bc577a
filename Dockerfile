# The production image: the code, the library set of uv.lock without the embedded services, a user without rights.
FROM python:3.13-slim AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /masthead
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-default-groups --group production --no-install-project
COPY . .
RUN uv sync --frozen --no-default-groups --group production
# Static files get hashed names and compressed twins here; the values below are needed to load the settings, not used.
RUN SECRET_KEY=collecting-static-files-needs-a-key-and-keeps-none-of-it \
    PLATFORM_DOMAIN=platform.example SITES_DOMAIN=sites.example MEDIA_ROOT=/srv/media \
    DATABASE_URL=postgres://unused/unused REDIS_URL=redis://unused/0 DJANGO_SETTINGS_MODULE=settings.production \
    .venv/bin/python manage.py collectstatic --no-input

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent masthead && install -d -o masthead /srv/media
WORKDIR /masthead
COPY --from=build /masthead /masthead
ENV PATH=/masthead/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=settings.production MEDIA_ROOT=/srv/media BIND=0.0.0.0:8000
USER 10001
EXPOSE 8000
# settings/gunicorn.py holds what it is told: above all, that no header of a client becomes part of the WSGI environment's
# routing. For readers `python -m settings.granian` is the other choice.
CMD ["python", "-m", "settings.gunicorn"]
