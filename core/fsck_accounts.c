/* SPDX-License-Identifier: Apache-2.0 */

#include "core/fsck_accounts.h"

#include <string.h>

#define SESSION_HEAD 24u /* epoch, made, seen */
#define SUM_BYTES    32u
#define ID_MAX       64u

/* --- users ------------------------------------------------------------------- */

static int
check_secret(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;
	struct bytes hash;
	uint64_t epoch;
	const char *user;
	int found;

	key_read_start(&reader, key);
	user = key_read_text(&reader);
	if (record_split(value, &epoch, &hash, fault) < 0 || epoch == 0) {
		fsck_tell_row(fsck, "secret.form", key,
		    "its value has another form, of user %s", user);
		return 0;
	}
	found = fsck_has(fsck, RECORD_USER, user, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "secret.orphan", key, "there is no user %s",
		    user);
	}
	return found < 0 ? -1 : 0;
}

/* Who has a password has its hash. */
static int
check_user(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct key_reader reader;
	struct bytes bytes, hash;
	struct fault ignored; /* told with the records */
	struct key secret;
	const json_t *user;
	uint64_t rev;
	int found;

	key_read_start(&reader, key);
	key_read_u8(&reader);
	if (record_split(value, &rev, &bytes, &ignored) < 0 ||
	    (user = json_read(fsck->scratch, bytes, &ignored)) == NULL ||
	    json_object_get(user, "password_at") == NULL) {
		return 0;
	}
	key_start(&secret, TABLE_SECRET);
	key_add_text(&secret, key_read_text(&reader));
	found = snapshot_find_record(fsck->snapshot, key_bytes(&secret),
	    fsck->scratch, &rev, &hash, fault);
	if (found == 0 || (found == 1 && hash.len == 0)) {
		fsck_find_tell(&fsck->find, "secret.missing",
		    fsck_find_key(fsck->scratch, key_bytes(&secret)),
		    "the user has a password, but its hash is not here");
	}
	return fsck_found(found, fault);
}

static int
check_session(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct bytes row;
	const char *user;
	uint64_t rev;
	int found;

	if (key.len != 1 + SUM_BYTES ||
	    record_split(value, &rev, &row, fault) < 0 ||
	    row.len <= SESSION_HEAD || row.len > SESSION_HEAD + ID_MAX) {
		fsck_tell_row(fsck, "session.form", key,
		    "it has another form than a log-in");
		return 0;
	}
	user = arena_text_of(fsck->scratch,
	    bytes_of(row.data + SESSION_HEAD, row.len - SESSION_HEAD));
	found = fsck_has(fsck, RECORD_USER, user, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "session.orphan", key,
		    "there is no user %s", user);
	}
	return found < 0 ? -1 : 0;
}

/* --- tokens ----------------------------------------------------------------------- */

/* Rows of sums name tokens; each token is to be named once. */
static int
note_sum(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	const char *id = arena_text_of(fsck->scratch, value);
	int found;

	if (key.len != 1 + SUM_BYTES || value.len > ID_MAX) {
		fsck_tell_row(fsck, "token.form", key,
		    "it has another form than a token's sum");
		return 0;
	}
	found = fsck_has(fsck, RECORD_TOKEN, id, fault);
	if (found == 0) {
		fsck_tell_row(fsck, "token.orphan", key, "there is no token %s",
		    id);
	}
	return found < 0 ? -1 : 0;
}

struct sums {
	struct fsck *fsck;
	struct sorter *ids;
	struct bytes id; /* the next, where is_there */
	bool is_there;
};

static int
gather_sums(struct sums *sums, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open_table(&scan, sums->fsck->snapshot, TABLE_TOKEN, fault) <
	    0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		if (value.len <= ID_MAX) {
			sorter_add(sums->ids, value, NO_BYTES);
		}
	}
	scan_close(scan);
	return rc < 0 ? -1 : sorter_sort(sums->ids, fault);
}

static int
next_sum(struct sums *sums, struct fault *fault)
{
	struct bytes nothing;
	int rc = sorter_next(sums->ids, &sums->id, &nothing, fault);

	sums->is_there = rc == 1;
	return rc < 0 ? -1 : 0;
}

/* Both are in order of id. */
static int
compare_tokens(struct sums *sums, struct scan *tokens, struct fault *fault)
{
	struct bytes key, value;
	int rc = next_sum(sums, fault) < 0 ? -1 : 1;

	while (rc == 1 &&
	       (rc = scan_next_sound(tokens, &key, &value, fault)) == 1) {
		struct bytes id = key.len > 3
		                      ? bytes_of(key.data + 2, key.len - 3)
		                      : NO_BYTES;

		while (sums->is_there && bytes_compare(sums->id, id) < 0) {
			if (next_sum(sums, fault) < 0) {
				return -1;
			}
		}
		arena_reset(sums->fsck->scratch);
		if (!sums->is_there || !bytes_equal(sums->id, id)) {
			fsck_find_tell(&sums->fsck->find, "token.missing",
			    fsck_find_key(sums->fsck->scratch, key),
			    "its sum is not stored: nobody can use it");
		}
	}
	return rc;
}

static int
check_tokens(struct fsck *fsck, struct fault *fault)
{
	struct sorter_options options = { SORTER_ALL,
		fsck->options->memory_max_bytes, fsck->options->folder };
	struct sums sums = { fsck, sorter_new(&options), NO_BYTES, false };
	struct key tokens;
	struct scan *scan = NULL;
	int rc = -1;

	key_start(&tokens, TABLE_RECORD);
	key_add_u8(&tokens, RECORD_TOKEN);
	if (gather_sums(&sums, fault) == 0 &&
	    scan_open_prefix(&scan, fsck->snapshot, key_bytes(&tokens),
	        fault) == 0) {
		rc = compare_tokens(&sums, scan, fault);
	}
	scan_close(scan);
	sorter_free(sums.ids);
	return rc;
}

/* --- housekeeping ------------------------------------------------------------------ */

static bool
is_meta(struct bytes key, const char *name)
{
	size_t len = strlen(name) + 1;

	return key.len >= 1 + len && memcmp(key.data + 1, name, len) == 0;
}

static int
check_meta(struct fsck *fsck, struct bytes key, struct bytes value,
    struct fault *fault)
{
	struct bytes nothing;
	uint64_t rev;

	if (is_meta(key, "units") || is_meta(key, "filed")) {
		if (record_split(value, &rev, &nothing, fault) < 0 ||
		    rev == 0 || nothing.len != 0) {
			fsck_tell_row(fsck, "row.different", key,
			    "it is no revision of the tree");
		}
	} else if (is_meta(key, "evidence.log") ||
	           is_meta(key, "evidence.ran")) {
		if (value.len != 8) {
			fsck_tell_row(fsck, "evidence.form", key,
			    "it is no number");
		}
	} else if (!is_meta(key, "agenda") && !is_meta(key, "listing.lag") &&
	           !is_meta(key, "examine.anchors")) {
		fsck_tell_row(fsck, "row.unknown", key,
		    "nothing is known of this name");
	}
	return 0;
}

/* The tree's revision guards every filing. */
static int
check_guard(struct fsck *fsck, struct fault *fault)
{
	struct key key;
	int found;

	key_start(&key, TABLE_META);
	key_add_text(&key, "units");
	found = snapshot_has(fsck->snapshot, key_bytes(&key), fault);
	if (found == 0 && fsck->tree.count > 0) {
		fsck_tell_row(fsck, "row.missing", key_bytes(&key),
		    "there are units and no revision of the tree");
	}
	return fsck_found(found, fault);
}

int
fsck_accounts_check(struct fsck *fsck, struct fault *fault)
{
	static const struct {
		const char *prefix;
		fsck_row_fn row;
	} tables[] = {
		{ "s", check_secret },
		{ "rn", check_user },
		{ "a", check_session },
		{ "b", note_sum },
		{ "M", check_meta },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		struct key prefix;

		key_start(&prefix, (uint8_t)tables[i].prefix[0]);
		if (tables[i].prefix[1] != '\0') {
			key_add_u8(&prefix, (uint8_t)tables[i].prefix[1]);
		}
		if (fsck_each(fsck, &prefix, tables[i].row, fault) < 0) {
			return -1;
		}
	}
	return check_tokens(fsck, fault) < 0 ? -1 : check_guard(fsck, fault);
}

int
fsck_tables_check(struct fsck *fsck, struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	int rc;

	if (scan_open(&scan, fsck->snapshot, NO_BYTES, NO_BYTES, false, fault) <
	    0) {
		return -1;
	}
	while ((rc = scan_next_sound(scan, &key, &value, fault)) == 1) {
		uint8_t table = key.data[0];
		struct key next;

		arena_reset(fsck->scratch);
		if (!fsck_find_knows(key)) {
			fsck_tell_row(fsck, "row.unknown", key,
			    "there is no table 0x%02x", table);
		}
		if (table == UINT8_MAX) {
			break;
		}
		key_start(&next, (uint8_t)(table + 1));
		scan_seek(scan, key_bytes(&next));
	}
	scan_close(scan);
	return rc < 0 ? -1 : 0;
}
