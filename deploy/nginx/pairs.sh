#!/bin/sh
# Makes nginx's list of certificates from the one that `manage.py edge sync DIR` keeps for Traefik, and has nginx read it
# where it is another than before. With --watch it stays and looks each second.
#   pairs.sh DIR [--watch]
#   NGINX_RELOAD  what has nginx read its configuration: "nginx -s reload"
set -eu
dir=${1:?say which folder edge sync keeps}
made="$dir/nginx-pairs.map"

lines() {
    [ -f "$dir/masthead-names.yml" ] || return 0
    sed -n 's|.*"certFile": "\(.*\)\.crt".*|\1|p' "$dir/masthead-names.yml" | while read -r stem; do
        # The file of *.example.com is called _.example.com-<serial>.
        name=$(basename "${stem%-*}" | sed 's|^_\.|*.|')
        printf '%s %s;\n' "$name" "$stem"
    done
}

while :; do
    lines > "$made.new"
    if [ -f "$made" ] && cmp -s "$made" "$made.new"; then
        rm "$made.new"
    else
        mv "$made.new" "$made"
        # Before nginx has been started there is nobody to tell.
        ${NGINX_RELOAD:-nginx -s reload} || true
    fi
    [ "${2:-}" = --watch ] || exit 0
    sleep 1
done
