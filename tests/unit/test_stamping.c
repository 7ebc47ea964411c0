/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From a closed dossier to its container: sealed, read back, and stamped as
 * soon as an authority gives a token.  What lies on the disk may be spoilt on
 * its way there: chunk_put() is wrapped by the linker.
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
#include "tests/unit/pki.h"
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

void __real_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg);
void __wrap_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg);

void
__wrap_chunk_put(struct chunks *chunks, const struct sha256 *name,
    struct bytes data, struct loop *loop, chunk_done_fn done, void *arg)
{
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

/* A closed dossier with a file of so many bytes. */
static void
file_closed(struct office *office, const char *id, size_t len)
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
	if (filing_add(command, id, "xa", "2026-07-01", more, &office->fault) <
	        0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s: %s", id, office->fault.text);
	}
}

static int
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

static int
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
static void
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
static void
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

static int
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

static int
try_seal(struct scene *scene)
{
	return try_seal_of(scene, "hs");
}

static void
seal(struct scene *scene)
{
	if (try_seal(scene) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

static void
run(struct scene *scene)
{
	office_look_away(scene->office);
	if (stamping_run(&scene->office->core, &scene->figures,
	        &scene->office->fault) < 0) {
		fail_msg("%s", scene->office->fault.text);
	}
}

static struct record
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

static struct record
dossier_of(struct scene *scene)
{
	return dossier_named(scene, "hs");
}

static const char *
state_of(struct scene *scene, const char *id)
{
	return json_text_at(
	    json_object_get(dossier_named(scene, id).value, "seal"), "state");
}

static const json_t *
seal_of(struct scene *scene)
{
	return json_object_get(dossier_of(scene).value, "seal");
}

static uint64_t
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
static const json_t *
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

static void
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
static struct blob *
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

static void
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

/* --- sealing ----------------------------------------------------------------------- */

static void
a_dossier_is_sealed_and_its_container_proves_its_records(void **state)
{
	struct scene *scene = *state;

	seal(scene);
	assert_text(json_text_at(dossier_of(scene).value, "status"),
	    "archived");
	assert_sealed(scene, "B-B");
}

static void
a_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;
	uint64_t before = log_size(scene);

	spoiler.armed = true;
	assert_int_equal(try_seal(scene), -1);
	assert_int_equal(spoiler.spoilt, 1);
	assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(scene->office->fault.text,
	    "the container that was written is wrong"));
	assert_text(json_text_at(dossier_of(scene).value, "status"), "closed");
	assert_null(seal_of(scene));
	assert_int_equal(log_size(scene), before);
}

static void
a_large_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;

	file_closed(scene->office, "to", LARGE);
	spoiler.armed = true;
	assert_int_equal(try_seal_of(scene, "to"), -1);
	assert_int_equal(spoiler.spoilt, 1);
	assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(scene->office->fault.text,
	    "the container that was written is wrong"));
}

static void
a_file_that_is_not_what_was_filed_stops_the_seal_and_is_named(void **state)
{
	static const size_t lengths[] = { FILE_LEN + 1, LARGE };
	struct scene *scene = *state;
	char id[16];

	for (unsigned i = 0; i < 2; i++) {
		snprintf(id, sizeof(id), "hong-%u", i);
		spoiler.armed = true;
		file_closed(scene->office, id, lengths[i]);
		assert_int_equal(spoiler.spoilt, i + 1);
		assert_int_equal(try_seal_of(scene, id), -1);
		assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
		if (strstr(scene->office->fault.text, "Ảnh.jpg") == NULL) {
			fail_msg("it does not name the file: %s",
			    scene->office->fault.text);
		}
	}
}

static void
a_row_that_names_no_leaf_stops_the_seal_and_says_what_mends_it(void **state)
{
	struct scene *scene = *state;
	struct office *office = scene->office;
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct record unit;
	struct key key;

	assert_int_equal(record_need(office_look(office), office->arena,
	                     RECORD_UNIT, "xa", &unit, &office->fault),
	    0);
	record_key(&key, RECORD_UNIT, "xa");
	writes_put_record(writes, key_bytes(&key), unit.rev, unit.bytes);
	assert_int_equal(
	    writes_commit_wait(writes, &result, office->arena, &office->fault),
	    0);
	assert_int_equal(try_seal(scene), -1);
	assert_int_equal(office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(office->fault.text, "records/unit.json"));
	assert_non_null(strstr(office->fault.text, "hosod reindex"));
}

static void
nothing_is_sealed_before_or_behind_the_certificate(void **state)
{
	struct scene *scene = *state;
	const struct certificate *signer = seal_key_certificate(scene->key);
	const int64_t moments[] = { signer->not_before - 1, signer->not_after };

	for (unsigned i = 0; i < 2; i++) {
		clock_set(moments[i]);
		assert_int_equal(try_seal(scene), -1);
		assert_int_equal(scene->office->fault.code, FAULT_BUSY);
		assert_non_null(strstr(scene->office->fault.text,
		    "certificate holds from"));
		assert_text(json_text_at(dossier_of(scene).value, "status"),
		    "closed");
	}
	clock_set(signer->not_after - 1000000);
	seal(scene);
}

/* --- waiting ------------------------------------------------------------------------ */

static void
a_dossier_waits_twice_as_long_after_each_try_up_to_an_hour(void **state)
{
	struct scene *scene = *state;
	int64_t wait = 1000000; /* tsa_retry_ms */
	int64_t now = NOW;

	choose(scene, NULL, NULL);
	authority_stop(&scene->authority); /* nobody answers any more */
	scene->has_authority = false;
	seal(scene);
	assert_waits(scene, 0, 0, "");
	for (int64_t tries = 1; tries <= 16; tries++) {
		run(scene);
		assert_waits(scene, tries, 0, "cannot be reached");
		/* Not a moment before. */
		clock_set(now + wait - 1);
		run(scene);
		assert_waits(scene, tries, 0, "cannot be reached");
		now += wait;
		clock_set(now);
		wait = 2 * wait < HOUR ? 2 * wait : HOUR;
	}
	assert_int_equal(wait, HOUR);
	assert_int_equal(scene->figures.waiting, 1);
	assert_int_equal(scene->figures.oldest, NOW);
	/* A clock that was set back a year holds nothing up. */
	now = NOW - 365 * 24 * HOUR;
	clock_set(now);
	run(scene);
	assert_waits(scene, 17, 0, "cannot be reached");
}

static void
a_dossier_gets_its_time_stamp_when_an_authority_answers_well(void **state)
{
	struct scene *scene = *state;
	const char *pending;

	choose(scene, "503", "nonce");
	seal(scene);
	pending =
	    json_text_at(json_object_get(seal_of(scene), "pending"), "sha256");
	assert_non_null(container_of(scene, pending));
	run(scene);
	assert_waits(scene, 1, 0, "answers with status 503");
	clock_set(NOW + SECOND);
	run(scene);
	assert_waits(scene, 2, 0, "answers another request");
	clock_set(NOW + 3 * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_int_equal(json_integer_at(seal_of(scene), "at"), NOW);
	assert_int_equal(json_integer_at(seal_of(scene), "stamped_at"),
	    NOW + 3 * SECOND);
	assert_null(container_of(scene, pending)); /* its place was taken */
	assert_int_equal(scene->figures.waiting, 0);
	run(scene); /* and it is done */
	assert_int_equal(scene->authority.asked, 3);
}

static void
where_no_authority_is_chosen_any_more_a_dossier_goes_on_waiting(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	seal(scene);
	scene->office->core.tsa = NULL;
	run(scene);
	assert_waits(scene, 1, NOW + 10 * SECOND, "seal.tsa is not set");
	scene->office->core.tsa = scene->client;
	clock_set(NOW + 10 * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
}

static void
stop(void *arg)
{
	tsa_client_stop(((struct scene *)arg)->client);
}

static void
a_server_that_stops_leaves_the_row_as_it_was(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = stop;
	scene->authority.arg = scene;
	choose(scene, "silent", NULL);
	seal(scene);
	run(scene);
	assert_waits(scene, 0, 0, "");
}

/* --- what happens meanwhile -------------------------------------------------------------- */

/* Somebody else writes the dossier while the authority thinks. */
static void
note_meanwhile(void *arg)
{
	struct scene *scene = arg;
	struct office *office = scene->office;
	struct arena *arena = arena_new();
	struct command_result result;
	struct command *command;
	struct record dossier;
	struct fault fault;
	json_t *fields;

	if (scene->authority.asked > 1) {
		arena_free(arena);
		return; /* the second time nobody does */
	}
	if (command_new(&command, &office->core, arena, &office_actor,
	        "test.note", NULL, &fault) < 0 ||
	    record_need(command->snapshot, arena, RECORD_DOSSIER, "hs",
	        &dossier, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	fields = command_fields(command, &dossier);
	json_object_set_new(fields, "note",
	    json_string("giữ lại để thanh tra"));
	if (command_update(command, &dossier, fields, &fault) < 0 ||
	    command_commit_wait(command, &result, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	command_free(command);
	arena_free(arena);
}

static void
a_dossier_that_was_written_meanwhile_is_stamped_at_the_next_try(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = note_meanwhile;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal(scene);
	run(scene);
	assert_waits(scene, 1, NOW + SECOND, "revision");
	assert_text(json_text_at(dossier_of(scene).value, "note"),
	    "giữ lại để thanh tra");
	clock_set(NOW + SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_text(json_text_at(dossier_of(scene).value, "note"),
	    "giữ lại để thanh tra"); /* nothing of it is lost */
}

static void
spoil_meanwhile(void *arg)
{
	struct scene *scene = arg;

	spoiler.armed = scene->authority.asked == 1;
}

static void
a_stamped_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;
	const char *pending;

	scene->authority.before = spoil_meanwhile;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal(scene);
	pending =
	    json_text_at(json_object_get(seal_of(scene), "pending"), "sha256");
	run(scene);
	assert_int_equal(spoiler.spoilt, 1);
	assert_waits(scene, 1, NOW + SECOND,
	    "the container that was written is wrong");
	assert_non_null(container_of(scene, pending));
	clock_set(NOW + SECOND);
	run(scene); /* another token, other bytes */
	assert_sealed(scene, "B-T");
}

/* --- several that wait ---------------------------------------------------------------- */

/* Three, the oldest of which has the last name. */
static void
seal_three(struct scene *scene)
{
	static const char *const names[] = { "hs-c", "hs-b", "hs-a" };

	for (int i = 0; i < 3; i++) {
		file_closed(scene->office, names[i], FILE_LEN + 1);
		clock_set(NOW + i);
		if (try_seal_of(scene, names[i]) < 0) {
			fail_msg("%s", scene->office->fault.text);
		}
	}
	clock_set(NOW + SECOND);
}

static void
nobody_waits_for_an_authority_that_failed_for_another(void **state)
{
	struct scene *scene = *state;

	choose(scene, "503", NULL);
	choose_second(scene);
	seal_three(scene);
	run(scene);
	assert_int_equal(scene->authority.asked, 1);
	assert_int_equal(scene->second.asked, 3);
	assert_int_equal(scene->figures.waiting, 0);
	assert_text(state_of(scene, "hs-a"), "sealed");
	assert_text(state_of(scene, "hs-b"), "sealed");
	assert_text(state_of(scene, "hs-c"), "sealed");
}

static void
while_all_authorities_fail_one_dossier_is_tried_and_then_all_are_sealed(
    void **state)
{
	struct scene *scene = *state;

	scene->authority.mistakes[2] = "garbage";
	choose(scene, "503", "refused");
	seal_three(scene);
	for (unsigned i = 1; i <= 3; i++) {
		run(scene);
		run(scene);
		assert_int_equal(scene->authority.asked, i);
		assert_int_equal(scene->figures.waiting, 3);
		assert_int_equal(scene->figures.oldest, NOW);
		clock_set(NOW + (1 << i) * SECOND);
	}
	run(scene);
	assert_int_equal(scene->authority.asked, 6);
	assert_int_equal(scene->figures.waiting, 0);
}

/* The second gets no token, and no third is asked for. */
static void
stop_at_the_second(void *arg)
{
	struct scene *scene = arg;

	if (scene->authority.asked == 2) {
		tsa_client_stop(scene->client);
	} else {
		scene->authority.mistakes[0] = "503";
	}
}

static void
who_waits_longest_comes_first(void **state)
{
	struct scene *scene = *state;

	scene->authority.before = stop_at_the_second;
	scene->authority.arg = scene;
	choose(scene, NULL, NULL);
	seal_three(scene);
	run(scene);
	assert_text(state_of(scene, "hs-c"), "sealed");
	assert_text(state_of(scene, "hs-b"), "awaiting-timestamp");
	assert_text(state_of(scene, "hs-a"), "awaiting-timestamp");
}

/* --- what proves a time-stamp --------------------------------------------------------------- */

/*
 * The authority's certificate is of an issuer whose list is at scene->web;
 * there it stands itself where `revoked_at` is not 0.
 */
static void
give_authority_an_issuer(struct scene *scene, int64_t revoked_at)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct pki_wish wish = { .name = "Gốc",
		.serial = 1,
		.key = key,
		.issuer_key = key,
		.usage = "critical,keyCertSign,cRLSign",
		.from = NOW - HOUR,
		.to = NOW + 9000 * HOUR };
	X509 *root = pki_certificate(&wish);
	struct tsa *tsa = scene->authority.tsa;
	struct pki_word word = { .issuer = root,
		.key = key,
		.revoked_at = revoked_at,
		.told_at = NOW,
		.until = NOW + 24 * HOUR };
	unsigned char *der = NULL;
	char at[100];
	X509_CRL *list;
	int len;

	web_start(&scene->web);
	scene->has_web = true;
	snprintf(at, sizeof(at), "URI:%s", scene->web.url);
	wish.name = "TSA";
	wish.serial = 2;
	wish.key = tsa->pkey;
	wish.issuer = root;
	wish.usage = "critical,digitalSignature";
	wish.extended = "critical,timeStamping";
	wish.list = at;
	X509_free(tsa->x509);
	tsa->x509 = pki_certificate(&wish);
	word.about = tsa->x509;
	list = pki_list(&word);
	len = i2d_X509_CRL(list, &der);
	buf_add(&scene->web.body, der, (size_t)len);
	OPENSSL_free(der);
	X509_CRL_free(list);
	tsa->chain = sk_X509_new_null();
	sk_X509_push(tsa->chain, root);
	EVP_PKEY_free(key);
}

static void
a_seal_is_b_lt_where_nobody_need_be_asked_any_more(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	seal(scene);
	run(scene);
	assert_sealed(scene, "B-LT");
	assert_null(json_object_get(seal_of(scene), "lacks"));
	assert_int_equal(scene->web.asked, 1);
}

static void
a_dossier_keeps_its_time_stamp_while_a_list_is_not_had(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	scene->web.is_down = true;
	seal(scene);
	run(scene);
	assert_waits(scene, 1, NOW + SECOND, "CN=TSA: http://127.0.0.1:");
	assert_non_null(json_object_get(row_of(scene), "token"));
	clock_set(NOW + SECOND);
	run(scene);
	assert_waits(scene, 2, NOW + 3 * SECOND, "answers with status 503");
	assert_int_equal(scene->web.asked, 2);
	scene->web.is_down = false;
	clock_set(NOW + 3 * SECOND);
	run(scene);
	assert_sealed(scene, "B-LT");
	assert_int_equal(scene->authority.asked, 1);
}

static void
one_that_waited_long_enough_is_sealed_with_what_there_is(void **state)
{
	struct scene *scene = *state;
	const int64_t limit = 3600;

	choose(scene, NULL, NULL);
	give_authority_an_issuer(scene, 0);
	scene->office->core.validation_wait_ms = (uint64_t)limit * 1000;
	scene->web.is_down = true;
	seal(scene);
	run(scene);
	clock_set(NOW + limit * SECOND - 1);
	run(scene);
	assert_waits(scene, 2, NOW + limit * SECOND - 1 + 2 * SECOND, "503");
	clock_set(NOW + (limit + 2) * SECOND);
	run(scene);
	assert_sealed(scene, "B-T");
	assert_non_null(strstr(json_text_at(seal_of(scene), "lacks"), "503"));
}

static void
a_token_of_one_who_was_revoked_is_given_up_for_anothers(void **state)
{
	struct scene *scene = *state;

	choose(scene, NULL, NULL);
	choose_second(scene);
	give_authority_an_issuer(scene, NOW - SECOND);
	seal(scene);
	run(scene);
	assert_waits(scene, 1, 0, "CN=TSA: it was revoked");
	assert_null(json_object_get(row_of(scene), "token"));
	run(scene);
	assert_sealed(scene, "B-T"); /* of one that signs itself */
	assert_int_equal(scene->authority.asked, 1);
	assert_int_equal(scene->second.asked, 1);
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_dossier_is_sealed_and_its_container_proves_its_records),
		SCENE(a_container_that_is_not_what_was_written_is_not_named),
		SCENE(
		    a_large_container_that_is_not_what_was_written_is_not_named),
		SCENE(
		    a_file_that_is_not_what_was_filed_stops_the_seal_and_is_named),
		SCENE(
		    a_row_that_names_no_leaf_stops_the_seal_and_says_what_mends_it),
		SCENE(nothing_is_sealed_before_or_behind_the_certificate),
		SCENE(
		    a_dossier_waits_twice_as_long_after_each_try_up_to_an_hour),
		SCENE(
		    a_dossier_gets_its_time_stamp_when_an_authority_answers_well),
		SCENE(
		    where_no_authority_is_chosen_any_more_a_dossier_goes_on_waiting),
		SCENE(a_server_that_stops_leaves_the_row_as_it_was),
		SCENE(
		    a_dossier_that_was_written_meanwhile_is_stamped_at_the_next_try),
		SCENE(
		    a_stamped_container_that_is_not_what_was_written_is_not_named),
		SCENE(nobody_waits_for_an_authority_that_failed_for_another),
		SCENE(
		    while_all_authorities_fail_one_dossier_is_tried_and_then_all_are_sealed),
		SCENE(who_waits_longest_comes_first),
		SCENE(a_seal_is_b_lt_where_nobody_need_be_asked_any_more),
		SCENE(a_dossier_keeps_its_time_stamp_while_a_list_is_not_had),
		SCENE(one_that_waited_long_enough_is_sealed_with_what_there_is),
		SCENE(a_token_of_one_who_was_revoked_is_given_up_for_anothers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
