#!/bin/sh
# Fetch a token and ask for a person: scripts/try_assistance.sh [TOPIC] [DESCRIPTION]
#
# BASE_URL       where the server is; default http://127.0.0.1:8000
# OIDC_TOKEN_URL with OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: a token by client credentials (OIDC_AUDIENCE is sent too)
# without them   a token by `assistant token create`, with the signing key of DATA_DIR
set -eu

base=${BASE_URL:-http://127.0.0.1:8000}
topic=${1:-sales}
description=${2:-I would like to talk to a person.}

if [ -n "${OIDC_TOKEN_URL:-}" ]; then
    # The secret goes in by standard input, so that it is in no list of processes.
    answer=$(printf 'user = "%s:%s"\n' "$OIDC_CLIENT_ID" "$OIDC_CLIENT_SECRET" | curl --silent --show-error --fail-with-body \
        --config - --data-urlencode grant_type=client_credentials --data-urlencode scope=request-assistance \
        ${OIDC_AUDIENCE:+--data-urlencode "audience=$OIDC_AUDIENCE"} "$OIDC_TOKEN_URL")
    token=$(printf '%s' "$answer" | python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
else
    token=$(assistant token create --scope request-assistance --expires 5m --subject try-assistance)
fi

body=$(python3 -c 'import json, sys; print(json.dumps({"topic": sys.argv[1], "description": sys.argv[2]}))' \
    "$topic" "$description")
printf 'header = "Authorization: Bearer %s"\n' "$token" | curl --silent --show-error --fail-with-body --config - \
    --header 'Content-Type: application/json' --data "$body" "$base/assistance"
echo
