/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The server trusts nothing that it finds here: a file that is too long, that
 * is a pipe or a link, that is no JSON or has other members than it should is
 * told as such and stops nobody.  A time that lies ahead is of a clock that was
 * wrong, or a lie: such a row is none.
 */

#include "core/backup_book.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "core/reason.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (256u << 10)
#define TEXT_MAX       4096u
#define AHEAD_US       300000000 /* that two clocks may differ */

static const char *const lists[] = { "backups", "drills" };

/* The members of a row, besides "good". */
static const char *const numbers[] = { "at", "took_us", "entries", "made_at",
	"lost_entries", "findings", "restore_us" };
static const char *const texts[] = { "place", "reason", "vietnamese" };
#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))
#define TEXTS   (sizeof(texts) / sizeof(texts[0]))

static const char *
path_of(struct arena *arena, const char *folder)
{
	return arena_format(arena, "%s/%s", folder, BACKUP_BOOK_FILE);
}

/* Its bytes; empty where it is no plain file of a fair size. */
static struct bytes
read_file(struct arena *arena, const char *path, bool *is_there)
{
	int descriptor =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct bytes bytes = NO_BYTES;
	struct stat about;
	uint8_t *data;
	ssize_t got;

	*is_there = descriptor >= 0 || errno != ENOENT;
	if (descriptor < 0) {
		return bytes;
	}
	if (fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
	    about.st_size > 0 && about.st_size <= (off_t)FILE_MAX_BYTES) {
		data = arena_alloc(arena, (size_t)about.st_size);
		got = read(descriptor, data, (size_t)about.st_size);
		bytes = bytes_of(data, got > 0 ? (size_t)got : 0);
	}
	close(descriptor);
	return bytes;
}

static bool
is_number(const json_t *row, const char *member)
{
	const json_t *value = json_object_get(row, member);

	return value == NULL ||
	       (json_is_integer(value) && json_integer_value(value) >= 0);
}

static bool
is_text(const json_t *row, const char *member)
{
	const json_t *value = json_object_get(row, member);

	return value == NULL ||
	       (json_is_string(value) && json_string_length(value) <= TEXT_MAX);
}

static bool
is_row(const json_t *row, int64_t now)
{
	for (size_t i = 0; i < NUMBERS; i++) {
		if (!is_number(row, numbers[i])) {
			return false;
		}
	}
	for (size_t i = 0; i < TEXTS; i++) {
		if (!is_text(row, texts[i])) {
			return false;
		}
	}
	return json_is_object(row) &&
	       json_is_boolean(json_object_get(row, "good")) &&
	       json_integer_at(row, "at") > 0 &&
	       json_integer_at(row, "at") <= now + AHEAD_US &&
	       json_integer_at(row, "made_at") <= now + AHEAD_US;
}

static void
copy_member(json_t *to, const json_t *row, const char *member)
{
	json_t *value = json_object_get(row, member);

	if (value != NULL) {
		json_object_set(to, member, value);
	}
}

/* What we know of it, and nothing that was slipped in. */
static json_t *
copy_row(const json_t *row)
{
	json_t *copy = json_object();

	copy_member(copy, row, "good");
	for (size_t i = 0; i < NUMBERS; i++) {
		copy_member(copy, row, numbers[i]);
	}
	for (size_t i = 0; i < TEXTS; i++) {
		copy_member(copy, row, texts[i]);
	}
	return copy;
}

/* Those of a list that are rows, the first of them. */
static json_t *
take_list(const json_t *book, const char *name, size_t *unreadable)
{
	const json_t *list = json_object_get(book, name);
	json_t *taken = json_array();
	int64_t now = clock_now();
	json_t *row;
	size_t i;

	*unreadable += list != NULL && !json_is_array(list);
	json_array_foreach(list, i, row)
	{
		if (i >= BACKUP_BOOK_KEPT) {
			break;
		}
		if (is_row(row, now)) {
			json_array_append_new(taken, copy_row(row));
		} else {
			(*unreadable)++;
		}
	}
	return taken;
}

static json_t *
read_book(const char *folder, struct arena *arena)
{
	json_t *book = json_own(arena, json_object());
	size_t unreadable = 0;
	struct fault ignored; /* then it is counted */
	json_t *value = NULL;
	struct bytes bytes;
	bool is_there;

	bytes = read_file(arena, path_of(arena, folder), &is_there);
	if (bytes.len > 0) {
		value = json_read(arena, bytes, &ignored);
	}
	unreadable += is_there && !json_is_object(value);
	for (size_t i = 0; i < 2; i++) {
		json_object_set_new(book, lists[i],
		    take_list(value, lists[i], &unreadable));
	}
	json_object_set_new(book, "unreadable",
	    json_integer((json_int_t)unreadable));
	return book;
}

/* --- reading ------------------------------------------------------------- */

static const json_t *
newest_good(const json_t *list)
{
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		if (json_is_true(json_object_get(row, "good"))) {
			return row;
		}
	}
	return NULL;
}

static bool
newest_failed(const json_t *list)
{
	return json_is_false(json_object_get(json_array_get(list, 0), "good"));
}

json_t *
backup_book_read(const char *folder, struct arena *arena,
    struct backup_figures *figures_out)
{
	json_t *book = read_book(folder, arena);
	const json_t *backups = json_object_get(book, lists[0]);
	const json_t *drills = json_object_get(book, lists[1]);

	*figures_out = (struct backup_figures){
		.backup_at = json_integer_at(newest_good(backups), "at"),
		.backup_entries =
		    (uint64_t)json_integer_at(newest_good(backups), "entries"),
		.drill_at = json_integer_at(newest_good(drills), "at"),
		.has_failed = newest_failed(backups) || newest_failed(drills),
	};
	return book;
}

/* --- writing --------------------------------------------------------------- */

static json_t *
describe(struct arena *arena, const struct backup_note *note)
{
	json_t *row = json_pack("{s:I, s:I, s:b, s:I}", "at",
	    (json_int_t)note->at, "took_us", (json_int_t)note->took_us, "good",
	    note->is_good, "entries", (json_int_t)note->entries);

	if (note->place != NULL) {
		json_object_set_new(row, "place",
		    json_string(text_sound(arena, note->place)));
	}
	if (note->why != NULL) {
		reason_put(row, arena, note->why);
	}
	if (note->is_drill) {
		json_object_set_new(row, "made_at",
		    json_integer((json_int_t)note->made_at));
		json_object_set_new(row, "lost_entries",
		    json_integer((json_int_t)note->lost_entries));
		json_object_set_new(row, "findings",
		    json_integer((json_int_t)note->findings));
		json_object_set_new(row, "restore_us",
		    json_integer((json_int_t)note->restore_us));
	}
	return row;
}

static int
write_book(const char *folder, struct arena *arena, const json_t *book,
    struct fault *fault)
{
	const char *path = path_of(arena, folder);
	struct stat about;

	if (file_write(path, json_bytes(arena, book), 0600, fault) < 0) {
		return -1;
	}
	/* Of a tool that root runs the server must read what it wrote. */
	if (geteuid() == 0 && stat(folder, &about) == 0 &&
	    lchown(path, about.st_uid, about.st_gid) < 0) {
		return fault_errno(fault, errno, "%s", path);
	}
	return 0;
}

int
backup_book_add(const char *folder, const struct backup_note *note,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	/* Two tools at once: the second waits, so that neither is lost. */
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	json_t *list;
	json_t *book;
	int rc;

	if (lock < 0 || flock(lock, LOCK_EX) < 0) {
		rc = fault_errno(fault, errno, "%s", folder);
	} else {
		book = read_book(folder, arena);
		list = json_object_get(book, lists[note->is_drill]);
		json_array_insert_new(list, 0, describe(arena, note));
		if (json_array_size(list) > BACKUP_BOOK_KEPT) {
			json_array_remove(list, BACKUP_BOOK_KEPT);
		}
		json_object_del(book, "unreadable");
		rc = write_book(folder, arena, book, fault);
	}
	if (lock >= 0) {
		close(lock);
	}
	arena_free(arena);
	return rc;
}
