#!/bin/sh
# Writes the clip of an event into a file.
# SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… sh clip.sh EVENT FILE
url=${SIGHTLINE_URL:-http://127.0.0.1:8080}
printf '%s\n' ${SIGHTLINE_TOKEN:+"header = \"Authorization: Bearer $SIGHTLINE_TOKEN\""} |
  curl --silent --show-error --fail --config - --output "$2" "$url/api/v1/events/$1/clip.mp4"
