# Shared by the start scripts of this folder; sourced, not run. Expects DIR, the server's private folder.

# run NAME COMMAND... - starts a server in the background; its output goes to DIR/NAME.out, its process id to DIR/NAME.pid.
run() {
  local name=$1
  shift
  setsid "$@" >"$DIR/$name.out" 2>&1 </dev/null &
  echo $! >"$DIR/$name.pid"
}

# wait_for_port PORT NAME - until somebody listens on loopback; fails when NAME dies or after 60 s.
wait_for_port() {
  local _
  for _ in $(seq 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
    kill -0 "$(cat "$DIR/$2.pid")" 2>/dev/null || break
    sleep 0.1
  done
  echo "$2 does not listen on port $1:" >&2
  tail -n 20 "$DIR/$2.out" >&2
  return 1
}

# stop NAME... - asks each to end, in this order, and kills what has not ended after 10 s.
stop() {
  local name pid _
  for name in "$@"; do
    pid=$(cat "$DIR/$name.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
    rm -f "$DIR/$name.pid"
  done
}

need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || { echo "$program is not installed; see install.sh" >&2; exit 3; }
  done
}
