#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The web page in a browser: each page as the roles that may see it, by
# keyboard, on a screen and on a telephone, and with names that mean harm.
# shellcheck source=tests/functional/browser.sh
. "${srcdir:-.}/tests/functional/browser.sh"

# --- an office with something of everything ---------------------------------------------

make_province
# Two units more; the name of one means harm.
cat >hostile.json <<'ROWS'
["<img src=x onerror=window.hacked=1>", "\"><script>window.hacked=1</script>", "javascript:window.hacked=1", "'-window.hacked=1-'", "{{7*7}}${7*7}", "&lt;b&gt;&amp;", "\u202egnp.exe", "</title><iframe src=javascript:window.hacked=1>"]
ROWS
{
	for unit in nhieu-ho-so nguy-hiem; do
		jq -c --arg id "xa-$unit" --slurpfile bad hostile.json -n '{type: "unit", id: $id, kind: "commune",
			names: [{name: (if $id == "xa-nguy-hiem" then $bad[0][0] else "Xã Nhiều Hồ Sơ" end)}],
			from: "2025-07-01", parents: [{relation: "adm", unit: "tinh-quang-ngai", from: "2025-07-01"}]}'
	done
} >units.ndjson
start_hosod
enter quantri
must quantri import units.ndjson
stop_hosod

# Roles are bound to units, so these come after them.
add_user dongnhap head_of_standing_body:tinh-quang-ngai specialist:tinh-quang-ngai \
	unit_clerk:xa-nhieu-ho-so unit_clerk:xa-nguy-hiem
roles=$(jq -r '.roles[] | select(.assignable != false) | .id' "$srcdir/data/rules/roles.json")
for role in $roles; do
	case $role in
	cluster_*) unit=:cum-thi-dua-01-kon-tum ;;
	system_admin | auditor) unit= ;;
	unit_* | subject) unit=:xa-xop-2025 ;;
	*) unit=:tinh-quang-ngai ;;
	esac
	add_user "$(echo "$role" | tr _ -)" "$role$unit"
done
add_user luutru archivist:tinh-quang-ngai unit_clerk:xa-xop-2025
add_user thanhtra auditor
cp clerk.pem "$scratch/data/trust/"
start_page
load_province
enter luutru dongnhap

# Sealed, with a file whose signature is good and one that was changed.
dossier=hs-da-niem-phong
make_pdf 'Quyết định.pdf' ETSI.CAdES.detached
sed 's/595 842/842 595/' 'Quyết định.pdf' >'Bản bị sửa.pdf'
cat >sealed.ndjson <<ROWS
{"type":"dossier","id":"$dossier","kind":"merit","title":"Hồ sơ đã niêm phong","unit":"xa-xop-2025","date":"2025-08-01","attach":[{"code":"C_KHAC","path":"Quyết định.pdf"},{"code":"C_KHAC","path":"Bản bị sửa.pdf"}]}
{"type":"document","id":"qd-1","kind":"QĐ","reference":"12/QĐ-UBND","date":"2025-08-01","issuer":{"unit":"xa-xop-2025"},"subject":"Về việc tặng Giấy khen","attach":["Quyết định.pdf"]}
{"type":"decision","id":"q-1","document":"qd-1","date":"2025-08-01","issuer":"xa-xop-2025","dossier":"$dossier","grants":[{"award":"commend_commune","subject":{"kind":"collective","name":"Thôn Xốp Nghét"},"unit":"xa-xop-2025"}]}
ROWS
must luutru import sealed.ndjson
examined() {
	must luutru dossier signatures $dossier --json
	jq -e 'all(.files[]; .state == "examined")' "$scratch/must" >/dev/null
}
await examined || echo '# the signatures were not examined'
must luutru dossier step $dossier closed
must luutru seal $dossier --output sealed.asice
unzip -p sealed.asice 'urn*/metadata/other/receipts/*' | jq -c . | head -n 1 >receipt.json

# Sixty dossiers of one unit, and one with names that mean harm.
{
	jq -nc 'range(60) | {type: "dossier", id: "hs-nhieu-\(.)", kind: "merit", title: "Hồ sơ số \(. + 1)",
		unit: "xa-nhieu-ho-so", date: "2025-09-01"}'
	jq -c '{type: "dossier", id: "hs-nguy-hiem", kind: "merit", title: .[1], unit: "xa-nguy-hiem",
		date: "2025-09-01", code: .[3], awards: [{award: "merit_province", subject: {kind: "individual", name: .[2]}},
		{award: "merit_province", subject: {kind: "collective", name: .[4]}},
		{award: "merit_province", subject: {kind: "collective", name: .[5]}},
		{award: "merit_province", subject: {kind: "collective", name: .[7]}}],
		components: []}' hostile.json
} >dossiers.ndjson
must dongnhap import dossiers.ndjson
bad=$(jq -r '.[6]' hostile.json)
echo 'Tờ trình' >"$bad"
must dongnhap dossier add hs-nguy-hiem "$bad" --code C_TOTRINH

# --- the browser --------------------------------------------------------------------------

HOSO_ROLES=$(echo "$roles" | tr '\n' ' ' | sed 's/ $//')
HOSO_HOSTILE=$(cat hostile.json)
HOSO_CONTAINER=$PWD/sealed.asice
HOSO_DECISION="$PWD/Quyết định.pdf"
HOSO_CHANGED="$PWD/Bản bị sửa.pdf"
HOSO_RECEIPT=$PWD/receipt.json
export HOSO_ROLES HOSO_HOSTILE HOSO_CONTAINER HOSO_DECISION HOSO_CHANGED HOSO_RECEIPT
read_page log-ins dossiers dossier verify roles hostile keyboard
finish
