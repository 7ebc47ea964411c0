#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Accounts as the operator and a browser meet them: the first administrator,
# log-ins over TLS and through restarts, and where no secret is ever found.
# shellcheck source-path=SCRIPTDIR
. "${srcdir:-.}/tests/functional/hosod.sh"
need curl jq openssl

make_archive
add_user boss system_admin

check 'the same log-in name cannot be given twice' 1 \
	"$(echo "$password" | hosod user add boss --name B --role auditor \
		>/dev/null 2>"$scratch/again"; echo $?)"
check 'a role that is bound to a unit must name one' 1 \
	"$(echo "$password" | hosod user add clerk --name C --role unit_clerk \
		>/dev/null 2>"$scratch/again"; echo $?)"
check 'a password that is too short is refused' 1 \
	"$(echo short | hosod user add clerk --name C --role auditor \
		>/dev/null 2>"$scratch/again"; echo $?)"
echo "$password" | hosod user add c --name C --role auditor >/dev/null 2>"$scratch/again"
check 'what is refused is told with its field' 1 "$(grep -c 'user add: .*(/login)$' "$scratch/again")"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
	-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
	-keyout "$scratch/tls.key" -out "$scratch/tls.crt" 2>/dev/null || exit 1
start_hosod

# --- the administrator makes a clerk -----------------------------------------
log_in boss
as boss "$url/users" >"$scratch/users"
check 'what was refused made nobody' boss "$(jq -r '.users[].login' "$scratch/users")"
check 'a log-in is told the name of the role' 'Quản trị hệ thống' \
	"$(jq -r '.roles[0].name' "$scratch/session")"
check 'and what that role allows, each to something' 'true false' \
	"$(jq -r '.acts | "\(index("user.write") != null) \(index("dossier.new") != null)"' "$scratch/session")"
as boss --json '{"id":"xa","kind":"commune","names":[{"name":"Xã Bờ Y"}]}' \
	"$url/units" >/dev/null
check 'the administrator makes a unit' 201 "$(status)"
as boss --json "{\"login\":\"lan\",\"name\":\"Lan\",\"password\":\"$password\",\"roles\":[{\"role\":\"unit_clerk\",\"unit\":\"xa\"}]}" \
	"$url/users" >"$scratch/made"
check 'and a clerk with a first password' 201 "$(status)"
lan=$(jq -r .id "$scratch/made")
check 'the answer holds no hash' '' "$(grep -a argon2 "$scratch/made")"

log_in lan
check 'a clerk is told what clerks may do' 'false true' \
	"$(jq -r '.acts | "\(index("user.write") != null) \(index("dossier.new") != null)"' "$scratch/session")"
as lan "$url/users/$lan" >/dev/null
check 'the clerk reads herself' 200 "$(status)"
as lan --json '{"login":"x1","name":"X"}' "$url/users" >"$scratch/refusal"
check 'and makes no users' 403 "$(status)"
check 'which is said in Vietnamese' 'vai trò của bạn không gồm quyền lập và sửa tài khoản (user.write)' \
	"$(jq -r .detail "$scratch/refusal")"
grep -v X-CSRF "$scratch/lan.curl" >"$scratch/bare.curl"
as bare -X DELETE "$url/session" >/dev/null
check 'a change without the csrf value is refused' 403 "$(status)"

# --- through a restart --------------------------------------------------------
stop_hosod KILL
start_hosod --set http.tls_listen=127.0.0.1:0 \
	--set "http.tls_certificate=$scratch/tls.crt" \
	--set "http.tls_key=$scratch/tls.key"
as lan "$url/session" >/dev/null
check 'a log-in outlives a killed server' 200 "$(status)"
tls=$(sed -n 's/.*event=server.ready.* tls=\([0-9]*\).*/\1/p' "$scratch/log" | tail -1)
check 'over TLS the cookie is for TLS alone' Secure "$(curl -s --cacert "$scratch/tls.crt" \
	-D - -o /dev/null --json "{\"login\":\"lan\",\"password\":\"$password\"}" \
	"https://127.0.0.1:$tls/api/v1/session" | grep -i '^set-cookie' | grep -o Secure)"
log_in lan
check 'and without it is for both' '' "$(field Set-Cookie | grep -o Secure)"
stop_hosod

# --- secrets ------------------------------------------------------------------
start_hosod --set session.secure=yes
log_in lan
check 'behind a proxy that speaks TLS it is too' Secure \
	"$(field Set-Cookie | grep -o Secure)"
as lan --json '{"name":"máy","scopes":["unit.read"],"expires":"'"$(date -d '+30 days' +%F)"'"}' \
	"$url/tokens" >"$scratch/token"
check 'the clerk makes a token' 201 "$(status)"
token=$(jq -r .secret "$scratch/token")
check 'which opens what it was made for' 200 "$(curl -s -o /dev/null -w '%{http_code}' \
	-H "Authorization: Bearer $token" "$url/units/xa")"
check 'and nothing else' 403 "$(curl -s -o /dev/null -w '%{http_code}' \
	-H "Authorization: Bearer $token" "$url/users/$lan")"
new='một mật khẩu hoàn toàn mới'
as lan -X PUT --json "{\"current\":\"$password\",\"password\":\"$new\"}" \
	"$url/session/password" >/dev/null
check 'the clerk changes her password' 200 "$(status)"
as lan "$url/session" >/dev/null
check 'which ends the log-in that she had' 401 "$(status)"
curl -s -o /dev/null -w '%{http_code}' --json \
	"{\"login\":\"lan\",\"password\":\"$password\"}" "$url/session" >"$scratch/code"
check 'the old password opens nothing' 401 "$(cat "$scratch/code")"

log_in boss
as boss -X PATCH --json '{"disabled":true}' "$url/users/$lan" >/dev/null
check 'the administrator disables her' 200 "$(status)"
check 'which ends her token' 401 "$(curl -s -o /dev/null -w '%{http_code}' \
	-H "Authorization: Bearer $token" "$url/units/xa")"
as boss -X PATCH --json '{"disabled":true}' \
	"$url/users/$(jq -r .user.id "$scratch/session")" >/dev/null
check 'but cannot disable himself' 403 "$(status)"

# --- guessing -----------------------------------------------------------------
# Ten are free; the pause doubles, and is soon longer than a slow machine hashes.
for guess in $(seq 40); do
	curl -s -D "$scratch/head" -o /dev/null --json \
		"{\"login\":\"boss\",\"password\":\"guess number $guess\"}" "$url/session"
	[ "$(status)" != 429 ] || break
done
check 'who guesses has to wait' 'yes 429' \
	"$([ "$guess" -gt 10 ] && echo yes || echo "$guess") $(status)"
check 'and is told how long' 1 "$(field Retry-After | grep -c '^[1-9]')"
check '  once' 1 "$(grep -ci '^retry-after:' "$scratch/head")"
as boss "$url/session" >/dev/null
check 'whoever is logged in goes on' 200 "$(status)"
stop_hosod

echo "$new" | hosod user password boss >/dev/null 2>&1
check 'the console gives a new password to a stopped server' 0 $?

# --- nowhere to be found -------------------------------------------------------
cookie=$(sed -n 's/.*hoso_session=\([0-9a-f]*\).*/\1/p' "$scratch/boss.curl")
csrf=$(sed -n 's/.*X-CSRF-Token: \([0-9a-f]*\).*/\1/p' "$scratch/boss.curl")
printf '%s\n' "$password" "$new" "$cookie" "$csrf" "${token#hoso_}" 'guess number' \
	>"$scratch/secrets"
check 'six secrets are looked for' 6 "$(grep -c . "$scratch/secrets")"
check 'no secret is in the store or its keys' '' \
	"$(grep -raFl -f "$scratch/secrets" "$scratch/data")"
check 'nor in the log' 0 "$(grep -acF -f "$scratch/secrets" "$scratch/log")"
check 'while the log does tell who was refused' yes \
	"$(grep -q 'event=login.refused' "$scratch/log" && echo yes)"

finish
