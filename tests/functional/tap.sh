# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# How a test says what it found, in TAP.
# shellcheck disable=SC2034 # they are of whoever sources this
count=0
failed=0

# A check that fails prints what it wanted and what it got.
check() { # sentence, wanted, got
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		printf 'wanted: %s\ngot: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

skip() { # sentence, reason
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

skip_all() { # reason
	echo "1..0 # SKIP $1"
	exit 0
}

need() { # tools
	for tool; do
		command -v "$tool" >/dev/null 2>&1 || skip_all "$tool is not installed"
	done
}

end_checks() {
	echo "1..$count"
	[ "$failed" -eq 0 ]
}
