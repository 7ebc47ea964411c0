/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Each chain is asked about for a time of its own.  A list that several need
 * is fetched once (validation_client.c) and put in once (cms_splice.c).
 */

#include "core/file_proofs.h"

#include "archive/chain_json.h"
#include "archive/validation_material.h"
#include "core/validation_client.h"

#define LIST_MAX (VALIDATION_FILE_MAX / 4)

struct proving {
	const struct core *core;
	struct trust *signers;
	struct trust *tsas;
	struct buf file;
	size_t told; /* lists and answers that are new in it */
	enum validation_state state;
	struct fault *why;
};

/* Of what is equally bad, the first is told. */
static void
note(struct proving *proving, enum validation_state state,
    const struct fault *why)
{
	if (state > proving->state) {
		proving->state = state;
		*proving->why = *why;
	}
}

static int
add_chain(const struct proving *proving, struct validation_data *data,
    STACK_OF(X509) * chain, struct fault *fault)
{
	return validation_data_add_chain(data, chain, proving->signers,
	           fault) == 0
	           ? 0
	           : validation_data_add_chain(data, chain, proving->tsas,
	                 fault);
}

/* The file with what was told in it; too much of that is left out. */
static void
put_in(struct proving *proving, const struct validation_data *data)
{
	struct fault why;
	struct buf more;

	if (validation_data_count(data) == 0) {
		return;
	}
	buf_init(&more, VALIDATION_FILE_MAX);
	if (validation_data_splice(&more, data, buf_bytes(&proving->file),
	        &why) == 0) {
		buf_reset(&proving->file);
		buf_add_bytes(&proving->file, buf_bytes(&more));
		proving->told += validation_data_count(data);
	} else {
		note(proving, VALIDATION_UNTOLD, &why);
	}
	buf_fini(&more);
}

static void
prove_chain(struct proving *proving, const json_t *json)
{
	struct validation_data *data;
	STACK_OF(X509) * chain;
	struct fault why;
	int64_t at;

	if (chain_json_read(&chain, &at, json, &why) < 0) {
		note(proving, VALIDATION_UNTOLD, &why);
		return;
	}
	data = validation_data_new(at, LIST_MAX);
	if (add_chain(proving, data, chain, &why) < 0) {
		note(proving, VALIDATION_UNTOLD, &why);
	} else {
		note(proving,
		    validation_data_gather(data,
		        validation_client_source(proving->core->validation),
		        &why),
		    &why);
		put_in(proving, data);
	}
	validation_data_free(data);
	sk_X509_pop_free(chain, X509_free);
}

enum validation_state
file_proofs_gather(struct buf *out, const struct core *core,
    const struct anchors *anchors, const json_t *chains, struct bytes before,
    struct fault *why)
{
	struct proving proving = { .core = core,
		.signers = trust_new(),
		.tsas = trust_new(),
		.why = why };
	struct fault ignored; /* they were read before, by the examiner */
	const json_t *chain;
	size_t i;

	trust_add(proving.signers, proving.tsas, anchors->bytes, &ignored);
	buf_init(&proving.file, VALIDATION_FILE_MAX);
	buf_add_bytes(&proving.file,
	    before.len > 0 ? before : validation_material_empty);
	json_array_foreach(chains, i, chain)
	{
		prove_chain(&proving, chain);
	}
	if (proving.told > 0) {
		buf_add_bytes(out, buf_bytes(&proving.file));
	}
	buf_fini(&proving.file);
	trust_free(proving.signers);
	trust_free(proving.tsas);
	return proving.state;
}
