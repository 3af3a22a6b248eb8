# One image for each service: docker build -f deploy/images/service.Dockerfile --build-arg SERVICE=deployer -t ship-it/deployer .
# The build stage knows nothing of SERVICE, so that all services share it.
FROM node:24-bookworm-slim AS build
WORKDIR /src
ENV NX_DAEMON=false CI=true
COPY . .
RUN npm ci --no-audit --no-fund
RUN npx nx run-many -t build --exclude=@shipit/playground

FROM build AS production
ARG SERVICE
RUN test -f "services/$SERVICE/dist/main.js" || { echo "SERVICE must name a folder of services/: '$SERVICE' has no main.js" >&2; exit 1; }
# Only what this service needs, without development tools; workspaces stay links into libs/.
RUN rm -rf node_modules libs/*/node_modules services/*/node_modules \
  && npm ci --omit=dev --no-audit --no-fund --workspace="services/$SERVICE" --include-workspace-root=false
RUN mkdir -p /app/services \
  && cp -r package.json node_modules libs /app/ \
  && cp -r "services/$SERVICE" "/app/services/$SERVICE" \
  && rm -rf /app/libs/*/src /app/libs/*/test /app/libs/embedded /app/libs/testing "/app/services/$SERVICE/src" "/app/services/$SERVICE/test" \
  && if [ "$SERVICE" = api ]; then mkdir -p /app/services/web && cp -r services/web/dist /app/services/web/dist; fi \
  && find /app/node_modules -xtype l -delete

FROM node:24-bookworm-slim
ARG SERVICE
LABEL org.opencontainers.image.title="ship-it ${SERVICE}" org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 SHIPIT_CONFIG=/etc/ship-it/shipit.yaml SHIPIT_PAGE=/app/services/web/dist
COPY --from=production --chown=root:root /app /app
WORKDIR /app/services/${SERVICE}
# A volume mounted here belongs to who uses it: the deployer's CHARTS_CACHE_FOLDER.
RUN install -d -o 1000 -g 1000 -m 0700 /var/cache/ship-it
# The image's own unprivileged user, as a number so that runAsNonRoot can check it.
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
