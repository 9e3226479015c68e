# raxdash in one image: `web`, `worker` and `beat` are commands of it (see compose.yaml).

FROM node:22-slim AS browser-packages
WORKDIR /raxdash
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
RUN useradd --system --uid 10001 --home-dir /data raxdash && install --directory --owner raxdash /data
WORKDIR /raxdash
COPY --from=packages /venv /venv
COPY --from=browser-packages /raxdash/node_modules node_modules
COPY manage.py package-lock.json ./
COPY common common
COPY rax rax
COPY teams teams
COPY usage usage
COPY playground playground
COPY raxdash raxdash
COPY templates templates
COPY static static
# Static files need no secret and no database; local settings serve for this one step.
RUN DATA_DIR=/tmp/build python manage.py prepare --static-only && rm -r /tmp/build node_modules
USER raxdash
VOLUME /data
EXPOSE 8000
COPY scripts/healthcheck.py scripts/healthcheck.py
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s CMD ["python", "scripts/healthcheck.py"]
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec uvicorn raxdash.asgi:application --host $HOST --port $PORT --loop uvloop --http httptools --no-access-log --log-level warning --timeout-graceful-shutdown $((${DRAIN_SECONDS:-20} + 2))"]
