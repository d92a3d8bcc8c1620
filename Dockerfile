# One image for web, worker and beat. Stages: front-end packages, Python packages and static files, what runs.

FROM node:22-bookworm-slim AS node
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund

FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock /build/
RUN pip install --prefer-binary --require-hashes -r /build/requirements.lock
WORKDIR /app
COPY --from=node /build/node_modules ./node_modules
COPY . .
# The key only lets Django start; what is built here holds no secret.
RUN SECRET_KEY=only-while-building VAR_DIR=/app/built python manage.py build_fonts \
 && SECRET_KEY=only-while-building VAR_DIR=/app/built python manage.py collectstatic --noinput

FROM python:3.12-slim-bookworm
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /app portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/throughline BIND=0.0.0.0:8000
COPY --from=build /venv /venv
COPY --from=build --chown=10001 /app /app
RUN mkdir -p /var/lib/throughline/media && mv /app/built/* /var/lib/throughline/ && chown -R portal /var/lib/throughline
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/readyz', headers={'Host': 'localhost'}))"]
CMD ["gunicorn", "-c", "python:portal.gunicorn", "portal.wsgi"]
