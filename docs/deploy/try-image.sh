#!/bin/sh
# Runs the steps of the Containerfile that need no container engine: builds the
# program as it does, and holds the program in an image's environment to what the
# image relies on. Run it in the project's folder.
set -eu
file=docs/deploy/Containerfile
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

build=$(sed -n 's/^RUN \(CGO_ENABLED=0 go build .*\)$/\1/p' "$file")
test -n "$build" || { echo "$file has no build step"; exit 1; }
mkdir "$root/out" "$root/data" "$root/bots"
sh -c "$(printf '%s' "$build" | sed "s|/out/|$root/out/|")"

health=$(sed -n 's/^ CMD \(simplex-lua status .*\)$/\1/p' "$file" | sed "s|/data|$root/data|")
test -n "$health" || { echo "$file has no health check"; exit 1; }
inside() {
  (cd "$root/bots" && env -i PATH="$root/out:$PATH" STATE_DIRECTORY="$root/data" XDG_CACHE_HOME="$root/data/cache" \
    SIMPLEX_LUA_LOG_FORMAT=json sh -c "$1")
}
inside 'simplex-lua version' >/dev/null
code=0
inside "$health" 2>/dev/null || code=$?
test "$code" = 1 || { echo "the health check without a bot: exit code $code, want 1"; exit 1; }
code=0
inside 'simplex-lua run' 2>"$root/said" || code=$?
test "$code" = 2 || { echo "run without a bot: exit code $code, want 2"; cat "$root/said"; exit 1; }
echo "the image's steps are well"
