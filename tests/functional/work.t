#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What waits for whom: one dossier through the procedure, and at each status
# those for whom it waits see it and nobody else; pages, counts, heirs of
# merged units; and what each may do with a dossier.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq
papers=$srcdir/data/sample/stand-in

make_archive
fill_archive
add_office
add_user xakhac unit_head:xa-dak-pek-2025 unit_clerk:xa-dak-pek-2025
add_user hiepy consultee:tinh-quang-ngai
add_user luutrukhac archivist:tinh-quang-ngai
add_user canhan subject:xa-dak-pek-2025
add_user nhieuvai unit_clerk:xa-xop-2025 specialist:tinh-quang-ngai
everyone='vanthu thutruong xakhac chuyenvien truongban hoidong hiepy chutich vanthutinh luutru thanhtra'
start_hosod
for login in $everyone quantri nhieuvai luutrukhac canhan; do
	log_in "$login"
done
enter vanthu

post() { # login, path, body; prints the status, leaves $scratch/body
	as "$1" --json "$3" --output "$scratch/body" "$url/$2"
	status
}
get() { # login, path; prints the status, leaves $scratch/body
	as "$1" --output "$scratch/body" "$url/$2"
	status
}
told() { # jq's path
	jq -c "$1" "$scratch/body"
}
must_post() { # login, path, body
	code=$(post "$@")
	[ "${code%??}" = 2 ] || {
		echo "Bail out! $1 $2 $3: $code $(cat "$scratch/body")"
		exit 1
	}
}

# --- nothing yet ------------------------------------------------------------------------

curl -sS --output "$scratch/body" --write-out '%{http_code}' "$url/work" >"$scratch/code"
check 'who is not logged in is not told' 401 "$(cat "$scratch/code")"
check 'who may read no dossier is refused' 403 "$(get quantri work)"
wrong=
for login in $everyone; do
	[ "$(get "$login" work) $(told .)" = '200 {"groups":[]}' ] || wrong="$wrong $login"
done
check 'nothing waits for anybody' '' "$wrong"

wrong=
for login in $everyone quantri; do
	as "$login" "$url/session" >"$scratch/body"
	wrong="$wrong $(told '[.roles[].works] | any')"
done
check 'whose role has work at all is told at log-in' ' true true true true true true true true true true false false' "$wrong"

# --- one dossier, from status to status ---------------------------------------------------

dossier=hs-viec
must_post vanthu dossiers '{"id":"hs-viec","kind":"merit","title":"Bằng khen cho \"Thôn Xốp Nghét\"","unit":"xa-xop-2025","date":"2025-08-01","awards":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"}}]}'

waits_for() { # logins, in the order of $everyone
	seen=
	for login in $everyone; do
		get "$login" work >"$scratch/code"
		[ "$(jq --arg id $dossier '[.groups[].dossiers[] | select(.id == $id)] | length > 0' "$scratch/body")" = true ] &&
			seen="$seen $login"
	done
	check "$1: waits for" "$2" "${seen# }"
	# Who is offered a step may take it, and it waits for nobody who is not.
	offered=
	for login in $everyone; do
		[ "$(get "$login" dossiers/$dossier/next)" = 200 ] &&
			[ "$(told '(.steps | length) + ([.acts[] | select(. == "dossier.opinion" or . == "dossier.vote")] | length) > 0')" = true ] &&
			offered="$offered $login"
	done
	check "$1: something is offered to" "$2" "${offered# }"
}
step() { # login, status, reason
	must_post "$1" dossiers/$dossier/steps "$(jq -nc --arg to "$2" --arg reason "${3:-}" \
		'{status: $to} + if $reason == "" then {} else {reason: $reason} end')"
}

waits_for draft 'vanthu thutruong'
get vanthu work >"$scratch/code"
check 'the clerk is told role, unit, status and what may follow' \
	'[1,"unit_clerk","xa-xop-2025","Xã Xốp","draft",["unit_review"],["dossier.edit"],1,null]' \
	"$(told '[(.groups | length)] + (.groups[0] | [.role,.unit,.unit_name,.status,.steps,.acts,.count,.next])')"
check 'and title, unit and day of the dossier' \
	'["Bằng khen cho \"Thôn Xốp Nghét\"","xa-xop-2025","Xã Xốp","2025-08-01","merit",1]' \
	"$(told '.groups[0].dossiers[0] | [.title,.unit,.unit_name,.date,.kind,.rev]')"
check 'since its last step' true "$(told ".groups[0] | .since == .dossiers[0].since and .since == $(as vanthu "$url/dossiers/$dossier" | jq '.steps[-1].at')")"
get vanthu dossiers/$dossier/next >"$scratch/code"
check 'what he may do is told with it' \
	'{"acts":["dossier.edit"],"rev":1,"steps":[{"act":"dossier.step","reason":false,"role":"unit_clerk","to":"unit_review"}]}' \
	"$(told .)"
step vanthu unit_review
waits_for unit_review thutruong
for pair in C_TOTRINH:mau-to-trinh C_BCTT:mau-bao-cao-thanh-tich C_BB_HOIDONG:mau-bien-ban-hoi-dong; do
	must vanthu dossier add $dossier "$papers/${pair#*:}.txt" --code "${pair%%:*}"
done
get thutruong work >"$scratch/code"
check 'what is added to it makes it no younger' true \
	"$(told ".groups[0].since == $(as vanthu "$url/dossiers/$dossier" | jq '.steps[-1].at')")"
step thutruong submitted
waits_for submitted 'chuyenvien truongban'
step chuyenvien returned 'Thiếu xác nhận'
waits_for returned 'vanthu thutruong'
step vanthu draft
step vanthu unit_review
step thutruong submitted
step chuyenvien received
waits_for received 'chuyenvien truongban'
step chuyenvien appraisal
waits_for appraisal 'chuyenvien truongban'
get chuyenvien dossiers/$dossier/next >"$scratch/code"
check 'the specialist returns with a reason, but rejects nothing' '[["returned",true]]' \
	"$(told '[.steps[] | select(.to == "returned" or .to == "rejected") | [.to,.reason]]')"
step chuyenvien consultation
waits_for consultation 'chuyenvien truongban hiepy'
get hiepy work >"$scratch/code"
check 'the consultee is to give an opinion' '[["dossier.opinion"],[]]' "$(told '.groups[0] | [.acts,.steps]')"
step chuyenvien appraisal
step chuyenvien council_review
waits_for council_review 'chuyenvien truongban hoidong'
must_post hoidong dossiers/$dossier/votes '{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"members":13,"present":12,"yes":10,"no":2,"written_yes":1,"written_no":0}'
get chuyenvien dossiers/$dossier/votes >"$scratch/code"
check 'a ballot is told with what it comes to by its rule' '[13,10,11,11,true,false]' \
	"$(told '.votes[0] | [.members,.yes,.in_favour,.needed,.carried,.required]')"
must_post truongban dossiers/$dossier/votes '{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"members":13,"present":13,"yes":10,"no":3}'
get chuyenvien dossiers/$dossier/votes >"$scratch/code"
check 'one vote less is not enough' '[[11,true],[10,false]]' "$(told '[.votes[] | [.in_favour,.carried]]')"
check 'who may not read the dossier is not told' 403 "$(get xakhac dossiers/$dossier/votes)"
step chuyenvien for_signature
waits_for for_signature 'truongban chutich vanthutinh'
get chutich dossiers/$dossier/next >"$scratch/code"
check 'a decision is what decides it' '"decision.new"' "$(told '.steps[] | select(.to == "decided") | .act')"
must_post chutich decisions "$(
	must_post luutru documents '{"id":"qd-viec","kind":"QĐ","reference":"77/QĐ-UBND","date":"2025-09-01","issuer":{"unit":"tinh-quang-ngai"},"subject":"Về việc tặng Bằng khen"}' >&2
	echo '{"document":"qd-viec","date":"2025-09-01","issuer":"tinh-quang-ngai","dossier":"hs-viec","grants":[{"award":"merit_province","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"xa-xop-2025"}]}'
)"
waits_for decided truongban
get thutruong 'decisions?reference=77%20/q%C4%91-UBND' >"$scratch/code"
check 'its decision is found by number and symbol' \
	'["77/QĐ-UBND","2025-09-01","tinh-quang-ngai","Tỉnh Quảng Ngãi","hs-viec","Về việc tặng Bằng khen"]' \
	"$(told '.decisions[0] | [.reference,.date,.issuer,.issuer_name,.dossier,.subject]')"
decision=$(jq -r '.decisions[0].id' "$scratch/body")
get thutruong 'decisions?reference=78/Q%C4%90-UBND' >"$scratch/code"
check 'and no other' '[]' "$(told .decisions)"
check 'who may read no decision is refused' 403 "$(get hoidong 'decisions?reference=77/Q%C4%90-UBND')"
get thutruong documents/qd-viec/decisions >"$scratch/code"
check 'its document tells which decisions it holds' "[\"$decision\"]" "$(told '[.decisions[].id]')"
check '  but not to who may read none' 403 "$(get hoidong documents/qd-viec/decisions)"
check '  and one that is not there tells nothing' 404 "$(get thutruong documents/khong-co/decisions)"
wrong=
for login in thutruong chuyenvien truongban luutru; do
	get $login documents/qd-viec/next >"$scratch/code"
	wrong="$wrong $login:$(told .acts):$(told .rev)"
done
check 'who may change a document is told so, and at which revision' \
	' thutruong:[]:1 chuyenvien:["document.write"]:1 truongban:["document.write"]:1 luutru:["document.write"]:1' "$wrong"
wrong=
for login in thutruong chutich truongban luutru; do
	get $login "decisions/$decision/grants" >"$scratch/code"
	wrong="$wrong $login:$(told .revocable)"
done
check 'who may revoke its lines is told so' ' thutruong:false chutich:true truongban:false luutru:false' "$wrong"
step truongban closed
waits_for closed luutru
get luutru dossiers/$dossier/next >"$scratch/code"
check 'the archivist seals it' '[["package.seal","archived"]]' "$(told '[.steps[] | [.act,.to]]')"
must_post luutru dossiers/$dossier/seal '{}'
get thutruong dossiers/$dossier/next >"$scratch/code"
check 'a sealed one may be taken out' '[["package.read"],[]]' "$(told '[.acts,.steps]')"
wrong=
for login in $everyone; do
	[ "$(get "$login" work) $(told .)" = '200 {"groups":[]}' ] || wrong="$wrong $login"
done
check 'then nothing waits for anybody' '' "$wrong"

# --- many, and of a unit that has gone -----------------------------------------------------

for number in 1 2 3; do
	must_post vanthu dossiers "{\"id\":\"hs-nhap-$number\",\"kind\":\"merit\",\"title\":\"Hồ sơ $number\",\"unit\":\"xa-xop-2025\",\"date\":\"2025-08-0$number\"}"
done
must_post luutru dossiers '{"id":"hs-cu","kind":"merit","title":"Hồ sơ của xã cũ","unit":"xa-xop","date":"2025-05-01"}'
get vanthu 'work?limit=3' >"$scratch/code"
check 'the heir sees what its predecessor left, with its name then and now' \
	'[4,["hs-nhap-1","hs-nhap-2","hs-nhap-3"]]' "$(told '.groups[0] | [.count,[.dossiers[].id]]')"
next=$(jq -r '.groups[0].next' "$scratch/body")
get vanthu "work?role=unit_clerk&unit=xa-xop-2025&status=draft&limit=3&cursor=$next" >"$scratch/code"
check 'and the rest behind the cursor, uncounted' '[null,null,["hs-cu"],"Xã Xốp",true]' \
	"$(told '.groups[0] | [.count,.next,[.dossiers[].id],.dossiers[0].unit_name,(.dossiers[0].now | startswith("nay là"))]')"
get xakhac work >"$scratch/code"
check 'another commune sees none of it' '[]' "$(told .groups)"
get nhieuvai work >"$scratch/code"
check 'who has two roles has what waits for each' '[["unit_clerk","draft",4]]' "$(told '[.groups[] | [.role,.status,.count]]')"
must_post vanthu dossiers/hs-nhap-1/steps '{"status":"unit_review"}'
get nhieuvai work >"$scratch/code"
check 'and only as long as it does' '[["unit_clerk","draft",3]]' "$(told '[.groups[] | [.role,.status,.count]]')"
get thutruong 'work?status=unit_review' >"$scratch/code"
check 'one status may be asked for alone' '[["unit_review",1]]' "$(told '[.groups[] | [.status,.count]]')"
check 'a limit beyond bounds is refused' 400 "$(get vanthu 'work?limit=101')"
check 'what is no cursor is refused' 400 "$(get vanthu 'work?cursor=x')"
check 'an unknown word is refused' 400 "$(get vanthu 'work?rolle=unit_clerk')"
check 'what may be done with what may not be read is not told' 403 "$(get xakhac dossiers/hs-cu/next)"
check 'nor with what is not there' 404 "$(get vanthu dossiers/khong-co/next)"

# --- what somebody made himself -----------------------------------------------------------

add_past() { # dossier, unit; of a decision that was made long ago
	must_post luutru dossiers "{\"id\":\"$1\",\"kind\":\"merit\",\"title\":\"Quyết định cũ\",\"unit\":\"$2\",\"date\":\"2025-08-01\"}"
}
add_past hs-xua-1 tinh-quang-ngai
add_past hs-xua-2 xa-dak-pek-2025
must_post canhan dossiers '{"id":"hs-cua-toi","kind":"merit","title":"Báo cáo của tôi","unit":"xa-dak-pek-2025","date":"2025-08-01"}'
must_post xakhac dossiers '{"id":"hs-don-gian","kind":"sudden","procedure":"simple","title":"Khen đột xuất","unit":"xa-dak-pek-2025","date":"2025-08-01"}'
rows() { # login
	get "$1" work >"$scratch/code"
	told '[.groups[] | [.role, .status, .mine // false, .acts, .steps, [.dossiers[].id]]]'
}
check 'who files what was decided long ago finds it, of whatever unit, and nothing of others' \
	'[["archivist","draft",true,["dossier.edit"],["decided"],["hs-cu","hs-xua-1","hs-xua-2"]]]' "$(rows luutru)"
check '  another archivist does not' '[]' "$(rows luutrukhac)"
check 'who writes a report on himself finds it' \
	'[["subject","draft",true,["dossier.edit"],[],["hs-cua-toi"]]]' "$(rows canhan)"
check 'the clerk of the unit finds every draft of it, that of a simple procedure as well, its head those he steps on' \
	'[["unit_head","draft",false,[],["unit_review","submitted"],["hs-xua-2","hs-cua-toi","hs-don-gian"]],["unit_clerk","draft",false,["dossier.edit"],["unit_review"],["hs-xua-2","hs-cua-toi","hs-don-gian"]]]' "$(rows xakhac)"
as canhan "$url/session" >"$scratch/body"
check 'who has nothing but reports of his own is led to them' '[true]' "$(told '[.roles[].works]')"
get luutru 'work?role=archivist&unit=tinh-quang-ngai&status=draft&limit=1' >"$scratch/code"
next=$(jq -r '.groups[0].next' "$scratch/body")
get luutru "work?role=archivist&unit=tinh-quang-ngai&status=draft&limit=1&cursor=$next" >"$scratch/code"
check 'they go on behind a cursor as all others' '[["hs-xua-1"]]' "$(told '[.groups[] | [.dossiers[].id]]')"
must_post luutru documents '{"id":"qd-xua","kind":"QĐ","reference":"5/QĐ-UBND","date":"2025-08-02","issuer":{"unit":"xa-dak-pek-2025"},"subject":"Về việc tặng Giấy khen"}'
must_post luutru decisions '{"id":"q-xua","document":"qd-xua","date":"2025-08-02","issuer":"xa-dak-pek-2025","dossier":"hs-xua-1","grants":[{"award":"commend_commune","subject":{"kind":"collective","name":"Thôn Đăk Pék"},"unit":"xa-dak-pek-2025"}]}'
check 'once it is decided it waits to be closed by him' \
	'[["archivist","draft",["hs-cu","hs-xua-2"]],["archivist","decided",["hs-xua-1"]]]' "$(rows luutru | jq -c '[.[] | [.[0],.[1],.[5]]]')"
must_post luutru dossiers/hs-xua-1/steps '{"status":"closed"}'
must_post luutru dossiers/hs-xua-1/seal '{}'

stop_hosod
check 'fsck finds nothing' 0 "$(code_of "$builddir/hosod" --data "$scratch/data" fsck)"
finish
