# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# A small public key infrastructure on the loopback, for tests: a root, an
# issuing authority with a responder (OCSP) and lists (CRL), an authority of
# time-stamps, and whoever is issued a certificate.  Made by openssl's tools;
# files are served by tests/tools/web, tokens given by tests/tools/tsa.
#
# A test sources this, calls pki_make FOLDER and pki_end at its end.
#
#     $pki/NAME.key, NAME.pem    of root, issuing, ocsp, tsa and pki_issue NAME
#     $pki/chain.pem             issuing
#     $pki/www/                  root.crl issuing.crl issuing.crt, in DER
#     $pki_web, $pki_responder   their addresses
: "${builddir:=.}"
pki_web_pid=
pki_ocsp_pid=
pki_tsa_pid=

# openssl whose words matter only where it fails.
pki_openssl() {
	openssl "$@" 2>"$pki/said" || {
		echo "Bail out! openssl $*"
		sed 's/^/# /' "$pki/said"
		exit 1
	}
}

pki_moment() { # of date(1): 'now', '-2 days'
	date -u -d "$1" +%Y%m%d%H%M%SZ
}

pki_authority() { # name; where it keeps its books
	: >"$pki/$1.index"
	echo 'unique_subject = no' >"$pki/$1.index.attr"
	cat >>"$pki/ca.conf" <<-END
		[$1]
		database = $pki/$1.index
		new_certs_dir = $pki/new
		certificate = $pki/$1.pem
		private_key = $pki/$1.key
		default_md = sha256
		policy = anything
		rand_serial = yes
	END
}

pki_key() { # name, subject, kind of key, its option
	pki_openssl req -new -utf8 -newkey "$3" -nodes -keyout "$pki/$1.key" \
		-out "$pki/$1.csr" -subj "$2" \
		-pkeyopt "${4:-ec_paramgen_curve:P-256}"
}

pki_sign() { # who signs, name, from, to; extensions on stdin
	cat >"$pki/extensions"
	who=$1
	name=$2
	from=$3
	to=$4
	shift 4
	pki_openssl ca -batch -notext -config "$pki/ca.conf" -name "$who" \
		-in "$pki/$name.csr" -out "$pki/$name.pem" -startdate "$from" \
		-enddate "$to" -extfile "$pki/extensions" "$@"
}

# Certificates name the responder and the list of who issued them.
pki_pointers() {
	cat <<-END
		authorityInfoAccess = OCSP;URI:$pki_responder,caIssuers;URI:$pki_web/issuing.crt
		crlDistributionPoints = URI:$pki_web/issuing.crl
	END
}

# A responder reads its book anew behind an answer, not before it.
pki_refresh() {
	[ -z "$pki_ocsp_pid" ] || timeout 10 openssl ocsp -noverify \
		-issuer "$pki/issuing.pem" -serial 1 -url "$pki_responder" \
		>/dev/null 2>&1 || echo '# the responder does not answer'
}

# The key is as openssl req -newkey and -pkeyopt have it; $pki_more may have
# more extensions.
pki_issue() { # name, subject, from, to, usage, key, its option
	pki_key "$1" "$2" "${6:-ec}" "${7:-}"
	{
		echo 'basicConstraints = critical,CA:FALSE'
		echo "keyUsage = critical,$5"
		pki_pointers
		echo "${pki_more:-}"
	} | pki_sign issuing "$1" "$3" "$4"
	pki_refresh
}

# Put a certificate in the book of those who were revoked.
pki_revoke() { # name, since when (of date(1))
	serial=$(openssl x509 -in "$pki/$1.pem" -noout -serial | cut -d= -f2)
	since=$(date -u -d "$2" +%Y%m%d%H%M%SZ)
	case $since in
	20[0-4]*) since=${since#20} ;; # UTCTime ends in 2049
	esac
	awk -F '\t' -v OFS='\t' -v serial="$serial" -v since="$since" \
		'$4 == serial { $1 = "R"; $3 = since } { print }' \
		"$pki/issuing.index" >"$pki/index.new"
	mv "$pki/index.new" "$pki/issuing.index"
	pki_refresh
}

pki_restore() { # name; it was never revoked
	serial=$(openssl x509 -in "$pki/$1.pem" -noout -serial | cut -d= -f2)
	awk -F '\t' -v OFS='\t' -v serial="$serial" \
		'$4 == serial { $1 = "V"; $3 = "" } { print }' \
		"$pki/issuing.index" >"$pki/index.new"
	mv "$pki/index.new" "$pki/issuing.index"
	pki_refresh
}

# Lists of a moment, in $pki/www, of those who are revoked by now.
pki_lists() { # moment (of date(1))
	for who in root issuing; do
		pki_openssl ca -config "$pki/ca.conf" -name $who -gencrl \
			-crl_lastupdate "$(pki_moment "$1")" \
			-crl_nextupdate "$(pki_moment "$1 +7 days")" \
			-out "$pki/$who.crl"
		pki_openssl crl -in "$pki/$who.crl" -outform DER \
			-out "$pki/www/$who.crl"
	done
}

pki_await() { # command
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.05
	done
	echo "Bail out! not in time: $*"
	exit 1
}

pki_start_web() {
	"$builddir/tests/tools/web" "$pki/www" >/dev/null 2>&1 &
	pki_web_pid=$!
	pki_await [ -s "$pki/www/web.port" ]
	pki_web=http://127.0.0.1:$(cat "$pki/www/web.port")
}

# The port is of its own choice the first time, and the same ever after.
pki_start_responder() {
	: >"$pki/ocsp.log"
	openssl ocsp -index "$pki/issuing.index" -CA "$pki/issuing.pem" \
		-rsigner "$pki/ocsp.pem" -rkey "$pki/ocsp.key" -nmin 60 \
		-port "${pki_ocsp_port:-0}" >"$pki/ocsp.log" 2>&1 &
	pki_ocsp_pid=$!
	pki_await grep -q ^ACCEPT "$pki/ocsp.log"
	pki_ocsp_port=$(sed -n 's/^ACCEPT .*:\([0-9]*\) PID.*/\1/p' "$pki/ocsp.log")
	pki_responder=http://127.0.0.1:$pki_ocsp_port
}

pki_stop_responder() {
	[ -z "$pki_ocsp_pid" ] || {
		kill "$pki_ocsp_pid"
		wait "$pki_ocsp_pid"
	} 2>/dev/null
	pki_ocsp_pid=
}

# Its folder is $pki/NAME; tokens tell the time in $pki/NAME/tsa.time, if any.
pki_start_tsa() { # name of a certificate
	mkdir -p "$pki/$1"
	cp "$pki/$1.key" "$pki/$1/tsa.key"
	cat "$pki/$1.pem" "$pki/issuing.pem" >"$pki/$1/tsa.pem"
	"$builddir/tests/tools/tsa" "$pki/$1" >/dev/null 2>&1 &
	pki_tsa_pid="$pki_tsa_pid $!"
	pki_await [ -s "$pki/$1/tsa.port" ]
}

pki_tsa() { # name; its address
	echo "http://127.0.0.1:$(cat "$pki/$1/tsa.port")/"
}

pki_end() {
	for pid in $pki_web_pid $pki_ocsp_pid $pki_tsa_pid; do
		kill "$pid" 2>/dev/null
	done
}

# Everything but ends: since 2015, for as long as anybody asks.
pki_make() { # folder
	pki=$1
	mkdir -p "$pki/new" "$pki/www"
	: >"$pki/ca.conf"
	pki_authority root
	pki_authority issuing
	cat >>"$pki/ca.conf" <<-END
		[anything]
		commonName = supplied
		countryName = optional
		organizationName = optional
	END
	pki_start_web
	pki_key root '/C=VN/CN=Gốc thử' ec
	pki_sign root root 20150101000000Z 20990101000000Z -selfsign <<-END
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		subjectKeyIdentifier = hash
	END
	pki_key issuing '/C=VN/CN=Cấp thử' ec
	pki_sign root issuing 20150101000000Z 20980101000000Z <<-END
		basicConstraints = critical,CA:TRUE
		keyUsage = critical,keyCertSign,cRLSign
		crlDistributionPoints = URI:$pki_web/root.crl
		subjectKeyIdentifier = hash
		authorityKeyIdentifier = keyid
	END
	pki_openssl x509 -in "$pki/issuing.pem" -outform DER -out "$pki/www/issuing.crt"
	pki_key ocsp '/C=VN/CN=OCSP' ec
	pki_sign issuing ocsp 20150101000000Z 20970101000000Z <<-END
		keyUsage = critical,digitalSignature
		extendedKeyUsage = OCSPSigning
		noCheck = ignored
	END
	pki_start_responder
	pki_more='extendedKeyUsage = critical,timeStamping'
	pki_issue tsa '/C=VN/CN=TSA' 20150101000000Z 20960101000000Z \
		digitalSignature
	pki_more=
	pki_lists now
}

# For a test that has an archive, too (tests/functional/hosod.sh): all of it in
# the test's scratch folder, an authority of time-stamps, and $soon and $late,
# between which certificates live.
pki_begin() {
	srcdir=$(cd "$srcdir" && pwd)
	builddir=$(cd "$builddir" && pwd)
	need curl jq openssl unzip awk
	trap 'end_all; pki_end; rm -rf "$scratch"' EXIT
	pki_make "$scratch/pki"
	soon=$(pki_moment '-1 hour')
	late=$(pki_moment '+5 years')
	pki_start_tsa tsa
}
