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

struct ranges {
	struct range *list;
	size_t count;
	bool is_sorted;
};

struct harm {
	struct arena *arena; /* of the findings' texts */
	const char *finding;
	struct ranges rows;
	struct ranges log; /* keys are indexes, most significant byte first */
	json_t *files;     /* hexadecimal SHA-256 -> { finding: true } */
	json_t *names;     /* "kind/id" -> likewise */
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
	free(harm->rows.list);
	free(harm->log.list);
	harm->rows = harm->log = (struct ranges){ .list = NULL };
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
	return harm->rows.count == 0 && harm->log.count == 0 &&
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

static void
copy_key(struct key *key, struct bytes bytes)
{
	*key = (struct key){ .len = 0 };
	if (bytes.len > 0 && bytes.len <= sizeof(key->bytes)) {
		memcpy(key->bytes, bytes.data, bytes.len);
		key->len = bytes.len;
	}
}

static void
add_range(struct harm *harm, struct ranges *ranges, struct bytes from,
    struct bytes to)
{
	size_t count = ranges->count;
	struct range *range;

	if ((count & (count - 1)) == 0) { /* it is full: double it */
		ranges->list = xrealloc(ranges->list,
		    (count > 0 ? 2 * count : 1) * sizeof(*ranges->list));
	}
	range = &ranges->list[ranges->count++];
	*range = (struct range){ .finding = harm->finding };
	copy_key(&range->from, from);
	copy_key(&range->to, to);
	ranges->is_sorted = false;
}

void
harm_add_range(struct harm *harm, struct bytes from, struct bytes to)
{
	add_range(harm, &harm->rows, from, to);
}

static struct key
log_key(uint64_t index)
{
	struct key key = { .len = 0 };

	key_add_u64(&key, index);
	return key;
}

void
harm_add_log(struct harm *harm, uint64_t from, uint64_t to)
{
	struct key first = log_key(from);
	struct key behind = log_key(to);

	add_range(harm, &harm->log, key_bytes(&first), key_bytes(&behind));
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
	return harm->rows.count > 0;
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
sort(struct ranges *ranges)
{
	struct range *list = ranges->list;

	if (ranges->is_sorted || ranges->count == 0) {
		return;
	}
	qsort(list, ranges->count, sizeof(*list), compare_ranges);
	for (size_t i = 0; i < ranges->count; i++) {
		const struct range *before =
		    i > 0 ? &list[list[i - 1].farthest] : NULL;
		bool is_within =
		    before != NULL &&
		    (before->to.len == 0 ||
		        (list[i].to.len > 0 && reaches(before, &list[i].to)));

		list[i].farthest = is_within ? list[i - 1].farthest : i;
	}
	ranges->is_sorted = true;
}

/* How many begin at or before this key. */
static size_t
count_up_to(const struct ranges *ranges, const struct key *key)
{
	size_t low = 0;
	size_t high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (bytes_compare(key_bytes(&ranges->list[middle].from),
		        key_bytes(key)) <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static void
blame_ranges(struct harm *harm, struct ranges *ranges, const struct key *first,
    const struct key *last, struct bytes row)
{
	const struct range *list = ranges->list;

	sort(ranges);
	for (size_t i = count_up_to(ranges, last);
	     i-- > 0 && reaches(&list[list[i].farthest], first);) {
		if (reaches(&list[i], first)) {
			blame(harm, list[i].finding, row);
		}
	}
}

void
harm_by_keys(struct harm *harm, const struct key *first, const struct key *last,
    struct bytes row)
{
	blame_ranges(harm, &harm->rows, first, last, row);
}

void
harm_by_log(struct harm *harm, uint64_t index, struct bytes row)
{
	struct key key = log_key(index);

	blame_ranges(harm, &harm->log, &key, &key, row);
}

void
harm_by_file(struct harm *harm, const char *hex, struct bytes row)
{
	harm_by(harm, json_object_get(harm->files, hex), row);
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
