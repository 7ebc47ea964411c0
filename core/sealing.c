/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Packed from one snapshot, signed, written as a blob whose chunks are
 * durable, read back and proved by code of its own (proofread.c), and only
 * then named: the set that moves the dossier to `archived` is guarded by the
 * revisions that were packed, those of its grants among them.  What a crash
 * leaves behind are chunks nobody names, for the collector.
 *
 * A container of up to 2 MiB is made in memory.  There it is proved while the
 * disk takes its chunks, and these are then compared with what was proved.
 *
 * Where an authority is chosen the container waits for its time-stamp: the
 * seal names it as `pending` alone, and stamping.c does the rest.
 */

#include "core/sealing.h"

#include "config.h"

#include "archive/package.h"
#include "archive/seal.h"
#include "archive/when.h"
#include "base/clock.h"
#include "core/dossier_package.h"
#include "core/dossier_step.h"
#include "core/examination.h"
#include "core/issued.h"
#include "core/permit.h"
#include "core/proofread.h"
#include "core/stamping.h"
#include "storage/blob_writer.h"

#define SIGNATURE_MAX 65536u
#define MEMORY_MAX    (2u << 20) /* as much as a blob's writer has in flight */

struct sealing {
	struct core *core;
	const struct actor *actor;
	const struct sealing_ask *ask;
	struct arena *arena;
	int64_t at; /* when it is sealed; stands in every entry */
	struct package_spec spec;
	struct dossier_package_basis basis;
	struct package *package;
	struct blob_writer *writer;
	struct blob_ref container;
	json_t *issued; /* in the arena; or NULL */
};

static int
to_writer(void *arg, struct bytes bytes, struct fault *fault)
{
	return blob_writer_add(arg, bytes, fault);
}

/* Write the container's chunks as it comes, then read them back. */
static int
store_large(struct sealing *sealing, struct bytes signature,
    struct fault *fault)
{
	if (package_write(sealing->package, signature, to_writer,
	        sealing->writer, fault) < 0 ||
	    blob_writer_end(sealing->writer, &sealing->container, fault) < 0) {
		return -1;
	}
	return proofread_container(sealing->core,
	    blob_writer_read(sealing->writer, sealing->arena), sealing->at,
	    "B-B", fault);
}

/* Prove it while its chunks are written, then compare these with it. */
static int
store_small(struct sealing *sealing, struct bytes signature, size_t size,
    struct fault *fault)
{
	struct buf container;
	int rc = -1;

	buf_init(&container, size);
	buf_reserve(&container, size);
	if (package_write(sealing->package, signature, stream_to_buf,
	        &container, fault) < 0 ||
	    blob_writer_add(sealing->writer, buf_bytes(&container), fault) <
	        0) {
		goto out;
	}
	blob_writer_close(sealing->writer);
	if (proofread_bytes(sealing->core, buf_bytes(&container), sealing->at,
	        fault) < 0 ||
	    blob_writer_end(sealing->writer, &sealing->container, fault) < 0) {
		goto out;
	}
	rc = proofread_stored(blob_writer_read(sealing->writer, sealing->arena),
	    buf_bytes(&container), fault);
out:
	buf_fini(&container);
	return rc;
}

/* Pack it, sign it, store it and prove what is stored. */
static int
pack(struct sealing *sealing, struct fault *fault)
{
	struct buf signature;
	uint64_t size;
	int rc = -1;

	buf_init(&signature, SIGNATURE_MAX);
	if (package_new(&sealing->package, &sealing->spec, fault) < 0 ||
	    seal_sign(&signature, sealing->core->seal,
	        package_manifest(sealing->package), sealing->at, fault) < 0) {
		goto out;
	}
	sealing->writer = blob_writer_new(sealing->core->store);
	size = package_size(sealing->package, signature.len);
	rc = size <= MEMORY_MAX
	         ? store_small(sealing, buf_bytes(&signature), (size_t)size,
	               fault)
	         : store_large(sealing, buf_bytes(&signature), fault);
out:
	package_free(sealing->package);
	buf_fini(&signature);
	return rc;
}

static json_t *
describe(const struct sealing *sealing)
{
	const struct certificate *signer =
	    seal_key_certificate(sealing->core->seal);
	char sum[SHA256_TEXT];
	char key[SHA256_TEXT];

	sha256_format(sum, &sealing->container.sum);
	sha256_format(key, &signer->fingerprint);
	if (sealing->core->tsa != NULL) {
		return json_pack("{s:s, s:{s:s, s:I}, s:I, s:s}", "state",
		    "awaiting-timestamp", "pending", "sha256", sum, "size",
		    (json_int_t)sealing->container.size, "at",
		    (json_int_t)sealing->at, "key", key);
	}
	return json_pack("{s:s, s:s, s:I, s:s, s:I, s:s}", "state", "sealed",
	    "sha256", sum, "size", (json_int_t)sealing->container.size, "level",
	    "B-B", "at", (json_int_t)sealing->at, "key", key);
}

/*
 * What was packed beside the dossier must still be so: each record is guarded,
 * and put as it is, which changes nothing.  A file may be examined again at
 * any time: what was found of it before is no less true.
 */
static void
hold_basis(const struct sealing *sealing, struct writes *writes)
{
	for (size_t i = 0; i < sealing->basis.count; i++) {
		const struct record *record = &sealing->basis.records[i];
		struct key key;

		if (record->kind == RECORD_DOSSIER ||
		    record->kind == RECORD_EXAMINATION) {
			continue;
		}
		record_key(&key, record->kind, record->id);
		writes_expect_rev(writes, key_bytes(&key), record->rev);
		writes_put_logged(writes, key_bytes(&key), record->rev,
		    record->log_index, record->bytes);
	}
}

/* The step, the seal and the blob's rows in one set. */
static int
commit(struct sealing *sealing, const struct record *dossier,
    struct command_result *result, struct fault *fault)
{
	const struct dossier_sealed sealed = {
		.seal = json_own(sealing->arena, describe(sealing)),
		.issued = sealing->issued,
		.reason = sealing->ask->reason,
	};
	struct command *command;
	int rc;

	if (command_new(&command, sealing->core, sealing->arena, sealing->actor,
	        "package.seal", sealing->ask->set, fault) < 0) {
		return -1;
	}
	command->if_rev = dossier->rev; /* what was packed is what is sealed */
	rc = dossier_take_seal(command, dossier, &sealed, fault);
	if (rc == 0) {
		hold_basis(sealing, command->writes);
		blob_put_rows(sealing->writer, command->writes);
		if (sealing->core->tsa != NULL) {
			stamping_wait(command->writes, dossier->id,
			    sealing->at);
		}
		rc = command_commit_wait(command, result, fault);
	}
	command_free(command);
	return rc;
}

/* A seal that its own certificate does not cover would prove nothing. */
static int
check_clock(const struct sealing *sealing, struct fault *fault)
{
	const struct certificate *signer =
	    seal_key_certificate(sealing->core->seal);
	char from[WHEN_TEXT], to[WHEN_TEXT], now[WHEN_TEXT];

	if (sealing->at >= signer->not_before &&
	    sealing->at < signer->not_after) {
		return 0;
	}
	when_format(from, signer->not_before);
	when_format(to, signer->not_after);
	when_format(now, sealing->at);
	return fault_set(fault, FAULT_BUSY,
	    "the seal's certificate holds from %s to %s, and the server's "
	    "clock says %s",
	    from, to, now);
}

static int
admit(struct sealing *sealing, struct snapshot *snapshot,
    const struct record *dossier, struct fault *fault)
{
	struct permit_object object =
	    permit_object_of(RECORD_DOSSIER, dossier->value);

	if (permit_check(sealing->core, snapshot, sealing->actor,
	        "package.seal", &object, fault) < 0) {
		return -1;
	}
	if (sealing->ask->if_rev != 0 && sealing->ask->if_rev != dossier->rev) {
		return fault_set(fault, FAULT_CONFLICT,
		    "dossier %s is at revision %llu, read it again",
		    dossier->id, (unsigned long long)dossier->rev);
	}
	/* Said before the work, and judged again by the command. */
	if (strcmp(json_text_at(dossier->value, "status"), "closed") != 0) {
		return fault_set(fault, FAULT_CONFLICT,
		    "a dossier is sealed when it is closed; %s is %s",
		    dossier->id, json_text_at(dossier->value, "status"));
	}
	return check_clock(sealing, fault);
}

/* Read the dossier and all that belongs to it; its files are pinned. */
static int
look(struct sealing *sealing, struct record *dossier, struct fault *fault)
{
	struct snapshot *snapshot;
	int rc;

	if (snapshot_open(&snapshot, sealing->core->store, fault) < 0) {
		return -1;
	}
	rc = record_need(snapshot, sealing->arena, RECORD_DOSSIER,
	    sealing->ask->dossier, dossier, fault);
	if (rc == 0) {
		rc = admit(sealing, snapshot, dossier, fault);
	}
	if (rc == 0) {
		rc = dossier_package_fill(&sealing->spec, &sealing->basis,
		    sealing->core, snapshot, sealing->arena, dossier, fault);
	}
	if (rc == 0) {
		rc = issued_describe(&sealing->issued, snapshot, sealing->arena,
		    dossier->value, fault);
	}
	snapshot_close(snapshot);
	return rc;
}

/*
 * What came just now is examined, too, before it is packed.  Whatever cannot
 * be read here look() tells of.
 */
static void
finish_examinations(const struct sealing *sealing)
{
	struct core *core = sealing->core;
	struct arena *arena = sealing->arena;
	const char *document = NULL;
	struct snapshot *snapshot;
	struct record dossier;
	struct record decision;
	struct fault ignored;

	if (snapshot_open(&snapshot, core->store, &ignored) < 0) {
		return;
	}
	if (record_need(snapshot, arena, RECORD_DOSSIER, sealing->ask->dossier,
	        &dossier, &ignored) == 0 &&
	    json_text_at(dossier.value, "decision") != NULL &&
	    record_need(snapshot, arena, RECORD_DECISION,
	        json_text_at(dossier.value, "decision"), &decision,
	        &ignored) == 0) {
		document = json_text_at(decision.value, "document");
	}
	snapshot_close(snapshot);
	examination_finish(core, RECORD_DOSSIER, sealing->ask->dossier);
	if (document != NULL) {
		examination_finish(core, RECORD_DOCUMENT, document);
	}
}

int
sealing_run(struct core *core, const struct actor *actor,
    const struct sealing_ask *ask, struct arena *arena,
    struct command_result *result_out, struct fault *fault)
{
	struct sealing sealing = { .core = core,
		.actor = actor,
		.ask = ask,
		.arena = arena,
		.at = clock_now() };
	struct record dossier;
	int rc;

	sealing.spec.sealed_at = sealing.at;
	sealing.spec.software = PACKAGE_STRING;
	sealing.spec.is_proved_later = true;
	sealing.spec.is_stamped = core->tsa != NULL;
	sealing.spec.signer = seal_key_certificate(core->seal);
	finish_examinations(&sealing);
	rc = look(&sealing, &dossier, fault);
	if (rc == 0) {
		rc = pack(&sealing, fault);
	}
	if (rc == 0) {
		rc = commit(&sealing, &dossier, result_out, fault);
	}
	blob_writer_free(sealing.writer);
	return rc;
}
