# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that drive hoso against a real hosod: what hosod.sh has, log-ins
# of the command line, and the sample province.
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
plugins=$builddir/plugins/built
# shellcheck source=tests/functional/hosod.sh
. "$srcdir/tests/functional/hosod.sh"

XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
unset HOSO_URL HOSO_TOKEN HOSO_SEEDS HOSO_TEMPLATES

hoso() {
	"$builddir/hoso" "$@"
}

bail() { # sentence, file that says more
	echo "Bail out! $1"
	sed 's/^/# /' "$2"
	exit 1
}

hoso_log_in() { # login
	echo "$password" | hoso login "${url%/api/v1}" --user "$1" --password-stdin \
		>"$scratch/login" 2>&1 || bail "hoso login as $1" "$scratch/login"
}

# The sample province, by one user with every role that its files need.  The
# server runs when it is done, and the loader is logged in.
load_sample() {
	add_user provider system_admin
	start_hosod
	hoso_log_in provider
	hoso import "$srcdir"/data/sample/1*.ndjson >"$scratch/import" 2>&1 ||
		bail 'the units were not imported' "$scratch/import"
	stop_hosod
	# Roles are bound to units, so these come after them.
	add_user loader system_admin auditor archivist:tinh-kon-tum chair:tinh-kon-tum \
		unit_head:tinh-kon-tum specialist:tinh-kon-tum \
		head_of_standing_body:tinh-kon-tum \
		head_of_standing_body:thu-tuong-chinh-phu \
		specialist:quan-5-thanh-pho-ho-chi-minh
	start_hosod
	hoso_log_in loader
	hoso import "$srcdir"/data/sample/[2-9]*.ndjson >"$scratch/import" 2>&1 ||
		bail 'the sample was not imported' "$scratch/import"
}

# The exit code of a command, its output in $scratch/out and $scratch/err.
run() {
	"$@" >"$scratch/out" 2>"$scratch/err"
	echo $?
}

check_has() { # sentence, wanted text, file
	count=$((count + 1))
	if grep -qF -e "$2" "$3"; then
		echo "ok $count - $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $count - $1"
	{
		echo "wanted: $2"
		echo "got:"
		head -40 "$3"
	} | sed 's/^/# /'
}
