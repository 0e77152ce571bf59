# syntax=docker/dockerfile:1
# The gateway as a container: docker build --tag revka-channels .  compose.yaml runs it.

FROM node:24-slim AS build
WORKDIR /src
RUN npm install --global pnpm@12
COPY . .
RUN pnpm install --frozen-lockfile && pnpm build
RUN pnpm --filter @revka/gateway deploy --prod --legacy /app

FROM node:24-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=65534 --group=65534 --mode=0700 /data
COPY --from=build /app /app
ENV NODE_ENV=production HOME=/data
USER 65534:65534
WORKDIR /data
# Configuration and state: /data/.revka
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=10s --retries=3 CMD ["node", "/app/dist/cli.js", "status", "--format=exit-code"]
ENTRYPOINT ["tini", "--", "node", "/app/dist/cli.js"]
CMD ["daemon"]
