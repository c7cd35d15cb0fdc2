#!/bin/bash
# swift-s3.sh start|stop DIR PORT - Debian's OpenStack Swift 2.30 with the s3api middleware as an S3 server on one machine, loopback
# only, everything below DIR. Uses PORT..PORT+3 and PORT+9 (memcached). It answers 501 to `If-None-Match` on PUT: the degraded path.
# User: access key "test:tester", secret "testing". Buckets are made by the client.
set -euo pipefail
action=${1:?start or stop}
DIR=${2:?folder}
port=${3:-27580}
cache_port=$((port + 9))
# shellcheck source=scripts/services/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
export PYTHONDONTWRITEBYTECODE=1

write_cluster_config() {
  cat >"$DIR/swift.conf" <<X
[swift-hash]
swift_hash_path_prefix = cairn
swift_hash_path_suffix = cairn
[storage-policy:0]
name = Policy-0
default = yes
X
}

# backend KIND PORT - ring and configuration of one of the three storage servers.
write_backend() {
  local kind=$1 at=$2
  (
    cd "$DIR"
    swift-ring-builder "$kind.builder" create 4 1 1
    swift-ring-builder "$kind.builder" add "r1z1-127.0.0.1:$at/disk" 1
    swift-ring-builder "$kind.builder" rebalance
  ) >>"$DIR/create.out" 2>&1
  cat >"$DIR/$kind.conf" <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $at
workers = 0
user = $(id -un)
swift_dir = $DIR
devices = $DIR/node
mount_check = false
disable_fallocate = true
[pipeline:main]
pipeline = $kind-server
[app:$kind-server]
use = egg:swift#$kind
X
}

write_proxy() {
  cat >"$DIR/proxy.conf" <<X
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 0
user = $(id -un)
swift_dir = $DIR
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth copy bulk slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$cache_port
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
dns_compliant_bucket_names = true
min_segment_size = 5242880
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
X
  local plain
  for plain in catch_errors copy symlink listing_formats bulk slo dlo; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' "$plain" "$plain" >>"$DIR/proxy.conf"
  done
}

start() {
  need swift-ring-builder swift-proxy-server swift-account-server swift-container-server swift-object-server memcached
  if [ ! -f "$DIR/ready" ]; then
    rm -rf "$DIR"
    mkdir -p "$DIR/node/disk"
    write_cluster_config
    write_backend account $((port + 1))
    write_backend container $((port + 2))
    write_backend object $((port + 3))
    write_proxy
  fi
  run memcached memcached -u "$(id -un)" -l 127.0.0.1 -p "$cache_port" -m 32
  local kind
  for kind in account container object; do run "$kind" env "SWIFT_DIR=$DIR" "swift-$kind-server" "$DIR/$kind.conf"; done
  run proxy env "SWIFT_DIR=$DIR" swift-proxy-server "$DIR/proxy.conf"
  wait_for_port "$port" proxy
  wait_for_port $((port + 1)) account
  wait_for_port $((port + 2)) container
  wait_for_port $((port + 3)) object
  touch "$DIR/ready"
}

case $action in
  start) start ;;
  stop) stop proxy object container account memcached ;;
  *) echo "usage: swift-s3.sh start|stop DIR PORT" >&2; exit 2 ;;
esac
