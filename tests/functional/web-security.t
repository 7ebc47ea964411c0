#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Whoever means harm: another site in the same browser, a clerk of another
# commune, a stolen or planted cookie, names and files that would like to run.
# The routes are taken from api/routes.c and the pages from web/src/pages, so
# that what is new is tried, too.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

# --- two communes; B's things hold a mark that A must never see --------------------------

mark='CHỈ-CỦA-XÃ-B'
make_archive
add_user quantri system_admin
cat >units.ndjson <<'ROWS'
{"type":"unit","id":"tinh","kind":"province","names":[{"name":"Tỉnh Thử"}],"from":"2025-07-01"}
{"type":"unit","id":"xa-a","kind":"commune","names":[{"name":"Xã A"}],"from":"2025-07-01","parents":[{"relation":"adm","unit":"tinh","from":"2025-07-01"}]}
{"type":"unit","id":"xa-b","kind":"commune","names":[{"name":"Xã B"}],"from":"2025-07-01","parents":[{"relation":"adm","unit":"tinh","from":"2025-07-01"}]}
ROWS
harm='<img src=x onerror=window.hacked=1><script>window.hacked=1</script>{{7*7}}"'"'>"
jq -nc --arg harm "[unit]$harm" '{type: "unit", id: "xa-hai", kind: "commune", names: [{name: $harm}], from: "2025-07-01",
	parents: [{relation: "adm", unit: "tinh", from: "2025-07-01"}]}' >>units.ndjson
start_hosod
enter quantri
must quantri import units.ndjson
stop_hosod
add_user luutru archivist:tinh specialist:tinh head_of_standing_body:tinh unit_clerk:xa-hai unit_clerk:xa-b
add_user canbo-a unit_clerk:xa-a
add_user canbo-b unit_clerk:xa-b
add_user thanhtra auditor
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
	-addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.crt 2>/dev/null || exit 1
mkdir plugins
cp "$plugins/council_vote_v1.so" "$plugins/csv.so" "$plugins/half_year.so" "$plugins/json.so" "$plugins/score_table_v1.so" plugins/
echo 'no plugin' >"plugins/[plugin]<img src=x onerror=window.hacked=1>.so"
start_page --set http.tls_listen=127.0.0.1:0 --set "http.tls_certificate=$PWD/tls.crt" --set "http.tls_key=$PWD/tls.key" \
	--set "office.plugins=$PWD/plugins"
origin=${url%/api/v1}
enter luutru
for login in quantri luutru canbo-a canbo-b thanhtra; do
	log_in $login
done

echo "$mark" >"$mark.txt"
cat >b.ndjson <<ROWS
{"type":"dossier","id":"hs-b","kind":"merit","title":"$mark","unit":"xa-b","date":"2025-08-01","code":"$mark","awards":[{"award":"merit_province","subject":{"kind":"individual","name":"$mark"}}],"attach":[{"code":"C_KHAC","path":"$mark.txt"}]}
{"type":"document","id":"vb-b","kind":"BC","date":"2025-08-01","issuer":{"unit":"xa-b"},"subject":"$mark","attach":["$mark.txt"]}
{"type":"document","id":"qd-b","kind":"QĐ","reference":"7/QĐ-UBND","date":"2025-08-01","issuer":{"unit":"xa-b"},"subject":"$mark"}
{"type":"decision","id":"q-b","document":"qd-b","date":"2025-08-01","issuer":"xa-b","grants":[{"award":"commend_commune","subject":{"kind":"collective","name":"$mark"},"unit":"xa-b"}]}
{"type":"figure","id":"so-b","document":"vb-b","unit":"xa-b","period":{"from":"2025-07-01","to":"2025-12-31"},"measure":"award:commend_commune:collective","value":5}
{"type":"movement","id":"pt-b","title":"Phong trào","kind":"regular","launched_by":"xa-b","period":{"from":"2025-07-01","to":"2025-12-31"}}
ROWS
must luutru import b.ndjson
sum=$(sha256sum <"$mark.txt" | cut -d ' ' -f 1)
user_b=$(as canbo-b "$url/session" | jq -r .user.id)
token_b=$(as canbo-b --json "{\"name\":\"$mark\",\"expires\":\"$(date -d '+9 days' +%F)\",\"scopes\":[\"unit.read\"]}" \
	"$url/tokens" | jq -r .id)
upload_b=$(as canbo-b --request POST -H 'Tus-Resumable: 1.0.0' -H 'Upload-Length: 5' \
	-H "Upload-Metadata: filename $(printf %s "$mark" | base64)" "$url/uploads" >/dev/null; field Location | sed 's,.*/,,')
check 'there is something of each kind to be tried at' yes \
	"$([ -n "$user_b" ] && [ -n "$token_b" ] && [ "${#upload_b}" -gt 5 ] && echo yes || echo "$user_b/$token_b/$upload_b")"

# Rows of the table: METHOD PATH ACT BODY PUBLIC.
awk -F '"' '/^\t\{ METHOD_/ && !/NULL, NULL, NULL,/ {
	method = $1; sub(/.*METHOD_/, "", method); sub(/,.*/, "", method)
	rest = $5; body = rest; sub(/^, /, "", body); sub(/,.*/, "", body)
	print method, $2, $4, body, (rest ~ /ROUTE_PUBLIC/ ? "public" : "closed"), ($1 ~ /V1/ ? "api" : "page")
}' "$srcdir/api/routes.c" >routes
check 'the table of routes is read' yes "$([ "$(wc -l <routes)" -gt 90 ] && echo yes)"

# What stands for {id} and others in the paths of routes.
fill() { # path
	case $1 in
	/dossiers/*) id=hs-b ;;
	/documents/*) id=vb-b ;;
	/decisions/*) id=q-b ;;
	/grants/*) id=q-b-001 ;;
	/figures/*) id=so-b ;;
	/movements/*) id=pt-b ;;
	/units/*) id=xa-b ;;
	/users/*) id=$user_b ;;
	/tokens/*) id=$token_b ;;
	/uploads/*) id=$upload_b ;;
	*) id=none ;;
	esac
	echo "$1" | sed "s/{id}/$id/; s/{sha256}/$sum/; s/{rev}/1/; s/{name}/half_year/; s/{[a-z.]*}/1/g"
}

# The status of a request, its answer in $scratch/answer.
try() { # login, method, path, body's kind
	case $4 in
	NONE) set -- "$1" "$2" "$3" ;;
	STREAM) set -- "$1" "$2" "$3" -H 'Content-Type: application/offset+octet-stream' --data '' ;;
	*) set -- "$1" "$2" "$3" --json '{}' ;;
	esac
	login=$1 method=$2 path=$3
	shift 3
	[ "$method" != HEAD ] || set -- --head "$@"
	[ "$method" = HEAD ] || set -- --request "$method" "$@"
	as "$login" -H 'Tus-Resumable: 1.0.0' -H 'Upload-Offset: 0' -H 'X-HTTP-Method-Override: DELETE' "$@" "$url$path" >"$scratch/answer" 2>&1
	status
}

# --- a change must come from the page --------------------------------------------------------

grep -v X-CSRF "$scratch/canbo-a.curl" >"$scratch/bare.curl"
{ cat "$scratch/bare.curl"; echo "header = \"X-CSRF-Token: $(printf %064d 0)\""; } >"$scratch/guess.curl"
csrf_less=
tried=0
while read -r method path act body open where; do
	case $method$open in GET* | HEAD* | OPTIONS* | *public) continue ;; esac
	tried=$((tried + 1))
	for who in bare guess; do
		got="$(try $who "$method" "$(fill "$path")" "$body") $(jq -r .field "$scratch/answer" 2>/dev/null)"
		[ "$got" = '403 X-CSRF-Token' ] || csrf_less="$csrf_less$method $path as $who: $got; "
	done
done <routes
check 'no route takes a change with a cookie alone, or a token that was guessed' '' "$csrf_less"
check '  and there are many of them' yes "$([ $tried -gt 25 ] && echo yes || echo $tried)"
check '  while with the token one gets further' 400 "$(try canbo-a POST /tokens JSON)"

# --- somebody else's ----------------------------------------------------------------------------

look() {
	for path in /dossiers/hs-b /documents/vb-b /decisions/q-b /grants/q-b-001 /figures/so-b /movements/pt-b /units/xa-b; do
		as thanhtra "$url$path"
		echo
	done
	as quantri "$url/users/$user_b"
	as canbo-b "$url/tokens/$token_b"
	as canbo-b "$url/uploads/$upload_b"
}
look >before
check 'B is there to be found' yes "$(grep -q "$mark" before && echo yes)"
allowed=$(jq -r '.acts[] | select(any(.grants[]; .role == "unit_clerk" and .scope == "all")) | .act' "$srcdir/data/rules/permissions.json")
leaks=
opened=
while read -r method path act body open where; do
	case $where$method in page* | apiOPTIONS) continue ;; esac
	case $path in *'{id}'*) ;; *) continue ;; esac
	! echo "$allowed" | grep -qx "$act" || continue
	got=$(try canbo-a "$method" "$(fill "$path")" "$body")
	case $path$got in
	*40[34]) ;;
	/units/*200 | /units/*400 | */grants200) ;; # lists leave out what is not hers: the mark says whether
	*) opened="$opened$method $path: $got; " ;;
	esac
	! grep -q "$mark" "$scratch/answer" || leaks="$leaks$method $path; "
done <routes
check 'a clerk opens and changes nothing of another commune' '' "$opened"
check '  and no answer holds a word of it' '' "$leaks"
leaks=
for path in '/units/tinh/dossiers?mode=territory' '/units/xa-b/dossiers?mode=exact' '/dossiers?name=X%C3%A3+B' /work /tokens /users \
	'/units/xa-b/grants' '/reports/half_year?unit=xa-b&from=2025-07-01&to=2025-12-31&format=json' \
	"/documents/vb-b/files/$sum?x" "/dossiers/hs-b/files/$sum"; do
	got=$(try canbo-a GET "$path" NONE)
	! grep -q "$mark" "$scratch/answer" || leaks="$leaks$path ($got); "
done
check 'no list, report or file tells of it either' '' "$leaks"
made=
for body in 'dossiers {"kind":"merit","title":"X","unit":"xa-b","date":"2025-08-01"}' \
	'documents {"kind":"BC","date":"2025-08-01","issuer":{"unit":"xa-b"},"subject":"X"}' \
	'decisions {"document":"qd-b","date":"2025-08-01","issuer":"xa-b","grants":[]}' \
	'figures {"document":"vb-b","unit":"xa-b","period":{"from":"2025-07-01","to":"2025-12-31"},"measure":"m","value":5}' \
	'users {"login":"cua-sau","name":"X","roles":[{"role":"system_admin"}]}' \
	'units {"kind":"commune","names":[{"name":"X"}]}'; do
	as canbo-a --json "${body#* }" "$url/${body%% *}" >"$scratch/answer"
	[ "$(status)" = 403 ] || made="$made$body: $(status); "
done
check 'nothing is made in the name of another commune' '' "$made"
look >after
check 'and all of B is as it was' "$(sha256sum <before)" "$(sha256sum <after)"

# --- log-ins --------------------------------------------------------------------------------------

enter_by() { # curl's options; the cookie is printed
	curl --silent --cacert tls.crt --dump-header "$scratch/head" --output "$scratch/session" \
		--json "{\"login\":\"canbo-a\",\"password\":\"$password\"}" "$@"
	field Set-Cookie
}
value() {
	sed 's/^[^=]*=//; s/;.*//'
}
alive() { # cookie
	curl --silent --output /dev/null --write-out '%{http_code}' -H "Cookie: hoso_session=$1" "$url/session"
}
flags() {
	sed 's/^hoso_session=[0-9a-f]*//'
}
tls=$(sed -n 's/.*event=server.ready.* tls=\([0-9]*\).*/\1/p' "$scratch/log" | tail -1)
check 'the cookie is out of reach of scripts and other sites, for this host alone' \
	'; Path=/; HttpOnly; SameSite=Strict' "$(enter_by "$url/session" | flags)"
check '  and over TLS for TLS alone' '; Path=/; HttpOnly; SameSite=Strict; Secure' \
	"$(enter_by "https://127.0.0.1:$tls/api/v1/session" | flags)"
planted=$(printf %064d 7)
new=$(enter_by -H "Cookie: hoso_session=$planted" "$url/session" | value)
check 'a cookie that somebody planted is not the one after the log-in' '401 200 no' \
	"$(alive "$planted") $(alive "$new") $([ "$planted" = "$new" ] && echo yes || echo no)"
next=$(enter_by -H "Cookie: hoso_session=$new" "$url/session" | value)
check 'a log-in over another one ends that' '401 200' "$(alive "$new") $(alive "$next")"
third=$(enter_by "$url/session" | value)
log_in canbo-a
as canbo-a -X DELETE "$url/session?everywhere=true"
check 'log-out everywhere ends all others at once' '401 401' "$(alive "$next") $(alive "$third")"
third=$(enter_by "$url/session" | value)
log_in canbo-a
as canbo-a -X PUT --json "{\"current\":\"$password\",\"password\":\"một câu hoàn toàn khác\"}" "$url/session/password" >"$scratch/answer"
check 'so does a new password' '200 401' "$(status) $(alive "$third")"
log_in canbo-b
held=$cookie
as quantri -X PATCH --json '{"disabled":true}' "$url/users/$user_b" >"$scratch/answer"
check 'so does disabling' '200 401' "$(status) $(alive "${held#*=}")"
as quantri -X PATCH --json '{"disabled":false}' "$url/users/$user_b" >"$scratch/answer"
check '  and enabling does not bring the old log-in back' '200 401' "$(status) $(alive "${held#*=}")"

# --- what every answer says ----------------------------------------------------------------------

lacks=
pages=0
while read -r method path act body open where; do
	[ "$where$method" = pageGET ] || continue
	case $path in /healthz | /metrics) continue ;; /assets/*) path=$(curl --silent "$origin/" | grep -o '/assets/[^"]*\.js' | head -1) ;; esac
	pages=$((pages + 1))
	curl --silent --output /dev/null --dump-header "$scratch/head" "$origin$(echo "$path" | sed 's/{[a-z]*}/x/g')"
	for wanted in 'Content-Security-Policy: .*frame-ancestors .none' "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';" \
		'X-Content-Type-Options: nosniff' 'Referrer-Policy: same-origin' 'Cross-Origin-Opener-Policy: same-origin' \
		'Cross-Origin-Resource-Policy: same-origin'; do
		grep -qi "^$wanted" "$scratch/head" || lacks="$lacks$path: $wanted; "
	done
	! grep -qi 'unsafe-\|^access-control' "$scratch/head" || lacks="$lacks$path: too much; "
done <routes
check 'every page and asset says by which rules it runs' '' "$lacks"
check '  and there are many' yes "$([ $pages -gt 10 ] && echo yes || echo $pages)"
lacks=
for path in /session /units?prefix=x /nothing /dossiers/hs-b '/dossiers/%00' '/dossiers/%'; do
	as thanhtra "$url$path" >"$scratch/answer"
	grep -qi '^X-Content-Type-Options: nosniff' "$scratch/head" || lacks="$lacks$path: sniffed; "
	case $(field Content-Type) in application/json* | application/problem+json*) ;; *) lacks="$lacks$path: $(field Content-Type); " ;; esac
	grep -qi '^Cache-Control:.*\(no-cache\|no-store\)' "$scratch/head" || [ "$(status)" = 400 ] || lacks="$lacks$path: kept; "
done
check 'no answer of the API is taken for a page, or kept by a proxy' '' "$lacks"

# --- files that would like to run -----------------------------------------------------------------

echo '<html><body><script>window.hacked=1; document.title="run"</script>xin chào</body></html>' >'[file]trang.html'
echo '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"><script>window.hacked=1</script></svg>' >hinh.svg
name='[name]<img src=x onerror=window.hacked=1>.txt'
echo x >"$name"
jq -nc --arg harm "$harm" --arg name "$name" '
	{type: "dossier", id: "hs-hai", kind: "merit", title: ("[title]" + $harm), unit: "xa-hai", date: "2025-09-01", code: ("[code]" + $harm),
	awards: [{award: "merit_province", subject: {kind: "individual", name: ("[person]" + $harm)}}],
	attach: [{code: "C_KHAC", path: "[file]trang.html"}, {code: "C_KHAC", path: "hinh.svg"}, {code: "C_KHAC", path: $name}]},
	{type: "document", id: "vb-hai", kind: "QĐ", reference: "8/QĐ-UBND", date: "2025-09-01", issuer: {unit: "xa-hai"},
	subject: ("[subject]" + $harm), signer: {name: ("[signer]" + $harm), position: ("[position]" + $harm), mode: "KT"},
	addressee: ("[addressee]" + $harm), place: ("[issued at]" + $harm), recipients: [{name: ("[recipient]" + $harm), purpose: "info"}],
	citations: [{reference: ("[cited]" + $harm), issuer: ("[cited issuer]" + $harm), relation: "pursuant", note: ("[cited note]" + $harm)}],
	attach: [$name]},
	{type: "document", id: "vb-ngoai", kind: "CV", reference: "8/QĐ-UBND", date: "2025-09-02", issuer: {name: ("[issuer]" + $harm)},
	subject: "X"},
	{type: "movement", id: "pt-hai", title: ("[movement]" + $harm), kind: "regular", launched_by: "xa-hai", theme: ("[theme]" + $harm),
	period: {from: "2025-07-01", to: "2025-12-31"}},
	{type: "decision", id: "q-hai", document: "vb-hai", date: "2025-09-01", issuer: "xa-hai", grants: [{award: "commend_commune",
	subject: {kind: "collective", name: ("[granted]" + $harm)}, unit: "xa-hai", note: ("[note]" + $harm)}]},
	{type: "figure", id: "so-hai", document: "vb-hai", unit: "xa-hai", period: {from: "2025-07-01", to: "2025-12-31"},
	measure: "award:commend_commune:collective", words: ("[words]" + $harm), quote: ("[quote]" + $harm), place: ("[part]" + $harm)}' >hai.ndjson
must luutru import hai.ndjson
for file in '[file]trang.html' hinh.svg; do
	as thanhtra "$url/dossiers/hs-hai/files/$(sha256sum <"$file" | cut -d ' ' -f 1)" >"$scratch/answer"
	check "a file that could run is handed out to be kept, in no origin of ours: ${file##*.}" "attachment default-src 'none'; sandbox nosniff" \
		"$(field Content-Disposition | cut -d ';' -f 1) $(field Content-Security-Policy) $(field X-Content-Type-Options)"
done
as quantri --json "$(jq -nc --arg harm "[user]$harm" --arg password "$password" '{login: "hai", name: $harm, password: $password,
	roles: [{role: "unit_clerk", unit: "xa-hai"}, {role: "auditor"}]}')" "$url/users" >"$scratch/answer"
user_harm=$(jq -r .id "$scratch/answer")
log_in hai
as hai --json "$(jq -nc --arg harm "[token]$harm" --arg day "$(date -d '+9 days' +%F)" '{name: $harm, expires: $day, scopes: ["unit.read"]}')" \
	"$url/tokens" >"$scratch/answer"
as luutru --json "$(jq -nc --arg harm "[opinion]$harm" '{text: $harm, agree: true}')" "$url/dossiers/hs-hai/opinions" >"$scratch/answer"
as hai --json "$(jq -nc --arg harm "[reason]$harm" '{status: "submitted", reason: $harm}')" "$url/dossiers/hs-hai/steps" >"$scratch/answer"
as luutru --json "$(jq -nc --arg harm "[scored]$harm" '{cluster: "tinh", year: 2025, scheme: "score_table_v1", unit: "xa-hai",
	criterion: "a", source: "appraised", value: 5000, note: $harm}')" "$url/scores" >"$scratch/answer"
as luutru --json "$(jq -nc --arg harm "[excluded]$harm" '{cluster: "tinh", year: 2025, scheme: "score_table_v1", keep: true,
	exclusions: [{unit: "xa-hai", reason: $harm}]}')" "$url/rankings" >"$scratch/answer"
ranking=$(jq -r .id "$scratch/answer")
as luutru --json "$(jq -nc --arg harm "[candidate]$harm" '{cluster: "tinh", year: 2025, scheme: "council_vote_v1", keep: true,
	units: [{id: "x", name: $harm}], ballots: [{unit: "x", award: "merit_province", members: 9, present: 9, yes: 9}]}')" \
	"$url/rankings" >"$scratch/answer"
vote=$(jq -r .id "$scratch/answer")
jq -nc --arg harm "[place]$harm" '{backups: [{at: 1000000, good: false, place: $harm, reason: $harm}]}' >"$scratch/data/backups.json"

HOSO_HARM=$harm HOSO_USER=$user_harm HOSO_RANKING=$ranking HOSO_VOTE=$vote \
	HOSO_FILE=$(sha256sum <'[file]trang.html' | cut -d ' ' -f 1) HOSO_SVG=$(sha256sum <hinh.svg | cut -d ' ' -f 1)
export HOSO_HARM HOSO_USER HOSO_RANKING HOSO_VOTE HOSO_FILE HOSO_SVG
read_page security
finish
