# The steps are the same make targets that a checkout uses.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make=4.3-4.1 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/upheld
COPY . .
RUN make runtime

FROM python:3.11-slim-bookworm
RUN useradd --create-home --uid 10001 upheld && install -d -o upheld /data
COPY --from=build /opt/upheld /opt/upheld
USER 10001
# So that ./data, where the service looks by itself, is /data.
WORKDIR /
# Two arenas of memory are enough for its threads, and a busy worker stays some 15 MB smaller.
ENV PATH=/opt/upheld/.venv/bin:$PATH MALLOC_ARENA_MAX=2
EXPOSE 8000
VOLUME /data
# Mount /data with a build in it; without one the bundled sample is built there and served.
HEALTHCHECK --start-period=120s --interval=30s --timeout=5s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["upheld", "serve", "--host", "0.0.0.0"]
