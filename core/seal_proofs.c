/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The two chains are gathered apart, so that it is known which of them is
 * bad; a list that both need is fetched once (validation_client.c).
 */

#include "core/seal_proofs.h"

#include "archive/cms_check.h"
#include "archive/seal.h"
#include "archive/timestamp.h"
#include "archive/validation_data.h"
#include "core/tsa_client.h"
#include "core/validation_client.h"

/* Four of them fit into a signature that is read again (CMS_SIGNATURE_MAX). */
#define LIST_MAX (CMS_SIGNATURE_MAX / 4 - 16384u)

/* The time that the token proves. */
static int
read_time(int64_t *at_out, struct bytes signature, struct bytes token,
    struct fault *fault)
{
	struct arena *arena = arena_new();
	struct timestamp_question question = { .token = token };
	struct timestamp_report report;
	struct buf value;
	int rc;

	buf_init(&value, CMS_SIGNATURE_MAX);
	rc = seal_value(&value, signature, fault);
	if (rc == 0) {
		question.covered = buf_bytes(&value);
		timestamp_check(&report, arena, &question);
		*at_out = report.at;
		if (!report.is_valid) {
			rc = fault_set(fault, FAULT_INVALID, "its token: %s",
			    report.reason);
		}
	}
	buf_fini(&value);
	arena_free(arena);
	return rc;
}

/* What was gathered for the chains of one CMS object. */
struct gathered {
	struct validation_data *data;
	enum validation_state state;
	struct fault why;
};

static int
gather(struct gathered *gathered, const struct core *core, struct bytes cms,
    int64_t at, struct fault *fault)
{
	const struct trust *anchors =
	    core->tsa != NULL ? tsa_client_anchors(core->tsa) : NULL;

	gathered->data = validation_data_new(at, LIST_MAX);
	if (anchors != NULL) {
		validation_data_know(gathered->data, anchors);
	}
	if (validation_data_add_cms(gathered->data, cms, fault) < 0) {
		return -1;
	}
	gathered->state = validation_data_gather(gathered->data,
	    validation_client_source(core->validation), &gathered->why);
	return 0;
}

/* What follows of both; a revoked certificate before all else. */
static enum seal_proofs_state
judge(const struct gathered *seal, const struct gathered *token,
    struct fault *why)
{
	const struct gathered *worse =
	    seal->state >= token->state ? seal : token;

	if (worse->state != VALIDATION_WHOLE) {
		*why = worse->why;
	}
	switch (worse->state) {
	case VALIDATION_REVOKED:
		return worse == seal ? PROOFS_SEAL_BAD : PROOFS_TOKEN_BAD;
	case VALIDATION_MISSING:
		return PROOFS_MISSING;
	case VALIDATION_UNTOLD:
		return PROOFS_PARTIAL;
	case VALIDATION_WHOLE:
		break;
	}
	if (validation_data_count(seal->data) +
	        validation_data_count(token->data) >
	    0) {
		return PROOFS_WHOLE;
	}
	fault_set(why, FAULT_ABSENT,
	    "nobody tells of certificates that sign themselves");
	return PROOFS_PARTIAL;
}

static int
splice(struct buf *out, const struct gathered *seal,
    const struct gathered *token, struct bytes stamped, struct fault *fault)
{
	struct buf half;
	int rc;

	buf_init(&half, CMS_SIGNATURE_MAX);
	rc = validation_data_splice(&half, seal->data, stamped, fault);
	if (rc == 0) {
		rc = validation_data_splice(out, token->data, buf_bytes(&half),
		    fault);
	}
	buf_fini(&half);
	return rc;
}

enum seal_proofs_state
seal_proofs_add(struct buf *out, const struct core *core,
    struct bytes signature, struct bytes token, struct fault *why)
{
	enum seal_proofs_state state = PROOFS_FAILED;
	struct gathered seal = { .data = NULL };
	struct gathered stamp = { .data = NULL };
	struct buf stamped;
	int64_t at;

	buf_init(&stamped, CMS_SIGNATURE_MAX);
	if (read_time(&at, signature, token, why) == 0 &&
	    seal_add_timestamp(&stamped, signature, token, why) == 0 &&
	    gather(&seal, core, signature, at, why) == 0 &&
	    gather(&stamp, core, token, at, why) == 0) {
		state = judge(&seal, &stamp, why);
	}
	if (state < PROOFS_TOKEN_BAD &&
	    splice(out, &seal, &stamp, buf_bytes(&stamped), why) < 0) {
		/* Too much of it: then the time-stamp alone. */
		state =
		    why->code == FAULT_LIMIT ? PROOFS_PARTIAL : PROOFS_FAILED;
		buf_reset(out);
		buf_add_bytes(out, buf_bytes(&stamped));
	}
	validation_data_free(seal.data);
	validation_data_free(stamp.data);
	buf_fini(&stamped);
	return state;
}
