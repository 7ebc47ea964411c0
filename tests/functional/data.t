#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# data/ hangs together: the rule files name only what exists, the sample's
# references resolve in import order, and what data/expected promises can be
# had from the sample.  Each check is a jq program that prints what is wrong;
# nothing printed is ok.
#
# shellcheck disable=SC2016 # the programs are jq's
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need jq
data=$srcdir/data

report() { # sentence, file of complaints
	count=$((count + 1))
	if [ -s "$2" ]; then
		failed=$((failed + 1))
		echo "not ok $count - $1"
		sed 's/^/# /' "$2"
	else
		echo "ok $count - $1"
	fi
}

# Helpers of all programs.  . is {rules, schemes, sample, expected}.
library='
def day: if type == "object" then .from else . end;
def last: if type == "object" then .to else . end;
def holds($d): (.from // "0000-01-01") <= $d and $d <= (.to // "9999-12-31");
def overlap($a; $b): (($a.from // "0000-01-01") <= ($b.to // "9999-12-31"))
	and (($b.from // "0000-01-01") <= ($a.to // "9999-12-31"));
def twice(f): group_by(f)[] | select(length > 1) | .[0] | f;
def index_by(f): reduce .[] as $x ({}; .[$x | f] = $x);
def set_of(f): reduce (.[] | f) as $x ({}; .[$x] = true);
def has_item($x): any(.[]; . == $x);
def ceil_div($a; $b): ($a + $b - 1) / $b | floor;
'

check() { # sentence, jq program
	jq -r "$library $2" "$scratch/all.json" >"$scratch/wrong" 2>&1 ||
		echo "jq failed" >>"$scratch/wrong"
	report "$1" "$scratch/wrong"
}

# --- every file by itself ------------------------------------------------
: >"$scratch/wrong"
for file in "$data"/rules/*.json "$data"/rules/schemes/*.json \
	"$data"/sample/ranking/*.json "$data"/expected/*.json \
	"$data"/sample/*.ndjson; do
	jq empty "$file" >"$scratch/error" 2>&1 ||
		echo "$file: $(cat "$scratch/error")" >>"$scratch/wrong"
done
report 'every file is JSON' "$scratch/wrong"

: >"$scratch/wrong"
for file in "$data"/sample/*.ndjson; do
	lines=$(wc -l <"$file")
	objects=$(jq -n '[inputs | select(type == "object")] | length' "$file")
	[ "$lines" -eq "$objects" ] ||
		echo "$file: $lines lines, $objects objects" >>"$scratch/wrong"
done
report 'the sample has one object a line' "$scratch/wrong"

if ! jq -n '
	def base: input_filename | sub(".*/"; "") | sub("[.][a-z]*$"; "");
	reduce inputs as $x ({rules: {}, schemes: {}, sample: [], expected: {}};
		input_filename as $f | base as $b
		| if ($f | test("/schemes/")) then .schemes[$b] = $x
		elif ($f | test("/rules/")) then .rules[$b] = $x
		elif ($f | test("/ranking/")) then .ranking[$b] = $x
		elif ($f | test("/expected/")) then .expected[$b] = $x
		else .sample += [$x + {line: .sample | length}] end)
	| .unit = ([.sample[] | select(.type == "unit")] | INDEX(.id))
	| .document = ([.sample[] | select(.type == "document")] | INDEX(.id))
	' "$data"/rules/*.json "$data"/rules/schemes/*.json \
	"$data"/sample/ranking/*.json "$data"/expected/*.json \
	"$data"/sample/*.ndjson >"$scratch/all.json"; then
	echo 'Bail out! the files cannot be read together'
	exit 1
fi

check 'numbers are integers and keys are ASCII' '
	(.. | numbers | select(. != floor)),
	(.. | objects | keys[] | select(test("^[\\x20-\\x7e]*$") | not))'

check 'text is composed (NFC) and has no blanks at its ends' '
	.. | strings | select(test("[\\x{0300}-\\x{036f}]") or test("^\\s|\\s$"))'

# --- rules ---------------------------------------------------------------
check 'rows of one code never overlap in time' '
	.rules | ([.awards.awards[] | {code, from, to}],
		[.components.sets[] | {code, from, to}],
		[.ballots.ballots[] | {code: .award, from, to}])
	| group_by(.code)[] | . as $rows
	| range(length) as $i | range($i + 1; length) as $j
	| select(overlap($rows[$i]; $rows[$j])) | "\($rows[$i]) \($rows[$j])"'

check 'codes that have no dates are there once' '
	.rules | ([.components.components[].code], [.retention.classes[].code],
		[."document-kinds".kinds[].code], [."unit-kinds".kinds[].code],
		[.workflow.dossier[].id], [.workflow.movement[].id],
		[.roles.roles[].id], [.permissions.acts[].act], [.measures.measures[].code],
		[."vendor-status".statuses[].code])
	| twice(.)'

check 'every rule row names its source' '
	.rules | (.awards | .awards[], .recognitions[]),
		(.components | .components[], .sets[]), .retention.classes[],
		.ballots.ballots[], ."document-kinds".kinds[], ."unit-kinds".kinds[],
		.workflow.dossier[], .workflow.movement[],
		.roles.roles[], .roles.actors[],
		.permissions.acts[].grants[], ."vendor-status".statuses[], .measures.measures[],
		."rule-sets".rule_sets[], .layout.blocks[]
	| select((.source // "") == "")'

check 'what a figure of the sample measures has a name' '
	(.rules.measures.measures | set_of(.code)) as $named
	| .sample[] | select(.type == "figure") | .measure
	| select(test("^(award|level):|^resistance:all$|^share:direct_worker$") | not)
	| select($named[.] | not)'

check 'component sets say in words what demands them' '
	.rules.components.sets[] | select((.basis // "[") | test("[][]"))
	| .code'
check 'awards name existing sets, classes, deciders and awards' '
	.rules as $r
	| ($r.components.sets | set_of(.code)) as $sets
	| ($r.components.components | set_of(.code)) as $codes
	| ($r.retention.classes | set_of(.code)) as $classes
	| ($r.roles.actors | set_of(.id)) as $actors
	| ($r.awards.awards | set_of(.code)) as $awards
	| $r.awards.awards[] | . as $a
	| ((.components, (.components_by_kind // {})[]) | select($sets[.] | not)),
	(.retention | select($classes[.] | not)),
	(.decided_by[] | select($actors[.] | not)),
	(.preconditions // {} | .. | objects | .award // empty
		| select($awards[.] | not)),
	(.preconditions // {} | .. | objects | select(.check == "component")
		| .code | select($codes[.] | not)),
	(.family | select(IN("title", "form", "honour", "prize") | not)),
	(.level | select(IN("state", "province", "district", "base", "commune")
		| not)),
	(.subjects[] | select(IN("individual", "collective", "household") | not))
	| "\($a.code): \(.)"'

check 'component sets name existing components' '
	.rules.components | (.components | set_of(.code)) as $codes
	| .sets[] | .mandatory[], .any[][], .conditional[].code
	| select($codes[.] | not)'

check 'every award that is voted on has a ballot rule on every day' '
	.rules as $r | $r.awards.awards[] | . as $a
	| [$r.ballots.ballots[] | select(.award == $a.code)] as $rows
	| ((.from // "2005-01-01"), (.to // "2026-01-01")) as $day
	| [$rows[] | select(holds($day))] as $hit
	| if $a.ballot then
		select(($hit | length) != 1 or ($hit[0].ballot_required | not))
	else select(any($hit[]; .ballot_required)) end
	| "\($a.code) on \($day)"'

check 'workflow steps name existing statuses and roles, all can be reached' '
	(.rules.roles.roles | set_of(.id)) as $roles
	| .rules.workflow as $w | ("dossier", "movement") as $of
	| ($w[$of] | set_of(.id)) as $ids
	| ($w[$of] | map(.next[].to) + [$w.start[$of]]
		| reduce .[] as $x ({}; .[$x] = true)) as $reached
	| ($w[$of][] | .id as $id
		| (.next[] | (.to | select($ids[.] | not)),
			(.roles[] | select($roles[.] | not))),
		(.who[] | select($roles[.] | not))
		| "\($id): \(.)"),
	($ids | keys[] | select($reached[.] | not))'

check 'a step belongs to a procedure of both its ends' '
	.rules.workflow.dossier | INDEX(.id) as $all | .[] | . as $from
	| .next[] | . as $step | .procedure[]
	| . as $p | select(($from.procedure | has_item($p) | not)
		or ($all[$step.to].procedure | has_item($p) | not))
	| "\($from.id) -> \($step.to): \(.)"'

check 'permissions name existing roles, scopes, statuses' '
	(.rules.roles.roles | set_of(.id)) as $roles
	| (.rules.workflow.dossier | set_of(.id)) as $statuses
	| .rules.permissions.acts[] | .act as $act | .grants[]
	| (.role | select($roles[.] | not)),
	(.scope | select(IN("own", "subtree", "mine", "all") | not)),
	((.statuses // [])[] | select($statuses[.] | not))
	| "\($act): \(.)"'

# Every step, role and relation that a binding may have to a record: it is of
# its own unit, of one below it or of another, and made by the holder or not.
rights='
def covers($rel; $maker): .scope as $s | $s == "all" or ($s == "mine" and $maker)
	or ($s == "own" and $rel == "own") or ($s == "subtree" and $rel != "elsewhere");
def may($acts; $act; $role; $status; $rel; $maker): any(($acts[$act] // {grants: []}).grants[];
	.role == $role and ((.statuses // [$status]) | has_item($status)) and covers($rel; $maker));
def relations: {rel: ("own", "below", "elsewhere"), maker: (true, false)};
def act_to: if . == "archived" then "package.seal" elif . == "decided" then "decision.new" else "dossier.step" end;
def steps: .rules.workflow | ({table: "dossier", row: .dossier[]}, {table: "movement", row: .movement[]})
	| .table as $table | .row | .id as $from | .next[] | .to as $to | .roles[]
	| {table: $table, $from, $to, role: ., act: (if $table == "dossier" then $to | act_to else "movement.step" end)};
'
check 'whoever takes a step may read what he steps on, before and after' "$rights"'
	(.rules.permissions.acts | index_by(.act)) as $acts
	| steps | . as $step | relations as $to
	| select(may($acts; .table + ".step"; .role; .from; $to.rel; $to.maker))
	| (.from, .to) as $status
	| select(may($acts; .table + ".read"; .role; $status; $to.rel; $to.maker) | not)
	| "\(.role): \(.from) -> \(.to), \($to.rel), \(if $to.maker then "his" else "another\u0027s" end): may not read \($status)"'

check 'each role that a step names can take it of something' "$rights"'
	(.rules.permissions.acts | index_by(.act)) as $acts
	| steps | . as $step
	| select([relations | . as $to | $step
		| may($acts; .table + ".step"; .role; .from; $to.rel; $to.maker)
			and may($acts; .act; .role; .from; $to.rel; $to.maker)] | any | not)
	| "\(.role): \(.from) -> \(.to)"'

check 'whoever may step may take a step, and seals only by one' "$rights"'
	[steps] as $steps | .rules.permissions.acts[]
	| select(.act | IN("dossier.step", "movement.step", "package.seal")) | .act as $act
	| .grants[] | . as $grant
	| select(any($steps[]; .role == $grant.role and (.act == $act or .table + ".step" == $act)
		and (.from as $from | ($grant.statuses // [$from]) | has_item($from))) | not)
	| "\($act): \(.role)"'

check 'whoever changes a dossier may read it' "$rights"'
	(.rules.permissions.acts | index_by(.act)) as $acts
	| .rules as $r | ("dossier.edit", "dossier.step", "dossier.opinion", "dossier.vote", "package.seal") as $act
	| $r.roles.roles[].id as $role | $r.workflow.dossier[].id as $status | relations as $to
	| select(may($acts; $act; $role; $status; $to.rel; $to.maker)
		and (may($acts; "dossier.read"; $role; $status; $to.rel; $to.maker) | not))
	| "\($act): \($role), \($status), \($to.rel), \($to.maker)"'

check 'whoever makes a dossier may read it' "$rights"'
	(.rules.permissions.acts | index_by(.act)) as $acts
	| .rules.workflow.start.dossier as $status
	| .rules.roles.roles[].id as $role | relations as $to
	| select($to.maker and may($acts; "dossier.new"; $role; $status; $to.rel; true)
		and (may($acts; "dossier.read"; $role; $status; $to.rel; true) | not))
	| "\($role), \($to.rel)"'

check 'each role takes a step, or says which act it is there for and why' "$rights"'
	(.rules.permissions.acts | index_by(.act)) as $acts
	| [steps | .role] as $stepping | .rules.roles.roles[] | .id as $role
	| ($stepping | has_item($role)) as $steps
	| if $steps then select(.without_step) | "\($role) takes steps, and says that it takes none"
	elif (.without_step.acts // []) == [] or (.without_step.why // "") == "" then "\($role) is there for nothing"
	else .without_step.acts[] | . as $act
		| select(any(($acts[$act] // {grants: []}).grants[]; .role == $role) | not)
		| "\($role) may not \($act)" end'

check 'vendor codes stand for existing statuses' '
	(.rules.workflow.dossier | set_of(.id)) as $ids
	| .rules."vendor-status".statuses[] | .status // empty
	| select($ids[.] | not)'

check 'unit kinds name existing kinds as parents and members' '
	.rules."unit-kinds".kinds | set_of(.code) as $kinds
	| .[] | .parents[].kind, (.members // [])[] | select($kinds[.] | not)'

# --- sample --------------------------------------------------------------
check 'ids are well formed and there once in their type' '
	[.sample[] | select(.id)]
	| (.[] | .id | select(test("^[a-z0-9][a-z0-9-]{0,63}$") | not)),
	(group_by([.type, .id])[] | select(length > 1) | .[0].id)'

check 'every unit that is named stands in an earlier line' '
	.unit as $unit | .sample[] | . as $row
	| if .type == "unit" then .parents // [] | .[].unit
	elif .type == "reorganisation" then .predecessors[], .successors[]
	elif .type == "document" then .issuer.unit // empty
	elif .type == "movement" then .launched_by
	elif .type == "dossier" then .unit, (.awards[].subject.unit // empty)
	elif .type == "decision" then
		.issuer, (.grants[] | .unit, (.subject.unit // empty))
	elif .type == "figure" then .unit
	elif .type == "score" then .unit, .cluster
	else "type \(.type)" end
	| select(($unit[.].line // infinite) >= $row.line)
	| "\($row.type) \($row.id // ""): \(.)"'

check 'every document, dossier and movement that is named stands earlier' '
	.document as $document
	| ([.sample[] | select(.type == "dossier")] | INDEX(.id)) as $dossier
	| ([.sample[] | select(.type == "movement")] | INDEX(.id)) as $movement
	| .sample[] | . as $row
	| (if .type == "document" then (.citations // [])[] | .document // empty
	elif .type == "movement" then (.documents // [])[]
	elif .type == "decision" then .document
	elif .type == "figure" then .document else empty end
	| select(($document[.].line // infinite) >= $row.line)),
	(select(.type == "decision") | .dossier // empty
	| select(($dossier[.].line // infinite) >= $row.line)),
	(select(.type == "dossier") | .movement // empty
	| select(($movement[.].line // infinite) >= $row.line))
	| "\($row.type) \($row.id): \(.)"'

check 'kinds of units are known and lie under parents that may be theirs' '
	(.rules."unit-kinds".kinds | INDEX(.code)) as $kinds | .unit as $unit
	| $unit[] | . as $u
	| if $kinds[.kind] | not then "\(.id): kind \(.kind)"
	else .parents // [] | .[] | . as $p | $unit[.unit].kind as $kind
	| select(if .relation == "member"
		then $kinds[$kind].members // [] | has_item($u.kind) | not
		else any($kinds[$u.kind].parents[];
			.kind == $kind and .relation == $p.relation
			and overlap(.; $p)) | not end)
	| "\($u.id): \(.relation) \(.unit)" end'

check 'document kinds are known' '
	(.rules."document-kinds".kinds | set_of(.code)) as $kinds
	| .document[] | select($kinds[.kind] | not) | "\(.id): \(.kind)"'

check 'awards of dossiers and grants exist on their day for their subject' '
	.rules.awards.awards as $awards | .sample[]
	| select(.type == "dossier" or .type == "decision") | . as $row
	| (.awards // .grants)[] | . as $g
	| [$awards[] | select(.code == $g.award and holds($row.date | day))]
	| select(length != 1 or ($g.subject.kind != "unspecified"
		and (map(.subjects[]) | has_item($g.subject.kind) | not)))
	| "\($row.id): \($g.award) \($g.subject.kind)"'

check 'a subject has a count above 1 or may have a name, never both' '
	.sample[] | select(.type == "decision") | .id as $id | .grants[].subject
	| select((.count // 1) > 1 and .name) | $id'

check 'kinds, procedures and components of dossiers are known' '
	(.rules.components.components | set_of(.code)) as $codes
	| .sample[] | select(.type == "dossier") | .id as $id
	| (.kind | select(IN("merit", "thematic", "sudden", "service", "tenure",
		"foreign", "resistance") | not)),
	(.procedure // "full" | select(IN("full", "simple") | not)),
	(.attach[].code | select($codes[.] | not))
	| "\($id): \(.)"'

check 'scores belong to a scheme, one of its criteria and its cluster' '
	.schemes as $schemes | .unit as $unit
	| .sample[] | select(.type == "score") | . as $s
	| select(($schemes[.scheme].criteria // []
			| any(.code == $s.criterion) | not)
		or ($unit[.unit].parents
			| any(.unit == $s.cluster) | not))
	| "\(.scheme) \(.unit) \(.criterion)"'

check 'schemes and their criteria have a name in both languages' '
	.schemes[] | ., .criteria[]? | select((.name // "" | length) == 0 or (.english // "" | length) == 0) | .id // .code'
check 'schemes are filed under their id' '
	.schemes | to_entries[] | select(.key != .value.id) | .key'

: >"$scratch/wrong"
jq -r '.sample[] | (.attach // [])[]
	| if type == "string" then . else (.else // empty),
	(.path | select(startswith("$") | not)) end' "$scratch/all.json" |
	sort -u >"$scratch/paths"
while read -r path; do
	[ -f "$data/sample/$path" ] || echo "$path" >>"$scratch/wrong"
done <"$scratch/paths"
report 'every file that an import line attaches is there' "$scratch/wrong"

check 'no import line has a member that its record does not know' '
	{unit: ["kind", "names", "aliases", "parents", "codes", "from", "to",
		"note"],
	reorganisation: ["kind", "date", "document", "predecessors",
		"successors"],
	movement: ["title", "kind", "launched_by", "period", "theme", "criteria",
		"documents"],
	document: ["reference", "kind", "date", "issuer", "signer", "subject",
		"recipients", "addressee", "place", "citations", "attach"],
	dossier: ["kind", "title", "unit", "date", "code", "period", "procedure",
		"movement", "awards", "attach"],
	decision: ["document", "date", "issuer", "dossier", "basis", "grants"],
	figure: ["document", "unit", "period", "measure", "value", "scale",
		"words", "quote", "place"],
	score: ["cluster", "year", "period", "scheme", "unit", "criterion",
		"source", "value", "note"]} as $known
	| .sample[] | . as $row
	| keys - ($known[.type] + ["type", "id", "line"]) | .[]
	| "\($row.type) \($row.id // ""): \(.)"'

# --- what is expected ----------------------------------------------------
check 'there are 10 districts, 102 communes and 40 successors' '
	.expected.counts as $want
	| [.unit[] | select(.kind == "district"
		and any(.parents[]; .unit == "tinh-kon-tum"))] as $districts
	| [.unit[] | select(.kind == "commune")] as $communes
	| [$communes[] | select(.from == "2025-07-01")] as $new
	| [$communes[] | select(.to == "2025-06-30")] as $old
	| (select(($districts | length) != $want.districts) | "districts"),
	(select(($old | length) != $want.old_communes) | "old communes"),
	(select(($new | length) != $want.new_communes) | "new communes"),
	(select(([$new[] | select(.id | startswith("phuong-"))] | length)
		!= $want.new_wards) | "new wards"),
	($want.communes_per_district[] | . as $d
	| [$old[] | select(any(.parents[]; .unit == $d.unit))] | length
	| select(. != $d.count) | "\($d.unit): \(.)")'

check 'reorganisations are of the expected kinds' '
	.expected.counts.reorganisations as $want
	| [.sample[] | select(.type == "reorganisation") | .kind]
	| group_by(.) | map({(.[0]): length}) | add
	| select(. != $want) | tostring'

check 'every old commune has one successor, every end matches its life' '
	.unit as $unit
	| [.sample[] | select(.type == "reorganisation")] as $events
	| ($unit[] | select(.kind == "commune" and .to) | .id as $id
	| [$events[] | select(.predecessors | has_item($id)) | .successors[]]
	| select(length != 1) | "\($id): \(.)"),
	($events[] | .date as $date
	| (.predecessors[] | select($unit[.].to != "2025-06-30")),
	(.successors[] | select($unit[.].from != $date)))'

check 'a code means one unit on a day' '
	[.unit[] | .id as $id | (.codes // [])[] | . + {unit: $id}]
	| group_by([.system, .code])[] | . as $rows
	| range(length) as $i | range($i + 1; length) as $j
	| select(overlap($rows[$i]; $rows[$j]))
	| "\($rows[$i].code): \($rows[$i].unit) \($rows[$j].unit)"'

check 'codes mean the units that are expected' '
	.unit as $unit | .expected.lineage.codes[] | . as $want
	| [$unit[] | . as $u | (.codes // [])[]
	| select(.system == $want.system and .code == $want.code
		and holds($want.date)) | $u.id]
	| select(. != [$want.unit]) | "\($want.code) \($want.date): \(.)"'

check 'clusters have the members that are expected' '
	.unit as $unit | .expected.counts.clusters[] | . as $want
	| [$unit[] | . as $u | (.parents // [])[]
	| select(.relation == "member" and .unit == $want.unit
		and holds($want.date)) | $u.id] | sort
	| select(. != $want.members) | "\($want.unit): \(.)"'

check 'the five reports cite 77 pairs, 66 documents' '
	.expected.counts.citations as $want | .document as $document
	| [$want.per_document[] | .document as $d
	| $document[$d].citations[] | {from: $d, to: .document}]
	| (select((unique | length) != $want.pairs) | "pairs"),
	(select((map(.to) | unique | length) != $want.documents) | "documents"),
	(. as $all | $want.per_document[] | . as $d
	| [$all[] | select(.from == $d.document)] | length
	| select(. != $d.count) | "\($d.document): \(.)")'

check 'documents cited by several reports are one node' '
	.document as $document | .expected.counts as $want
	| $want.cited_by_several[] | . as $c
	| [$want.citations.per_document[].document
	| select(any($document[.].citations[]; .document == $c.document))] | sort
	| select(. != $c.by) | "\($c.document): \(.)"'

# Sums of grants as a report has them: of the unit and of all below it, when
# the period holds the whole of the decision's date.
check 'computed award figures come out of the grants, and nothing else does' '
	.unit as $unit
	| def above($id; $d): $id, ($unit[$id].parents // [] | .[]
		| select(.relation == "adm" and holds($d)) | above(.unit; $d));
	[.sample[] | select(.type == "decision") | . as $q | .grants[]
	| {award, subject: .subject.kind, count: (.subject.count // 1),
		from: ($q.date | day), to: ($q.date | last),
		under: [above(.unit; $q.date | last)], issuer: $q.issuer}]
	as $grants
	| .expected | (."half-year-kon-tum-2023", ."half-year-dak-glei-2024",
		."register-kon-tum-city-2010-2014") | . as $want
	| [$grants[] | select(.from >= $want.period.from
		and .to <= $want.period.to
		and (.under | has_item($want.unit)))] as $here
	| ([$here[] | [.award, .subject]] | unique)
		as $got
	| ([$want.counts[] | [.award, .subject]] | unique) as $asked
	| (select($got != $asked) | "\($want.unit): \($got - $asked)"),
	($want.counts[] | . as $c
	| [$here[] | select(.award == $c.award and .subject == $c.subject)
		| .count] | add // 0
	| select(. != $c.computed) | "\($want.unit) \($c.award): \(.)"),
	($want.issued // [] | .[] | . as $c
	| [$here[] | select(.issuer == $c.issuer and .subject == $c.subject)
		| .count] | add // 0
	| select(. != $c.computed) | "\($c.id): \(.)")'

check 'what is computed has its reported figure beside it' '
	[.sample[] | select(.type == "figure")] as $figures
	| .expected | (."half-year-kon-tum-2023", ."half-year-dak-glei-2024",
		."register-kon-tum-city-2010-2014") | . as $want
	| (.counts[] | . as $c
	| [$figures[] | select(.unit == $want.unit and .period == $want.period
		and (.measure == "award:\($c.award):\($c.subject)"
		or .measure == "award:\($c.award)") and .value == $c.reported)]
	| select(length < 1) | "\($c.id) \($c.award)"),
	(.reported_only // [] | .[] | . as $c
	| [$figures[] | select(.unit == $want.unit and .measure == $c.measure
		and .value == $c.value and .words == $c.words)]
	| select(length != 1) | "\($c.id) \($c.measure)")'

check 'sums inside a report agree or differ as expected' '
	([.sample[] | select(.type == "figure")] | INDEX(.id)) as $f
	| .expected.checks.checks[] | . as $c
	| ([.parts[] | $f[.].value] | add) as $sum
	| select($f[.total].value != .reported or $sum != .computed
		or .reported - .computed != .difference
		or any(.parts[]; $f[.].scale != $c.scale)) | .id'

check 'rule 1 ranks the cluster as expected' '
	. as $all | .schemes.score_table_v1 as $rule
	| .expected.rankings.rankings[] | select(.scheme == $rule.id) | .rows as $want
	| [$all.sample[] | select(.type == "score" and .scheme == $rule.id)]
	| group_by(.unit) | map(INDEX(.criterion)
	| {unit: .a.unit, base: (.a.value + .b.value + .c.value), a: .a.value,
		out: (."leader-discipline".value >= $rule.exclude_at),
		bonus: ([.bonus.value, $rule.bonus_cap] | min),
		penalty: ([."late-report".value, $rule.penalty_cap] | min)}
	| .final = .base + .bonus - .penalty)
	| sort_by([.out, -.final, -.base, -.a])
	| (to_entries[] | $want[.key] as $w | .key as $at | .value
	| select(.unit != $w.unit or .final != $w.final or .base != $w.base
		or .out != ($w.excluded // false)
		or (.out | not) and $w.rank != $at + 1) | tostring)'

check 'rule 2 passes and fails candidates as expected' '
	.ranking."council-vote" as $in | .schemes.council_vote_v1 as $rule
	| ($rule.thresholds | INDEX(.award)) as $thresholds
	| .expected.rankings.rankings[] | select(.scheme == $in.scheme)
	| .required as $required | .rows[] | . as $w | $in.ballots[]
	| select(.unit == $w.candidate) | (.yes + (.written_yes // 0)) as $yes
	| ($thresholds[.award] // $thresholds["*"]).percent_hundredths as $percent
	| ceil_div($percent * .members; 10000) as $needed
	| select($yes != $w.yes
		or .yes + .no != .present
		or (($yes * 20000 + .members) / (.members * 2) | floor)
			!= $w.share_hundredths
		or ($required[] | select(.percent_hundredths == $percent) | .votes)
			!= $needed
		or ($w.passes[] | select(.percent_hundredths == $percent) | .pass)
			!= ($yes >= $needed)) | "\(.unit) \(.award)"'

check 'rule 2 proposes as many flags of the Government as the quota allows' '
	.ranking."government-flag" as $in | .schemes.council_vote_v1.quota as $quota
	| .expected.rankings.rankings[] | select(.scheme == $in.scheme) | .quota
	| select($in.cluster_leaders != .leaders
		or $quota.percent_hundredths != .percent_hundredths
		or ceil_div($quota.percent_hundredths * $in.cluster_leaders; 10000) != .used
		or any($in.ballots[]; .award != $quota.award)) | tostring'

check 'rule 3 ranks the communes as expected' '
	. as $all | .expected.rankings.rankings[]
	| select(.scheme == "new_rural_v1") | . as $r
	| [$all.sample[] | select(.type == "score" and .scheme == $r.scheme
		and .cluster == $r.cluster and .year == $r.year)]
	| group_by(.unit) | map(INDEX(.criterion)
	| {unit: .met.unit, key: [.tier.value, .met.value]})
	| . as $rows
	| (select(length != ($r.rows | length)) | "\($r.cluster): \(length)"),
	(.[] | . as $x | ([$rows[] | select(.key > $x.key)] | length + 1) as $rank
	| $r.rows[] | select(.unit == $x.unit)
	| select(.rank != $rank or .final != $x.key[1]) | "\(.unit) \($rank)")'

check 'rule 4 adds the bonus as expected' '
	. as $all | .schemes.dept_sheet_bonus_v1 as $rule
	| .expected.rankings.rankings[] | select(.scheme == $rule.id) | . as $r
	| [$all.sample[] | select(.type == "score" and .scheme == $r.scheme
		and .year == $r.year)] | INDEX(.criterion)
	| . as $in | .score.value + ([$rule.criteria[] | select(.points)
		| $in[.code].value / 100 * .points] | max)
	| select(. != $r.rows[0].final) | tostring'

check 'lineage, names and dossiers expected name what exists' '
	.unit as $unit
	| ([.sample[] | select(.type == "dossier")] | INDEX(.id)) as $dossier
	| .expected.lineage
	| ((.lineage[] | .unit, .includes[], .excludes[]), .exact[].unit,
		(.territory[] | .unit, (.communes // [])[]), .names[].units[])
	| select($unit[.] | not)'

check 'lineage includes and excludes the expected units' '
	.unit as $unit
	| [.sample[] | select(.type == "reorganisation")] as $events
	| ($unit | map_values([]) | reduce ($unit[] | .id as $id
		| (.parents // [])[] | select(.relation == "adm") | [.unit, $id])
		as [$p, $c] (.; .[$p] += [$c])) as $children
	| def under: ., ($children[.][] | under);
	def forward: . as $id | [$events[]
		| select(.predecessors | has_item($id)) | .successors[]];
	def backward: . as $id | [$events[]
		| select(.successors | has_item($id)) | .predecessors[]];
	.expected.lineage.lineage[] | . as $want
	| ([.unit | under] | . + [.[] | forward[] | under]) as $later
	| [.unit | backward[] | under] as $earlier
	| ($later + $earlier) as $all
	| (($want.includes - $all)[], ($want.excludes - ($want.excludes - $all))[])
	| "\($want.unit): \(.)"'

# --- the real reports ----------------------------------------------------
sentence='no line of a stand-in was copied out of a real report'
if [ -n "$HOSO_SEEDS" ] && [ -d "$HOSO_SEEDS" ]; then
	: >"$scratch/wrong"
	for file in "$data"/sample/stand-in/*; do
		awk 'length($0) > 60' "$file" >"$scratch/long"
		while read -r line; do
			grep -qF -- "$line" "$HOSO_SEEDS"/*.txt &&
				echo "$file: $line" >>"$scratch/wrong"
		done <"$scratch/long"
	done
	report "$sentence" "$scratch/wrong"
else
	skip "$sentence" 'HOSO_SEEDS is not set'
fi

: >"$scratch/wrong"
(cd "$srcdir" && find data -type f ! -name Makefile.inc) | sort |
	while read -r file; do
		cat "$srcdir"/*/Makefile.inc | grep -qF "$file" || echo "$file"
	done >"$scratch/wrong"
report 'every file of data/ is in the tarball' "$scratch/wrong"

finish
