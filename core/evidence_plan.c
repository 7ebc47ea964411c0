/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_plan.h"

#include "base/clock.h"
#include "core/evidence_book.h"
#include "core/evidence_draft.h"

struct planning {
	struct core *core;
	const struct evidence_conf *conf;
	struct arena *arena;
	struct evidence_book book;
	int64_t now;
	uint64_t *lives;    /* of each batch: those who rest on it last */
	uint64_t *of_batch; /* whose last chain begins there */
	json_t *signers;    /* SHA-256 of a certificate -> containers */
	int64_t containers;
	int64_t lost;
};

/* --- counting ---------------------------------------------------------------------- */

static void
count_signer(struct planning *planning, const struct sha256 *signer)
{
	char hex[SHA256_TEXT];

	sha256_format(hex, signer);
	json_object_set_new(planning->signers, hex,
	    json_integer(json_integer_at(planning->signers, hex) + 1));
}

/* An evidence_proved_fn. */
static int
count(void *arg, const struct evidence_proved *proved, struct fault *fault)
{
	struct planning *planning = arg;
	size_t last = proved->places[proved->count - 1];
	size_t head = evidence_book_head(&planning->book, last);

	(void)fault;
	planning->containers++;
	if (planning->book.batches[head].until <= planning->now) {
		planning->lost++;
		return 0;
	}
	planning->lives[head]++;
	planning->of_batch[last]++;
	count_signer(planning, &proved->leaves[proved->count - 1].signer);
	return 0;
}

static int
count_waiting(struct snapshot *snapshot, int64_t *count_out,
    struct fault *fault)
{
	struct bytes key, value;
	struct scan *scan;
	struct key rows;
	int rc;

	*count_out = 0;
	evidence_draft_wait_key(&rows, NULL);
	if (scan_open_prefix(&scan, snapshot, key_bytes(&rows), fault) < 0) {
		return -1;
	}
	while ((rc = scan_next(scan, &key, &value, fault)) == 1) {
		++*count_out;
	}
	scan_close(scan);
	return rc;
}

/* --- rows of the calendar ----------------------------------------------------------- */

static void
add_time(json_t *row, const char *member, int64_t at)
{
	if (at != INT64_MAX) {
		json_object_set_new(row, member, json_integer(at));
	}
}

/* The row of the list that has these two, or a new one. */
static json_t *
row_of(json_t *list, const char *member, const char *text, int64_t until)
{
	json_t *row;
	size_t i;

	json_array_foreach(list, i, row)
	{
		if (strcmp(json_text_at(row, member), text) == 0 &&
		    (until == INT64_MAX ||
		        json_integer_at(row, "until") == until)) {
			return row;
		}
	}
	row = json_pack("{s:s, s:i}", member, text, "containers", 0);
	add_time(row, "until", until);
	json_array_append_new(list, row);
	return row;
}

static void
add_count(json_t *row, uint64_t count)
{
	json_object_set_new(row, "containers",
	    json_integer(json_integer_at(row, "containers") + (int64_t)count));
}

static void
add_authority(const struct planning *planning, json_t *list,
    const struct evidence_batch *batch, uint64_t lives)
{
	json_t *row = row_of(list, "authority", batch->authority, batch->until);
	int64_t due =
	    evidence_policy_due(planning->conf, planning->core->rules, batch);
	const json_t *known = json_object_get(row, "renew_at");

	add_count(row, lives);
	json_object_set_new(row, "issuer", json_string(batch->issuer));
	json_object_set_new(row, "key", json_string(batch->key));
	if (known == NULL || json_integer_value(known) > due) {
		json_object_set_new(row, "renew_at", json_integer(due));
	}
}

static void
add_key(const struct planning *planning, json_t *list, const char *key,
    uint64_t lives)
{
	json_t *row = row_of(list, "key", key,
	    evidence_policy_sunset(planning->core->rules, key));

	add_count(row, lives);
}

static void
add_digest(const struct planning *planning, json_t *list,
    enum digest_kind digest, uint64_t containers)
{
	const char *name = digest_kind_name(digest);
	int64_t until = evidence_policy_sunset(planning->core->rules, name);
	json_t *row = row_of(list, "digest", name, until);

	add_count(row, containers);
	if (until != INT64_MAX) {
		json_object_set_new(row, "renew_at",
		    json_integer(
		        until - (int64_t)planning->conf->renew_ms * 1000));
	}
}

static int
add_signers(const struct planning *planning, json_t *list,
    struct snapshot *snapshot, struct fault *fault)
{
	const char *hex;
	json_t *containers;

	json_object_foreach(planning->signers, hex, containers)
	{
		json_t *row = json_pack("{s:s, s:O}", "sha256", hex,
		    "containers", containers);
		json_t *facts;
		int found;

		json_array_append_new(list, row);
		found = evidence_rows_find_signer(snapshot, planning->arena,
		    hex, &facts, fault);
		if (found < 0) {
			return -1;
		}
		if (found == 1) {
			json_object_update_missing(row, facts);
		}
	}
	return 0;
}

static json_t *
list_of(json_t *plan, const char *name)
{
	json_t *list = json_array();

	json_object_set_new(plan, name, list);
	return list;
}

static int
fill(struct planning *planning, json_t *plan, struct snapshot *snapshot,
    struct fault *fault)
{
	json_t *authorities = list_of(plan, "authorities");
	json_t *digests = list_of(plan, "digests");
	json_t *keys = list_of(plan, "keys");
	int64_t waiting;

	for (size_t i = 0; i < planning->book.count; i++) {
		const struct evidence_batch *batch = &planning->book.batches[i];

		if (planning->lives[i] > 0) {
			add_authority(planning, authorities, batch,
			    planning->lives[i]);
			add_key(planning, keys, batch->key, planning->lives[i]);
		}
		if (planning->of_batch[i] > 0) {
			add_digest(planning, digests, batch->digest,
			    planning->of_batch[i]);
		}
	}
	if (add_signers(planning, list_of(plan, "signers"), snapshot, fault) <
	        0 ||
	    count_waiting(snapshot, &waiting, fault) < 0) {
		return -1;
	}
	json_object_set_new(plan, "containers",
	    json_integer(planning->containers));
	json_object_set_new(plan, "lost", json_integer(planning->lost));
	json_object_set_new(plan, "waiting", json_integer(waiting));
	return 0;
}

json_t *
evidence_plan_make(struct core *core, const struct evidence_conf *conf,
    struct arena *arena, struct fault *fault)
{
	struct planning planning = { .core = core,
		.conf = conf,
		.arena = arena,
		.now = clock_now(),
		.signers = json_own(arena, json_object()) };
	json_t *plan = json_own(arena, json_object());
	struct snapshot *snapshot;
	size_t room;
	int rc;

	if (evidence_book_read(&planning.book, arena, core->store, fault) < 0) {
		return NULL;
	}
	room = (planning.book.count + 1) * sizeof(uint64_t);
	planning.lives = arena_alloc(arena, room);
	planning.of_batch = arena_alloc(arena, room);
	if (evidence_book_walk(&planning.book, core->store, "", count,
	        &planning, fault) < 0 ||
	    snapshot_open(&snapshot, core->store, fault) < 0) {
		return NULL;
	}
	rc = fill(&planning, plan, snapshot, fault);
	snapshot_close(snapshot);
	return rc < 0 ? NULL : plan;
}
