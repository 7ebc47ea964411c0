#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Plugins in the real server over the sample province: the acceptance figures
# in every format, misdeeds that are answered with 502 while others go on,
# reload by signal, and the audit log carried to a sink.
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl jq

plugins=$scratch/plugins
mkdir "$plugins"
cp "$builddir"/plugins/built/*.so "$builddir"/tests/plugins/.libs/misbehave.so \
	"$plugins" || exit 1

hoso() {
	XDG_CONFIG_HOME=$scratch/config "$builddir/hoso" "$@"
}

# Sample rows that this role may not file are refused; the rest must go in.
import() { # files
	hoso import "$@" >"$scratch/import" 2>&1
	case $? in
	0 | 1) ;;
	*)
		echo "Bail out! hoso import: $(tail -3 "$scratch/import")"
		exit 1
		;;
	esac
}

log_in_hoso() { # login
	echo "$password" | hoso login "http://127.0.0.1:$port" --user "$1" \
		--password-stdin >/dev/null
}

# --- a plugin tried by hand -----------------------------------------------------
check 'a trial refuses a word that is no parameter' \
	'1 hoso-host: half_year.so: unit không có dạng THAM_SỐ=GIÁ_TRỊ, như unit=tinh-kon-tum' \
	"$("$builddir/hoso-host" --try report:half-year "$plugins/half_year.so" unit \
		2>"$scratch/said" >/dev/null; echo $? "$(sed "s:$plugins/::" "$scratch/said")")"

make_archive
add_user admin system_admin
start_hosod
log_in_hoso admin
import "$srcdir"/data/sample/1*.ndjson
stop_hosod
add_user clerk archivist:tinh-kon-tum specialist:tinh-kon-tum \
	head_of_standing_body:tinh-kon-tum system_admin
start_hosod --set "audit.sinks=jsonl:$scratch/audit.jsonl"
log_in_hoso clerk
log_in clerk
import "$srcdir"/data/sample/[2-9]*.ndjson

report() { # name, unit, from, to, format, more
	as clerk --output "$scratch/body" \
		"$url/reports/$1?unit=$2&from=$3&to=$4&format=$5${6:-}"
}

# Lines of a table as CSV, without the heads.
table() {
	tr -d '\r' <"$scratch/body" | sed '1s/^\xEF\xBB\xBF//' |
		grep '^[0-9]\|^Cộng' 
}

# One call loops until its time is up; all that follows goes on beside it.
loop() {
	exec curl --silent --max-time "$((60 * patience))" --config "$scratch/clerk.curl" \
		--output "$scratch/loop" \
		"$url/reports/loop?unit=tinh-kon-tum&format=json"
}
loop &
looping=$!

report half-year tinh-kon-tum 2023-01-01 2023-06-30 csv
check 'the half-year report of the province prints the awards of 2023' \
	'1,Cờ thi đua của Chính phủ,5,0,0,5
2,Cờ thi đua của Ủy ban nhân dân tỉnh,24,0,0,24
3,Tập thể lao động xuất sắc,34,0,0,34
4,Bằng khen của Thủ tướng Chính phủ,0,1,0,1
5,Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh,173,419,0,592
Cộng,,236,420,0,656' "$(table)"

report half-year huyen-dak-glei 2024-01-01 2024-06-30 csv
check 'the half-year report of Đắk Glei prints the awards of 2024' \
	'1,Chiến sĩ thi đua cơ sở,0,15,0,15
2,Lao động tiên tiến,0,96,0,96
3,Tập thể lao động tiên tiến,16,0,0,16
4,Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh,2,5,0,7
5,"Giấy khen của Chủ tịch Ủy ban nhân dân huyện, thành phố",76,115,0,191
Cộng,,94,231,0,325' "$(table)"

report award-register thanh-pho-kon-tum 2010-01-01 2014-12-31 csv
check 'the register of the city says in words what was no number' \
	'13,"Giấy khen của Chủ tịch Ủy ban nhân dân huyện, thành phố",hàng ngàn (theo báo cáo),,,,' \
	"$(table | grep 'hàng ngàn')"
check 'its totals are those of the five years' \
	'Cộng cấp Nhà nước,,14,29,0,88,131
Cộng cấp tỉnh,,75,0,0,237,312
Cộng cấp cơ sở,,81,891,0,0,972' "$(table | grep '^Cộng')"

as clerk "$url/plugins" >"$scratch/body"
check 'all that ours offer has a name in both languages' 12 "$(jq -r '[.plugins[] | select(.name != "misbehave")] | length, (.[] | . as $plugin
	| [{name: "summary", text: .summary, english}, (.options[]?, (.reports[]? | ., .parameters[]?), .formats[]?, .rankings[]?, .sinks[]?
		| {name, text: (.title // .help), english})][] | select((.text // "") == "" or (.english // "") == "") | "\($plugin.name) \(.name)")' "$scratch/body")"

for format in html json docx; do
	report half-year tinh-kon-tum 2023-01-01 2023-06-30 $format
	check "the report comes as $format" '200 yes' \
		"$(status) $(test -s "$scratch/body" && echo yes)"
done
check 'a download of a report has a name' yes \
	"$(field Content-Disposition | grep -q 'half-year-tinh-kon-tum.docx' && echo yes)"

report half-year tinh-kon-tum 2023-13-01 2023-06-30 csv
check 'a parameter that is no date is refused by name' '400 yes' \
	"$(status) $(grep -q 'from' "$scratch/body" && echo yes)"

# Misdeeds: a 502 that names the plugin and the reason.
misdeed() { # report, reason
	as clerk --output "$scratch/body" \
		"$url/reports/$1?unit=tinh-kon-tum&format=json"
	check "$1 is answered with its reason" "502 $2" \
		"$(status) $(grep -o "phần mở rộng misbehave: $2" "$scratch/body" |
			sed 's/phần mở rộng misbehave: //')"
}
misdeed with_reason 'không có số liệu của kỳ này'
misdeed garbage 'gửi dữ liệu không phải thông điệp'
misdeed try_ptrace 'gọi một chức năng hệ thống bị cấm'

good=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	report half-year tinh-kon-tum 2023-01-01 2023-06-30 json
	[ "$(status)" = 200 ] && good=$((good + 1))
done
check 'other reports go on while one loops' 10 "$good"
# Reload by signal.
rm "$plugins/csv.so"
kill -HUP "$server"
await_log plugin.reloaded
report half-year tinh-kon-tum 2023-01-01 2023-06-30 csv
check 'a format that was removed is gone after SIGHUP' yes \
	"$(case $(status) in 400 | 404) echo yes ;; esac)"

# Every event was carried, in order and without a gap.
events=$(as clerk "$url/audit/checkpoint" | sed -n 2p)
is_fed() {
	[ "$(wc -l <"$scratch/audit.jsonl")" -ge "$events" ]
}
check 'there are events' yes "$([ "${events:-0}" -gt 100 ] && echo yes || echo "$events")"
await is_fed
check 'the sink was fed every event in order' yes \
	"$(sed 's/{"index":\([0-9]*\),.*/\1/' "$scratch/audit.jsonl" |
		awk -v events="$events" '$1 != NR - 1 { bad = 1 }
			END { print bad ? "no" : NR < events ? NR " of " events : "yes" }')"
wait "$looping"
limit="chạy quá $((10 * patience)) giây"
check 'the one that loops is ended' "$limit" "$(grep -o "$limit" "$scratch/loop" | head -1)"
stop_hosod
finish
