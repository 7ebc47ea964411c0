#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# hosod backup and restore beside a server at work: a folder and a tar are the
# same thing, and tar and sha256sum alone can read both.
# shellcheck source=tests/functional/sample.sh
. "${srcdir:-.}/tests/functional/sample.sh"
need curl jq

# What `hosod` says of an archive at another place.
at() { # folder, command...
	folder=$1
	shift
	hosod --data "$folder" "$@" 2>&1
}

# Every record and file of the archive is in a restored one.  A tar has no
# keys: they are put in their place by hand.
check_restored() { # sentence, folder
	cp -n "$scratch/data/keys/"* "$scratch/$2/keys/"
	check "$1" "$sound" "$(at "$scratch/$2" fsck --deep | tail -1)"
}

make_archive
make_province
start_hosod --set store.fixity=0 # its canary would come between the backups
load_province
check 'a backup into a folder is made beside the server' 0 \
	"$(at "$scratch/data" backup "$scratch/folder" >"$scratch/out"; echo $?)"
check 'a backup as a tar is made beside the server' 0 \
	"$(hosod backup - >"$scratch/backup.tar" 2>"$scratch/out"; echo $?)"
stop_hosod
sound=$(hosod fsck --deep | tail -1)

check 'the tar holds plain names' \
	'README.txt store/records/data.mdb store/chunks/data.mdb manifest.json SHA256SUMS ' \
	"$(tar --list --file "$scratch/backup.tar" | tr '\n' ' ')"
mkdir "$scratch/plain"
tar --extract --file "$scratch/backup.tar" --directory "$scratch/plain"
check 'sha256sum finds the tar whole' 0 \
	"$(cd "$scratch/plain" && sha256sum --check --quiet --strict SHA256SUMS >&2; echo $?)"
check 'sha256sum finds the folder whole, keys included' '0 5' \
	"$(cd "$scratch/folder" && sha256sum --check --quiet --strict SHA256SUMS >&2
	echo $?) $(grep -c -e keys/ -e hosod.conf "$scratch/folder/SHA256SUMS")"
check 'no key is in the tar' '' \
	"$(tar --list --file "$scratch/backup.tar" | grep -e key -e conf)"
check 'the manifest says what it is' '"hoso-backup" 1' \
	"$(jq -j '(.format | tojson), " ", .version' "$scratch/plain/manifest.json")"

at "$scratch/one" restore "$scratch/folder" >"$scratch/out"
check 'the keys of a folder come with it' 0 \
	"$(diff -r "$scratch/one/keys" "$scratch/data/keys" >&2; echo $?)"
check_restored 'a folder is restored' one
at "$scratch/two" restore - <"$scratch/backup.tar" >"$scratch/out"
check_restored 'a tar is restored' two
at "$scratch/three" restore "$scratch/plain" >"$scratch/out"
check_restored 'what tar made of it is restored' three
tar --create --directory "$scratch/folder" . |
	at "$scratch/four" restore - >"$scratch/out"
check 'the keys of a folder come in its tar, for their owner alone' '0 600' \
	"$(diff -r "$scratch/four/keys" "$scratch/data/keys" >&2
	echo $? "$(stat -c %a "$scratch/four/keys/log.key")")"
check_restored 'a tar of the folder is restored' four

# What is cut off in a pipe leaves nothing.
head -c 300000 "$scratch/backup.tar" |
	at "$scratch/five" restore - >"$scratch/out"
check 'a tar that is cut off is refused and leaves nothing' '' \
	"$(find "$scratch/five" -type f)"
ln -s /etc/passwd "$scratch/plain/letter"
tar --create --directory "$scratch/plain" . |
	at "$scratch/six" restore - >"$scratch/out"
check 'a tar with anything else is refused by its name' 'letter: it is a link' \
	"$(grep -o 'letter: it is a link' "$scratch/out")"
check 'a restore over an archive is refused' 'there is something already' \
	"$(at "$scratch/one" restore "$scratch/folder" | grep -o 'there is something already')"
check 'and so is a backup over anything, with what to choose' 'choose a new or an empty folder' \
	"$(at "$scratch/data" backup "$scratch/plain" | grep -o 'choose a new or an empty folder')"
mkdir "$scratch/empty"
check 'an empty folder is as good as a new one' 0 \
	"$(at "$scratch/data" backup "$scratch/empty" >"$scratch/out"; echo $?)"
check 'a folder that is not there is told as such' \
	"$scratch/nowhere: reading the backup: No such file or directory" \
	"$(at "$scratch/seven" restore "$scratch/nowhere" | grep -o "$scratch/nowhere.*directory")"
check 'a tar is not taken for a folder' 'a tar is read from standard input' \
	"$(at "$scratch/eight" restore "$scratch/backup.tar" | grep -o 'a tar is read from standard input')"
check 'a folder of rules that is not there is told by its option' 'option office.rules' \
	"$(at "$scratch/data" --set office.rules="$scratch/nowhere" fsck | grep -o 'option office.rules')"
finish
