#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# One dossier through the full procedure, each step by the role that may take
# it; all who may not are refused, and the dossier stays as it was.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq
papers=$srcdir/data/sample/stand-in

make_archive
fill_archive
add_office
add_user xakhac unit_head:xa-dak-pek-2025
everyone='vanthu thutruong xakhac chuyenvien truongban hoidong chutich vanthutinh luutru thanhtra quantri'
start_hosod
for login in $everyone; do
	log_in "$login"
done
enter vanthu chuyenvien chutich luutru thanhtra

post() { # login, path, body; prints the status, leaves $scratch/body
	as "$1" --json "$3" --output "$scratch/body" "$url/$2"
	status
}

dossier=hs-quy-trinh
state() {
	as thanhtra "$url/dossiers/$dossier" | jq -c '(.record // .) | [.rev, .status]'
}

# --- what will be demanded ------------------------------------------------------------

demands() { # query; prints set and codes
	as vanthu "$url/demands?$1" | jq -c '[.set, (.demands[].code)]'
}
check 'what an award demands is told before there is a dossier' \
	'["DS_MERIT","C_TOTRINH","C_BCTT","C_BB_HOIDONG"]' \
	"$(demands 'award=merit_province&kind=merit&date=2025-08-01')"
check 'with the rule, and what may be due besides' '["Hồ sơ Bằng khen cấp tỉnh",true,"C_SANGKIEN"]' \
	"$(as vanthu "$url/demands?award=merit_province&date=2025-08-01" |
		jq -c '[.set_name, (.source | contains("thủ tục hành chính")), .conditional[0].code]')"
check 'the simple procedure has a set of its own' '["DS_SIMPLE","C_TOTRINH","C_TOMTAT"]' \
	"$(demands 'award=merit_province&procedure=simple&date=2025-08-01')"
check 'a kind may have one; of several papers one does' '["DS_SERVICE","C_BCTT","C_LYLICH"]' \
	"$(as vanthu "$url/demands?award=order_labour_1&kind=service&date=2025-08-01" |
		jq -c '[.set, (.demands[] | select(.or) | .code, .or[].code)]')"
for query in date=2025-08-01 award=none award=flag_government\&kind=none \
	award=flag_government\&procedure=none award=flag_government\&date=2025-13-01 \
	award=order_gold_star\&date=1800-01-01\&other=1; do
	as vanthu "$url/demands?$query" >"$scratch/said"
	check "what the rules do not know is refused: $query" 400 "$(status)"
done
as thanhtra "$url/demands?award=merit_province" >"$scratch/said"
check 'whoever may read the rules may ask' 200 "$(status)"
curl --silent --dump-header "$scratch/head" --output /dev/null "$url/demands?award=merit_province"
check 'and nobody else' 401 "$(status)"

# --- draft -------------------------------------------------------------------------

new='{"id":"hs-quy-trinh","kind":"merit","title":"Bằng khen cho thôn Xốp Nghét","unit":"xa-xop-2025","date":"2025-08-01","awards":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"}}]}'
wrong=
for login in xakhac chuyenvien truongban hoidong chutich vanthutinh thanhtra quantri; do
	code=$(post $login dossiers "$new")
	[ "$code" = 403 ] || wrong="$wrong $login:$code"
done
check 'who may not make a dossier is refused' '' "$wrong"
check 'the clerk makes it' 201 "$(post vanthu dossiers "$new")"
hoso vanthu dossier missing $dossier >"$scratch/missing"
check 'what is missing is listed, with the rule' 3 \
	"$(grep -c 'C_TOTRINH.*Bằng khen cấp tỉnh\|C_BCTT.*Bằng khen cấp tỉnh\|C_BB_HOIDONG.*Bằng khen cấp tỉnh' "$scratch/missing")"
sed 's/^/# /' "$scratch/missing"

# STATUS, who may, then more of the body: all others are refused first.
step() { # status, logins who may (the first does), reason
	to=$1
	may=$2
	body=$(jq -nc --arg to "$to" --arg reason "${3:-}" \
		'{status: $to} + if $reason == "" then {} else {reason: $reason} end')
	before=$(state)
	wrong=
	for login in $everyone; do
		case " $may " in
		*" $login "*) continue ;;
		esac
		code=$(post "$login" dossiers/$dossier/steps "$body")
		# Whom the dossier is hidden from is told it is not theirs to see.
		[ "$code" = 403 ] || wrong="$wrong $login:$code"
	done
	check "to $to: every other role is refused with 403" '' "$wrong"
	check "to $to: and nothing has changed" "$before" "$(state)"
	by=${may%% *}
	code=$(post "$by" dossiers/$dossier/steps "$body")
	check "to $to: $by takes the step" "2 $to" "${code%??} $(state | jq -r '.[1]')"
	[ "${code%??}" = 2 ] || sed 's/^/# /' "$scratch/body"
}

step unit_review 'vanthu thutruong'
code=$(post thutruong dossiers/$dossier/steps '{"status":"submitted"}')
check 'an incomplete dossier is not submitted' 400 "$code"
check 'and the answer lists what is missing' 3 "$(jq '.details.missing // .missing // .details | length' "$scratch/body")"
for pair in C_TOTRINH:mau-to-trinh C_BCTT:mau-bao-cao-thanh-tich C_BB_HOIDONG:mau-bien-ban-hoi-dong; do
	must vanthu dossier add $dossier "$papers/${pair#*:}.txt" --code "${pair%%:*}"
done
hoso vanthu dossier missing $dossier >"$scratch/missing"
check 'now nothing is missing' 'Hồ sơ đã đủ thành phần.' "$(cat "$scratch/missing")"
step submitted thutruong
check 'a return without its reason is refused' 400 "$(post chuyenvien dossiers/$dossier/steps '{"status":"returned"}')"
step returned 'chuyenvien truongban' 'Thiếu xác nhận của cấp trình'
step draft 'vanthu thutruong'
step unit_review 'vanthu thutruong'
step submitted thutruong
step received 'chuyenvien truongban'
check 'a submitted dossier takes no more papers of the clerk' 4 \
	"$(post vanthu dossiers/$dossier/components '{"code":"C_KHAC","attachment":{"name":"a","media_type":"text/plain","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}' | cut -c 1)"
step appraisal 'chuyenvien truongban'
step consultation 'chuyenvien truongban'
check 'an opinion is entered' 2 "$(post chuyenvien dossiers/$dossier/opinions '{"unit":"tinh-quang-ngai","text":"Nhất trí khen thưởng","agree":true}' | cut -c 1)"
step appraisal 'chuyenvien truongban'
step public_comment 'chuyenvien truongban'
step council_review 'chuyenvien truongban'
check 'the chair does not count the ballot' 403 "$(post chutich dossiers/$dossier/votes '{}')"
check 'the council does' 2 "$(post hoidong dossiers/$dossier/votes '{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"members":13,"present":12,"yes":12,"no":0,"written_yes":0,"written_no":0}' | cut -c 1)"
step for_signature 'chuyenvien truongban'

# --- decided -------------------------------------------------------------------------

counted() { # of merit_province to collectives, in the half-year's report
	must chutich report half-year --unit tinh-quang-ngai --from 2025-07-01 --to 2025-12-31 --format csv --output "$scratch/report.csv"
	sed -n 's/^[0-9]*,Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh,\([0-9]*\),.*/\1/p' "$scratch/report.csv"
	rm -f "$scratch/report.csv"
}
check 'before the decision nothing is counted' '' "$(counted)"
check 'the records clerk registers the document' 201 "$(post vanthutinh documents '{"id":"qd-quy-trinh","kind":"QĐ","reference":"345/QĐ-UBND","date":"2025-09-01","issuer":{"unit":"tinh-quang-ngai"},"subject":"Về việc tặng Bằng khen"}')"
decision='{"id":"q-quy-trinh","document":"qd-quy-trinh","date":"2025-09-01","issuer":"tinh-quang-ngai","dossier":"hs-quy-trinh","grants":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"xa-xop-2025"},{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Kon Liêm"},"unit":"xa-xop-2025"}]}'
wrong=
before=$(state)
for login in vanthu thutruong xakhac chuyenvien truongban hoidong luutru thanhtra quantri; do
	code=$(post $login decisions "$decision")
	[ "$code" = 403 ] || wrong="$wrong $login:$code"
done
check 'who may not decide is refused' '' "$wrong"
check 'and nothing has changed' "$before" "$(state)"
check 'the records clerk enters what the chair signed' 201 "$(post vanthutinh decisions "$decision")"
[ "$(status)" = 201 ] || sed 's/^/# /' "$scratch/body"
check 'the dossier is decided' decided "$(state | jq -r '.[1]')"
check 'both lines are counted' 2 "$(counted)"
check 'before it is closed the archivist does not read it' 403 "$(as luutru --output "$scratch/body" "$url/dossiers/$dossier"; status)"
step closed truongban

# --- sealed ---------------------------------------------------------------------------

wrong=
before=$(state)
for login in vanthu thutruong xakhac hoidong chutich vanthutinh thanhtra quantri; do
	code=$(post $login dossiers/$dossier/seal '{}')
	[ "$code" = 403 ] || wrong="$wrong $login:$code"
done
check 'who may not seal is refused' '' "$wrong"
check 'and nothing has changed' "$before" "$(state)"
check 'the archivist seals it' 2 "$(post luutru dossiers/$dossier/seal '{}' | cut -c 1)"
check 'it is in the archive' archived "$(state | jq -r '.[1]')"
check 'a sealed dossier takes no paper' 4 "$(post luutru dossiers/$dossier/components '{"code":"C_KHAC","attachment":{"name":"a","media_type":"text/plain","size":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}' | cut -c 1)"

# --- revoked, one line -------------------------------------------------------------------

as thanhtra "$url/decisions/q-quy-trinh/grants" >"$scratch/grants"
grant=$(jq -r '.grants[0].id' "$scratch/grants")
body='{"reason":"Kê khai không đúng thành tích","date":"2025-10-01"}'
wrong=
for login in vanthu thutruong xakhac chuyenvien truongban hoidong vanthutinh luutru thanhtra quantri; do
	code=$(post $login "grants/$grant/revocation" "$body")
	[ "$code" = 403 ] || wrong="$wrong $login:$code"
done
check 'who may not revoke is refused' '' "$wrong"
check 'and both lines still count' 2 "$(counted)"
check 'the chair revokes one line' 2 "$(post chutich "grants/$grant/revocation" "$body" | cut -c 1)"
check 'the report counts the other alone' 1 "$(counted)"
check 'the dossier stays in the archive' archived "$(state | jq -r '.[1]')"
check 'a second revocation is refused' 4 "$(post chutich "grants/$grant/revocation" "$body" | cut -c 1)"
sed 's/^/# /; $a\' "$scratch/body"
finish
