# Sightline for amd64 and arm64. FFmpeg is Debian's; the bundled one is not in the image.
#   docker build -t sightline .
#   docker run -p 127.0.0.1:8080:8080 -e SIGHTLINE_PUBLIC_URL=http://127.0.0.1:8080 -v sightline:/data sightline
# design/packaging.md says why SIGHTLINE_PUBLIC_URL is asked for.

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build \
 && npm prune --omit=dev \
 && rm -rf node_modules/@ffmpeg-installer/linux-*

FROM node:20-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ffmpeg \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/THIRD_PARTY.md ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/streams streams
COPY --from=build /app/models models
RUN install -d -o node -g node /data
ENV NODE_ENV=production \
    SIGHTLINE_HOST=0.0.0.0 \
    SIGHTLINE_DATA_DIR=/data \
    SIGHTLINE_CACHE_DIR=/data/cache
USER node
# A sightline.yaml that is mounted here is taken.
WORKDIR /config
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SIGHTLINE_PORT || 8080}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "/app/bin/sightline.mjs", "serve"]
