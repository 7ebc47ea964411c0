# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that read the page in a browser.  A test sources this instead of
# sample.sh, makes its office in the folder where it then is, starts hosod by
# start_page, and calls `read_page FILE...` for files of tests/web.  Pictures
# are left in web/pictures.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq openssl od unzip node chromium
srcdir=$(cd "$srcdir" && pwd)
builddir=$(cd "$builddir" && pwd)
plugins=$builddir/plugins/built
[ "$(node -p 'process.versions.node.split(".")[0] >= 20')" = true ] || skip_all 'Node.js is older than 20'
[ -d "$builddir/web/driver/node_modules" ] || skip_all 'what drives the browser is not installed'
[ -f "$builddir/web/page/index.html" ] || skip_all 'the web page is not built'
mkdir "$scratch/desk"
cd "$scratch/desk" || exit 1
# shellcheck source=tests/functional/signer.sh
. "$srcdir/tests/functional/signer.sh"

start_page() { # options
	start_hosod --set "web.root=$builddir/web/page" "$@"
}

# What else a file asks for goes to it by the environment.
read_page() { # files of tests/web, without their ending
	begin_reading "$@"
	end_reading "$@"
}

# The same in two, where the office has something to do meanwhile.
begin_reading() { # files; sets $reading
	: >"$scratch/checks"
	HOSO_PAGE=${url%/api/v1} HOSO_PASSWORD=$password HOSO_CHROMIUM=$(command -v chromium) \
		HOSO_CHECKS=$scratch/checks HOSO_PICTURES=$builddir/web/pictures HOSO_SOURCES=$srcdir/web/src \
		timeout "$((300 * patience))" node "$builddir/web/driver/drive.js" "$@" >"$scratch/drive.out" 2>&1 &
	reading=$!
}

end_reading() { # files
	wait "$reading"
	read_ended=$?
	tab=$(printf '\t')
	while IFS=$tab read -r wanted got sentence; do
		check "$sentence" "$wanted" "$got"
	done <"$scratch/checks"
	check "the reader came to the end of $*" 0 "$read_ended"
	[ $read_ended -eq 0 ] || tail -20 "$scratch/drive.out" | sed 's/^/# /'
}
