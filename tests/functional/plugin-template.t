#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `hoso plugin new` writes compiles out of the tree and passes its test.
: "${srcdir:=.}" "${builddir:=.}"
source=$(cd "$srcdir" && pwd)
build=$(cd "$builddir" && pwd)
HOSO_TEMPLATES=$source/plugins/template
export HOSO_TEMPLATES
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

echo 1..5
n=0
for kind in report format ranking sink; do
	n=$((n + 1))
	if "$build/hoso" plugin new thu-nghiem --kind $kind \
		--folder "$folder/$kind" >"$folder/log" 2>&1 &&
		make -C "$folder/$kind" check HOSO_CFLAGS="-I$source/include" \
			HOSO_HOST="$build/hoso-host" CC="${CC:-cc}" >>"$folder/log" 2>&1; then
		echo "ok $n - a new $kind compiles and passes its test"
	else
		echo "not ok $n - a new $kind compiles and passes its test"
		sed 's/^/# /' "$folder/log"
	fi
done

# shellcheck disable=SC2086 # words of a command
if ${CC:-cc} -I"$source/include" -Wall -Wextra -Werror -shared -fPIC -o "$folder/example.so" \
	"$source/plugins/example/example.c" 2>"$folder/log" &&
	"$build/hoso-host" --describe "$folder/example.so" 2>>"$folder/log" |
	grep -q '"name":"example"'; then
	echo 'ok 5 - the example is built against the header alone'
else
	echo 'not ok 5 - the example is built against the header alone'
	sed 's/^/# /' "$folder/log"
fi
