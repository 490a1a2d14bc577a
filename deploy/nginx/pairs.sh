#!/bin/sh
# Makes nginx's list of certificates from the one that `manage.py edge sync DIR` keeps for Traefik, and has nginx read it
# where it is another than before. With --watch it stays and looks each second.
#   pairs.sh DIR [--watch]
#   NGINX_RELOAD  what has nginx read its configuration: "nginx -s reload"
#   NGINX_PAIRS   the list that it makes, in a folder where nobody else writes: /etc/nginx/masthead-pairs.map
set -eu
dir=${1:?say which folder edge sync keeps}
made=${NGINX_PAIRS:-/etc/nginx/masthead-pairs.map}

lines() {
    [ -f "$dir/masthead-names.yml" ] || return 0
    sed -n 's|.*"certFile": "\(.*\)\.crt".*|\1|p' "$dir/masthead-names.yml" | while read -r stem; do
        # The file of *.example.com is called _.example.com-<serial>.
        name=$(basename "${stem%-*}" | sed 's|^_\.|*.|')
        printf '%s %s;\n' "$name" "$stem"
    done | grep -E '^[a-z0-9*.-]+ /[A-Za-z0-9/._-]+;$' || true # nginx's master reads it as root: nothing but pairs
}

while :; do
    lines > "$made.new"
    if { [ ! -s "$made.new" ] && [ -s "$made" ]; } ||
        { [ ! -e "$made.unread" ] && [ -f "$made" ] && cmp -s "$made" "$made.new"; }; then
        # The same, or a list that could not be read: nginx keeps what it has.
        rm "$made.new"
    else
        mv "$made.new" "$made"
        # Before nginx has been started there is nobody to tell; what was not read is told again.
        : > "$made.unread"
        ${NGINX_RELOAD:-nginx -s reload} && rm -f "$made.unread" || true
    fi
    [ "${2:-}" = --watch ] || exit 0
    sleep 1
done
