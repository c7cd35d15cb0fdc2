#!/bin/bash
# install.sh SERVICE... - installs Debian 12's packages that tests run against: ceph, swift, chromium.
# Needs root and apt unless everything is there. Nothing is started (Debian enables some units for the next boot). Several calls at once wait for each other.
set -euo pipefail

packages_of() {
  case $1 in
    ceph) echo ceph-mon ceph-osd radosgw ceph-common ;;
    swift) echo swift-proxy swift-account swift-container swift-object memcached ;;
    chromium) echo chromium ;;
    *) echo "install.sh: unknown service '$1' (known: ceph swift chromium)" >&2; return 2 ;;
  esac
}

[ $# -gt 0 ] || { echo "usage: install.sh SERVICE..." >&2; exit 2; }

wanted=()
for service in "$@"; do
  list=$(packages_of "$service")
  for package in $list; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || wanted+=("$package")
  done
done
[ ${#wanted[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null || { echo "install.sh: needs apt-get to install ${wanted[*]}" >&2; exit 3; }
[ "$(id -u)" = 0 ] || { echo "install.sh: needs root to install ${wanted[*]}" >&2; exit 3; }

# RUNLEVEL=1: maintainer scripts then leave the services stopped.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
apt="apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
exec 9>"${TMPDIR:-/tmp}/cairn-install.lock"
flock 9
$apt update
$apt install -y --no-install-recommends "${wanted[@]}" >/dev/null
