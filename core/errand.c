/* SPDX-License-Identifier: Apache-2.0 */

#include "core/errand.h"

#include "base/clock.h"
#include "core/reason.h"
#include "core/respite.h"
#include "core/schema.h"
#include "storage/key.h"

static void
row_key(struct key *key, const char *kind, const char *id)
{
	key_start(key, TABLE_JOB);
	key_add_text(key, kind);
	if (id != NULL) {
		key_add_text(key, id);
	}
}

static void
put_row(struct writes *writes, const struct errand *errand,
    const struct fault *why)
{
	struct arena *arena = arena_new();
	json_t *value = json_own(arena,
	    json_pack("{s:s, s:I, s:I, s:I, s:O*}", "for", errand->subject,
	        "next", (json_int_t)errand->next, "since",
	        (json_int_t)errand->since, "tries", (json_int_t)errand->tries,
	        "with", errand->with));
	struct key key;

	reason_put(value, arena, why);
	row_key(&key, errand->kind, errand->id);
	writes_put(writes, key_bytes(&key), json_bytes(arena, value));
	arena_free(arena);
}

void
errand_put(struct writes *writes, const char *kind, const char *id,
    const char *subject, json_t *with)
{
	const struct errand errand = { .kind = kind,
		.id = id,
		.subject = subject,
		.with = with,
		.since = clock_now() };

	put_row(writes, &errand, NULL);
}

void
errand_delete(struct writes *writes, const char *kind, const char *id)
{
	struct key key;

	row_key(&key, kind, id);
	writes_delete(writes, key_bytes(&key));
}

static int
read_row(struct errand *errand, struct arena *arena, struct bytes value,
    struct fault *fault)
{
	const json_t *row = json_read(arena, value, fault);

	if (row == NULL) {
		return -1;
	}
	errand->subject = json_text_at(row, "for");
	errand->reason = json_text_at(row, "reason");
	errand->vietnamese = json_text_at(row, "vietnamese");
	errand->with = json_object_get(row, "with");
	errand->tries = json_integer_at(row, "tries");
	errand->since = json_integer_at(row, "since");
	errand->next = json_integer_at(row, "next");
	return errand->subject != NULL && errand->reason != NULL
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT,
	                 "a row of work that waits has no subject");
}

int
errand_find(struct errand *errand_out, struct snapshot *snapshot,
    struct arena *arena, const char *kind, const char *id, struct fault *fault)
{
	struct bytes value;
	struct key key;
	int found;

	*errand_out = (struct errand){ .kind = kind, .id = id };
	row_key(&key, kind, id);
	found = snapshot_find(snapshot, key_bytes(&key), arena, &value, fault);
	return found == 1 && read_row(errand_out, arena, value, fault) < 0
	           ? -1
	           : found;
}

static int
scan_rows(struct errand_list *list, struct scan *scan, struct arena *arena,
    const char *kind, struct fault *fault)
{
	struct errand **last = &list->due;
	struct bytes key;
	struct bytes value;
	int rc;

	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		struct errand *errand = arena_alloc(arena, sizeof(*errand));
		struct key_reader reader;

		*errand = (struct errand){ .kind = kind };
		key_read_start(&reader, key);
		key_read_text(&reader);
		errand->id = arena_text(arena, key_read_text(&reader));
		if (key_read_end(&reader, fault) < 0 ||
		    read_row(errand, arena, value, fault) < 0) {
			return -1;
		}
		list->all++;
		if (errand->since != 0 &&
		    (list->oldest == 0 || errand->since < list->oldest)) {
			list->oldest = errand->since;
		}
		if (respite_is_over(errand->next)) {
			*last = errand;
			last = &errand->after;
		}
	}
	return rc;
}

int
errand_read(struct errand_list *list_out, struct core *core,
    struct arena *arena, const char *kind, struct fault *fault)
{
	struct snapshot *snapshot;
	struct scan *scan;
	struct key rows;
	int rc;

	*list_out = (struct errand_list){ .due = NULL };
	row_key(&rows, kind, NULL);
	if (snapshot_open(&snapshot, core->store, fault) < 0) {
		return -1;
	}
	rc = scan_open_prefix(&scan, snapshot, key_bytes(&rows), fault);
	if (rc == 0) {
		rc = scan_rows(list_out, scan, arena, kind, fault);
		scan_close(scan);
	}
	snapshot_close(snapshot);
	return rc;
}

int
errand_postpone(struct errand *errand, struct core *core, uint64_t retry_ms,
    const struct fault *why, struct fault *fault)
{
	struct writes *writes = writes_new(core->store, NULL);

	errand->tries++;
	errand->next =
	    clock_now() + respite_ms((uint64_t)errand->tries, retry_ms) * 1000;
	put_row(writes, errand, why);
	return writes_commit_now(writes, fault);
}
