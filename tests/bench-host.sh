#!/usr/bin/env bash
# Measures the whole program: with BENCH_DIR=FOLDER by the compare.sh there (BENCH_ARGS are its
# arguments), otherwise on the stub core of tests/stub. Prints a table.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${BENCH_DIR:-}" ]; then
  [ -x "$BENCH_DIR/compare.sh" ] || { echo "BENCH_DIR=$BENCH_DIR has no compare.sh" >&2; exit 2; }
  tmp=$(mktemp -d)
  trap 'rm -rf "$tmp"' EXIT
  CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$tmp/simplex-lua" ./cmd/simplex-lua
  cat > "$tmp/bot.lua" <<'END'
bot.configure { profile = { display_name = "Squarer" }, welcome = "Send a number." }
local pause = tonumber(os.getenv("BENCH_SLEEP_MS"))
bot.on_message({ content_type = "text" }, function(msg)
  local n = tonumber(msg.text)
  if pause then sleep(pause / 1000) end
  if n then msg:reply(("%.14g * %.14g = %.14g"):format(n, n, n * n)) end
end)
END
  # Each run of the host gets a data folder of its own.
  cat > "$tmp/run" <<END
#!/bin/sh
exec "$tmp/simplex-lua" run --allow env=BENCH_SLEEP_MS --data "\$(mktemp -d "$tmp/data.XXXXXX")" "$tmp/bot.lua"
END
  chmod +x "$tmp/run"
  eval "set -- ${BENCH_ARGS:--r 3}" # they may hold quoted words
  "$BENCH_DIR/compare.sh" "$@" --with lua="$tmp/run"
  exit
fi

bench() { CGO_ENABLED=0 go test -run '^$' -count "${ROUNDS:-3}" -bench "$1" -benchtime "$2" ./tests; }
{
  bench '^BenchmarkFlood$' "${EVENTS:-20000}x"
  bench '^BenchmarkPing$' "${PINGS:-1000}x"
  bench '^BenchmarkStart$' "${STARTS:-20}x"
} | awk '
  /^(FAIL|---|panic)/ { bad = 1 }
  bad { print > "/dev/stderr" }
  /^cpu:/ { sub(/^cpu: /, ""); cpu = $0 }
  /^Benchmark/ {
    sub(/^Benchmark/, "", $1); sub(/-[0-9]+$/, "", $1)
    for (i = 3; i < NF; i += 2) if ($(i + 1) != "ns/op") {
      key = $1 SUBSEP $(i + 1)
      if (!(key in n)) order[++keys] = key
      value[key, ++n[key]] = $i
    }
  }
  function median(key,   i, j, t, k) {
    k = n[key]
    for (i = 1; i <= k; i++) for (j = i + 1; j <= k; j++)
      if (value[key, j] + 0 < value[key, i] + 0) { t = value[key, i]; value[key, i] = value[key, j]; value[key, j] = t }
    return value[key, int((k + 1) / 2)]
  }
  END {
    if (bad || !keys) exit 1
    printf "%-14s %-14s %12s\n", "scenario", "figure", "median"
    for (i = 1; i <= keys; i++) { split(order[i], part, SUBSEP); printf "%-14s %-14s %12s\n", part[1], part[2], median(order[i]) }
    print "on " cpu
  }'
