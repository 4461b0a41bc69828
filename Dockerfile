# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
# SQLite, ring and zstd are compiled from C.
RUN apt-get update \
    && apt-get install -y --no-install-recommends build-essential pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Migrations, templates and assets are embedded: the binary is all there is to copy.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package portal --bin kontor \
    && cp target/release/kontor /kontor

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home kontor
COPY --from=build /kontor /usr/local/bin/kontor
COPY LICENSE NOTICE /usr/share/doc/kontor/
USER kontor
# Where var/ is made: the SQLite file, mails of the demo, its keys.
WORKDIR /data
VOLUME /data
ENV KONTOR_BIND=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD curl --fail --silent --output /dev/null http://127.0.0.1:8080/healthz || exit 1
ENTRYPOINT ["kontor"]
CMD ["serve"]
