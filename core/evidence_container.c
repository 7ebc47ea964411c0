/* SPDX-License-Identifier: Apache-2.0 */

#include "core/evidence_container.h"

#include "archive/evidence_record.h"
#include "base/hex.h"
#include "core/record.h"
#include "storage/blob.h"

/* --- finding it ------------------------------------------------------------------ */

/* What the dossier says of its container: 1, 0 it has none yet, -1. */
static int
find_seal(struct evidence_container *container, struct snapshot *snapshot,
    struct fault *fault)
{
	struct record dossier;
	const json_t *seal;
	const char *sum, *key;
	int found = record_find(snapshot, container->arena, RECORD_DOSSIER,
	    container->leaf.dossier, &dossier, fault);

	if (found <= 0) {
		return found;
	}
	seal = json_object_get(dossier.value, "seal");
	sum = json_text_at(seal, "sha256");
	key = json_text_at(seal, "key");
	if (sum == NULL) {
		return 0; /* not sealed, or it waits for its time-stamp */
	}
	return hex_decode(container->leaf.sum.bytes, SHA256_BYTES, sum) &&
	               key != NULL &&
	               hex_decode(container->leaf.signer.bytes, SHA256_BYTES,
	                   key)
	           ? 1
	           : fault_set(fault, FAULT_CORRUPT,
	                 "the seal of dossier %s names no container",
	                 container->leaf.dossier);
}

static int
pin(struct evidence_container *container, struct snapshot *snapshot,
    struct fault *fault)
{
	int found = blob_find(snapshot, &container->leaf.sum, container->arena,
	    &container->blob, fault);

	if (found == 0) {
		return fault_set(fault, FAULT_CORRUPT,
		    "its container is not stored");
	}
	if (found == 1) {
		blob_pin(container->blob);
	}
	return found < 0 ? -1 : 1;
}

/* Seal, record so far, and the bytes: 1, 0 there is none, -1. */
int
evidence_container_find(struct evidence_container *container,
    struct store *store, const char *dossier, struct fault *fault)
{
	struct snapshot *snapshot;
	int found;

	container->leaf.dossier = dossier;
	if (snapshot_open(&snapshot, store, fault) < 0) {
		return -1;
	}
	found = find_seal(container, snapshot, fault);
	if (found == 1 && evidence_chain_read(&container->chain, snapshot,
	                      container->arena, dossier, fault) < 0) {
		found = -1;
	}
	if (found == 1) {
		found = pin(container, snapshot, fault);
	}
	container->leaf.chain = container->chain.next_chain;
	snapshot_close(snapshot);
	return found;
}

/* --- reading it ------------------------------------------------------------------ */

struct tee {
	struct blob *blob;
	struct digest_set *set;
	sink_fn sink;
	void *sink_arg;
};

static int
read_blob(void *arg, uint64_t offset, void *data, size_t len,
    struct fault *fault)
{
	return blob_read(arg, offset, data, len, fault);
}

static int
tee_sink(void *arg, struct bytes bytes, struct fault *fault)
{
	struct tee *tee = arg;

	digest_set_add(tee->set, bytes);
	return tee->sink != NULL ? tee->sink(tee->sink_arg, bytes, fault) : 0;
}

/* A pour_fn: the container, which is hashed on its way. */
static int
tee_pour(void *arg, sink_fn sink, void *sink_arg, struct fault *fault)
{
	struct tee *tee = arg;
	struct source source = { read_blob, tee->blob, blob_size(tee->blob) };

	tee->sink = sink;
	tee->sink_arg = sink_arg;
	return source_pour(&source, 0, source.size, tee_sink, tee, fault);
}

/* The digest of that kind, where the container is what its name says. */
static int
end_tee(struct tee *tee, enum digest_kind kind, const struct sha256 *sum,
    struct digest_value *value_out, struct fault *fault)
{
	struct bytes got;

	digest_set_end(tee->set);
	got = digest_set_get(tee->set, DIGEST_SHA256);
	*value_out = digest_set_value(tee->set, kind);
	return bytes_equal(got, bytes_of(sum->bytes, SHA256_BYTES))
	           ? 0
	           : fault_set(fault, FAULT_CORRUPT,
	                 "the container is not what was stored");
}

static void
begin_tee(struct tee *tee, struct blob *blob, enum digest_kind kind)
{
	*tee = (struct tee){ .blob = blob, .set = digest_set_new() };
	digest_set_want(tee->set, DIGEST_SHA256);
	digest_set_want(tee->set, kind);
}

int
evidence_container_hash(const struct evidence_container *container,
    enum digest_kind kind, struct digest_value *value_out, struct fault *fault)
{
	const struct sha256 *sum = &container->leaf.sum;
	struct tee tee;
	int rc;

	begin_tee(&tee, container->blob, kind);
	rc = tee_pour(&tee, NULL, NULL, fault);
	if (rc == 0) {
		rc = end_tee(&tee, kind, sum, value_out, fault);
	}
	digest_set_free(tee.set);
	return rc;
}

static const char *
words_of(const struct evidence_report *report)
{
	if (!report->is_valid) {
		return report->reason;
	}
	return report->trust == TRUST_MISSED ? report->trust_words : NULL;
}

int
evidence_container_verify(const struct evidence_container *container,
    const struct trust *anchors, int64_t now, enum digest_kind kind,
    struct digest_value *value_out, struct fault *fault)
{
	struct tee tee;
	const struct content content = { tee_pour, &tee };
	struct evidence_question question = { .objects = &content,
		.object_count = 1,
		.anchors = anchors,
		.now = now };
	struct arena *arena = arena_new();
	struct evidence_report report;
	int rc;

	begin_tee(&tee, container->blob, kind);
	rc = evidence_chain_write(&container->chain, arena, &question.record,
	    fault);
	if (rc == 0) {
		rc = evidence_check(&report, arena, &question, fault);
	}
	if (rc == 0 && words_of(&report) != NULL) {
		rc = fault_set(fault, FAULT_CORRUPT, "its evidence: %s",
		    words_of(&report));
	}
	if (rc == 0) {
		rc =
		    end_tee(&tee, kind, &container->leaf.sum, value_out, fault);
	}
	digest_set_free(tee.set);
	arena_free(arena);
	return rc;
}
