/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Nothing that is damaged, cut off or not of a backup is restored, and a tar
 * that others made of a backup is one.
 */

#include "storage/restore.h"

#include "tests/unit/backups.h"

static void
a_tar_of_a_folder_is_a_backup(void **state)
{
	static const char *const formats[] = { "gnu", "pax", "ustar" };
	struct stage *stage = *state;

	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char command[256];
		char path[SCRATCH_PATH + 16];
		int file;

		/* Once with its folders, once with names alone. */
		snprintf(command, sizeof(command),
		    "tar --create --format %s --directory backup --file "
		    "one.tar %s",
		    formats[i],
		    i == 0 ? "."
		           : "SHA256SUMS keys store README.txt "
		             "manifest.json");
		backups_shell(stage, command);
		snprintf(path, sizeof(path), "%.40s/one.tar", stage->folder);
		file = open(path, O_RDONLY | O_CLOEXEC);
		backups_must(stage, restore_stream(file, &stage->to_second,
		                        &stage->counts, &stage->fault));
		close(file);
		backups_check_files(stage, true);
		backups_check_store(stage, stage->second);
		scratch_remove(stage->second);
	}
}

static void
a_stream_that_was_cut_anywhere_is_refused(void **state)
{
	struct stage *stage = *state;
	int file = backups_stream_to_file(stage);
	off_t len = lseek(file, 0, SEEK_END);
	uint64_t seed = 3;

	for (int i = 0; i < 12; i++) {
		off_t cut = i < 2 ? len - 1 - i * 20
		                  : (off_t)(scratch_draw(&seed) >> 20) %
		                        (i < 6 ? 100 : len);

		assert_int_equal(ftruncate(file, cut), 0);
		backups_must_refuse(stage, file);
		/* Whole again for the next one. */
		close(file);
		unlink(stage->path);
		file = backups_stream_to_file(stage);
	}
	close(file);
}

/* Is the byte one of the zeros between a member's data and the next header? */
static bool
is_fill(int file, off_t place)
{
	uint8_t header[512];
	off_t at = 0;

	while (
	    pread(file, header, sizeof(header), at) == 512 && header[0] != 0) {
		off_t len = (off_t)strtoull((char *)header + 124, NULL, 8);
		off_t end = at + 512 + len;

		at = (end + 511) / 512 * 512;
		if (place < at) {
			return place >= end;
		}
	}
	return false;
}

static void
a_stream_with_a_flipped_bit_is_refused(void **state)
{
	struct stage *stage = *state;
	int file = backups_stream_to_file(stage);
	off_t len = lseek(file, 0, SEEK_END);
	uint64_t seed = 4;
	int refused = 0;

	for (int i = 0; i < 100; i++) {
		off_t place = i < 20 ? i * 2
		              : i < 60
		                  ? len - 1 - i * 60
		                  : (off_t)(scratch_draw(&seed) >> 20) % len;
		uint8_t byte;

		assert_int_equal(pread(file, &byte, 1, place), 1);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, place), 1);
		if (!is_fill(file, place)) {
			backups_must_refuse(stage, file);
			refused++;
		}
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, place), 1);
	}
	assert_true(refused > 80);
	close(file);
}

/* --- tars of others ------------------------------------------------------ */

/* A header of POSIX ustar and its data, filled up. */
static void
put_member(struct buf *out, const char *name, char type, const char *target,
    size_t len)
{
	char header[512] = "";
	unsigned sum = 0;

	memcpy(header, name, strlen(name) < 100 ? strlen(name) : 100);
	snprintf(header + 100, 8, "0000600");
	snprintf(header + 108, 8, "0000000");
	snprintf(header + 116, 8, "0000000");
	snprintf(header + 124, 12, "%011zo", len);
	snprintf(header + 136, 12, "00000000000");
	memset(header + 148, ' ', 8);
	header[156] = type;
	snprintf(header + 157, 100, "%s", target);
	memcpy(header + 257, "ustar\00000", 8);
	for (size_t i = 0; i < sizeof(header); i++) {
		sum += (uint8_t)header[i];
	}
	snprintf(header + 148, 8, "%06o", sum);
	buf_add(out, header, sizeof(header));
	for (size_t i = 0; i < (len + 511) / 512 * 512; i++) {
		buf_add_byte(out, i < len ? 'x' : 0);
	}
}

static void
nothing_but_the_files_of_a_backup_is_taken(void **state)
{
	static const struct {
		const char *name;
		char type;
		const char *target;
		size_t len;
		const char *words;
	} hostile[] = {
		{ "../store/records/data.mdb", '0', "", 9,
		    "../store/records/data.mdb: no file of a backup" },
		{ "/etc/passwd", '0', "", 9,
		    "/etc/passwd: no file of a backup" },
		{ "store/../keys/secret", '0', "", 9,
		    "store/../keys/secret: no file of a backup" },
		{ "store/records/data.mdb", '2', "/etc/passwd", 0,
		    "store/records/data.mdb: it is a link" },
		{ "store/records/data.mdb", '1', "README.txt", 0,
		    "store/records/data.mdb: it is a link" },
		{ "store/records/data.mdb", '3', "", 0,
		    "store/records/data.mdb: it is no regular file" },
		{ "store/records/data.mdb", '4', "", 0,
		    "store/records/data.mdb: it is no regular file" },
		{ "keys/secret", '6', "", 0,
		    "keys/secret: it is no regular file" },
		{ "etc/", '5', "", 0, "etc/: no folder of a backup" },
		{ "../", '5', "", 0, "../: no folder of a backup" },
		{ "store/records/data.mdb.old", '0', "", 9,
		    "store/records/data.mdb.old: no file of a backup" },
		{ "manifest.json", '0', "", (64 << 10) + 1,
		    "manifest.json: longer than the 65536 bytes" },
		{ "a\033[2Jb\xff", '0', "", 1, "a?[2Jb?: no file of a backup" },
	};
	struct stage *stage = *state;
	int file = backups_stream_to_file(stage);

	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		struct buf bytes;

		buf_init(&bytes, 1 << 20);
		put_member(&bytes, hostile[i].name, hostile[i].type,
		    hostile[i].target, hostile[i].len);
		assert_int_equal(ftruncate(file, 0), 0);
		assert_int_equal(pwrite(file, bytes.data, bytes.len, 0),
		    bytes.len);
		backups_must_refuse(stage, file);
		if (strstr(stage->fault.text, hostile[i].words) == NULL) {
			fail_msg("wanted: %s\ngot: %s", hostile[i].words,
			    stage->fault.text);
		}
		buf_fini(&bytes);
	}
	close(file);
}

/* What `tar` makes of a backup by this command is refused in these words. */
static void
must_refuse_tar(struct stage *stage, const char *command, const char *words)
{
	char path[SCRATCH_PATH + 16];
	int file;

	backups_shell(stage, command);
	snprintf(path, sizeof(path), "%.40s/one.tar", stage->folder);
	file = open(path, O_RDONLY | O_CLOEXEC);
	backups_must_refuse(stage, file);
	close(file);
	if (strstr(stage->fault.text, words) == NULL) {
		fail_msg("%s\nwanted: %s\ngot: %s", command, words,
		    stage->fault.text);
	}
}

static void
a_tar_with_more_less_or_other_files_is_refused(void **state)
{
#define TAR "tar --create --file one.tar --directory backup "
	static const char all[] = TAR "README.txt store keys manifest.json ";
	struct stage *stage = *state;
	char command[512];

	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	snprintf(command, sizeof(command), "%s", all);
	must_refuse_tar(stage, command, "SHA256SUMS is not in the backup");
	must_refuse_tar(stage, TAR "README.txt store keys SHA256SUMS",
	    "manifest.json is not in the backup");
	must_refuse_tar(stage,
	    TAR "README.txt store/records keys manifest.json SHA256SUMS",
	    "store/chunks/data.mdb is not in the backup");
	must_refuse_tar(stage, TAR "README.txt store manifest.json SHA256SUMS",
	    "SHA256SUMS has a line for no file that is here");
	must_refuse_tar(stage, TAR "--hard-dereference SHA256SUMS . ",
	    "SHA256SUMS: it comes twice");
	must_refuse_tar(stage, TAR "--hard-dereference README.txt . ",
	    "README.txt: it comes twice");
	must_refuse_tar(stage,
	    "cp backup/keys/secret . && truncate --size=40000 backup/keys/secret "
	    "&& echo end >>backup/keys/secret && " TAR "--sparse .",
	    "keys/secret: it has holes");
	must_refuse_tar(stage,
	    "cp secret backup/keys && "
	    "truncate --size=+1M backup/store/records/data.mdb && " TAR
	    "--sparse .",
	    "store/records/data.mdb: it is shorter than it says");
	must_refuse_tar(stage, TAR ".",
	    "store/records/data.mdb: other bytes than SHA256SUMS says");
	must_refuse_tar(stage,
	    "truncate --size=-1M backup/store/records/data.mdb && "
	    "echo mine >backup/options && " TAR ".",
	    "options: SHA256SUMS has no line for it");
	must_refuse_tar(stage,
	    "rm backup/options && mkdir -p \"backup/$(printf %0250d 0)\" && " TAR
	    ".",
	    "00000000...: no folder of a backup");
	must_refuse_tar(stage,
	    "rmdir backup/0* && " TAR ". && gzip -n one.tar "
	    "&& mv one.tar.gz one.tar",
	    "this is no backup");
	must_refuse_tar(stage, "rm one.tar && " TAR ". && echo more >>one.tar",
	    "there are bytes behind the end");
	must_refuse_tar(stage,
	    "sed 's/:1}/:2}/' backup/manifest.json >m && "
	    "sed \"s/^.*manifest/$(sha256sum <m | cut -c -64)  manifest/\" "
	    "backup/SHA256SUMS >s && mv m backup/manifest.json && "
	    "mv s backup/SHA256SUMS && " TAR ".",
	    "the backup is of version 2, not 1");
#undef TAR
}

static void
a_folder_with_a_flipped_bit_is_refused(void **state)
{
	struct stage *stage = *state;
	static const char *const files[] = { "store/records/data.mdb",
		"store/chunks/data.mdb", "SHA256SUMS", "manifest.json",
		"README.txt", "keys/secret" };

	backups_must(stage,
	    backup_to_folder(stage->engine->store, &stage->to_backup,
	        &stage->counts, &stage->fault));
	for (unsigned i = 0; i < 6; i++) {
		char name[SCRATCH_PATH + 64];
		uint8_t byte;
		int file;

		snprintf(name, sizeof(name), "%s/%s", stage->path, files[i]);
		file = open(name, O_RDWR);
		assert_int_equal(pread(file, &byte, 1, 3), 1);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, 3), 1);
		assert_int_equal(restore_folder(stage->path, &stage->to_second,
		                     &stage->counts, &stage->fault),
		    -1);
		assert_int_equal(stage->fault.code, FAULT_CORRUPT);
		backups_must_be_clean(stage);
		byte ^= 1;
		assert_int_equal(pwrite(file, &byte, 1, 3), 1);
		close(file);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_STAGE(a_tar_of_a_folder_is_a_backup),
		WITH_STAGE(nothing_but_the_files_of_a_backup_is_taken),
		WITH_STAGE(a_tar_with_more_less_or_other_files_is_refused),
		WITH_STAGE(a_stream_that_was_cut_anywhere_is_refused),
		WITH_STAGE(a_stream_with_a_flipped_bit_is_refused),
		WITH_STAGE(a_folder_with_a_flipped_bit_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
