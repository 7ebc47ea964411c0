/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_EVIDENCE_OFFICE_H
#define TESTS_UNIT_EVIDENCE_OFFICE_H

/*
 * An office with sealed containers, an authority on the loopback whose
 * certificate is changed when the test says so, and a table of algorithms of
 * the test's own.  To evidence a container is its bytes: these are short.
 */

#include "core/evidence.h"

#include "archive/evidence_record.h"
#include "archive/trust.h"
#include "base/file.h"
#include "core/evidence_chain.h"
#include "core/issued.h"
#include "core/tsa_client.h"
#include "core/unit_change.h"
#include "storage/blob_writer.h"
#include "tests/unit/authority.h"
#include "tests/unit/filing.h"
#include "tests/unit/sample_container.h"

#define DAY  (INT64_C(86400) * 1000000)
#define YEAR (365 * DAY)
#define ERAS 32u

struct evidence_office {
	struct office *office;
	struct seal_key *key;
	struct evidence_conf conf;
	struct tsa_conf tsa_conf;
	struct authority authority;
	struct tsa *eras[ERAS]; /* authorities so far */
	size_t era_count;
	char anchors[SCRATCH_PATH + 16]; /* PEM of all of them */
	unsigned sealed;
};

/* --- authorities ------------------------------------------------------------ */

static inline struct trust *
evidence_office_trust(const struct evidence_office *scene)
{
	struct trust *trust = trust_new();
	struct fault fault;
	struct buf pem;

	buf_init(&pem, 1 << 20);
	for (size_t i = 0; i < scene->era_count; i++) {
		tsa_pem(&pem, scene->eras[i]);
	}
	if (trust_add(NULL, trust, buf_bytes(&pem), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&pem);
	return trust;
}

static inline void
evidence_office_connect(struct evidence_office *scene)
{
	struct fault fault;
	struct buf pem;

	buf_init(&pem, 1 << 20);
	for (size_t i = 0; i < scene->era_count; i++) {
		tsa_pem(&pem, scene->eras[i]);
	}
	tsa_client_free(scene->office->core.tsa);
	if (file_write(scene->anchors, buf_bytes(&pem), 0600, &fault) < 0 ||
	    tsa_client_new(&scene->office->core.tsa, &scene->tsa_conf, &fault) <
	        0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&pem);
}

/* From now on the authority signs with a certificate for so many days. */
static inline void
evidence_office_new_authority(struct evidence_office *scene, const char *name,
    long days)
{
	assert_true(scene->era_count < ERAS);
	scene->eras[scene->era_count] =
	    tsa_new_for(clock_now(), "critical,timeStamping", name, days);
	scene->authority.tsa = scene->eras[scene->era_count++];
	evidence_office_connect(scene);
}

/* --- the office --------------------------------------------------------------- */

/* The table of algorithms: rows of JSON with ' for ". */
static inline void
evidence_office_algorithms(struct evidence_office *scene, const char *rows)
{
	struct office *office = scene->office;
	char folder[SCRATCH_PATH + 16], path[SCRATCH_PATH + 48];
	const char *text =
	    arena_format(office->arena, "{\"algorithms\":[%s]}", rows);

	for (char *c = (char *)(uintptr_t)text; *c != '\0'; c++) {
		*c = *c == '\'' ? '"' : *c;
	}
	snprintf(folder, sizeof(folder), "%s/rules", office->path);
	snprintf(path, sizeof(path), "%s/algorithms.json", folder);
	mkdir(folder, 0700);
	rules_free(office->rules);
	office->rules = NULL;
	if (file_write(path, bytes_of_text(text), 0600, &office->fault) < 0 ||
	    rules_load(&office->rules, office_source(office, "data/rules"),
	        folder, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	office->core.rules = office->rules;
}

static inline int
evidence_office_setup(void **state)
{
	struct evidence_office *scene = calloc(1, sizeof(*scene));
	struct fault fault;
	struct buf pem;

	clock_set(SAMPLE_AT);
	scene->office = office_open(true);
	buf_init(&pem, 1 << 16);
	scene->key = sample_key(SEAL_P256, &pem, &fault);
	buf_fini(&pem);
	if (scene->key == NULL) {
		fail_msg("%s", fault.text);
	}
	scene->office->core.seal = scene->key;
	scene->conf = (struct evidence_conf){ .every_ms = 86400000,
		.renew_ms = 365 * INT64_C(86400000),
		.longest_ms = 3 * 365 * INT64_C(86400000) };
	snprintf(scene->anchors, sizeof(scene->anchors), "%s/tsa.pem",
	    scene->office->path);
	assert_true(authority_start(&scene->authority, AF_INET, SAMPLE_AT));
	tsa_free(scene->authority.tsa);
	scene->tsa_conf = (struct tsa_conf){ .tsa = scene->authority.url,
		.tsa_timeout_ms = 20000,
		.tsa_retry_ms = 1000,
		.tsa_anchors = scene->anchors };
	evidence_office_new_authority(scene, "TSA 1", 6 * 365);
	evidence_office_algorithms(scene,
	    "{'code':'SHA-256'},{'code':'EC P-256'}");
	office_make(scene->office, unit_new,
	    "{'id':'xa','kind':'commune','names':[{'name':'Xã Xốp'}]}");
	*state = scene;
	return 0;
}

static inline int
evidence_office_teardown(void **state)
{
	struct evidence_office *scene = *state;

	tsa_client_free(scene->office->core.tsa);
	scene->authority.tsa = NULL;
	for (size_t i = 1; i < scene->era_count; i++) {
		tsa_free(scene->eras[i]);
	}
	scene->authority.tsa = scene->eras[0]; /* authority_stop() frees it */
	authority_stop(&scene->authority);
	office_close(scene->office);
	seal_key_free(scene->key);
	free(scene);
	clock_set(0);
	return 0;
}

/* --- containers ------------------------------------------------------------------ */

/* The bytes of a container, by its number. */
static inline const char *
evidence_office_text(struct arena *arena, unsigned number)
{
	return arena_format(arena, "PK container number %u", number);
}

static inline const char *
evidence_office_id(struct arena *arena, unsigned number)
{
	return arena_format(arena, "hs-%05u", number);
}

static inline json_t *
evidence_office_seal_of(struct evidence_office *scene, struct bytes container)
{
	struct sha256 sum = sha256_of(container);
	char hex[SHA256_TEXT], key[SHA256_TEXT];

	sha256_format(hex, &sum);
	sha256_format(key, &seal_key_certificate(scene->key)->fingerprint);
	return json_pack("{s:s, s:s, s:I, s:s, s:I, s:s}", "state", "sealed",
	    "sha256", hex, "size", (json_int_t)container.len, "level", "B-B",
	    "at", (json_int_t)clock_now(), "key", key);
}

/* A dossier whose container is sealed now; the next number. */
static inline void
evidence_office_seal(struct evidence_office *scene)
{
	struct office *office = scene->office;
	struct command *command = office_begin(office, "package.seal");
	struct arena *arena = command->arena;
	struct bytes container =
	    bytes_of_text(evidence_office_text(arena, scene->sealed));
	struct sha256 sum = sha256_of(container);
	json_t *more = json_own(arena, json_object());

	json_object_set_new(more, "seal",
	    evidence_office_seal_of(scene, container));
	json_object_set_new(more, "status", json_string("archived"));
	blob_put_small(command->writes, &sum, container);
	if (filing_add(command, evidence_office_id(arena, scene->sealed), "xa",
	        "2026-07-01", more, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	issued_put(command, command->id, NULL, more);
	if (office_commit(office, command) < 0) {
		fail_msg("%s", office->fault.text);
	}
	scene->sealed++;
}

static inline int
evidence_office_try_run(struct evidence_office *scene)
{
	scene->authority.tsa->at = clock_now();
	office_look_away(scene->office);
	return evidence_run(&scene->office->core, &scene->conf,
	    &scene->office->fault);
}

static inline void
evidence_office_run(struct evidence_office *scene)
{
	if (evidence_office_try_run(scene) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

/* --- records --------------------------------------------------------------------- */

static inline void
evidence_office_chain(struct evidence_office *scene,
    struct evidence_chain *chain, struct arena *arena, unsigned number)
{
	struct office *office = scene->office;

	office_look_away(office);
	if (evidence_chain_read(chain, office_look(office), arena,
	        evidence_office_id(arena, number), &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

/* What is said today of some pieces as the record of a container. */
static inline void
evidence_office_ask(const struct evidence_piece *pieces, size_t count,
    struct bytes container, const struct trust *trust,
    struct evidence_report *report, struct arena *arena)
{
	struct content content = { stream_from_bytes, &container };
	struct evidence_question question = { .objects = &content,
		.object_count = 1,
		.anchors = trust,
		.now = clock_now() };
	struct fault fault = { .code = FAULT_NONE };
	struct buf record;

	buf_init(&record, EVIDENCE_RECORD_MAX);
	if (evidence_make(&record, pieces, count, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	question.record = arena_copy(arena, buf_bytes(&record));
	buf_fini(&record);
	if (evidence_check(report, arena, &question, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

/* Is it proved today, wholly?  "" or why not. */
static inline const char *
evidence_office_verdict(struct evidence_office *scene, unsigned number,
    const struct trust *trust, struct arena *arena)
{
	struct bytes container =
	    bytes_of_text(evidence_office_text(arena, number));
	struct evidence_report report;
	struct evidence_chain chain;

	evidence_office_chain(scene, &chain, arena, number);
	if (chain.count == 0) {
		return "there is no record";
	}
	evidence_office_ask(chain.pieces, chain.count, container, trust,
	    &report, arena);
	if (!report.is_valid) {
		return report.reason;
	}
	return report.trust == TRUST_REACHED ? "" : report.trust_words;
}

static inline void
evidence_office_check_all(struct evidence_office *scene)
{
	struct trust *trust = evidence_office_trust(scene);
	struct arena *arena = arena_new();

	for (unsigned i = 0; i < scene->sealed; i++) {
		const char *verdict =
		    evidence_office_verdict(scene, i, trust, arena);

		if (verdict[0] != '\0') {
			fail_msg("container %u of %u: %s", i, scene->sealed,
			    verdict);
		}
		arena_reset(arena);
	}
	arena_free(arena);
	trust_free(trust);
}

#endif
