#!/bin/sh
# Starts Traefik with tls.yml, after putting in what is secret or differs from place to place. Static configuration
# knows no variables, and what stands on a command line anybody of the machine can read.
#   EDGE_TOKEN               what the application asks of an edge
#   MASTHEAD_INTERNAL        where the application answers its internal host: http://staff:8000
#   PLATFORM_DOMAIN          the domain of studio, ops and internal
#   TRUSTED_PROXY_ADDRESSES  whose X-Forwarded-* are believed: "10.0.0.7, 192.0.2.0/24"; usually nobody's
set -eu
: "${EDGE_TOKEN:?set EDGE_TOKEN}" "${MASTHEAD_INTERNAL:?}" "${PLATFORM_DOMAIN:?}"
for value in "$EDGE_TOKEN" "$MASTHEAD_INTERNAL" "$PLATFORM_DOMAIN" "${TRUSTED_PROXY_ADDRESSES:-}"; do
    case $value in *[\|\&\\\"\'\#\[\]\{\}]*) echo "A value has a character that it may not have." >&2; exit 2 ;; esac
done
umask 077
made="${TMPDIR:-/tmp}/traefik.yml"
sed -e "s|MASTHEAD_INTERNAL|$MASTHEAD_INTERNAL|; s|INTERNAL_HOST|internal.$PLATFORM_DOMAIN|" \
    -e "s|Bearer EDGE_TOKEN|Bearer $EDGE_TOKEN|; s|\[TRUSTED_PROXY_ADDRESSES\]|[${TRUSTED_PROXY_ADDRESSES:-}]|" \
    "${0%/*}/tls.yml" > "$made"
exec "${TRAEFIK:-traefik}" --configFile="$made"
