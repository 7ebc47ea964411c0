/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A set is judged before its first put, on the store as the sets before it in
 * the group leave it: is its id known, do all its guards hold.  So a refused
 * set leaves no trace, and the transaction needs no undo.  Only a put that
 * finds no room (or a counter no range) stops in the middle; the writer then
 * aborts the whole transaction and tries the sets one by one.
 *
 * LMDB believes every page, so all that the set will read and change are looked
 * at before (probe.c); a damaged one refuses the set.
 *
 * Rows of tables `rows` and `log` are values (value.c).  A counter's is i64;
 * a record's is u64 revision and its bytes, or u64 revision with its highest
 * bit set, u64 index of the log's entry that tells of it, and its bytes; all
 * big-endian.
 */

#include "storage/apply.h"

#include "base/memory.h"
#include "base/thread.h"
#include "base/wire.h"
#include "storage/past.h"
#include "storage/value.h"

#include <errno.h>
#include <stdlib.h>

#define REV_BYTES     8u
#define COUNTER_BYTES 8u
#define KEY_TEXT      49u
#define OWN_PAGES_MIN 1000u /* LMDB 0.9: a row longer than half a page has */

static const char *const table_names[] = {
	[APPLY_ROWS] = "rows",
	[APPLY_PIECES] = "pieces",
	[APPLY_LOG] = "log",
	[APPLY_PAST] = "past",
	[APPLY_META] = "meta",
	NULL,
};

int
apply_start(struct apply *apply, const struct records *records, MDB_txn *txn,
    int64_t now)
{
	struct bytes ignored;
	int code;

	if (apply->probe == NULL) {
		apply->probe = probe_new(&records->file, table_names);
	}
	apply->records = records;
	apply->txn = txn;
	apply->now = now;
	apply->applied = 0;
	apply->damaged = 0;
	apply->entry_count = 0;
	apply->has_pieces = false;
	code = probe_start(apply->probe, txn);
	if (code == 0) { /* each group writes down its number */
		code = probe_row(apply->probe, APPLY_META,
		    bytes_of_text("journal"), PROBE_PUT, 8, &ignored);
	}
	if (code == 0 || code == MDB_NOTFOUND) {
		/* A damaged end is for those who write there. */
		apply->log_code = records_log_size(
		    probe_tree(apply->probe, APPLY_LOG), &apply->log_next);
		code = 0;
	}
	return code;
}

void
apply_fini(struct apply *apply)
{
	probe_free(apply->probe);
	free(apply->entries);
	*apply = (struct apply){ 0 };
}

/* --- looking at pages ---------------------------------------------------- */

/* The pages of a long value: they are read, or are to be free. */
static int
probe_pieces(struct apply *apply, struct bytes key, struct bytes raw,
    size_t size, enum probe_act act)
{
	const struct source source = { .pieces = probe_tree(apply->probe,
		                           APPLY_PIECES) };
	uint64_t first = value_first_piece(raw);
	uint8_t *value;
	int code =
	    act == PROBE_READ ? 0 : probe_end(apply->probe, APPLY_PIECES);

	for (size_t i = 0; code == 0 && i < value_pieces(size); i++) {
		uint8_t number[8];
		struct bytes ignored;

		wire_put_u64be(number, first + i);
		code = probe_row(apply->probe, APPLY_PIECES,
		    bytes_of(number, sizeof(number)),
		    act == PROBE_READ ? PROBE_READ : PROBE_DELETE, 0, &ignored);
	}
	if (code == 0 && act != PROBE_READ) {
		/* Are they this value's, or would another's be free? */
		value = xzalloc(size);
		code = value_copy(&source, key, raw, value, size);
		free(value);
		apply->has_pieces = true;
	}
	return code == 0 ? 0 : EILSEQ;
}

/* What is there now: it is read, or its own pages are to be free. */
static int
probe_old(struct apply *apply, struct bytes key, struct bytes raw,
    enum probe_act act)
{
	size_t size;
	int code = value_size(raw, &size);

	if (code != 0) {
		return code;
	}
	if (value_pieces(size) > 0) {
		return probe_pieces(apply, key, raw, size, act);
	}
	/* A damaged row can be written anew, if no pages come free by it. */
	return raw.len > OWN_PAGES_MIN ? value_check(key, raw) : 0;
}

/*
 * That a row is not there is believed if those beside its place are sound.
 * Their long values are not read: it would double what filing a file costs.
 */
static int
prove_absent(struct apply *apply, unsigned table, struct bytes key)
{
	struct tree_cursor cursor;
	int code = tree_seek_proven(&cursor, probe_tree(apply->probe, table),
	    key, (struct tree_check){ value_prove, NULL });

	return code == MDB_NOTFOUND ? 0 : code;
}

int
apply_probe(struct apply *apply, struct bytes key, enum probe_act act,
    size_t size)
{
	struct bytes raw;
	int code = probe_row(apply->probe, APPLY_ROWS, key, act,
	    size + VALUE_HEAD_BYTES, &raw);

	if (act == PROBE_PUT && value_pieces(size) > 0) {
		apply->has_pieces = true;
	}
	return code == 0 ? probe_old(apply, key, raw, act) : code;
}

int
apply_probe_end(struct apply *apply)
{
	return apply->has_pieces ? probe_end(apply->probe, APPLY_PIECES) : 0;
}

static int
probe_key(struct apply *apply, const struct step *step, enum probe_act act)
{
	int code = apply_probe(apply, step->key, act,
	    step->value.len + RECORD_LOGGED_BYTES);

	if (code == MDB_NOTFOUND) {
		code =
		    step->kind == STEP_EXPECT_ABSENT || step->kind == STEP_ADD
		        ? prove_absent(apply, APPLY_ROWS, step->key)
		        : 0;
	}
	return code;
}

static int
probe_step(struct apply *apply, const struct step *step)
{
	if (step->kind != STEP_EXPECT_ABSENT && step->kind != STEP_EXPECT_REV &&
	    value_pieces(step->value.len + RECORD_LOGGED_BYTES) > 0) {
		apply->has_pieces = true;
	}
	switch (step->kind) {
	case STEP_EXPECT_ABSENT:
	case STEP_EXPECT_REV:
		return probe_key(apply, step, PROBE_READ);
	case STEP_PUT:
	case STEP_PUT_RECORD:
	case STEP_PUT_LOGGED:
	case STEP_ADD: /* what comes to 0 is deleted: see add_to_counter() */
		return probe_key(apply, step, PROBE_PUT);
	case STEP_DELETE:
		return probe_key(apply, step, PROBE_DELETE);
	case STEP_LOG:
		apply->has_pieces |= value_pieces(step->value.len) > 0;
		return apply->log_code;
	}
	return EINVAL;
}

static int
probe_id(struct apply *apply, const struct writes *writes)
{
	struct bytes id = bytes_of(writes->id.bytes, sizeof(writes->id.bytes));
	struct bytes raw;
	int code = probe_row(apply->probe, APPLY_PAST, id, PROBE_PUT,
	    PAST_HEAD_BYTES + writes->memo.len + VALUE_HEAD_BYTES, &raw);

	if (code == 0) {
		return value_check(id, raw);
	}
	return code == MDB_NOTFOUND ? prove_absent(apply, APPLY_PAST, id)
	                            : code;
}

/* EILSEQ: pages that the set would change are damaged. */
static int
probe_set(struct apply *apply, const struct writes *writes)
{
	struct bytes steps = buf_bytes(&writes->steps);
	struct step step;
	int code = writes->has_id ? probe_id(apply, writes) : 0;

	while (code == 0 && step_next(&steps, &step)) {
		code = probe_step(apply, &step);
	}
	return code == 0 ? apply_probe_end(apply) : code;
}

/* --- judging ------------------------------------------------------------ */

/* A key for people: what is not printable ASCII becomes a dot. */
static void
format_key(char text[KEY_TEXT], struct bytes key)
{
	size_t len = key.len < KEY_TEXT - 1 ? key.len : KEY_TEXT - 1;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = key.data[i];

		text[i] = c > ' ' && c < 0x7F ? (char)c : '.';
	}
	text[len] = '\0';
}

static int
read_rev(struct apply *apply, struct bytes key, struct bytes raw,
    uint64_t *rev_out)
{
	const struct source source = { .records = apply->records,
		.txn = apply->txn };
	uint8_t data[REV_BYTES];
	size_t size;
	int code = value_size(raw, &size);

	if (code == 0 && size < REV_BYTES) {
		code = EILSEQ;
	}
	if (code == 0) {
		code = value_copy(&source, key, raw, data, REV_BYTES);
	}
	if (code == 0) {
		*rev_out = wire_get_u64be(data) & ~RECORD_LOGGED;
	}
	return code;
}

static int
check_absent(struct writes *writes, const struct step *step, int code)
{
	char text[KEY_TEXT];

	if (code == 0) {
		format_key(text, step->key);
		fault_set(writes_refuse(writes, OUTCOME_CONFLICT),
		    FAULT_CONFLICT, "%s is there already", text);
	}
	return code == MDB_NOTFOUND ? 0 : code;
}

static int
check_rev(struct apply *apply, struct writes *writes, const struct step *step,
    int code, MDB_val raw)
{
	char text[KEY_TEXT];
	uint64_t rev = 0;

	if (code == 0) {
		code = read_rev(apply, step->key, records_bytes(raw), &rev);
	}
	if (code == 0 && rev == step->number) {
		return 0;
	}
	format_key(text, step->key);
	if (code == 0) {
		fault_set(writes_refuse(writes, OUTCOME_CONFLICT),
		    FAULT_CONFLICT, "%s has revision %llu, not %llu", text,
		    (unsigned long long)rev, (unsigned long long)step->number);
	} else if (code == MDB_NOTFOUND) {
		fault_set(writes_refuse(writes, OUTCOME_CONFLICT),
		    FAULT_CONFLICT, "%s is not there any more", text);
		code = 0;
	}
	return code;
}

/* All guards; a failed one leaves the outcome CONFLICT. */
static int
check_guards(struct apply *apply, struct writes *writes)
{
	struct bytes steps = buf_bytes(&writes->steps);
	struct step step;
	unsigned left = writes->guard_count;
	int code = 0;

	while (code == 0 && left > 0 && step_next(&steps, &step) &&
	       writes->result.outcome == OUTCOME_APPLIED) {
		MDB_val key = records_val(step.key);
		MDB_val raw;

		if (step.kind != STEP_EXPECT_ABSENT &&
		    step.kind != STEP_EXPECT_REV) {
			continue;
		}
		left--;
		code = mdb_get(apply->txn, apply->records->rows, &key, &raw);
		code = step.kind == STEP_EXPECT_ABSENT
		           ? check_absent(writes, &step, code)
		           : check_rev(apply, writes, &step, code, raw);
	}
	return code;
}

/* Whether the set was applied before; its result is the old one then. */
static int
check_past(struct apply *apply, struct writes *writes)
{
	struct past past;
	int code = past_find(apply->records, apply->txn, &writes->id,
	    apply->now, &past);

	if (code != 0) {
		return code == MDB_NOTFOUND ? 0 : code;
	}
	buf_reset(&writes->past_memo);
	buf_add_bytes(&writes->past_memo, past.memo);
	writes->result.memo = buf_bytes(&writes->past_memo);
	writes->result.repeated = true;
	writes->result.log_index = past.log_index;
	writes->result.log_count = past.log_count;
	return 0;
}

/* --- applying ----------------------------------------------------------- */

static int
add_to_counter(struct apply *apply, const struct place *place, int64_t delta)
{
	const struct source source = { .records = place->records,
		.txn = place->txn };
	MDB_val key = records_val(place->key);
	MDB_val raw;
	uint8_t data[COUNTER_BYTES] = { 0 };
	size_t size = 0;
	int64_t sum;
	int code = mdb_get(place->txn, place->table, &key, &raw);

	if (code == 0) {
		code = value_size(records_bytes(raw), &size);
		if (code == 0 && size != COUNTER_BYTES) {
			code = EILSEQ;
		}
		if (code == 0) {
			code = value_copy(&source, place->key,
			    records_bytes(raw), data, COUNTER_BYTES);
		}
	}
	if (code != 0 && code != MDB_NOTFOUND) {
		return code;
	}
	if (__builtin_add_overflow((int64_t)wire_get_u64be(data), delta,
	        &sum)) {
		return ERANGE;
	}
	if (sum == 0) {
		struct bytes ignored;

		code = probe_row(apply->probe, APPLY_ROWS, place->key,
		    PROBE_DELETE, 0, &ignored);
		return code == EILSEQ ? code : value_delete(place);
	}
	wire_put_u64be(data, (uint64_t)sum);
	return value_put(place, NO_BYTES, bytes_of(data, sizeof(data)));
}

static void
remember_entry(struct apply *apply, struct bytes entry)
{
	if (apply->entry_count == apply->entry_room) {
		size_t room =
		    apply->entry_room > 0 ? apply->entry_room * 2 : 64;
		struct log_entry *entries = xzalloc(room * sizeof(*entries));

		if (apply->entry_count > 0) {
			memcpy(entries, apply->entries,
			    apply->entry_count * sizeof(*entries));
		}
		free(apply->entries);
		apply->entries = entries;
		apply->entry_room = room;
	}
	apply->entries[apply->entry_count++] =
	    (struct log_entry){ apply->log_next, entry };
}

static int
append_to_log(struct apply *apply, struct bytes entry)
{
	uint8_t index[8];
	struct place place = { apply->records, apply->txn, apply->records->log,
		bytes_of(index, sizeof(index)) };
	int code;

	wire_put_u64be(index, apply->log_next);
	code = value_append(&place, entry);
	if (code == 0) {
		remember_entry(apply, entry);
		apply->log_next++;
	}
	return code;
}

static int
put_logged(const struct place *place, const struct step *step,
    uint64_t log_index)
{
	uint8_t head[RECORD_LOGGED_BYTES];
	uint64_t index = wire_get_u64be(step->value.data);

	wire_put_u64be(head, step->number | RECORD_LOGGED);
	wire_put_u64be(head + REV_BYTES, index == LOG_OWN ? log_index : index);
	return value_put(place, bytes_of(head, sizeof(head)),
	    bytes_of(step->value.data + 8, step->value.len - 8));
}

/* `log_index`: of the set's first entry. */
static int
do_step(struct apply *apply, const struct step *step, uint64_t log_index)
{
	struct place place = { apply->records, apply->txn, apply->records->rows,
		step->key };
	uint8_t rev[REV_BYTES];

	switch (step->kind) {
	case STEP_EXPECT_ABSENT:
	case STEP_EXPECT_REV:
		return 0;
	case STEP_PUT:
		return value_put(&place, NO_BYTES, step->value);
	case STEP_PUT_RECORD:
		wire_put_u64be(rev, step->number);
		return value_put(&place, bytes_of(rev, sizeof(rev)),
		    step->value);
	case STEP_PUT_LOGGED:
		return put_logged(&place, step, log_index);
	case STEP_DELETE:
		return value_delete(&place);
	case STEP_ADD:
		return add_to_counter(apply, &place, (int64_t)step->number);
	case STEP_LOG:
		return append_to_log(apply, step->value);
	}
	return EINVAL;
}

static int
do_steps(struct apply *apply, struct writes *writes)
{
	struct bytes steps = buf_bytes(&writes->steps);
	struct step step;
	int code = 0;

	writes->result.log_index = apply->log_next;
	writes->result.log_count = writes->log_count;
	writes->result.memo = buf_bytes(&writes->memo);
	while (code == 0 && step_next(&steps, &step)) {
		code = do_step(apply, &step, writes->result.log_index);
	}
	if (code == 0 && writes->has_id) {
		struct past past = { writes->result.log_index,
			writes->log_count, buf_bytes(&writes->memo) };

		code = past_keep(apply->records, apply->txn, &writes->id,
		    apply->now, &past);
	}
	if (code == 0) {
		apply->applied++;
	}
	return code;
}

int
apply_set(struct apply *apply, struct writes *writes)
{
	int code;

	thread_must_be(THREAD_WRITER);
	if (writes->result.outcome == OUTCOME_REFUSED) {
		return 0;
	}
	writes->result = (struct writes_result){ .outcome = OUTCOME_APPLIED };
	code = probe_set(apply, writes);
	if (code == EILSEQ) {
		records_fault(writes_refuse(writes, OUTCOME_UNAVAILABLE), code,
		    "not written");
		apply->damaged++;
		return 0;
	}
	if (code == 0 && writes->has_id && !apply->is_again) {
		code = check_past(apply, writes);
	}
	if (code == 0 && !writes->result.repeated) {
		code = check_guards(apply, writes);
		if (code == 0 && writes->result.outcome == OUTCOME_APPLIED) {
			code = do_steps(apply, writes);
		}
	}
	return code;
}
