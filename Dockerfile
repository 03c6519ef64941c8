# Built in one stage, run in another: what compiles and installs is not there when it runs.
FROM python:3.11-slim AS built
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# durable-rules is published as source alone, so there must be a compiler; it stays behind in this stage.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/aboveline
# The locked dependencies first: they change less often than we do.
COPY requirements.txt ./
RUN /opt/aboveline/bin/pip install --require-hashes --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY engine ./engine
COPY rules ./rules
# What builds the package is needed here only, and is not of the locked ones.
RUN python -m venv /opt/building \
    && /opt/building/bin/pip install "setuptools>=77" \
    && /opt/building/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheels . \
    && /opt/aboveline/bin/pip install --no-deps --no-index /build/wheels/*.whl \
    && /opt/aboveline/bin/aboveline --version

FROM python:3.11-slim
ARG BUILD_NUMBER=unknown
ARG GIT_REF=unknown
ENV PATH=/opt/aboveline/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ABOVELINE_HOST=0.0.0.0 \
    ABOVELINE_PORT=8000 \
    ABOVELINE_ENVIRONMENT=production \
    BUILD_NUMBER=$BUILD_NUMBER \
    GIT_REF=$GIT_REF
RUN groupadd --gid 2000 aboveline \
    && useradd --uid 2000 --gid 2000 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin aboveline
COPY --from=built /opt/aboveline /opt/aboveline
# Its root may be read-only: only /tmp is written to, for uploads while they come in.
USER 2000:2000
WORKDIR /tmp
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as it; it.urlopen('http://127.0.0.1:' + os.environ['ABOVELINE_PORT'] + '/health/liveness', timeout=4)"]
ENTRYPOINT ["aboveline"]
CMD ["serve", "--no-worker"]
