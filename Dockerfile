# The server in an image: docs/deploy.md says how to run it, and how to build it from a base image of a fixed digest. The tag is not
# pinned here: it gets the security fixes of Node and Debian with each build.
FROM node:24-bookworm-slim AS build
WORKDIR /source
COPY . .
RUN npm ci
RUN mkdir /app \
  && cp -a packages/cli/bin packages/cli/program packages/cli/package.json packages/cli/LICENSE /app \
  && rm /app/program/failpoints.js

FROM node:24-bookworm-slim
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /opt/yarn* \
  && rm -f /usr/local/bin/yarn /usr/local/bin/yarnpkg \
  && ln -s /app/bin/message-sender.js /usr/local/bin/message-sender \
  && install -d -o node -g node -m 0700 /data
COPY --from=build /app /app
# A server that listens on more than loopback needs API_KEYS_FILE.
ENV NODE_ENV=production HOST=0.0.0.0
USER node
# The SQLite file, .env, the tenants file and the API keys. Nothing else is written.
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["message-sender"]
CMD ["serve"]
