/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SEALED_H
#define TESTS_UNIT_SEALED_H

#include "archive/verify.h"
#include "tests/unit/sample_container.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/*
 * Containers of the sample, sealed by a key of the run and verified with its
 * anchors.  A program's tests are a group from sealed_open() to sealed_close().
 */
static struct seal_key *key;
static struct trust *anchors;
static struct tsa *tsa;

static inline void
build(struct buf *out, struct tsa *authority)
{
	struct package_spec spec = sample_spec(seal_key_certificate(key));
	struct package *package = NULL;
	struct fault fault = { 0 };

	if (package_new(&package, &spec, &fault) < 0 ||
	    sample_seal(out, package, key, authority, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
	package_free(package);
}

static inline void
verify_by(struct findings *findings, struct bytes bytes,
    const struct trust *trusted, const struct note_verifier *log)
{
	struct verify_options options = { .anchors = trusted,
		.log = log,
		.now = SAMPLE_AT + INT64_C(60000000) };
	struct source source = source_of_bytes(&bytes);
	struct fault fault = { 0 };

	assert_int_equal(verify_container(&source, &options, findings, &fault),
	    0);
}

static inline void
verify(struct findings *findings, struct bytes bytes,
    const struct trust *trusted)
{
	verify_by(findings, bytes, trusted, NULL);
}

static inline void
print(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		print_message("%s: %s | %s\n", findings->list[i].name,
		    findings->list[i].vietnamese, findings->list[i].english);
	}
}

static inline void
assert_found(const struct findings *findings, enum findings_code code)
{
	if (!findings_has(findings, code)) {
		print(findings);
		fail_msg("finding %d is missing", code);
	}
}

static inline int
sealed_open(void **state)
{
	struct fault fault = { 0 };
	struct buf pem;
	int rc = 0;

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	digest_init();
	buf_init(&pem, 1 << 16);
	key = sample_key(SEAL_P256, &pem, &fault);
	tsa = tsa_new(SAMPLE_AT, "critical,timeStamping");
	tsa_pem(&pem, tsa);
	anchors = trust_new();
	if (key == NULL ||
	    trust_add(anchors, NULL, buf_bytes(&pem), &fault) < 0) {
		print_error("%s\n", fault.text);
		rc = -1;
	}
	buf_fini(&pem);
	return rc;
}

static inline int
sealed_close(void **state)
{
	(void)state;
	seal_key_free(key);
	trust_free(anchors);
	tsa_free(tsa);
	return 0;
}

#endif
