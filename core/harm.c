/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Ranges are sorted by where they begin.  They may lie in each other, so each
 * knows which one of those before it reaches farthest: behind that, nothing
 * need be looked at.
 */

#include "core/harm.h"

#include "base/arena.h"
#include "base/memory.h"
#include "core/record.h"

#include <stdlib.h>

struct range {
	struct key from;
	struct key to; /* not in it; of no length: no bound */
	const char *finding;
	size_t farthest; /* of those up to here */
};

struct log_range {
	uint64_t from;
	uint64_t to;
	const char *finding;
};

struct harm {
	struct arena *arena; /* of the findings' texts */
	const char *finding;
	struct range *ranges;
	size_t range_count;
	bool is_sorted;
	struct log_range *log_ranges;
	size_t log_count;
	json_t *files; /* hexadecimal SHA-256 -> { finding: true } */
	json_t *names; /* "kind/id" -> likewise */
};

struct harm *
harm_new(void)
{
	struct harm *harm = xzalloc(sizeof(*harm));

	harm->arena = arena_new();
	harm->finding = "";
	harm->files = json_object();
	harm->names = json_object();
	return harm;
}

static void
forget(struct harm *harm)
{
	free(harm->ranges);
	free(harm->log_ranges);
	harm->ranges = NULL;
	harm->log_ranges = NULL;
	harm->range_count = 0;
	harm->log_count = 0;
	json_object_clear(harm->files);
	json_object_clear(harm->names);
	harm->finding = "";
	arena_reset(harm->arena);
}

void
harm_free(struct harm *harm)
{
	if (harm == NULL) {
		return;
	}
	forget(harm);
	json_decref(harm->files);
	json_decref(harm->names);
	arena_free(harm->arena);
	free(harm);
}

bool
harm_is_empty(const struct harm *harm)
{
	return harm->range_count == 0 && harm->log_count == 0 &&
	       json_object_size(harm->files) == 0;
}

/* --- what is damaged ---------------------------------------------------------- */

void
harm_begin(struct harm *harm, const char *finding)
{
	harm->finding = arena_text(harm->arena, finding);
}

static void
add(json_t *set, const char *key, const char *finding)
{
	json_t *findings = json_object_get(set, key);

	if (findings == NULL) {
		findings = json_object();
		json_object_set_new(set, key, findings);
	}
	json_object_set_new(findings, finding, json_true());
}

/* Room for one more; lists double when their length is a power of two. */
static void *
grow(void *list, size_t count, size_t size)
{
	bool is_full = (count & (count - 1)) == 0;

	return is_full ? xrealloc(list, (count > 0 ? 2 * count : 1) * size)
	               : list;
}

static void
copy_key(struct key *key, struct bytes bytes)
{
	*key = (struct key){ .len = 0 };
	if (bytes.len > 0 && bytes.len <= sizeof(key->bytes)) {
		memcpy(key->bytes, bytes.data, bytes.len);
		key->len = bytes.len;
	}
}

void
harm_add_range(struct harm *harm, struct bytes from, struct bytes to)
{
	struct range *range;

	harm->ranges =
	    grow(harm->ranges, harm->range_count, sizeof(*harm->ranges));
	range = &harm->ranges[harm->range_count++];
	*range = (struct range){ .finding = harm->finding };
	copy_key(&range->from, from);
	copy_key(&range->to, to);
	harm->is_sorted = false;
}

void
harm_add_log(struct harm *harm, uint64_t from, uint64_t to)
{
	harm->log_ranges =
	    grow(harm->log_ranges, harm->log_count, sizeof(*harm->log_ranges));
	harm->log_ranges[harm->log_count++] =
	    (struct log_range){ from, to, harm->finding };
}

void
harm_add_file(struct harm *harm, const struct sha256 *sum)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, sum);
	add(harm->files, hex, harm->finding);
}

/* --- who is harmed ------------------------------------------------------------ */

bool
harm_has_ranges(const struct harm *harm)
{
	return harm->range_count > 0;
}

/* The name of the record that a row belongs to; false: of none. */
static bool
name_owner(char *name, size_t size, struct bytes row)
{
	if (row.len < 3 || !record_is_kind(row.data[1])) {
		return false;
	}
	snprintf(name, size, "%s/%.*s",
	    record_kind_name((enum record_kind)row.data[1]),
	    (int)strnlen((const char *)row.data + 2, row.len - 2),
	    (const char *)row.data + 2);
	return true;
}

static void
blame(struct harm *harm, const char *finding, struct bytes row)
{
	char name[KEY_MAX_BYTES + 32];

	if (name_owner(name, sizeof(name), row)) {
		add(harm->names, name, finding);
	}
}

void
harm_by(struct harm *harm, const json_t *findings, struct bytes row)
{
	const char *finding;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)findings, finding, value)
	{
		blame(harm, finding, row);
	}
}

static int
compare_ranges(const void *a, const void *b)
{
	return bytes_compare(key_bytes(&((const struct range *)a)->from),
	    key_bytes(&((const struct range *)b)->from));
}

/* Does the range go on behind this key? */
static bool
reaches(const struct range *range, const struct key *key)
{
	return range->to.len == 0 ||
	       bytes_compare(key_bytes(key), key_bytes(&range->to)) < 0;
}

static void
sort_ranges(struct harm *harm)
{
	struct range *ranges = harm->ranges;

	qsort(ranges, harm->range_count, sizeof(*ranges), compare_ranges);
	for (size_t i = 0; i < harm->range_count; i++) {
		const struct range *before =
		    i > 0 ? &ranges[ranges[i - 1].farthest] : NULL;
		bool is_within =
		    before != NULL && (before->to.len == 0 ||
		                          (ranges[i].to.len > 0 &&
		                              reaches(before, &ranges[i].to)));

		ranges[i].farthest = is_within ? ranges[i - 1].farthest : i;
	}
	harm->is_sorted = true;
}

/* How many ranges begin at or before this key. */
static size_t
count_up_to(const struct harm *harm, const struct key *key)
{
	size_t low = 0;
	size_t high = harm->range_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(key_bytes(&harm->ranges[middle].from),
		        key_bytes(key)) <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

void
harm_by_keys(struct harm *harm, const struct key *first, const struct key *last,
    struct bytes row)
{
	const struct range *ranges = harm->ranges;

	if (harm->range_count > 0 && !harm->is_sorted) {
		sort_ranges(harm);
	}
	for (size_t i = count_up_to(harm, last);
	     i-- > 0 && reaches(&ranges[ranges[i].farthest], first);) {
		if (reaches(&ranges[i], first)) {
			blame(harm, ranges[i].finding, row);
		}
	}
}

void
harm_by_file(struct harm *harm, const char *hex, struct bytes row)
{
	harm_by(harm, json_object_get(harm->files, hex), row);
}

void
harm_by_log(struct harm *harm, uint64_t index, struct bytes row)
{
	for (size_t i = 0; i < harm->log_count; i++) {
		const struct log_range *range = &harm->log_ranges[i];

		if (index >= range->from && index < range->to) {
			blame(harm, range->finding, row);
		}
	}
}

const json_t *
harm_names(const struct harm *harm)
{
	return harm->names;
}

/* --- the end ------------------------------------------------------------------ */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys of an object in order; free() them. */
static const char **
sort_keys(const json_t *object, size_t *count_out)
{
	size_t count = json_object_size(object);
	const char **keys = xzalloc((count + 1) * sizeof(*keys));
	const char *key;
	json_t *value;
	size_t at = 0;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		keys[at++] = key;
	}
	qsort(keys, count, sizeof(*keys), compare_names);
	*count_out = count;
	return keys;
}

void
harm_tell(struct harm *harm, harm_named_fn named, void *arg)
{
	size_t count;
	const char **names = sort_keys(harm->names, &count);

	for (size_t i = 0; i < count; i++) {
		const char *finding;
		json_t *value;

		json_object_foreach(json_object_get(harm->names, names[i]),
		    finding, value)
		{
			named(arg, finding, names[i]);
		}
	}
	free(names);
	forget(harm);
}
