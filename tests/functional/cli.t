#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The command line against a real server with the sample province: every
# command, its exit codes, and what is left when something goes wrong.
# shellcheck source=tests/functional/hoso.sh
. "${srcdir:-.}/tests/functional/hoso.sh"
need curl jq sha256sum unzip

dossier=hs-co-thi-dua-tinh-2022-kon-tum
vkey=$scratch/data/keys/log.vkey

# --- without a server --------------------------------------------------------
check 'no command is a mistake that shows the help' 2 "$(run hoso)"
check_has 'the help names every command' 'verify-receipt' "$scratch/out"
check 'an unknown command is a mistake' 2 "$(run hoso giup)"
check 'an unknown option is a mistake' 2 "$(run hoso unit list x --nhanh)"
check 'an option without its value is a mistake' 2 "$(run hoso unit list --under)"
check 'the help of a command needs no server' 0 "$(run hoso seal --help)"
check 'who is not logged in is told how to' 3 "$(run hoso unit list x)"
check_has 'and by which command' 'hoso login' "$scratch/err"
check 'a server that is not there is a failure' 7 \
	"$(run hoso --url http://127.0.0.1:9 unit list x)"
check_has '  and people are told why, in their language' '(ở đó không có gì trả lời)' "$scratch/err"
check_has '  and what to do' 'hãy kiểm tra địa chỉ và cổng' "$scratch/err"
check 'an address that nobody has is a failure' 7 \
	"$(run hoso --url http://khong-co.invalid:9 unit list x)"
check '  told without a word of another language' '' "$(grep -i 'could not\|resolve' "$scratch/err")"

make_archive
load_sample
cp "$scratch/import" "$scratch/first"

# --- import --------------------------------------------------------------------
check 'an import that is run again succeeds' 0 "$(run hoso --json import "$srcdir/data/sample")"
check 'and changes nothing' '0 0' \
	"$(jq -r '[([.counts[].made] | add), ([.counts[].refused] | add)] | join(" ")' "$scratch/out")"
check 'and knows every line' "$(cat "$srcdir"/data/sample/*.ndjson | grep -c .)" \
	"$(jq '[.counts[].there] | add' "$scratch/out")"

cat >"$scratch/bad.ndjson" <<'LINES'
{"type":"unit","id":"to-thu-1","kind":"commune","names":[{"name":"Xã Thử Một"}]}
{"type":"unit","id":"to-thu-2","kind":"khong-co","names":[{"name":"Xã Thử Hai"}]}
{"type":"con-voi"}
{"type":"document","id":"vb-thu","kind":"BC","issuer":{"unit":"tinh-kon-tum"},"subject":"Thử","attach":["khong-co.pdf"]}
not json
{"type":"unit","id":"to-thu-3","kind":"commune","names":[{"name":"Xã Thử Ba"}]}
LINES
check 'refused lines make an import fail' 1 "$(run hoso --json import "$scratch/bad.ndjson")"
check 'each is named by its line' '2 3 4 5' "$(jq -r '[.refused[].line] | join(" ")' "$scratch/out")"
check 'the lines around them are there' '2' "$(jq '[.counts[].made] | add' "$scratch/out")"
check_has 'people are told file and line' 'bad.ndjson:4' "$scratch/err"

sed 's/"Xã Thử Một"/"Xã Thử Khác"/' "$scratch/bad.ndjson" | head -1 >"$scratch/other.ndjson"
check 'another record of a taken id is refused' 1 "$(run hoso import "$scratch/other.ndjson")"
check_has 'and says what differs' '“names”' "$scratch/err"

mkdir "$scratch/seeds"
echo 'bản thật' >"$scratch/seeds/a.txt"
echo 'bản thay' >"$scratch/thay.txt"
# shellcheck disable=SC2016 # the variable is the import's
printf '%s\n' '{"type":"document","id":"vb-that","kind":"BC","issuer":{"unit":"tinh-kon-tum"},"subject":"Thử","attach":[{"path":"${HOSO_SEEDS}/a.txt","else":"thay.txt"}]}' \
	>"$scratch/seed.ndjson"
check 'a path may lie in HOSO_SEEDS' 0 "$(HOSO_SEEDS=$scratch/seeds run hoso import "$scratch/seed.ndjson")"
sed -i 's/vb-that/vb-thay/' "$scratch/seed.ndjson"
check 'else is taken where it is not set' 0 "$(run hoso import "$scratch/seed.ndjson")"
check 'each has the file it should' "$(sha256sum <"$scratch/seeds/a.txt" | cut -d' ' -f1)
$(sha256sum <"$scratch/thay.txt" | cut -d' ' -f1)" \
	"$(for id in vb-that vb-thay; do
		curl -fsS -H "Authorization: Bearer $(jq -r .token "$XDG_CONFIG_HOME/hoso/login.json")" \
			"$url/documents/$id" | jq -r '.attachments[0].sha256'
	done)"

# --- finding ---------------------------------------------------------------------
hoso --json dossier find 'xã Xốp' >"$scratch/found"
check 'a new commune has the dossiers of what it came from' '["xa-dak-choong","xa-xop","xa-xop-2025"]' \
	"$(jq -c '[.dossiers[].unit] | unique' "$scratch/found")"
hoso dossier find 'xã Xốp' >"$scratch/out"
check_has 'people see the name at the time and now' 'Xã Đắk Choong (nay là xã Xốp' "$scratch/out"
pages=
cursor=
while :; do
	hoso --json dossier find --unit tinh-kon-tum --limit 4 ${cursor:+--cursor "$cursor"} >"$scratch/page"
	pages="$pages$(jq -r '.dossiers[].id' "$scratch/page")
"
	cursor=$(jq -r '.next // ""' "$scratch/page")
	[ -n "$cursor" ] || break
done
hoso --json dossier find --unit tinh-kon-tum --limit 100 >"$scratch/page"
check 'pages together are the whole list' "$(jq -r '.dossiers[].id' "$scratch/page")" \
	"$(printf '%s' "$pages" | grep .)"
check 'a name that is not whole finds what begins so' 0 "$(run hoso unit list 'xã đắk cho')"
check_has '  and says so' 'Không đơn vị nào có đúng tên này' "$scratch/out"
check_has '  with the unit' 'xa-dak-choong' "$scratch/out"
check 'a district that has ended holds nothing today' 0 "$(run hoso unit list --under huyen-dak-glei)"
check_has '  and how to find what it held is told' '--as-of NGÀY' "$scratch/out"
check 'on its last day it holds twelve communes' 12 "$(hoso --json unit list --under huyen-dak-glei --as-of 2025-06-30 | jq '[.units[] | select(.kind == "commune")] | length')"
check 'a file that is not there is told as such' 7 "$(run hoso import "$scratch/none.ndjson")"
check_has '  by the right reason' 'không có tệp hoặc thư mục này' "$scratch/err"
hoso unit show xa-xop >"$scratch/out"
check_has 'a kind is shown by its name' 'Loại: Xã, phường, thị trấn' "$scratch/out"
check_has 'and so is the unit above' 'Đơn vị: Huyện Đắk Glei (huyen-dak-glei)' "$scratch/out"
hoso dossier show hs-xa-dak-choong-2023 >"$scratch/out"
check_has 'awards are shown by their names' 'Hình thức khen thưởng: Tập thể lao động tiên tiến' "$scratch/out"
check_has '  and so are components' 'Thành phần: Tờ trình đề nghị khen thưởng' "$scratch/out"
check_has '  and statuses' 'Trạng thái: Đang lập hồ sơ (chờ chuyển)' "$scratch/out"
check_has '  and people' 'Người thực hiện: loader (loader)' "$scratch/out"
check '--json keeps the codes' 'collective_advanced draft' \
	"$(hoso --json dossier show hs-xa-dak-choong-2023 | jq -r '"\(.awards[0].award) \(.status)"')"
check 'what does not exist is absent' 4 "$(run hoso dossier show khong-co)"

check 'a district that was dissolved has a history' 0 "$(run hoso unit history huyen-dak-glei)"
check 'which ends with its communes, six of today' \
	'xa-dak-long-2025 xa-dak-mon-2025 xa-dak-pek-2025 xa-dak-plo-2025 xa-ngoc-linh-2025 xa-xop-2025' \
	"$(sed -n 's/^Nay là: .*(\(.*\))$/\1/p' "$scratch/out" | paste -sd' ')"
check_has 'and with how they came about' 'sáp nhập: Xã Đắk Choong, Xã Xốp -> Xã Xốp (1677/NQ-UBTVQH15)' "$scratch/out"
check 'a merged commune is not told of its neighbours' null \
	"$(hoso --json unit history xa-dak-choong | jq .below)"

# --- a dossier from draft to proof ---------------------------------------------------
check 'a dossier is opened' 0 \
	"$(run hoso --json dossier new 'Hồ sơ thử' --unit tinh-kon-tum --date 2024-03-01)"
new=$(jq -r .id "$scratch/out")
head -c 3000000 /dev/urandom >"$scratch/anh chụp.pdf"
check 'a file is uploaded and added' 0 \
	"$(run hoso dossier add "$new" "$scratch/anh chụp.pdf" --receipt "$scratch/receipt.json")"
check 'its hash is the record'\''s' "$(sha256sum <"$scratch/anh chụp.pdf" | cut -d' ' -f1)" \
	"$(hoso --json dossier show "$new" | jq -r '.components[0].attachment.sha256')"
check 'its receipt proves it' 0 "$(run hoso verify-receipt "$scratch/receipt.json" --key "$vkey")"
check 'the key may be given itself' 0 \
	"$(run hoso verify-receipt "$scratch/receipt.json" --key "$(cat "$vkey")")"
sed 's/"index":[0-9]*/"index":1/' "$scratch/receipt.json" >"$scratch/false.json"
check 'a receipt that was changed proves nothing' 8 \
	"$(run hoso verify-receipt "$scratch/false.json" --key "$vkey")"
check_has 'and people are told' 'SAI' "$scratch/out"
check 'a dossier that proposes nothing is not submitted' 1 "$(run hoso dossier submit "$new")"
check_has '  and how to name an award is told' '--award MÃ_HÌNH_THỨC --for TÊN' "$scratch/err"
check_has '  or where on the page' "/ho-so/$new/sua" "$scratch/err"
status_of() {
	hoso --json dossier show "$1" | jq -r .status
}
hoso --json dossier new --file - >"$scratch/out" <<'DOSSIER'
{"kind":"merit","title":"Thiếu thành phần","unit":"tinh-kon-tum","date":"2024-03-01",
 "awards":[{"award":"merit_province","subject":{"kind":"collective","count":1}}]}
DOSSIER
lacking=$(jq -r .id "$scratch/out")
check 'what is missing is a list' 0 "$(run hoso dossier missing "$lacking")"
check_has '  by name and rule' 'Thành phần còn thiếu' "$scratch/out"
check_has '  and by what demands it, in words' 'thủ tục hành chính công bố trên Cổng dịch vụ công' "$scratch/out"
check '  no mark of a source is shown' '' "$(grep -F '[' "$scratch/out")"
check 'a dossier that misses components is not submitted' 1 "$(run hoso dossier submit "$lacking")"
check_has '  and says which' 'còn thiếu: ' "$scratch/err"
check_has '  and how to add them' "hoso dossier add $lacking" "$scratch/err"
check '  nothing is moved meanwhile' draft "$(status_of "$lacking")"
check 'the unit judges it' 0 "$(run hoso dossier step "$lacking" unit_review)"
check_has '  and is told who takes the next step' 'ai: Thủ trưởng cơ quan, đơn vị' "$scratch/out"
check_has '  and how' "lệnh: hoso dossier submit $lacking" "$scratch/out"
check 'it is not submitted then, either' 1 "$(run hoso dossier submit "$lacking")"
check 'a step that is not foreseen is refused' 5 "$(run hoso dossier step "$lacking" received)"
check_has '  and says which are' "lệnh: hoso dossier step $lacking draft" "$scratch/err"
check 'it may go back' 0 "$(run hoso dossier step "$lacking" draft)"
for code in C_TOTRINH C_BCTT C_BB_HOIDONG; do
	hoso dossier add "$lacking" "$scratch/thay.txt" --code $code >/dev/null
done
check 'a whole draft is submitted, by way of the unit'\''s review' 0 "$(run hoso dossier submit "$lacking")"
check '  as both steps say' 'unit_review submitted' \
	"$(hoso --json dossier show "$lacking" | jq -r '[.steps[-2:][].status] | join(" ")')"
check_has '  and what comes next is told' "hoso dossier step $lacking received" "$scratch/out"
check 'it is not submitted twice' 5 "$(run hoso dossier submit "$lacking")"
check_has '  but told where it is' 'đang ở bước “Đã trình (chờ tiếp nhận)”' "$scratch/err"
check 'it may be returned' 0 "$(run hoso dossier step "$lacking" returned --reason 'Thiếu xác nhận')"
check 'who would submit it again' 5 "$(run hoso dossier submit "$lacking")"
check_has '  is told why it came back' 'lý do: Thiếu xác nhận' "$scratch/err"
check_has '  and how to open it again' "lệnh: hoso dossier step $lacking draft" "$scratch/err"

check 'a decided dossier is closed' 0 "$(run hoso dossier step "$dossier" closed)"
check 'and sealed' 0 "$(run hoso seal "$dossier" --output "$scratch/a.asice")"
check 'a sealed one is only downloaded' 0 "$(run hoso seal "$dossier" --output "$scratch/b.asice")"
check 'and is the same' "$(sha256sum <"$scratch/a.asice")" "$(sha256sum <"$scratch/b.asice")"
stop_hosod
check 'a container is verified without a server' 0 \
	"$(run hoso verify "$scratch/a.asice" --trust "$scratch/data/keys/seal.crt" --key "$vkey")"
cp "$scratch/a.asice" "$scratch/broken.asice"
printf 'X' | dd of="$scratch/broken.asice" bs=1 seek=3000 conv=notrunc 2>/dev/null
check 'one byte that was changed is found' 8 "$(run hoso verify "$scratch/broken.asice")"
check 'findings are there as data' false "$(hoso --json verify "$scratch/broken.asice" | jq .good)"
check 'a file that is not there is absent' 4 "$(run hoso verify "$scratch/none.asice")"
add_user vanthu unit_clerk:xa-xop-2025
add_user thutruong unit_head:xa-xop-2025
start_hosod

# --- as README.vi.md tells ----------------------------------------------------------
# The lines of its table, with the id that hoso answers in the place of MÃ.
line_of() { # how it begins
	sed -n "s/^|.*| \`\($1.*\)\` |\$/\1/p" "$srcdir/README.vi.md" | head -1
}
hoso_log_in vanthu
cd "$scratch" || exit 1
cp "$scratch/thay.txt" to-trinh.pdf
opened=$(line_of 'hoso dossier new')
check 'the dossier of the page is opened' 0 "$(eval "run $opened")"
told=$(sed -n 's/^  hoso dossier submit \([^ ]*\) .*/\1/p' "$scratch/out")
check '  and the next commands have its id' "hoso dossier missing $told" \
	"$(grep -o 'hoso dossier missing [^ ]*' "$scratch/out")"
check '  with the award for whom it is' 'merit_province collective Thôn Xốp Nghét' \
	"$(hoso --json dossier show "$told" |
		jq -r '.awards[0] | "\(.award) \(.subject.kind) \(.subject.name)"')"
check 'its component is added' 0 "$(eval "run $(line_of 'hoso dossier add' | sed "s/MÃ/$told/")")"
check 'what is missing is told' 0 "$(eval "run $(line_of 'hoso dossier missing' | sed "s/MÃ/$told/")")"
check '  not what is there' '' "$(grep C_TOTRINH "$scratch/out")"
for code in $(awk '$1 ~ /^C_/ { print $1 }' "$scratch/out"); do
	hoso dossier add "$told" to-trinh.pdf --code "$code" >/dev/null
done
submit=$(line_of 'hoso dossier submit' | sed "s/MÃ/$told/")
check 'the clerk brings it before the unit' 3 "$(eval "run $submit")"
check '  where it waits for the head' unit_review "$(status_of "$told")"
check_has '  as is told' 'ai: Thủ trưởng cơ quan, đơn vị' "$scratch/err"
hoso_log_in thutruong
check 'who submits it by the same line' 0 "$(eval "run $submit")"
check '  so that it waits to be received' submitted "$(status_of "$told")"
cd / || exit 1
hoso_log_in vanthu
check 'an award for one kind of subject needs no more' individual \
	"$(hoso --json dossier new 'Một người' --unit xa-xop-2025 --date 2025-09-02 \
		--award fighter_province --for 'A Xốp' | jq -r '.record.awards[0].subject.kind')"
check 'of several one has to say which' 2 \
	"$(run hoso dossier new 'Ai' --unit xa-xop-2025 --date 2025-09-02 --award merit_province --for 'A Xốp')"
check_has '  and is told how' '--subject' "$scratch/err"
check 'an award that is none is refused' 1 \
	"$(run hoso dossier new 'Ai' --unit xa-xop-2025 --date 2025-09-02 --award khong-co --for 'A Xốp')"
check_has '  by its place' '/awards/0/award' "$scratch/err"
check 'an award is for somebody' 2 \
	"$(run hoso dossier new 'Ai' --unit xa-xop-2025 --date 2025-09-02 --award merit_province)"
hoso_log_in loader

# --- a line that breaks -----------------------------------------------------------------
# The server dies in the middle of an upload and comes back on the same port:
# the file goes on from where it was and arrives whole.  A larger one is tried
# where all of it was there before the plug was pulled.
kept=$port
broken='method=HEAD path=/api/v1/uploads/'
for size in 150000000 600000000; do
	head -c $size /dev/urandom >"$scratch/lớn.zip"
	hoso --json dossier new 'Đường mạng yếu' --unit tinh-kon-tum --date 2024-03-01 >"$scratch/out"
	weak=$(jq -r .id "$scratch/out")
	: >"$scratch/log"
	before=$(du -sk "$scratch/data/store" | cut -f1)
	"$builddir/hoso" --json dossier add "$weak" "$scratch/lớn.zip" >"$scratch/added" 2>"$scratch/err" &
	adding=$!
	# Kilobytes of chunks on the disk: when some pieces are there, pull the plug.
	until [ "$(du -sk "$scratch/data/store" | cut -f1)" -gt $((before + 20000)) ]; do
		kill -0 "$adding" 2>/dev/null || break
	done
	stop_hosod KILL
	start_hosod --set "http.listen=127.0.0.1:$kept"
	wait "$adding"
	came=$?
	stop_hosod # writes the log to its end
	start_hosod --set "http.listen=127.0.0.1:$kept"
	grep -q "$broken" "$scratch/log" && break
done
check 'an upload goes on where a killed server left it' 0 $came
check 'and arrives whole' "$(sha256sum <"$scratch/lớn.zip" | cut -d' ' -f1)" \
	"$(jq -r '.record.components[0].attachment.sha256' "$scratch/added")"
check_has 'the line did break' "$broken" "$scratch/log"
hoso_log_in loader

# --- decisions, rankings, reports -------------------------------------------------------
hoso --json decision grants q-co-thi-dua-tinh-2022-kon-tum >"$scratch/grants"
check 'grants of a decision are listed' 24 "$(jq '.grants[0].subject.count' "$scratch/grants")"
hoso decision grants q-co-thi-dua-tinh-2022-kon-tum >"$scratch/out"
check_has '  by the names of award and unit' 'Cờ thi đua của Ủy ban nhân dân tỉnh  tập thể    24        Tỉnh Kon Tum' "$scratch/out"
check 'one line is revoked' 0 \
	"$(run hoso decision revoke "$(jq -r '.grants[0].id' "$scratch/grants")" --reason 'Khai man' --date 2024-05-01)"
check 'but not twice' 5 \
	"$(run hoso decision revoke "$(jq -r '.grants[0].id' "$scratch/grants")" --reason 'Khai man' --date 2024-05-01)"
check 'a ranking is made' 0 \
	"$(run hoso rank --scheme score_table_v1 --cluster cum-thi-dua-01-kon-tum --year 2024)"
check '  and reads in order' '1 huyen-ngoc-hoi' \
	"$(awk 'NR == 2 { print $1, $5 }' "$scratch/out")"
check_has '  with reasons' 'Điểm xếp hạng: 95,0 + 4,0 - 1,0 = 98,0.' "$scratch/out"
cd "$scratch" || exit 1
check 'a report takes the name that the server gives' 0 \
	"$(run hoso report half-year --unit tinh-kon-tum --from 2023-01-01 --to 2023-06-30)"
check 'and is whole' 0 "$(run unzip -tq half-year-tinh-kon-tum.docx)"
check 'it never replaces a file unasked' 5 \
	"$(run hoso report half-year --unit tinh-kon-tum --from 2023-01-01 --to 2023-06-30)"
check 'no half file is left' '' "$(find . -maxdepth 1 -name '.hoso-*')"
check 'a report goes to standard output' 0 \
	"$(run hoso report half-year --unit tinh-kon-tum --from 2023-01-01 --to 2023-06-30 --format json --output -)"
check 'as it is' object "$(jq -r type "$scratch/out")"
check 'a report that nobody has is absent' 4 "$(run hoso report khong-co --unit tinh-kon-tum)"
cd / || exit 1

# --- the log --------------------------------------------------------------------------------
hoso audit checkpoint >"$scratch/old.txt"
size=$(sed -n 2p "$scratch/old.txt")
check 'the log is verified for the first time' 0 "$(run hoso audit verify --key "$vkey")"
hoso dossier new 'Một nữa' --unit tinh-kon-tum --date 2024-03-02 >/dev/null
check 'and from there on' 0 "$(run hoso --json audit verify --key "$vkey")"
check 'from what was seen last' "$size $((size + 1))" "$(jq -r '"\(.from) \(.to)"' "$scratch/out")"
check 'from a checkpoint that was kept' 0 "$(run hoso audit verify --from "$scratch/old.txt" --key "$vkey")"
check 'between any two sizes' 0 "$(run hoso audit verify --from 7 --to 300 --key "$vkey")"
check 'not beyond its end' 1 "$(run hoso audit verify --from 7 --to 1000000 --key "$vkey")"
other='khac+'$(cut -d+ -f2- "$vkey")
check 'not with another key' 1 "$(run hoso audit verify --key "$other")"
check 'what was done to a record is listed' 0 "$(run hoso audit list --record "$lacking")"
check 'by whom, in words' 'lập hồ sơ
chuyển bước hồ sơ
chuyển bước hồ sơ
sửa hồ sơ và thành phần hồ sơ' "$(sed -n 's/.* loader (loader)  *\(.*\)  Hồ sơ .*/\1/p' "$scratch/out" | sed 's/ *$//' | head -4)"
check_has '  and what it led to' 'Trạng thái: Bình xét tại đơn vị' "$scratch/out"
check_has '  or added' 'Thành phần: Tờ trình đề nghị khen thưởng' "$scratch/out"
check 'the newest entries are listed' 20 "$(hoso --json audit list | jq length)"
check 'or any others' '[7,8,9]' "$(hoso --json audit list --from 7 --count 3 | jq -c '[.[].index]')"
hoso audit receipt 17 >"$scratch/receipt.json"
check 'any entry has a receipt' 0 "$(run hoso verify-receipt "$scratch/receipt.json" --key "$vkey")"

# --- out and in again -----------------------------------------------------------------------
check 'a unit is exported' 0 "$(run hoso export --unit huyen-dak-glei --output "$scratch/out1")"
(cd "$scratch/out1" && sha256sum -c SHA256SUMS) >"$scratch/sums" 2>&1
check 'every file is as its sum says' 0 $?
check 'every file has a sum' \
	"$(cd "$scratch/out1" && find . -type f ! -name SHA256SUMS | wc -l)" \
	"$(wc -l <"$scratch/out1/SHA256SUMS")"
bad=0
for receipt in "$scratch"/out1/receipts/*.json; do
	hoso verify-receipt "$receipt" --key "$scratch/out1/log.vkey" >/dev/null 2>&1 || bad=$((bad + 1))
done
check 'every receipt of it proves its entry' 0 "$bad"
check 'a record is as the server keeps it' \
	"$(hoso --json dossier show hs-xa-dak-choong-2023 | jq -S .)" \
	"$(jq -S . "$scratch/out1/records/dossier/hs-xa-dak-choong-2023.json")"
check 'nothing is written over an export' 5 "$(run hoso export --unit huyen-dak-glei --output "$scratch/out1")"
check 'what was exported is imported as it is' 0 "$(run hoso --json import "$scratch/out1")"
check 'where it is already' 0 "$(jq '[.counts[].made] | add' "$scratch/out")"

# --- log-out ----------------------------------------------------------------------------------
token=$(jq -r .token "$XDG_CONFIG_HOME/hoso/login.json")
check 'the token is the owner'\''s alone' 600 "$(stat -c %a "$XDG_CONFIG_HOME/hoso/login.json")"
check 'another server does not get it' 3 \
	"$(run hoso --url "http://localhost:$port" unit list x)"
check 'log-out' 0 "$(run hoso logout)"
check 'the token opens nothing any more' 3 \
	"$(HOSO_URL=${url%/api/v1} HOSO_TOKEN=$token run hoso unit list x)"

finish
