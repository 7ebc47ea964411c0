# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Signed files as openssl makes them, in the present folder: a signer (clerk),
# a time-stamping authority (authority), PDF, signatures and tokens.

certificate() { # name, subject, usage, extended usage or ''
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" -out "$1.pem" -days 36500 -utf8 -subj "$2" \
		-addext "keyUsage=critical,$3" ${4:+-addext "$4"} 2>/dev/null
}
certificate clerk '/C=VN/O=UBND xã Thọ Xuân/CN=Lê Thị Sáu' nonRepudiation ''
certificate authority '/C=VN/CN=TSA' digitalSignature \
	extendedKeyUsage=critical,timeStamping
cat >tsa.conf <<END
[one]
serial = $PWD/serial
signer_cert = $PWD/authority.pem
signer_key = $PWD/authority.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
END
echo 01 >serial

signer=clerk
sign() { # more options; content on stdin, DER out
	openssl cms -sign -binary -cades -nosmimecap -md sha256 \
		-signer "$signer.pem" -inkey "$signer.key" -outform DER "$@"
}

stamp() { # content on stdin, a token out
	openssl dgst -sha256 -binary >digest
	openssl ts -query -digest "$(od -An -v -tx1 digest | tr -d ' \n')" -sha256 \
		-cert -out query 2>/dev/null
	openssl ts -reply -config tsa.conf -section one -queryfile query \
		-token_out 2>/dev/null
}

room=16000 # hexadecimal digits for the signature

pdf_head() { # byte range
	cat <<-END
		%PDF-1.7
		1 0 obj
		<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>
		endobj
		2 0 obj
		<< /Type /Pages /Kids [3 0 R] /Count 1 >>
		endobj
		3 0 obj
		<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] >>
		endobj
		4 0 obj
		<< /Type /Annot /Subtype /Widget /FT /Sig /T (So 1) /V 5 0 R /Rect [0 0 0 0] /P 3 0 R >>
		endobj
		5 0 obj
		<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /$filter /ByteRange [$1]
	END
	printf '/Contents '
}

pdf_tail() {
	printf '\n/Reason (Quyet dinh khen thuong) >>\nendobj\n'
	printf 'trailer\n<< /Root 1 0 R /Size 6 >>\nstartxref\n0\n%%%%EOF\n'
}

# The numbers have a fixed width, so the head is as long before as after.
enclose() { # out; what prints the head for a range, the tail, a value over both
	begin=$("$2" '0 0000000000 0000000000 0000000000' | wc -c)
	end=$((begin + room + 2))
	range=$(printf '0 %010d %010d %010d' "$begin" "$end" "$("$3" | wc -c)")
	{
		"$2" "$range"
		"$3"
	} >covered
	"$4" <covered >value
	od -An -v -tx1 value | tr -d ' \n' >digits
	{
		"$2" "$range"
		printf '<'
		cat digits
		head -c $((room - $(wc -c <digits))) /dev/zero | tr '\0' 0
		printf '>'
		"$3"
	} >"$1"
}

make_pdf() { # out, sub filter
	filter=$2
	enclose "$1" pdf_head pdf_tail sign
}

padded_tail() {
	pdf_tail | sed '/^trailer/,$d'
	head -c "$padding" /dev/zero | tr '\0' '\n'
	pdf_tail | sed -n '/^trailer/,$p'
}

make_large_pdf() { # out, bytes of nothing in it
	filter=ETSI.CAdES.detached
	padding=$2
	enclose "$1" pdf_head padded_tail sign
}
