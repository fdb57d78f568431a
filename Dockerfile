# The controller with what it starts: git, ssh, GnuPG and the Terraform CLI.
# Images are pinned to exact versions. To pin them to content too, give references with digests, as docs/guide/image.md says:
#   docker build --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:… .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
ARG TERRAFORM_IMAGE=hashicorp/terraform:1.11.4

FROM ${TERRAFORM_IMAGE} AS terraform

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY controller ./controller
COPY crds ./crds
COPY manifests ./manifests
# The image's own Node runs the program, so the one that npm brings for clones stays out.
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS final
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Steersman" \
      org.opencontainers.image.description="GitOps for Amazon ECS: the verified version takes the traffic" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates git gnupg openssh-client tini \
 && rm -rf /var/lib/apt/lists/* \
 && rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn-* \
 && groupadd --gid 10001 steersman \
 && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin steersman \
 && install -d -o 10001 -g 10001 -m 0750 /data /etc/steersman \
 && printf '#!/bin/sh\nexec node --max-semi-space-size=8 --enable-source-maps /app/dist/controller/main.js "$@"\n' > /usr/local/bin/steersman \
 && chmod 0755 /usr/local/bin/steersman
COPY --from=terraform /bin/terraform /usr/local/bin/terraform
COPY --from=build /build/node_modules /app/node_modules
COPY --from=build /build/dist /app/dist
# Of glibc: buffers of answers go back to the system at once, instead of leaving holes (a sixth of the memory of 1,500 releases).
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=32768 \
    MALLOC_TRIM_THRESHOLD_=65536 \
    STEERSMAN_COMMIT="${REVISION}" \
    HOME=/data \
    CHECKPOINT_DISABLE=1 \
    TF_IN_AUTOMATION=1 \
    STEERSMAN_HEALTH_URL=http://127.0.0.1:8080/healthz
# Nothing but /data and /tmp is written: run it with --read-only, a volume at /data and a tmpfs at /tmp.
VOLUME ["/data"]
WORKDIR /data
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(process.env.STEERSMAN_HEALTH_URL,{signal:AbortSignal.timeout(4000)}).then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--", "steersman"]
CMD ["run", "--config", "/etc/steersman"]
