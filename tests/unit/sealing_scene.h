/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SEALING_SCENE_H
#define TESTS_UNIT_SEALING_SCENE_H

/*
 * An office with a closed dossier, its seal and its authorities.  What lies on
 * the disk may be spoilt on its way there: chunk_put() is wrapped by the linker.
 */

#include "core/stamping.h"

#include "base/hex.h"
#include "core/proofread.h"
#include "core/sealing.h"
#include "core/tsa_client.h"
#include "core/unit_change.h"
#include "core/validation_client.h"
#include "storage/blob_writer.h"
#include "storage/chunk.h"
#include "tests/unit/authority.h"
#include "tests/unit/filing.h"
#include "tests/unit/sample_container.h"
#include "tests/unit/web.h"

#define NOW      (SAMPLE_AT + INT64_C(3600000000))
#define SECOND   INT64_C(1000000)
#define HOUR     (3600 * SECOND)
#define FILE_LEN 600000u /* three chunks; its container is made in memory */
#define LARGE    5000000u

/* --- chunks that are not what was written ------------------------------------- */

static struct {
	atomic_bool armed; /* the next chunk is spoilt on its way */
	unsigned spoilt;
	uint8_t data[CHUNK_BYTES];
} spoiler;

/* What happens, once, while the next chunk is on its way; or NULL. */
static struct {
	void (*happens)(struct office *office);
	struct office *office;
} meanwhile;

void __real_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg);
void __wrap_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg);

void
__wrap_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg)
{
	void (*happens)(struct office * office) = meanwhile.happens;

	meanwhile.happens = NULL;
	if (happens != NULL) {
		happens(meanwhile.office);
	}
	if (spoiler.armed &&
	    chunk_has(chunks, name, &(struct fault){ 0 }) == 0) {
		memcpy(spoiler.data, data.data, data.len);
		spoiler.data[data.len / 2] ^= 1;
		data = bytes_of(spoiler.data, data.len);
		spoiler.armed = false;
		spoiler.spoilt++;
	}
	__real_chunk_put(chunks, name, data, loop, done, arg);
}

/* --- an office with a dossier to seal ------------------------------------------ */

struct scene {
	struct office *office;
	struct seal_key *key;
	struct tsa_conf conf;
	struct tsa_client *client;
	struct validation_client *validation;
	struct stamping_figures figures; /* of the last run */
	struct authority authority;
	bool has_authority;
	struct authority second;
	bool has_second;
	char addresses[200];
	struct web web; /* where the list of an authority is */
	bool has_web;
};

/* A closed dossier with a file of so many bytes; `decision` may be NULL. */
static inline void
file_decided(struct office *office, const char *id, size_t len,
    const char *decision)
{
	struct command *command = office_begin(office, "dossier.new");
	uint8_t *bytes = malloc(len);
	uint64_t seed = len;
	char hex[SHA256_TEXT];
	struct blob_ref ref;
	json_t *more;

	scratch_fill(&seed, bytes, len);
	if (blob_put(office->core.store, bytes_of(bytes, len), command->writes,
	        &ref, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	free(bytes);
	sha256_format(hex, &ref.sum);
	more = json_own(office->arena,
	    json_pack("{s:s, s:[], s:[], s:[{s:s, s:{s:s, s:s, s:I, s:s}}]}",
	        "status", "closed", "awards", "steps", "components", "code",
	        "C_KHAC", "attachment", "name", "Ảnh.jpg", "media_type",
	        "image/jpeg", "size", (json_int_t)ref.size, "sha256", hex));
	if (decision != NULL) {
		json_object_set_new(more, "decision", json_string(decision));
	}
	if (filing_add(command, id, "xa", "2026-07-01", more, &office->fault) <
	        0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", id, office->fault.text);
	}
}

static inline void
file_closed(struct office *office, const char *id, size_t len)
{
	file_decided(office, id, len, NULL);
}

static inline int
setup(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct fault fault;
	struct buf pem;

	clock_set(NOW);
	buf_init(&pem, 1 << 16);
	scene->office = office_open(true);
	scene->key = sample_key(SEAL_P256, &pem, &fault);
	if (scene->key == NULL) {
		fail_msg("%s", fault.text);
	}
	buf_fini(&pem);
	scene->office->core.seal = scene->key;
	scene->validation = validation_client_new(1000);
	scene->office->core.validation = scene->validation;
	scene->office->core.validation_wait_ms = 7 * 86400000;
	office_make(scene->office, unit_new,
	    "{'id':'xa','kind':'commune','names':[{'name':'Xã Xốp'}]}");
	file_closed(scene->office, "hs", FILE_LEN);
	spoiler.armed = false;
	spoiler.spoilt = 0;
	*state = scene;
	return 0;
}

static inline int
teardown(void **state)
{
	struct scene *scene = *state;

	tsa_client_free(scene->client);
	validation_client_free(scene->validation);
	if (scene->has_authority) {
		authority_stop(&scene->authority);
	}
	if (scene->has_second) {
		authority_stop(&scene->second);
	}
	if (scene->has_web) {
		web_stop(&scene->web);
	}
	office_close(scene->office);
	seal_key_free(scene->key);
	free(scene);
	clock_set(0);
	return 0;
}

/* Choose an authority that makes these mistakes first. */
static inline void
choose(struct scene *scene, const char *first, const char *second)
{
	scene->authority.mistakes[0] = first;
	scene->authority.mistakes[1] = second;
	assert_true(authority_start(&scene->authority, AF_INET, NOW + SECOND));
	scene->has_authority = true;
	scene->conf = (struct tsa_conf){ .tsa = scene->authority.url,
		.tsa_timeout_ms = 20000,
		.tsa_retry_ms = 1000,
		.tsa_anchors = "" };
	if (tsa_client_new(&scene->client, &scene->conf,
	        &scene->office->fault) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
	scene->office->core.tsa = scene->client;
}

/* A second authority, asked where the first fails. */
static inline void
choose_second(struct scene *scene)
{
	struct tsa_client *client;

	assert_true(authority_start(&scene->second, AF_INET, NOW + SECOND));
	scene->has_second = true;
	snprintf(scene->addresses, sizeof(scene->addresses), "%s %s",
	    scene->authority.url, scene->second.url);
	scene->conf.tsa = scene->addresses;
	if (tsa_client_new(&client, &scene->conf, &scene->office->fault) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
	tsa_client_free(scene->client);
	scene->client = client;
	scene->office->core.tsa = client;
}

static inline int
try_seal_of(struct scene *scene, const char *dossier)
{
	struct sealing_ask ask = { .dossier = dossier };
	struct office *office = scene->office;
	struct arena *arena = arena_new(); /* pins what is packed */
	struct command_result result;
	int rc;

	office_look_away(office);
	rc = sealing_run(&office->core, &office_actor, &ask, arena, &result,
	    &office->fault);
	arena_free(arena);
	return rc;
}

static inline int
try_seal(struct scene *scene)
{
	return try_seal_of(scene, "hs");
}

static inline void
seal(struct scene *scene)
{
	if (try_seal(scene) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

static inline void
run(struct scene *scene)
{
	office_look_away(scene->office);
	if (stamping_run(&scene->office->core, &scene->figures,
	        &scene->office->fault) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

static inline struct record
dossier_named(struct scene *scene, const char *id)
{
	struct office *office = scene->office;
	struct record record;

	office_look_away(office);
	if (record_need(office_look(office), office->arena, RECORD_DOSSIER, id,
	        &record, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	return record;
}

static inline struct record
dossier_of(struct scene *scene)
{
	return dossier_named(scene, "hs");
}

static inline const char *
state_of(struct scene *scene, const char *id)
{
	return json_text_at(
	    json_object_get(dossier_named(scene, id).value, "seal"), "state");
}

static inline const json_t *
seal_of(struct scene *scene)
{
	return json_object_get(dossier_of(scene).value, "seal");
}

static inline uint64_t
log_size(struct scene *scene)
{
	struct office *office = scene->office;
	uint64_t size;

	office_look_away(office);
	assert_int_equal(
	    snapshot_log_size(office_look(office), &size, &office->fault), 0);
	return size;
}

/* The row of the dossier that waits; NULL where it does not. */
static inline const json_t *
row_of(struct scene *scene)
{
	struct office *office = scene->office;
	struct bytes value;
	struct key key;
	int found;

	key_start(&key, TABLE_JOB);
	key_add_text(&key, "stamp");
	key_add_text(&key, "hs");
	office_look_away(office);
	found = snapshot_find(office_look(office), key_bytes(&key),
	    office->arena, &value, &office->fault);
	return found == 1 ? json_read(office->arena, value, &office->fault)
	                  : NULL;
}

static inline void
assert_waits(struct scene *scene, int64_t tries, int64_t next,
    const char *reason)
{
	const json_t *row = row_of(scene);

	assert_non_null(row);
	assert_int_equal(json_integer_at(row, "since"), NOW);
	assert_int_equal(json_integer_at(row, "tries"), tries);
	assert_int_equal(json_integer_at(row, "next"), next);
	if (strstr(json_text_at(row, "reason"), reason) == NULL) {
		fail_msg("wanted \"%s\", got \"%s\"", reason,
		    json_text_at(row, "reason"));
	}
	assert_text(json_text_at(seal_of(scene), "state"),
	    "awaiting-timestamp");
}

/* The blob that a seal (or what it waits with) names; NULL where it is gone. */
static inline struct blob *
container_of(struct scene *scene, const char *hex)
{
	struct office *office = scene->office;
	struct sha256 sum;
	struct blob *blob;

	assert_true(hex_decode(sum.bytes, SHA256_BYTES, hex));
	office_look_away(office);
	return blob_find(office_look(office), &sum, office->arena, &blob,
	           &office->fault) == 1
	           ? blob
	           : NULL;
}

static inline void
assert_sealed(struct scene *scene, const char *level)
{
	const json_t *seal_now = seal_of(scene);
	struct blob *blob;

	assert_text(json_text_at(seal_now, "state"), "sealed");
	assert_text(json_text_at(seal_now, "level"), level);
	assert_null(json_object_get(seal_now, "pending"));
	assert_null(row_of(scene));
	blob = container_of(scene, json_text_at(seal_now, "sha256"));
	assert_non_null(blob);
	if (blob_verify(blob, &scene->office->fault) < 0 ||
	    proofread_container(&scene->office->core, blob, NOW, level,
	        &scene->office->fault) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

#endif
