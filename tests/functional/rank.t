#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The worked rankings come out exactly, say why, and are the same bytes twice.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq
rankings=$srcdir/data/expected/rankings.json

make_province
add_user truongcum cluster_leader:cum-thi-dua-01-kon-tum
add_user canbo unit_clerk:huyen-dak-ha
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

ballots=$srcdir/data/sample/ranking/council-vote.json
must nhaplieu rank --file "$ballots" --json
cp "$scratch/must" "$scratch/votes.1"
must nhaplieu rank --file "$ballots" --json
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

check 'council_vote_v1: awards are called by their names' 'Chiến sĩ thi đua bộ, ban, ngành, tỉnh' \
	"$(jq -r '.results[0].reasons[0] | split(":")[0]' "$scratch/votes.1")"

# --- the quota -------------------------------------------------------------------

flags=$srcdir/data/sample/ranking/government-flag.json
proposed() {
	jq -c '[.results[] | select(.awards == ["flag_government"])] | length' "$scratch/must"
}
must nhaplieu rank --file "$flags" --json
check 'five of the leaders of 24 clusters may have the flag of the Government' \
	"$(jq '.rankings[1].quota.used' "$rankings")" "$(proposed)"
check 'the sixth passed the vote and is told why not' \
	'Cờ thi đua của Chính phủ: đạt phiếu nhưng vượt chỉ tiêu 5 trên 24; Hội đồng quyết định.' \
	"$(jq -r '.results[5].reasons[1]' "$scratch/must")"
input=$(jq -r .input "$scratch/must")
must nhaplieu rank --file "$flags" --cluster-leaders 10 --json
check 'of ten clusters two, and equals at the end of the quota stay out' 2 "$(proposed)"
check 'another number is another input' no "$([ "$input" = "$(jq -r .input "$scratch/must")" ] && echo yes || echo no)"

# --- refusals ----------------------------------------------------------------------

check 'a scheme that is not there is refused' 1 "$(code_of hoso nhaplieu rank --scheme khong-co --cluster tinh-quang-ngai --year 2024)"
check 'a cluster of others is refused' 3 "$(code_of hoso nhaplieu rank --scheme score_table_v1 --cluster thu-tuong-chinh-phu --year 2024)"
log_in nhaplieu

# Of what is asked, changed by a program of jq: status, type and field.
refused() { # file, program
	jq "$2" "$1" >"$scratch/asked.json"
	as nhaplieu --header 'Content-Type: application/json' \
		--data-binary "@$scratch/asked.json" "$url/rankings" >"$scratch/problem"
	jq -r '"\(.status) \(.type | split(":")[-1]) \(.field)"' "$scratch/problem"
	jq -r '"# \(.detail)"' "$scratch/problem" >&2
}
refuses() { # sentence, field, file, program
	check "$1 is refused" "400 invalid $2" "$(refused "$3" "$4" 2>"$scratch/detail")"
	cat "$scratch/detail"
}
refuses 'more votes than members present' /ballots/0/yes "$ballots" '.ballots[0].yes = 13'
refuses 'a negative count' /ballots/3/no "$ballots" '.ballots[3].no = -1'
refuses 'more present than members' /ballots/1/present "$ballots" '.ballots[1].present = 14'
refuses 'a written vote of those present' /ballots/2/written_yes "$ballots" '.ballots[2].written_yes = 1'
refuses 'a council of nobody' /ballots/0/members "$ballots" '.ballots[0] += {members: 0, present: 0, yes: 0, no: 0, written_yes: 0}'
refuses 'a candidate who stands twice' /units/2/id "$ballots" '.units[2].id = "X"'
refuses 'a ballot that is counted twice' /ballots/1/unit "$ballots" '.ballots[1].award = "fighter_province"'
refuses 'a ballot on nobody of the list' /ballots/5/unit "$ballots" '.ballots[5].unit = "W"'
refuses 'an award that no rule knows' /ballots/0/award "$ballots" '.ballots[0].award = "khong-co"'
refuses 'an exclusion of nobody' /exclusions/0/unit "$ballots" '.exclusions = [{unit: "W"}]'
refuses 'a field that no ballot has' /ballots/0/vang "$ballots" '.ballots[0].vang = 1'
refuses 'a row that is no object' /units/0 "$ballots" '.units[0] = "X"'
refuses 'a scheme without a rule' /scheme "$ballots" '.scheme = "khong-co"'
refuses 'a cluster that is not there' /cluster "$ballots" '.cluster = "khong-co"'
refuses 'a ranking of no cluster' /cluster "$ballots" 'del(.cluster)'
refuses 'a quota of nothing' /cluster_leaders "$flags" 'del(.cluster_leaders)'
refuses 'a quota of less than one' /cluster_leaders "$flags" '.cluster_leaders = 0'

# --- what would be if --------------------------------------------------------------

asked='{"scheme":"score_table_v1","cluster":"cum-thi-dua-01-kon-tum","year":2024}'
rank() { # program of jq on what is asked
	as nhaplieu --json "$(echo "$asked" | jq -c "$1")" "$url/rankings" >"$scratch/if"
}
place() { # unit
	jq -r ".results[] | select(.unit == \"$1\") | \"\(.rank) \(.values[] | select(.name == \"final\") | .value)\"" "$scratch/if"
}
rank .
check 'a district is last but one' '3 9750' "$(place huyen-tu-mo-rong)"
input=$(jq -r .input "$scratch/if")
rank '. + {scores: []}'
check 'nothing assumed is the same input' "$input" "$(jq -r .input "$scratch/if")"
rank '. + {scores: [{unit: "huyen-tu-mo-rong", criterion: "a", source: "appraised", value: 6000}]}'
check 'with a higher score it would be the first' '1 10150' "$(place huyen-tu-mo-rong)"
check '  which is another input' no "$([ "$input" = "$(jq -r .input "$scratch/if")" ] && echo yes || echo no)"
rank '. + {scores: [("a", "b", "c") | {unit: "huyen-sa-thay", criterion: ., source: "appraised", value: 2000}]}'
check 'a unit without scores is ranked by what is assumed' '5 6000' "$(place huyen-sa-thay)"
rank .
check 'nothing of it was stored' "$input" "$(jq -r .input "$scratch/if")"
as nhaplieu "$url/units/cum-thi-dua-01-kon-tum/scores?scheme=score_table_v1&year=2024" >"$scratch/scores"
check 'the scores of a cluster are listed as a ranking finds them' 'Huyện Tu Mơ Rông 5600' \
	"$(jq -r '.names["huyen-tu-mo-rong"] + " \(.scores[] | select(.unit == "huyen-tu-mo-rong" and .criterion == "a") | .value)"' "$scratch/scores")"
check '  all of them' "$(jq -c 'select(.cluster == "cum-thi-dua-01-kon-tum")' "$srcdir/data/sample/60-scores.ndjson" | wc -l | tr -d ' ')" \
	"$(jq '.scores | length' "$scratch/scores")"
log_in canbo
as canbo "$url/units/cum-thi-dua-01-kon-tum/scores?scheme=score_table_v1&year=2024" >"$scratch/scores"
log_in truongcum
as truongcum "$url/units/cum-thi-dua-01-kon-tum/scores?scheme=score_table_v1&year=2024" >"$scratch/led"
check 'who leads the cluster sees those of its members of that year' 5 "$(jq '[.scores[].unit] | unique | length' "$scratch/led")"
check 'a clerk sees those of his own unit' huyen-dak-ha "$(jq -r '[.scores[].unit] | unique | join(" ")' "$scratch/scores")"
refuses 'what might be is not kept and' /scores "$ballots" "$asked + {keep: true, scores: []}"
refuses 'an assumed score of nobody' /scores/0/unit "$ballots" "$asked + {scores: [{unit: \"khong-co\", criterion: \"a\", source: \"self\", value: 1}]}"
refuses 'an assumed score without a value' /scores/0/value "$ballots" "$asked + {scores: [{unit: \"huyen-dak-ha\", criterion: \"a\", source: \"self\"}]}"
refuses 'an assumed score that stands twice' /scores/1/unit "$ballots" \
	"$asked + {scores: [{unit: \"huyen-dak-ha\", criterion: \"a\", source: \"self\", value: 1} | ., .]}"

# A score above its maximum is stored, and refused by the rule that knows it.
jq -c 'select(.scheme == "score_table_v1" and .unit == "huyen-dak-ha" and .criterion == "a") | .value = 6001' \
	"$srcdir/data/sample/60-scores.ndjson" | sed 's/{/{"type":"score",/' >"$scratch/score.json"
as nhaplieu --header 'Content-Type: application/json' --data-binary "$(jq -c 'del(.type)' "$scratch/score.json")" \
	"$url/scores" >"$scratch/problem"
check 'a score above its maximum is refused by the rule' '400 invalid null' \
	"$(refused "$ballots" '{scheme: "score_table_v1", cluster: "cum-thi-dua-01-kon-tum", year: 2024}' 2>"$scratch/detail")"
check 'which names unit, criterion and bounds' \
	'# Huyện Đắk Hà: Nhóm A: kinh tế - xã hội, quốc phòng - an ninh là 60,01, ngoài khoảng 0 đến 60,0' "$(cat "$scratch/detail")"

# --- the rankings that were kept -----------------------------------------------------

keep() { # program of jq on what is asked
	as nhaplieu --json "$(echo "$asked" | jq -c "($1) + {keep: true}")" "$url/rankings" >"$scratch/kept"
	jq -r .id "$scratch/kept"
}
kept() { # login, query; ids
	as "$1" "$url/rankings?$2" >"$scratch/list"
	jq -r '[.rankings[].id] | join(" ")' "$scratch/list"
}
cluster=cum-thi-dua-01-kon-tum
as nhaplieu --json '{"cluster":"cum-thi-dua-01-kon-tum","year":2024,"scheme":"score_table_v1","unit":"huyen-dak-ha","criterion":"a","source":"appraised","value":5750}' \
	"$url/scores" >"$scratch/problem"
first=$(keep .)
votes=$(as nhaplieu --json "$(jq -c '.keep = true' "$ballots")" "$url/rankings" | jq -r .id)
second=$(keep '. + {exclusions: [{unit: "huyen-dak-glei", reason: "Lãnh đạo bị kỷ luật"}]}')
third=$(keep '.year = 2023 | .units = [{id: "huyen-dak-glei"}]')
check 'rankings are listed, the latest period first and of one period the last one' "$second $votes $first $third" "$(kept nhaplieu '')"
check '  with who kept it, when, of what, and who came first' 'Cụm thi đua các huyện, thành phố 01 2024-12-31 Huyện Ngọc Hồi 3 5 true' \
	"$(jq -r '.rankings[0] | "\(.cluster_name) \(.period.to) \(.first | join(",")) \(.ranked) \(.units) \(.at > 0 and (.by | length) > 0)"' "$scratch/list")"
check 'those of a cluster' "$second $first $third" "$(kept nhaplieu "cluster=$cluster")"
check 'those of a year' "$second $votes $first" "$(kept nhaplieu year=2024)"
check 'those by a scheme' "$votes" "$(kept nhaplieu scheme=council_vote_v1)"
check 'all of these together' "$third" "$(kept nhaplieu "cluster=$cluster&year=2023&scheme=score_table_v1")"
check 'none of a year that had none' '' "$(kept nhaplieu year=2001)"
pages=$(kept nhaplieu limit=3)
check 'in pages' "$second $votes $first $third" "$pages $(kept nhaplieu "limit=3&cursor=$(jq -r .next "$scratch/list")")"
check '  the last of which says so' null "$(jq .next "$scratch/list")"
check 'whoever leads a cluster has those of his cluster' "$second $first $third" "$(kept truongcum '')"
check 'a clerk of a member has none' '' "$(kept canbo '')"
as nhaplieu "$url/rankings?cursor=khong" >"$scratch/problem"
check 'a cursor of nothing is refused' '400 cursor' "$(jq -r '"\(.status) \(.field)"' "$scratch/problem")"
as nhaplieu "$url/rankings/$votes" >"$scratch/kept"
check 'a ranking by ballots keeps them, with the names of the awards' '6 13 12 11 1 Chiến sĩ thi đua bộ, ban, ngành, tỉnh' \
	"$(jq -r '.ballots | "\(length) \(.[0].members) \(.[0].present) \(.[0].yes) \(.[0].no) \(.[0].award_name)"' "$scratch/kept")"
as nhaplieu "$url/rankings/$second" >"$scratch/kept"
check 'who was left out is kept with the reason' 'huyen-dak-glei Lãnh đạo bị kỷ luật' \
	"$(jq -r '.exclusions[0] | "\(.unit) \(.reason)"' "$scratch/kept")"

check 'the command line says what is wrong and where' 1 "$(code_of hoso nhaplieu rank --file "$flags" --cluster-leaders 0)"
sed 's/^/# /' "$scratch/said"
finish
