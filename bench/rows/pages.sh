# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# pages: how soon each page of the web has its data in a browser, with the
# store of the row `units`; and the first view over a weak line.

# The id of the first of a list's rows, as one may see it who reads everything
# or, the third word, another.
first_of() { # path, filter of jq, login
	curl -sS -m 60 --fail -H @"$work/${3:-everything}.headers" "$url/$1" | jq -r "$2"
}

paces() {
	dossier=$(first_of 'units/tinh-kon-tum/dossiers?status=closed&limit=1' '.dossiers[0].id')
	decision=$(first_of "dossiers/$dossier" .decision)
	document=$(first_of "decisions/$decision" .document)
	worker=$(first_of 'users?find=worker' '.users[0].id' provider)
	span='from=2020-01-01&to=2024-12-31'
	cat <<END
units everything /don-vi
units-then everything /don-vi?as_of=2010-01-01
unit everything /don-vi/tinh-kon-tum
unit-of-10000 everything /don-vi/tinh-rong
dossier everything /ho-so/$dossier
decisions everything /quyet-dinh
decision everything /quyet-dinh/$decision
documents everything /van-ban
document everything /van-ban/$document
document-form worker /van-ban/$document/sua
grants everything /khen-thuong?unit=tinh-kon-tum&$span
charts everything /bieu-do?unit=tinh-kon-tum&$span
report everything /bao-cao?report=half-year&unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30
report-names everything /bao-cao?report=award-register&unit=tinh-kon-tum&from=2006-01-01&to=2026-06-30&x.names=true
figures worker /so-lieu?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30
ranking everything /xep-hang?cluster=cum-thi-dua-01-kon-tum&year=2023
operation everything /quan-tri/van-hanh
law everything /quan-tri/phap-ly
roles everything /quan-tri/vai-tro
users provider /quan-tri/nguoi-dung
user provider /quan-tri/nguoi-dung/$worker
new-user provider /quan-tri/them-nguoi-dung
plugins provider /quan-tri/phan-mo-rong
unit-form provider /don-vi/tinh-rong/sua
reorganise provider /sap-xep
work worker /viec-hom-nay
making clerk /lap-ho-so
verify everything /kiem-tra
scroll everything /don-vi?as_of=2026-01-01&unit=xa-rong-0
first-units everything /don-vi [role=treeitem]
first-unit everything /don-vi/xa-rong-7 .facts
first-dossier everything /ho-so/$dossier .facts
END
}

row_pages() {
	[ -d "$builddir/web/driver/node_modules" ] || die 'make web-driver first'
	wide_source || return 1
	more_units=$work/wide.lines
	generate units-store wide "${BENCH_DOSSIERS:-$(unless_short 200 1000000)}" "$(unless_short 100 100000)" \
		2006-01-01 2026-06-30 || return 1
	add_user worker specialist:tinh-kon-tum head_of_standing_body:tinh-kon-tum
	start_hosod --set "web.root=$builddir/web/page"
	log_in everything
	log_in provider
	HOSO_PACES=$(paces) HOSO_ROUNDS=$(unless_short 2 11) HOSO_PAGE=${url%/api/v1} HOSO_PASSWORD=$password \
		HOSO_CHROMIUM=$(command -v chromium) HOSO_CHECKS=$work/checks HOSO_PICTURES=$work \
		node "$builddir/web/driver/drive.js" pace >"$work/paces" || die "$(tail -3 "$work/paces")"
	while read -r name median least most count; do
		case $name in
		first-*) bar=3000 unit=ms ;;
		scroll-*-frame) bar=20 unit=ms ;;
		scroll-*-task) bar=50 unit=ms ;;
		scroll-*-rows) bar=60 unit= ;;
		scroll-*-requests) bar=60 unit= ;;
		*) bar=200 unit=ms ;;
		esac
		row_alone "page-$name" "$unit" "<$bar" "$median" "$least" "$most" "$count"
	done <"$work/paces"
	stop_hosod
}
