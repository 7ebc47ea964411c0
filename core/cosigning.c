/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is kept of a note is put together anew: the log's own words and the
 * lines that were verified, so a stranger's line never gets into the store.
 */

#include "core/cosigning.h"

#include "archive/checkpoint.h"
#include "archive/cosignature.h"
#include "archive/witness_request.h"
#include "core/audit.h"
#include "core/cosigned_rows.h"
#include "core/witnesses.h"

#include <inttypes.h>

/* --- what is shown to a witness --------------------------------------------- */

int
cosigning_body(struct core *core, struct buf *out, uint64_t old_size,
    struct bytes checkpoint, uint64_t size, struct fault *fault)
{
	struct witness_request request = { .old_size = old_size,
		.checkpoint = checkpoint };

	if (old_size > size) {
		return fault_set(fault, FAULT_CONFLICT,
		    "the witness has seen %" PRIu64
		    " entries and this log has %" PRIu64
		    ": entries were lost, or the log was rewritten",
		    old_size, size);
	}
	if (old_size > 0 && audit_consistency(core->audit, old_size, size,
	                        &request.proof, fault) < 0) {
		return -1;
	}
	return witness_request_format(out, &request, fault);
}

/* Where the others are, if the witness is not there yet; else the newest. */
static int
choose(struct cosigned_rows *rows, unsigned place, uint64_t old_size,
    struct cosigned_row **row_out, struct fault *fault)
{
	struct bytes newest;
	uint64_t size;

	for (unsigned i = rows->count; i > 0; i--) {
		struct cosigned_row *row = &rows->list[i - 1];

		if (row->size > old_size && row->cosigned.count > 0 &&
		    !row->cosigned.has[place]) {
			*row_out = row;
			return 0;
		}
	}
	newest = audit_checkpoint(rows->core->audit, rows->arena, &size);
	if (cosigned_rows_add(rows, size, row_out, fault) < 0) {
		return -1;
	}
	if ((*row_out)->note.len == 0) {
		(*row_out)->note = newest;
	}
	return 0;
}

static json_t *
names_without(struct arena *arena, const json_t *names, const char *name)
{
	json_t *left = json_own(arena, json_array());
	json_t *one;
	size_t i;

	json_array_foreach(names, i, one)
	{
		if (strcmp(json_string_value(one), name) != 0) {
			json_array_append(left, one);
		}
	}
	return left;
}

/*
 * Remember that it is under way, so that its other cosignatures stay.  What
 * was under way to the same witness is so no longer.
 */
static int
carry(struct cosigned_rows *rows, struct cosigned_row *row, const char *name,
    struct fault *fault)
{
	json_t *names;

	for (unsigned i = 0; i < rows->count; i++) {
		rows->list[i].carried =
		    names_without(rows->arena, rows->list[i].carried, name);
	}
	names = names_without(rows->arena, row->carried, name);
	json_array_append_new(names, json_string(name));
	row->carried = names;
	return cosigned_rows_write(rows, fault);
}

static int
request_of(struct cosigned_rows *rows, const char *name, uint64_t old_size,
    struct bytes *body_out, struct fault *fault)
{
	struct buf body;
	struct cosigned_row *row;
	unsigned place;
	int rc;

	if (witnesses_find(rows->core->witnesses, name, &place) == 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "witness.list has no witness %s", name);
	}
	if (old_size == COSIGNING_REMEMBERED) {
		old_size = cosigned_rows_seen(rows, place);
	}
	if (choose(rows, place, old_size, &row, fault) < 0) {
		return -1;
	}
	if (row->size == 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "the log has no entry that a witness could see");
	}
	buf_init(&body, WITNESS_REQUEST_MAX);
	rc = cosigning_body(rows->core, &body, old_size, row->note, row->size,
	    fault);
	if (rc == 0) {
		*body_out = arena_copy(rows->arena, buf_bytes(&body));
		rc = carry(rows, row, name, fault);
	}
	buf_fini(&body);
	return rc;
}

int
cosigning_request(struct core *core, struct arena *arena, const char *name,
    uint64_t old_size, struct bytes *body_out, struct fault *fault)
{
	struct cosigned_rows rows;
	int rc;

	if (core->witnesses == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "witness.list has no witness %s", name);
	}
	witnesses_lock(core->witnesses);
	rc = cosigned_rows_read(&rows, core, arena, fault);
	if (rc == 0) {
		rc = request_of(&rows, name, old_size, body_out, fault);
	}
	witnesses_unlock(core->witnesses);
	return rc;
}

/* --- what a witness gave ----------------------------------------------------- */

/* The note's text must be what this log says of itself at that size. */
static int
check_own(struct core *core, struct arena *arena, struct bytes note,
    uint64_t *size_out, struct bytes *own_out, struct fault *fault)
{
	struct checkpoint checkpoint;
	struct bytes text, own_text;
	uint64_t newest;

	if (note_text(&text, note, fault) < 0 ||
	    checkpoint_parse(&checkpoint, text, fault) < 0) {
		return -1;
	}
	audit_checkpoint(core->audit, arena, &newest);
	if (checkpoint.size == 0 || checkpoint.size > newest ||
	    audit_checkpoint_of(core->audit, arena, checkpoint.size, own_out,
	        fault) < 0 ||
	    note_text(&own_text, *own_out, fault) < 0 ||
	    !bytes_equal(text, own_text)) {
		return fault_set(fault, FAULT_INVALID,
		    "this is no checkpoint of this log");
	}
	*size_out = checkpoint.size;
	return 0;
}

/* Append the lines of chosen witnesses that are not there yet. */
static int
add_lines(struct buf *out, struct cosigned *added,
    const struct cosigners *policy, struct bytes note, struct fault *fault)
{
	struct bytes text, lines;
	struct note_line line;
	struct buf raw;
	int rc;

	if (note_split(&text, &lines, note, fault) < 0) {
		return -1;
	}
	buf_init(&raw, NOTE_LINE_MAX);
	for (;;) {
		struct bytes before = lines;

		rc = note_next_line(&lines, &raw, &line, fault);
		if (rc <= 0) {
			break;
		}
		for (unsigned i = 0; i < policy->count; i++) {
			if (!added->has[i] &&
			    note_line_is_of(&line, &policy->list[i]) &&
			    cosignature_is_valid(&line, text, &policy->list[i],
			        &added->at[i])) {
				buf_add(out, before.data,
				    before.len - lines.len);
				added->has[i] = true;
				added->count++;
			}
		}
	}
	buf_fini(&raw);
	return rc;
}

/* The log's note, then the new lines, then what was there of others. */
static int
merge(struct cosigned_rows *rows, struct cosigned_row *row, struct bytes own,
    struct bytes note, struct fault *fault)
{
	const struct cosigners *policy =
	    witnesses_policy(rows->core->witnesses);
	struct cosigned cosigned = { .count = 0 };
	struct buf merged;
	int rc;

	buf_init(&merged, WITNESS_REQUEST_MAX);
	buf_add_bytes(&merged, own);
	rc = add_lines(&merged, &cosigned, policy, note, fault);
	if (rc == 0 && cosigned.count == 0) {
		rc = fault_set(fault, FAULT_DENIED,
		    "it has no cosignature of a witness of witness.list");
	}
	if (rc == 0 && row->note.len > 0) {
		rc = add_lines(&merged, &cosigned, policy, row->note, fault);
	}
	if (rc == 0) {
		rc = buf_check(&merged, fault);
	}
	if (rc == 0) {
		row->note = arena_copy(rows->arena, buf_bytes(&merged));
		row->cosigned = cosigned;
	}
	buf_fini(&merged);
	return rc;
}

static void
measure(const struct cosigned_rows *rows)
{
	struct witnesses *witnesses = rows->core->witnesses;

	for (unsigned i = 0; i < witnesses_policy(witnesses)->count; i++) {
		const struct cosigned_row *row = cosigned_rows_of(rows, i);

		if (row != NULL) {
			witnesses_note_seen(witnesses, i, row->size,
			    row->cosigned.at[i]);
		}
	}
}

static int
take(struct cosigned_rows *rows, struct bytes note, unsigned *count_out,
    struct fault *fault)
{
	struct cosigned given;
	struct bytes own;
	struct cosigned_row *row;
	uint64_t size = 0;

	/* A false line of a chosen witness is told, not passed over. */
	if (check_own(rows->core, rows->arena, note, &size, &own, fault) < 0 ||
	    cosigners_read(&given, witnesses_policy(rows->core->witnesses),
	        note, fault) < 0 ||
	    cosigned_rows_add(rows, size, &row, fault) < 0 ||
	    merge(rows, row, own, note, fault) < 0) {
		return -1;
	}
	*count_out = row->cosigned.count;
	if (cosigned_rows_write(rows, fault) < 0) {
		return -1;
	}
	measure(rows);
	return 0;
}

int
cosigning_take(struct core *core, struct bytes note, unsigned *count_out,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct cosigned_rows rows;
	int rc;

	if (core->witnesses == NULL) {
		rc = fault_set(fault, FAULT_DENIED,
		    "it has no cosignature of a witness of witness.list");
	} else {
		witnesses_lock(core->witnesses);
		rc = cosigned_rows_read(&rows, core, arena, fault);
		if (rc == 0) {
			rc = take(&rows, note, count_out, fault);
		}
		witnesses_unlock(core->witnesses);
	}
	arena_free(arena);
	return rc;
}

/* --- what is known ------------------------------------------------------------ */

int
cosigning_newest(struct core *core, struct arena *arena, struct bytes *note_out,
    uint64_t *size_out, struct fault *fault)
{
	const struct cosigned_row *row;
	struct cosigned_rows rows;

	if (cosigned_rows_read(&rows, core, arena, fault) < 0) {
		return -1;
	}
	row = cosigned_rows_enough(&rows);
	if (row == NULL) {
		return 0;
	}
	*note_out = arena_copy(arena, row->note);
	*size_out = row->size;
	return 1;
}

int
cosigning_receipt(struct core *core, struct arena *arena, uint64_t index,
    struct bytes *receipt_out, struct fault *fault)
{
	struct bytes note;
	uint64_t size;
	int found = cosigning_newest(core, arena, &note, &size, fault);

	if (found < 0) {
		return -1;
	}
	return found == 1 && index < size
	           ? audit_receipt_by(core->audit, arena, index, size, note,
	                 receipt_out, fault)
	           : audit_receipt_at(core->audit, arena, index, receipt_out,
	                 fault);
}

int
cosigning_measure(struct core *core, struct fault *fault)
{
	struct arena *arena = arena_new();
	struct cosigned_rows rows;
	int rc = cosigned_rows_read(&rows, core, arena, fault);

	if (rc == 0) {
		measure(&rows);
	}
	arena_free(arena);
	return rc;
}

int
cosigning_seen(struct core *core, unsigned place, uint64_t *size_out,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct cosigned_rows rows;
	int rc = cosigned_rows_read(&rows, core, arena, fault);

	if (rc == 0) {
		*size_out = cosigned_rows_seen(&rows, place);
	}
	arena_free(arena);
	return rc;
}

static json_t *
show_one(const struct cosigned_rows *rows, unsigned place)
{
	struct witnesses *witnesses = rows->core->witnesses;
	const struct note_verifier *key =
	    &witnesses_policy(witnesses)->list[place];
	const struct cosigned_row *row = cosigned_rows_of(rows, place);
	const char *url = witnesses_url(witnesses, place);
	json_t *shown;
	struct buf vkey;

	buf_init(&vkey, NOTE_TEXT_MAX);
	note_verifier_format(&vkey, key);
	shown = json_pack("{s:s, s:s, s:I, s:s}", "name", key->name, "vkey",
	    buf_text(&vkey), "size",
	    (json_int_t)cosigned_rows_seen(rows, place), "problem",
	    witnesses_problem(witnesses, place, rows->arena));
	if (url != NULL) {
		json_object_set_new(shown, "url", json_string(url));
	}
	if (row != NULL) {
		json_object_set_new(shown, "at",
		    json_integer((json_int_t)row->cosigned.at[place]));
	}
	buf_fini(&vkey);
	return shown;
}

int
cosigning_show(struct core *core, struct arena *arena, json_t **show_out,
    struct fault *fault)
{
	const struct cosigners *policy = witnesses_policy(core->witnesses);
	json_t *list = json_own(arena, json_array());
	const struct cosigned_row *enough;
	struct cosigned_rows rows;

	if (cosigned_rows_read(&rows, core, arena, fault) < 0) {
		return -1;
	}
	for (unsigned i = 0; i < policy->count; i++) {
		json_array_append_new(list, show_one(&rows, i));
	}
	enough = cosigned_rows_enough(&rows);
	*show_out = json_own(arena,
	    json_pack("{s:i, s:I, s:O}", "needed", (int)policy->needed, "size",
	        (json_int_t)(enough != NULL ? enough->size : 0), "witnesses",
	        list));
	return 0;
}
