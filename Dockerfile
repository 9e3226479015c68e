# raxdash in one image: `web`, `worker` and `beat` are commands of it (see compose.yaml).

FROM node:22-slim AS browser-packages
WORKDIR /raxdash
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /raxdash
COPY requirements.lock .
# pip works from outside: the environment that is copied on has none.
RUN python -m venv /pip && python -m venv --without-pip .venv \
    && /pip/bin/pip --python .venv/bin/python install --require-hashes --only-binary :all: --requirement requirements.lock

FROM python:3.13-slim AS code
ENV PATH=/raxdash/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
RUN useradd --no-log-init --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin raxdash && install --directory --owner raxdash /data
WORKDIR /raxdash
COPY --from=packages /raxdash/.venv .venv
COPY Procfile manage.py package-lock.json ./
COPY common common
COPY rax rax
COPY teams teams
COPY usage usage
COPY playground playground
COPY raxdash raxdash
COPY templates templates
COPY static static
COPY scripts/check_env.py scripts/healthcheck.py scripts/serve.py scripts/
# Compiled once, not at every start; readable also where a checkout is its owner's alone.
RUN python -m compileall -q common rax teams usage playground raxdash scripts \
    && find . -path ./.venv -prune -o ! -perm -o=r -exec chmod a+rX {} +

FROM code AS static-files
COPY --from=browser-packages /raxdash/node_modules node_modules
# They need no secret and no database; local settings serve for this one step.
RUN DATA_DIR=/tmp/build python manage.py prepare --static-only

FROM code
COPY --from=static-files /raxdash/build build
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "scripts/healthcheck.py"]
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec uvicorn raxdash.asgi:application --host $HOST --port $PORT --loop uvloop --http httptools --lifespan on --no-access-log --log-level warning --timeout-graceful-shutdown $((${DRAIN_SECONDS:-20} + 2))"]
