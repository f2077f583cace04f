#!/bin/sh
# Follows events, and goes on where it was after a restart: the last id is kept in a file.
# SIGHTLINE_URL=https://sightline.lan SIGHTLINE_TOKEN=… sh follow.sh [POSITION_FILE]
url=${SIGHTLINE_URL:-http://127.0.0.1:8080}
position=${1:-position}
# The token comes by standard input, and is in no list of processes.
while :; do
  printf '%s\n' ${SIGHTLINE_TOKEN:+"header = \"Authorization: Bearer $SIGHTLINE_TOKEN\""} |
    curl --silent --show-error --no-buffer --fail --config - \
      --header "Last-Event-ID: $(cat "$position" 2>/dev/null || echo 0)" \
      "$url/api/v1/stream/sse?topic=event" |
    while IFS= read -r line; do
      case $line in
        'id: '*) id=${line#id: } ;;
        'data: '*) printf '%s\n' "${line#data: }" ;;
        '') [ -z "$id" ] || { echo "$id" >"$position.new" && mv "$position.new" "$position"; }; id= ;;
      esac
    done
  sleep 1
done
