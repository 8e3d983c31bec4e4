#!/usr/bin/env bash
# Docker for the tests with real containers, in CI. Never fails: without Docker those tests are skipped, and say so.
#
#   docker.sh start    installs Docker and mmdebstrap from Debian where they are missing, starts a daemon where none
#                      answers, and builds the images
#   docker.sh stop     ends the daemon that start started
set -u
cd "$(dirname "$0")/.."

state=.anneal/ci-docker
pid_file=$state/dockerd.pid
packages=(docker.io iptables mmdebstrap docker-compose)

answers() { docker info > /dev/null 2>&1; }

give_up() {
  echo "CI goes on without Docker: $1" >&2
  exit 0
}

start() {
  mkdir -p "$state"
  if ! answers || ! command -v mmdebstrap > /dev/null; then
    [ "$(id -u)" = 0 ] || give_up 'no daemon answers, and only root can start one'
    command -v apt-get > /dev/null || give_up 'no daemon answers, and this is no Debian'
    install > "$state/apt.log" 2>&1 || give_up "apt-get failed: $(tail -n 2 "$state/apt.log")"
  fi
  answers || start_daemon
  timeout 900 npm run --silent images || give_up 'the images could not be built'
}

install() {
  export DEBIAN_FRONTEND=noninteractive
  # The package would start a daemon of its own where there is an init system.
  dpkg -s "${packages[@]}" || { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; }
}

start_daemon() {
  setsid nohup dockerd > "$state/dockerd.log" 2>&1 < /dev/null &
  echo $! > "$pid_file"
  for _ in $(seq 120); do
    answers && return
    kill -0 "$(cat "$pid_file")" 2> /dev/null || break
    sleep 0.5
  done
  stop
  give_up "dockerd did not start: $(tail -n 3 "$state/dockerd.log")"
}

stop() {
  [ -f "$pid_file" ] || return 0
  local pid
  pid=$(cat "$pid_file")
  rm -f "$pid_file"
  kill "$pid" 2> /dev/null || return 0
  for _ in $(seq 60); do
    kill -0 "$pid" 2> /dev/null || return 0
    sleep 0.5
  done
  kill -KILL "$pid" 2> /dev/null || true
}

"$1"
