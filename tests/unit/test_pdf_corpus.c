/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/pdf_signatures.h"

#include "tests/unit/corpus.h"
#include "tests/unit/pdf_find.h"

/*
 * What is told otherwise than the scanner did that measured the corpus, and
 * why.
 */
static const struct {
	const char *name;
	unsigned anomalies; /* of the first */
} differences[] = {
	/* Both that name the gap are refused, not the copy alone. */
	{ "dss__hello_signed_INCSAVE_signed_EDITED.pdf", PDF_SHARED_RANGE },
	{ "dss__pades-spoofing-replaced-reason.pdf", PDF_SHARED_RANGE },
	{ "dss__pdf-spoofing-attack.pdf", PDF_SHARED_RANGE },
	/* Nothing but zeros is said here, and of OpenSSL's parser there. */
	{ "dss__pdf-with-empty-sig.pdf", PDF_CONTENTS_TOO_LARGE },
	{ "dss__pdf-with-two-empty-sigs.pdf", PDF_CONTENTS_TOO_LARGE },
	{ "pyhanko__coverage-anomalies__base.pdf", PDF_CONTENTS_TOO_LARGE },
};

struct measured {
	struct buf lines;
	unsigned signatures;
};

static const char *
subfilter_name(enum pdf_subfilter subfilter)
{
	static const char *const names[] = { "ETSI.CAdES.detached",
		"adbe.pkcs7.detached", "ETSI.RFC3161", "adbe.pkcs7.sha1",
		"adbe.x509.rsa_sha1", "" };

	return names[subfilter];
}

static unsigned
wanted_anomalies(const char *name, size_t i, const char *line)
{
	size_t count_differences = sizeof(differences) / sizeof(differences[0]);
	unsigned wanted = 0;

	if (strncmp(line, "BAD_RANGE", 9) == 0) {
		return PDF_BAD_RANGE;
	}
	for (size_t k = 0; k < count_differences; k++) {
		if (strcmp(differences[k].name, name) == 0) {
			wanted = differences[k].anomalies;
		}
	}
	if (wanted == PDF_SHARED_RANGE && i == 1) {
		wanted |= PDF_COPIED_DICTIONARY;
	}
	return wanted;
}

/* "sig1 [0 1 2 3] SUBFILTER WHOLE ..." of one signature. */
static void
check_measured(const char *name, size_t i, const char *line,
    const struct pdf_signature *one)
{
	const char *rest = strchr(line, ']');
	size_t ends = strcspn(line, ";");
	char range[128];
	char wanted[128];

	assert_non_null(rest);
	rest += 2;
	if (one->anomalies != wanted_anomalies(name, i, rest)) {
		fail_msg("%s %zu: anomalies %x", name, i, one->anomalies);
	}
	if (one->anomalies == PDF_BAD_RANGE) {
		return;
	}
	snprintf(range, sizeof(range), "sig%zu [0 %llu %llu %llu] %s %s ", i,
	    (unsigned long long)one->gap_begin,
	    (unsigned long long)one->gap_end,
	    (unsigned long long)(one->end - one->gap_end),
	    subfilter_name(one->subfilter),
	    one->later == 0 ? "WHOLE" : "PARTIAL");
	snprintf(wanted, sizeof(wanted), "%.*s", (int)strlen(range), line);
	assert_text(range, wanted);
	/* The scanner did not follow references. */
	if (strcmp(name, "pyhanko__certified-with-indirect-refs-in-dir.pdf") !=
	    0) {
		const char *mark = strstr(line, " DocMDP");

		assert_int_equal(one->permissions != 0,
		    mark != NULL && mark < line + ends);
	}
}

static void
check_pdf(const char *name, struct bytes bytes, void *arg)
{
	struct measured *measured = arg;
	struct pdf_signatures found = find(bytes);
	const char *line = strstr(buf_text(&measured->lines), name);

	assert_non_null(line);
	line = strchr(line, '\t') + 1;
	for (size_t i = 0; i < found.count; i++) {
		check_measured(name, i, line, &found.list[i]);
		line = strstr(line, " ;; ");
		assert_non_null(line);
		line += 4;
		measured->signatures++;
	}
	assert_true(
	    strncmp(line, "sig", 3) != 0 || strncmp(line, "sigs=", 5) == 0);
}

static void
signatures_of_others_are_found_as_they_were_measured(void **state)
{
	const char *corpus = getenv("HOSO_CORPUS");
	struct measured measured = { .signatures = 0 };
	struct fault fault = { 0 };
	char path[4096];

	(void)state;
	if (corpus == NULL) {
		skip();
	}
	snprintf(path, sizeof(path), "%s/pades/MEASURED.tsv", corpus);
	buf_init(&measured.lines, 1u << 20);
	assert_int_equal(file_read(&measured.lines, path, &fault), 0);
	assert_true(corpus_each("pades", check_pdf, &measured) > 130);
	assert_int_equal(measured.signatures, 144);
	buf_fini(&measured.lines);
}

/* What upstream says was changed must be told as content. */
static void
check_changed(const char *name, struct bytes bytes, void *arg)
{
	static const struct {
		const char *name;
		unsigned later; /* of the first signature */
	} told[] = {
		{ "dss__hello_signed_INCSAVE_signed.pdf", PDF_LATER_SIGNATURE },
		{ "dss__doc-firmado-LT.pdf", PDF_LATER_EVIDENCE },
		{ "pyhanko__minimal-signed-twice-no-sig-type.pdf",
		    PDF_LATER_SIGNATURE },
		{ "dss__DSS-1983.pdf",
		    PDF_LATER_TIMESTAMP | PDF_LATER_EVIDENCE },
		{ "dss__pades-signed-annot-added.pdf", PDF_LATER_CONTENT },
		{ "dss__dss-2236__replace.pdf", PDF_LATER_CONTENT },
		{ "dss__dss-1376__DSS1376-rev_n-1.pdf", PDF_LATER_CONTENT },
		{ "pyhanko__form-update-override-appearance-stream-sneaky.pdf",
		    PDF_LATER_CONTENT | PDF_LATER_SIGNATURE },
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		if (strcmp(told[i].name, name) == 0) {
			unsigned got = find(bytes).list[0].later;

			if (got != told[i].later) {
				fail_msg("%s: got %x, wanted %x", name, got,
				    told[i].later);
			}
			++*(unsigned *)arg;
		}
	}
}

static void
what_others_added_is_told_apart(void **state)
{
	unsigned seen = 0;

	(void)state;
	corpus_each("pades", check_changed, &seen);
	assert_int_equal(seen, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(signatures_of_others_are_found_as_they_were_measured),
		unit(what_others_added_is_told_apart),
	};

	return cmocka_run_group_tests(tests, find_begin, find_finish);
}
