#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Rankings that were kept, ballots of a council, and what documents report, in
# a browser; the ranking by the keyboard alone.
# shellcheck source=tests/functional/awards.sh
. "${srcdir:-.}/tests/functional/awards.sh"

log_in chamdiem
for year in 2022 2023; do
	as chamdiem --json "$(jq -nc --argjson year $year '{cluster: "cum-thi-dua-01-kon-tum", scheme: "score_table_v1", year: $year,
		units: [{id: "huyen-dak-glei"}], keep: true}')" "$url/rankings" >answer
done
as chamdiem --json '{"cluster":"cum-thi-dua-01-kon-tum","scheme":"score_table_v1","year":2024,"keep":true,
	"exclusions":[{"unit":"huyen-dak-glei","reason":"Chậm nộp báo cáo"}]}' "$url/rankings" >answer
read_page rankings figures
finish
