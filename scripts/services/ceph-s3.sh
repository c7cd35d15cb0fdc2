#!/bin/bash
# ceph-s3.sh start|stop DIR PORT - Debian's Ceph 16 as an S3 server on one machine: monitor, one OSD (BlueStore on a sparse
# file), radosgw. Loopback only, everything below DIR. Uses PORT, PORT+1 and PORT+10..PORT+60. A second start on the same DIR
# keeps the data. DIR must be short: Unix sockets below it are limited to 107 characters.
# User: access key "cairnaccess", secret "cairnsecretcairnsecret". Buckets are made by the client.
set -euo pipefail
action=${1:?start or stop}
DIR=${2:?folder}
port=${3:-27480}
monitor_port=$((port + 1))
# shellcheck source=scripts/services/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
conf="$DIR/ceph.conf"

write_config() {
  cat >"$conf" <<X
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = [v2:127.0.0.1:$monitor_port]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
ms_bind_port_min = $((port + 10))
ms_bind_port_max = $((port + 60))
# radosgw 16 does not start without cephx.
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
auth_allow_insecure_global_id_reclaim = false
keyring = $DIR/keyring
run_dir = $DIR
admin_socket = $DIR/\$name.asok
log_file = $DIR/\$name.log
crash_dir = $DIR/crash
# One disk: no copies, few placement groups.
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
[mon]
mon_data = $DIR/mon
mon_data_avail_crit = 1
[osd]
osd_data = $DIR/osd
osd_objectstore = bluestore
osd_memory_target = 1073741824
bluestore_block_create = true
bluestore_block_size = 8589934592
bluestore_cache_autotune = false
bluestore_cache_size = 134217728
[client]
rgw_data = $DIR/rgw
rgw_enable_usage_log = false
rgw_gc_obj_min_wait = 60
X
}

create_cluster() {
  rm -rf "$DIR"
  mkdir -p "$DIR/mon" "$DIR/osd" "$DIR/rgw"
  write_config
  cat /proc/sys/kernel/random/uuid >"$DIR/osd.uuid"
  local fsid
  fsid=$(sed -n 's/^fsid = //p' "$conf")
  {
    ceph-authtool --create-keyring "$DIR/keyring" --gen-key -n mon. --cap mon 'allow *'
    ceph-authtool "$DIR/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    ceph-authtool "$DIR/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    ceph-authtool "$DIR/keyring" --gen-key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'
    monmaptool --create --clobber --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port]" "$DIR/monmap"
    ceph-mon -c "$conf" --mkfs -i a --monmap "$DIR/monmap" --keyring "$DIR/keyring"
  } >"$DIR/create.out" 2>&1
}

create_osd() {
  timeout 60 ceph -c "$conf" osd new "$(cat "$DIR/osd.uuid")" >/dev/null
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$(cat "$DIR/osd.uuid")" >>"$DIR/create.out" 2>&1
}

wait_for_osd() {
  local _
  for _ in $(seq 150); do
    if timeout 10 ceph -c "$conf" osd stat 2>/dev/null | grep -q '1 up'; then return 0; fi
    sleep 0.2
  done
  echo "the OSD does not come up:" >&2
  tail -n 20 "$DIR/osd.out" >&2
  return 1
}

start() {
  need ceph ceph-mon ceph-osd ceph-authtool monmaptool radosgw radosgw-admin
  local new=false
  if [ ! -f "$DIR/ready" ]; then
    new=true
    create_cluster
  fi
  run mon ceph-mon -c "$conf" -i a -f
  wait_for_port "$monitor_port" mon
  if $new; then create_osd; fi
  run osd ceph-osd -c "$conf" -i 0 -f
  wait_for_osd
  if $new; then
    timeout 120 radosgw-admin -c "$conf" -n client.rgw user create --uid cairn --display-name cairn \
      --access-key cairnaccess --secret-key cairnsecretcairnsecret >/dev/null 2>"$DIR/user.out"
  fi
  run rgw radosgw -c "$conf" -n client.rgw -f --rgw_frontends="beast endpoint=127.0.0.1:$port"
  wait_for_port "$port" rgw
  touch "$DIR/ready"
}

case $action in
  start) start ;;
  stop) stop rgw osd mon ;;
  *) echo "usage: ceph-s3.sh start|stop DIR PORT" >&2; exit 2 ;;
esac
