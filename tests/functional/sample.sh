# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# For tests that need the sample province in an archive, and the `hoso` of
# each of its users.  A test sources this instead of hosod.sh.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"

# The test's own log-ins, never those of whoever runs it.
unset HOSO_URL HOSO_TOKEN
plugins=$builddir/plugins/built

# hoso as a user; each keeps a log-in of its own.
hoso() { # login, command
	(
		XDG_CONFIG_HOME=$scratch/$1.config
		export XDG_CONFIG_HOME
		shift
		exec "$builddir/hoso" "$@"
	)
}

# Logs users in with hoso.
enter() { # logins
	for who; do
		echo "$password" | hoso "$who" login "${url%/api/v1}" \
			--user "$who" --password-stdin >"$scratch/login" 2>&1 || {
			echo "Bail out! hoso login: $(cat "$scratch/login")"
			exit 1
		}
	done
}

# As hoso, for lines whose failure ends the test.
must() { # login, command
	hoso "$@" >"$scratch/must" 2>&1 || {
		echo "Bail out! hoso $* ($?)"
		sed 's/^/# /' "$scratch/must"
		exit 1
	}
}

# The exit code of a command whose words go to $scratch/said.
code_of() { # command
	"$@" >"$scratch/said" 2>&1
	echo $?
}

# Roles are bound to units, so those who load the rest come after the units.
make_province() {
	make_archive
	add_user quantri system_admin
	start_hosod
	enter quantri
	must quantri import "$srcdir"/data/sample/1*.ndjson
	stop_hosod
	add_user nhaplieu archivist:tinh-quang-ngai \
		specialist:tinh-quang-ngai head_of_standing_body:tinh-quang-ngai \
		specialist:thu-tuong-chinh-phu \
		specialist:quan-5-thanh-pho-ho-chi-minh \
		cluster_leader:cum-vi-du-thanh-pho-ho-chi-minh
}

load_province() {
	enter nhaplieu
	must nhaplieu import "$srcdir"/data/sample/[2-9]*.ndjson
}

# A decision of the past with one certificate, of a dossier in draft; then it
# is closed.  The archivist files all of it.
file_past() { # login, dossier, unit, date
	cat >"$scratch/past.ndjson" <<END
{"type":"document","id":"qd-$2","kind":"QĐ","reference":"12/QĐ-UBND","date":"$4","issuer":{"unit":"$3"},"subject":"Về việc tặng Giấy khen"}
{"type":"decision","id":"q-$2","document":"qd-$2","date":"$4","issuer":"$3","dossier":"$2","grants":[{"award":"commend_commune","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"$3"}]}
END
	must "$1" import "$scratch/past.ndjson"
	must "$1" dossier step "$2" closed
}

# The units of the sample province; the server is stopped then.
fill_archive() {
	add_user quantri system_admin
	start_hosod
	enter quantri
	must quantri import "$srcdir"/data/sample/1*.ndjson
	stop_hosod
}

# Those through whose hands a dossier goes, from a commune to the archive.
add_office() {
	add_user vanthu unit_clerk:xa-xop-2025
	add_user thutruong unit_head:xa-xop-2025
	add_user chuyenvien specialist:tinh-quang-ngai
	add_user truongban head_of_standing_body:tinh-quang-ngai
	add_user hoidong council_member:tinh-quang-ngai
	add_user chutich chair:tinh-quang-ngai
	add_user vanthutinh records_clerk:tinh-quang-ngai
	add_user luutru archivist:tinh-quang-ngai
	add_user thanhtra auditor
}

# A decision of 2 May 2023 with 120 lines, by turns of two awards and two units,
# some of women and direct workers: rows for import.
many_grants() { # how each is called, before its number
	echo '{"type":"document","id":"qd-nhieu","kind":"QĐ","reference":"77/QĐ-UBND","date":"2023-05-02","issuer":{"unit":"tinh-kon-tum"},"subject":"Về việc tặng Bằng khen"}'
	jq -nc --arg name "$1" '{type: "decision", id: "q-nhieu", document: "qd-nhieu", date: "2023-05-02", issuer: "tinh-kon-tum",
		grants: [range(120) | {award: (if . % 3 == 0 then "merit_province" else "commend_district" end),
			unit: (if . % 2 == 0 then "huyen-dak-glei" else "thanh-pho-kon-tum" end),
			subject: ({kind: "individual", name: "\($name) \(.)"}
				+ (if . % 5 == 0 then {cadre: "direct_worker"} else {} end)
				+ (if . % 7 == 0 then {woman: true} else {} end))}]}'
}
