#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The worked rankings come out exactly, say why, and are the same bytes twice.
for tool in curl jq; do
	command -v $tool >/dev/null 2>&1 || {
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	}
done
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
rankings=$srcdir/data/expected/rankings.json

make_province
start_hosod
load_province

# Of the members that a wanted row has, those of the result of its unit.
# shellcheck disable=SC2016 # the program is jq's
rows='
	def found($row; $results): $results[] | select(.unit == $row.unit) as $r
	| ([$r.values[] | {(.name): .value}] | add) as $v
	| $row | with_entries(
		if .key == "unit" then .
		elif .key == "rank" then .value = $r.rank
		elif .key == "excluded" then .value = ($r.rank == 0)
		elif .key == "award" then .value = $r.awards[0]
		elif .key == "tie" then .value = (if ($r.ties | length) > 0 then "base" else "none" end)
		elif .key == "bonus" then .value = ($v.bonus_used // $v.bonus)
		elif .key == "penalty" then .value = ($v.penalty_used // $v.penalty)
		elif .key == "tier" then .value = $v.tier / 100 # all are hundredths
		else .value = $v[.key] end);
	$expected[0].rankings[$i] as $wanted
	| .results as $results
	| [$wanted.rows[] | . as $row | [found($row; $results)][0]]'

scheme_of() {
	jq -r ".rankings[$1].$2" "$rankings"
}

for i in 0 2 3 4 5; do
	scheme=$(scheme_of $i scheme)
	cluster=$(scheme_of $i cluster)
	year=$(scheme_of $i year)
	for time in 1 2; do
		must nhaplieu rank --scheme "$scheme" --cluster "$cluster" --year "$year" --json
		cp "$scratch/must" "$scratch/rank.$i.$time"
	done
	result=$scratch/rank.$i.1
	check "$scheme, $cluster, $year: ranks and points" \
		"$(jq -cS ".rankings[$i].rows[]" "$rankings")" \
		"$(jq -cS --slurpfile expected "$rankings" --argjson i $i "$rows | .[]" "$result")"
	check "$scheme, $cluster, $year: nobody else is ranked" \
		"$(jq -c "[.rankings[$i].rows[] | select(.rank) | .unit] | sort" "$rankings")" \
		"$(jq -c '[.results[] | select(.rank > 0) | .unit] | sort' "$result")"
	check "$scheme, $cluster, $year: every result says why, in Vietnamese" true \
		"$(jq '.results | length > 0 and all(.[]; (.reasons | length) > 0 and all(.reasons[]; test("[ạảãàáâậầấẩẫăắằặẳẵèéẹẻẽêếềểễệđìíĩỉịòóõọỏôốồổỗộơớờởỡợùúũụủưứừửữựỳỵỷỹý]"; "i")))' "$result")"
	check "$scheme, $cluster, $year: the same bytes twice" "$(sha256sum <"$result")" "$(sha256sum <"$scratch/rank.$i.2")"
done

# --- the ballot ------------------------------------------------------------------

# The three counts of the sample as one ballot for each threshold.
jq '. as $in | {
	scheme, year: 2024, cluster: "tinh-quang-ngai",
	units: [.votes[] | {id: .candidate, name: "Ứng viên \(.candidate)"}],
	ballots: [.votes[] | . as $vote | ("fighter_province", "merit_province")
		| $vote + {unit: $vote.candidate, award: ., members: $in.members}
		| del(.candidate)]}' \
	"$srcdir/data/sample/ranking/council-vote.json" >"$scratch/ballots.json"
must nhaplieu rank --file "$scratch/ballots.json" --json
cp "$scratch/must" "$scratch/votes.1"
must nhaplieu rank --file "$scratch/ballots.json" --json
check 'council_vote_v1: the same bytes twice' "$(sha256sum <"$scratch/votes.1")" "$(sha256sum <"$scratch/must")"
check 'council_vote_v1: votes, shares, thresholds and who passes' \
	"$(jq -c '.rankings[1] | .required as $required | .rows[]
		| [.candidate, .yes, .share_hundredths, $required[].votes, .passes[].pass]' "$rankings")" \
	"$(jq -c '.results[] | ([.values[] | {(.name): .value}] | add) as $v | .awards as $awards
		| [.unit, $v["merit_province:agreed"] / 100, $v["merit_province:percent"],
			$v["fighter_province:required"] / 100, $v["merit_province:required"] / 100,
			(("fighter_province", "merit_province") | . as $award | $awards | contains([$award]))]' \
		"$scratch/votes.1")"
check 'council_vote_v1: every line of the explanation names votes and threshold' true \
	"$(jq 'all(.results[].reasons[]; test("phiếu đồng ý .* cần [0-9]+ phiếu .*: (không )?đạt"))' "$scratch/votes.1")"

# --- refusals ----------------------------------------------------------------------

check 'a scheme that is not there is refused' 1 "$(code_of hoso nhaplieu rank --scheme khong-co --cluster tinh-quang-ngai --year 2024)"
jq '.ballots[0].yes = 14' "$scratch/ballots.json" >"$scratch/wrong.json"
check 'a count that cannot be is refused' 7 "$(code_of hoso nhaplieu rank --file "$scratch/wrong.json")"
sed 's/^/# /' "$scratch/said"
check 'a cluster of others is refused' 3 "$(code_of hoso nhaplieu rank --scheme score_table_v1 --cluster thu-tuong-chinh-phu --year 2024)"
finish
