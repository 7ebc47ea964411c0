/* SPDX-License-Identifier: Apache-2.0 */

/* A container gets its time-stamp after it was written. */

#include "archive/restamp.h"

#include "archive/manifest.h"
#include "archive/verify.h"
#include "archive/zip_in.h"
#include "tests/unit/sample_container.h"
#include "tests/unit/unit.h"

#include <locale.h>
#include <string.h>

#define STAMPED_AT (SAMPLE_AT + INT64_C(3600000000)) /* an hour later */

/* A container before and after, and what trusts both its keys. */
struct pair {
	struct seal_key *key;
	struct trust *anchors;
	struct tsa *tsa;
	struct buf plain;
	struct buf stamped;
};

static void
trust_pem(struct trust *trust, struct buf *pem)
{
	struct fault fault = { 0 };

	if (trust_add(NULL, trust, buf_bytes(pem), &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	buf_fini(pem);
}

/* Read the signature out, have it stamped, write the container anew. */
static void
restamp(struct pair *pair)
{
	struct bytes plain = buf_bytes(&pair->plain);
	struct source source = source_of_bytes(&plain);
	struct fault fault = { 0 };
	struct buf parts[4];

	for (int i = 0; i < 4; i++) {
		buf_init(&parts[i], 1 << 16);
	}
	if (restamp_signature(&parts[0], &source, &fault) < 0 ||
	    seal_value(&parts[1], buf_bytes(&parts[0]), &fault) < 0 ||
	    timestamp_get(&parts[2], buf_bytes(&parts[1]), tsa_answer,
	        pair->tsa, &fault) < 0 ||
	    seal_add_timestamp(&parts[3], buf_bytes(&parts[0]),
	        buf_bytes(&parts[2]), &fault) < 0 ||
	    restamp_write(&source, buf_bytes(&parts[3]), stream_to_buf,
	        &pair->stamped, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	for (int i = 0; i < 4; i++) {
		buf_fini(&parts[i]);
	}
}

static int
setup(void **state)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	struct package *package = NULL;
	struct package_spec spec;
	struct fault fault = { 0 };
	struct buf pem;

	digest_init();
	pair->anchors = trust_new();
	pair->tsa = tsa_new(STAMPED_AT, "critical,timeStamping");
	buf_init(&pem, 1 << 16);
	pair->key = sample_key(SEAL_P256, &pem, &fault);
	trust_pem(pair->anchors, &pem);
	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, pair->tsa);
	trust_pem(pair->anchors, &pem);
	buf_init(&pair->plain, 1 << 24);
	buf_init(&pair->stamped, 1 << 24);
	spec = sample_spec(seal_key_certificate(pair->key));
	if (package_new(&package, &spec, &fault) < 0 ||
	    sample_seal(&pair->plain, package, pair->key, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	package_free(package);
	restamp(pair);
	*state = pair;
	return 0;
}

static int
teardown(void **state)
{
	struct pair *pair = *state;

	buf_fini(&pair->plain);
	buf_fini(&pair->stamped);
	seal_key_free(pair->key);
	trust_free(pair->anchors);
	tsa_free(pair->tsa);
	free(pair);
	return 0;
}

static struct zip_in *
open_zip(const struct source *source)
{
	struct zip_in *zip = NULL;
	struct fault fault = { 0 };

	if (zip_in_open(&zip, source, &zip_in_presets, NULL, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	return zip;
}

static void
read_entry(struct buf *out, const struct zip_in *zip, size_t i)
{
	struct fault fault = { 0 };

	buf_init(out, 1 << 24);
	if (zip_in_read(zip, zip_in_entry(zip, i), out, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
every_entry_but_the_signature_stays_to_the_byte(void **state)
{
	struct pair *pair = *state;
	struct bytes bytes[2] = { buf_bytes(&pair->plain),
		buf_bytes(&pair->stamped) };
	struct source sources[2] = { source_of_bytes(&bytes[0]),
		source_of_bytes(&bytes[1]) };
	struct zip_in *old = open_zip(&sources[0]);
	struct zip_in *now = open_zip(&sources[1]);
	size_t changed = 0;

	assert_int_equal(zip_in_count(now), zip_in_count(old));
	for (size_t i = 0; i < zip_in_count(old); i++) {
		const char *name = zip_in_entry(old, i)->name;
		struct buf one;
		struct buf two;

		assert_text(zip_in_entry(now, i)->name, name);
		assert_int_equal(zip_in_entry(now, i)->time,
		    zip_in_entry(old, i)->time);
		read_entry(&one, old, i);
		read_entry(&two, now, i);
		if (one.len != two.len ||
		    memcmp(one.data, two.data, one.len) != 0) {
			assert_text(name, MANIFEST_SIGNATURE);
			changed++;
		}
		buf_fini(&one);
		buf_fini(&two);
	}
	assert_int_equal(changed, 1);
	zip_in_free(old);
	zip_in_free(now);
}

static void
the_container_is_what_it_were_had_it_been_stamped_at_once(void **state)
{
	struct pair *pair = *state;
	struct bytes stamped = buf_bytes(&pair->stamped);
	struct source source = source_of_bytes(&stamped);
	struct package_spec spec = sample_spec(seal_key_certificate(pair->key));
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct buf signature;
	struct buf out;

	buf_init(&signature, 1 << 16);
	buf_init(&out, 1 << 24);
	if (restamp_signature(&signature, &source, &fault) < 0 ||
	    package_new(&package, &spec, &fault) < 0 ||
	    package_write(package, buf_bytes(&signature), stream_to_buf, &out,
	        &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	assert_int_equal(out.len, stamped.len);
	assert_memory_equal(out.data, stamped.data, out.len);
	package_free(package);
	buf_fini(&signature);
	buf_fini(&out);
}

static void
verification_reports_the_time_that_is_proved(void **state)
{
	struct pair *pair = *state;
	struct verify_options options = { .anchors = pair->anchors,
		.now = STAMPED_AT + INT64_C(60000000) };
	struct bytes bytes = buf_bytes(&pair->stamped);
	struct source source = source_of_bytes(&bytes);
	struct arena *arena = arena_new();
	struct fault fault = { 0 };
	struct findings findings;
	bool says_when = false;

	findings_init(&findings, arena);
	assert_int_equal(verify_container(&source, &options, &findings, &fault),
	    0);
	for (size_t i = 0; i < findings.count; i++) {
		says_when =
		    says_when || strstr(findings.list[i].english,
		                     "2026-08-01T08:00:00+07:00") != NULL;
	}
	assert_true(findings_is_good(&findings));
	assert_true(findings_has(&findings, FOUND_TIME_PROVED));
	assert_false(findings_has(&findings, FOUND_TIME_UNPROVED));
	assert_true(says_when);
	findings_fini(&findings);
	arena_free(arena);
}

static void
what_is_no_container_of_ours_is_refused(void **state)
{
	struct pair *pair = *state;
	struct bytes texts[] = { bytes_of_text("PK"), NO_BYTES,
		bytes_of(pair->plain.data, pair->plain.len - 1) };
	struct buf out;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct source source = source_of_bytes(&texts[i]);
		struct fault fault = { 0 };

		buf_init(&out, 1 << 16);
		assert_int_equal(restamp_signature(&out, &source, &fault), -1);
		assert_int_equal(fault.code, FAULT_CORRUPT);
		assert_int_equal(out.len, 0);
		buf_fini(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(every_entry_but_the_signature_stays_to_the_byte),
		unit(the_container_is_what_it_were_had_it_been_stamped_at_once),
		unit(verification_reports_the_time_that_is_proved),
		unit(what_is_no_container_of_ours_is_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8"); /* as every main does */
	return cmocka_run_group_tests(tests, setup, teardown);
}
