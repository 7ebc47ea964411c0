/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/cosigners.h"

#include "archive/cosignature.h"
#include "archive/when.h"

#include <string.h>

/* One key under two names would count twice. */
static bool
is_there(const struct cosigners *cosigners, const struct note_verifier *witness)
{
	for (unsigned i = 0; i < cosigners->count; i++) {
		const struct note_verifier *known = &cosigners->list[i];

		if (strcmp(known->name, witness->name) == 0 ||
		    memcmp(known->public_key, witness->public_key,
		        sizeof(known->public_key)) == 0) {
			return true;
		}
	}
	return false;
}

int
cosigners_add(struct cosigners *cosigners, struct bytes vkey,
    struct fault *fault)
{
	struct note_verifier witness;

	if (note_verifier_parse_as(&witness, NOTE_COSIGNATURE, vkey, fault) <
	    0) {
		return -1;
	}
	if (cosigners->count == COSIGNERS_MAX) {
		return fault_set(fault, FAULT_LIMIT, "more than %u witnesses",
		    COSIGNERS_MAX);
	}
	if (is_there(cosigners, &witness)) {
		return fault_set(fault, FAULT_INVALID,
		    "witness %s is named twice, by its name or its key",
		    witness.name);
	}
	cosigners->list[cosigners->count++] = witness;
	return 0;
}

/* Take a line where a witness of the list says that it is its own. */
static int
take_line(struct cosigned *cosigned, const struct cosigners *cosigners,
    const struct note_line *line, struct bytes text, struct fault *fault)
{
	for (unsigned i = 0; i < cosigners->count; i++) {
		const struct note_verifier *witness = &cosigners->list[i];

		if (!note_line_is_of(line, witness)) {
			continue;
		}
		if (!cosignature_is_valid(line, text, witness,
		        &cosigned->at[i])) {
			return fault_set(fault, FAULT_DENIED,
			    "the cosignature of %s is false", witness->name);
		}
		cosigned->count += !cosigned->has[i];
		cosigned->has[i] = true;
	}
	return 0;
}

int
cosigners_read(struct cosigned *cosigned_out, const struct cosigners *cosigners,
    struct bytes note, struct fault *fault)
{
	struct note_line line;
	struct bytes lines;
	struct bytes text;
	struct buf raw;
	int rc;

	*cosigned_out = (struct cosigned){ .count = 0 };
	if (note_split(&text, &lines, note, fault) < 0) {
		return -1;
	}
	buf_init(&raw, NOTE_LINE_MAX);
	while ((rc = note_next_line(&lines, &raw, &line, fault)) == 1) {
		if (take_line(cosigned_out, cosigners, &line, text, fault) <
		    0) {
			rc = -1;
			break;
		}
	}
	buf_fini(&raw);
	return rc;
}

bool
cosigners_are_enough(const struct cosigners *cosigners,
    const struct cosigned *cosigned)
{
	return cosigned->count >= cosigners->needed;
}

void
cosigners_verify(const struct cosigners *cosigners, struct bytes note,
    struct findings *findings)
{
	struct fault fault = { 0 };
	struct cosigned cosigned;

	if (cosigners_read(&cosigned, cosigners, note, &fault) < 0) {
		findings_add_fault(findings, FOUND_COSIGNATURE_FALSE, NULL,
		    &fault);
		return;
	}
	for (unsigned i = 0; i < cosigners->count; i++) {
		char at[WHEN_TEXT];

		if (cosigned.has[i]) {
			when_format(at, cosigned.at[i]);
			findings_add(findings, FOUND_COSIGNATURE_VALID, NULL,
			    "%s, %s", cosigners->list[i].name, at);
		}
	}
	findings_add(findings,
	    cosigners_are_enough(cosigners, &cosigned) ? FOUND_WITNESSES_ENOUGH
	                                               : FOUND_WITNESSES_FEW,
	    NULL, "%u of %u, needed %u", cosigned.count, cosigners->count,
	    cosigners->needed);
}
