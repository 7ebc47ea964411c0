#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A stranger has a container, its anchors, and a folder with a shell, unzip,
# openssl, sed and the core utilities: nothing else.  The commands that the
# container's page tells are taken from the page and run there.  They find a
# good container good, and each change wrong; so does `hoso verify`.
#
# shellcheck source=tests/functional/hosod.sh
. "${srcdir:-.}/tests/functional/hosod.sh"
need unzip openssl sed sha256sum ldd
tools=$(cd "$builddir/tests/tools" && pwd)
hoso=$(cd "$builddir" && pwd)/hoso
cd "$scratch" || exit 1

# --- the bare folder -----------------------------------------------------------------

if [ "$(id -u)" -eq 0 ]; then
	enter() { chroot "$@"; }
elif unshare -r true 2>/dev/null; then
	enter() { unshare -r chroot "$@"; }
else
	skip_all 'only root may change the root'
fi

mkdir -p bare/bin bare/tmp bare/dev
: >bare/dev/null # no device: nothing reads from it
for tool in sh unzip openssl sed cut printf sort uniq test tr sha256sum; do
	path=$(command -v "$tool")
	case $path in
	/*) ;;
	*) path=$(PATH=/usr/bin:/bin command -p which "$tool" 2>/dev/null) || continue ;;
	esac
	cp -L "$path" "bare/bin/$tool"
	ldd "$path" | sed -n 's/.* \(\/[^ ]*\) (.*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'
done | sort -u >libraries
while read -r library; do
	mkdir -p "bare${library%/*}"
	cp -L "$library" "bare$library"
done <libraries
# `openssl ts` does not run without the file of its settings; an empty one does.
settings=$(openssl version -d | sed 's/.*"\(.*\)"/\1/')
mkdir -p "bare$settings"
: >"bare$settings/openssl.cnf"
enter bare /bin/sh -c 'PATH=/bin; openssl version && unzip -v' >said 2>&1 ||
	skip_all "the bare folder does not work: $(tail -n 1 said)"

# --- the page --------------------------------------------------------------------------

# Every command stands behind four blanks; the Vietnamese half comes first.
commands_of() { # container
	unzip -p "$1" README.txt | sed '/^-----/q' | sed -n 's/^    \([^ ]\)/\1/p'
}

cat >run.sh <<'END'
PATH=/bin
cd /tmp/here || exit 99
n=0
while IFS= read -r command <&3; do
	n=$((n + 1))
	eval "$command" >"/tmp/here/said.$n" 2>&1 </dev/null || exit "$n"
done 3</tmp/commands
exit 0
END
cp run.sh bare/tmp/run.sh

# "good", or the number of the first command that does not say what the page
# promises.
by_hand() { # container, folder of its anchors
	rm -rf bare/tmp/here
	mkdir bare/tmp/here
	cp "$1" bare/tmp/here/GOI.asice
	cp "$2/anchors.pem" bare/tmp/here/anchors.pem
	cp "$2/anchors.pem" bare/tmp/here/tsa.pem
	cp "$2/commands" bare/tmp/commands
	code=0
	enter bare /bin/sh /tmp/run.sh || code=$?
	said=bare/tmp/here/said
	if [ "$code" -ne 0 ]; then
		echo "$code"
	elif ! grep -q 'CAdES Verification successful' $said.2; then
		echo 2
	elif [ "$(cat $said.3)" != OK ]; then
		echo 3
	elif grep -qv ': OK$' $said.4; then
		echo 4
	elif [ -s $said.5 ]; then
		echo 5
	elif [ -f $said.10 ] && ! grep -q 'Verification: OK' $said.10; then
		echo 10
	else
		echo good
	fi
}

by_hoso() { # container, folder of its anchors
	code=0
	"$hoso" --english --json verify "$1" --trust "$2/anchors.pem" \
		--key "$2/log.vkey" >said.json 2>said || code=$?
	case $code in
	0) echo good ;;
	8) echo wrong ;;
	*) echo "exit code $code: $(cat said)" ;;
	esac
}

for kind in p256 tsa; do
	mkdir $kind
	"$tools/make_container" $kind $kind >/dev/null || exit 1
	commands_of $kind/GOI.asice >$kind/commands
	unzip -p $kind/GOI.asice README.txt | sed '1,/^-----/d' |
		sed -n 's/^    \([^ ]\)/\1/p' >english
	check "$kind: the page tells the same commands in both languages" '' \
		"$(diff $kind/commands english)"
	check "$kind: they find a good container good" good \
		"$(by_hand $kind/GOI.asice $kind)"
	check "$kind: so does hoso" good "$(by_hoso $kind/GOI.asice $kind)"
done
check 'five commands, and six more about a time-stamp' '5 11' \
	"$(wc -l <p256/commands) $(wc -l <tsa/commands)"

# --- changes -----------------------------------------------------------------------------

folder=$(unzip -Z1 p256/GOI.asice | sed -n 's/\/METS.xml$//p' | head -n 1)
data=$folder/representations/rep1/data/H34.2026.123.1.pdf
record=$folder/metadata/other/records/dossier.json
manifest=META-INF/ASiCManifest001.xml
p7s=META-INF/signature001.p7s

# By which command it is found; by hoso it must be wrong.
wrong() { # what was done, kind, number of the command
	check "$2: $1 is found by command $3" "$3" "$(by_hand changed.asice "$2")"
	check "$2: $1 is found by hoso" wrong "$(by_hoso changed.asice "$2")"
}

spoil() { # kind, change
	from=$1/GOI.asice
	shift
	"$tools/spoil" "$from" changed.asice "$@" || exit 1
}

flip() { # file, offset; a bit of it in place
	byte=$(od -An -tu1 -j "$2" -N 1 "$1" | tr -d ' ')
	# shellcheck disable=SC2059 # the octal number is the format
	printf "\\$(printf '%03o' $((byte ^ 4)))" |
		dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

digest_of() { # file
	openssl dgst -sha256 -binary "$1" | openssl base64 -A
}

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
	-subj "$(openssl x509 -in p256/anchors.pem -noout -subject -nameopt compat |
		sed 's/^subject=//')" -keyout thief.key -out thief.pem \
	-addext keyUsage=critical,digitalSignature 2>/dev/null ||
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-days 30 -subj /CN=thief -keyout thief.key -out thief.pem \
		-addext keyUsage=critical,digitalSignature 2>/dev/null

for kind in p256 tsa; do
	size=$(wc -c <$kind/GOI.asice)
	place=$(grep -abo '%PDF-1.7' $kind/GOI.asice | head -n 1 | cut -d : -f 1)
	cp $kind/GOI.asice changed.asice
	flip changed.asice "$((place + 12))"
	wrong 'a flipped bit' $kind 1
	head -c $((size - 100)) $kind/GOI.asice >changed.asice
	wrong 'a lost end' $kind 1
	head -c $((size / 2)) $kind/GOI.asice >changed.asice
	wrong 'a lost half' $kind 1

	# From here on the ZIP itself is whole.
	rm -rf out
	unzip -q $kind/GOI.asice -d out
	cp "out/$data" file
	flip file 12
	spoil $kind put "$data" file
	wrong 'a flipped bit with its CRC' $kind 4
	cp "out/$p7s" file
	flip file $(($(wc -c <file) / 2))
	spoil $kind put "$p7s" file
	wrong 'a flipped bit of the signature' $kind 2
	spoil $kind swap "$data" "${data%1.pdf}2.txt"
	wrong 'a swap of two files' $kind 4
	spoil $kind swap SHA256SUMS "$record"
	wrong 'a list that is another file of the container' $kind 3
	spoil $kind twice "$data" "out/$record"
	wrong 'a file that is there twice' $kind 5
	spoil $kind rename "$data" "${data%.1.pdf}.3.pdf"
	wrong 'a file with another name' $kind 4
	spoil $kind drop "$data"
	wrong 'a file that is gone' $kind 4
	spoil $kind put "$folder/representations/rep1/data/extra.txt" run.sh
	wrong 'a file too many' $kind 5
	spoil $kind put META-INF/extra.xml run.sh
	wrong 'a file too many beside the signature' $kind 5

	# A thief changes the file and all lists, and cannot sign.
	cp "out/$data" file
	flip file 12
	was=$(sha256sum <"out/$data" | cut -c -64)
	is=$(sha256sum <file | cut -c -64)
	sed "s/$was/$is/" out/SHA256SUMS >sums
	sed "s|$(digest_of "out/$data")|$(digest_of file)|
		s|$(digest_of out/SHA256SUMS)|$(digest_of sums)|" \
		"out/$manifest" >manifest.xml
	spoil $kind put "$data" file
	cp changed.asice one.asice
	"$tools/spoil" one.asice two.asice put SHA256SUMS sums
	"$tools/spoil" two.asice changed.asice put "$manifest" manifest.xml
	wrong 'another manifest' $kind 2
	# He signs it with a certificate of the same name.
	openssl cms -sign -binary -cades -md sha256 -in manifest.xml \
		-signer thief.pem -inkey thief.key -outform DER -out thief.p7s
	"$tools/spoil" changed.asice one.asice put "$p7s" thief.p7s
	mv one.asice changed.asice
	wrong 'another certificate' $kind 2
done
spoil tsa unstamp "$p7s"
wrong 'a time-stamp that was taken away' tsa 8
check '  and hoso says that it was' true \
	"$(grep -q '"timestamp.missing"' said.json && echo true)"
spoil tsa put "$p7s" "$scratch/out/mimetype"
wrong 'no signature at all' tsa 2

# --- what only hoso finds -------------------------------------------------------------------

# The time of an entry, in its local header: no byte of a file.
cp p256/GOI.asice changed.asice
flip changed.asice 10
check 'a changed header changes no file' good "$(by_hand changed.asice p256)"
check '  and hoso finds it' wrong "$(by_hoso changed.asice p256)"
finish
