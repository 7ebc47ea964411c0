/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Evidence records of others, as files of their own.  Their authors' verdict
 * is in the collection's README; where ours is another one, the row says why.
 * Not every record has its objects there: then its tokens must be right as
 * far as the authors say they are, and it must not prove a stranger.
 */

#include "archive/evidence_record.h"

#include "tests/unit/unit.h"

#include "tests/unit/corpus.h"

#define NOW        INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */
#define OBJECT_MAX (1u << 20)

static const char no_object[] = "its hash tree does not hold the object";
static const char no_renewed[] = "a renewed hash tree does not hold the object";
static const char other[] = "it covers something else";

struct row {
	const char *record;
	/* A text behind "=", a file, a file with CRLF behind ":". */
	const char *objects[2];
	const char *reason;
	unsigned right; /* tokens that are valid over what their trees say */
	unsigned stamps;
};

#define STRANGER "=a stranger"

static const struct row rows[] = {
	/* Three of its time-stamps are of one second. */
	{ "1_3_Renew_Unsorted.er", { "=123456", NULL }, "", 4, 4 },
	{ "BIN-2_ER.ers", { "BIN-2.bin", NULL }, "", 2, 2 },
	{ "BIN-3_ER.ers", { "BIN-3.bin", NULL }, "", 3, 3 },
	{ "BIN-4_ER.ers", { "BIN-4.bin", NULL }, "", 3, 3 },
	{ "ER-2Chains3ATS.ers", { "ER-2Chains3ATS1.bin", NULL }, "", 3, 3 },
	{ "ER-2Chains3ATS.ers",
	    { "ER-2Chains3ATS1.bin", "ER-2Chains3ATS2.bin" }, "", 3, 3 },
	{ "ER-2Chains3ATS.ers", { "ER-2Chains3ATS1.bin", "BIN-2.bin" },
	    "its hash tree is not that of the group", 3, 3 },
	/*
	 * Its objects are not there.  To its authors both tokens are intact;
	 * the key usage of the first one's authority has keyEncipherment,
	 * which OpenSSL takes for the sign of another purpose.
	 */
	{ "LKSG_4.ers", { STRANGER, NULL }, no_object, 1, 2 },
	/* Kept with other ends of lines than it was stamped with. */
	{ "bsi_gov_vte-lza_002.ers", { ":bsi_gov_vte-lza_002.bin", NULL }, "",
	    1, 1 },
	{ "bsi_gov_vte-lza_002.ers", { "bsi_gov_vte-lza_002.bin", NULL },
	    no_object, 1, 1 },
	{ "er-asn1-simple.ers", { "=1", NULL }, "", 1, 1 },
	{ "er-asn1-simple.ers", { "=0", NULL }, no_object, 1, 1 },
	{ "er-asn1-tst-renewal.ers",
	    { "ER-2Chains3ATS1.bin", "ER-2Chains3ATS2.bin" }, "", 2, 2 },
	/* What the README calls an anomaly are siblings without objects. */
	{ "er-asn1-one-level-hashtree.ers", { "=\x02", NULL }, "", 3, 3 },
	{ "er-asn1-full-renewal-duplicated-data.ers", { "=\t", NULL }, "", 3,
	    3 },
	{ "er-asn1-chain-renewal-duplicated-data-invalid.ers", { "=\t", NULL },
	    no_renewed, 2, 2 },
	{ "er-asn1-chain-renewal-invalid.ers", { "=\t", NULL }, other, 1, 2 },
	{ "cades__evidence-record-C-B-B-detached.ers",
	    { "cades__C-B-B-detached.p7s", NULL }, "", 1, 1 },
	{ "cades__evidence-record-C-B-B-detached.ers",
	    { "../asic-cades/signable__test.zip", "cades__C-B-B-detached.p7s" },
	    "", 1, 1 },
	{ "er-asn1-on-tst.ers", { "../cades/d-trust.tsr", NULL }, "", 1, 1 },

	/* Tokens that their authors broke. */
	{ "asic__evidence-record-test-txt-invalid-tst.ers", { STRANGER, NULL },
	    no_object, 0, 1 },
	{ "cades__evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da-broken-tst.ers",
	    { STRANGER, NULL }, no_object, 0, 1 },
	{ "cades__evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da_renewed_hashtree-broken-tst.ers",
	    { STRANGER, NULL }, no_object, 2, 3 },

	/* Intact; what they prove lies in containers or is not there. */
	{ "asic__evidence-record-cades-lt-two-sigs.ers", { STRANGER, NULL },
	    no_object, 1, 1 },
	{ "asic__evidence-record-multifiles-ok.ers", { STRANGER, NULL },
	    no_object, 1, 1 },
	{ "asic__evidence-record-sce-multiple-docs.ers", { STRANGER, NULL },
	    no_object, 1, 1 },
	{ "cades__CAdEs-BpT-with-reducedHashTree.ers", { STRANGER, NULL },
	    no_object, 1, 1 },
	{ "cades__evidence-record-d233a2d9-a257-40dc-bcdb-bf4516b6d1da.ers",
	    { STRANGER, NULL }, no_object, 1, 1 },
	{ "cades__evidence-record-second-Double-C-B-B-basic.ers",
	    { STRANGER, NULL }, no_object, 1, 1 },
	{ "evidencerecord.ers", { STRANGER, NULL }, no_object, 1, 1 },

	/* Without a tree the token itself says that it is over another. */
	{ "cades__CAdEs-BpT-without-reducedHashTree.ers", { STRANGER, NULL },
	    other, 0, 1 },
	{ "cades__evidence-record-C-B-B-basic-no-hashtree-der.ers",
	    { STRANGER, NULL }, other, 0, 1 },
	{ "cades__evidence-record-C-B-B-basic-no-hashtree.ers",
	    { STRANGER, NULL }, other, 0, 1 },
	{ "cades__evidence-record-C-B-B-detached-no-hashtree.ers",
	    { STRANGER, NULL }, other, 0, 1 },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
take_file(struct buf *out, const char *name)
{
	struct fault fault = { .code = FAULT_NONE };
	char path[4096];

	snprintf(path, sizeof(path), "%s/evidence-records/%s",
	    getenv("HOSO_CORPUS"), name);
	if (file_read(out, path, &fault) < 0) {
		fail_msg("%s", fault.text);
	}
}

static void
take_object(struct buf *out, const char *object)
{
	struct buf bytes;

	if (object[0] == '=') {
		buf_add_text(out, object + 1);
		return;
	}
	if (object[0] != ':') {
		take_file(out, object);
		return;
	}
	buf_init(&bytes, OBJECT_MAX);
	take_file(&bytes, object + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.data[i] == '\n') {
			buf_add_byte(out, '\r');
		}
		buf_add_byte(out, bytes.data[i]);
	}
	buf_fini(&bytes);
}

static void
compare(const struct row *row, const struct evidence_report *report)
{
	unsigned right = 0;

	for (size_t i = 0; i < report->stamp_count; i++) {
		right += report->stamps[i].report.is_valid;
	}
	if (strcmp(report->reason, row->reason) != 0 ||
	    report->is_valid != (row->reason[0] == '\0') ||
	    right != row->right || report->stamp_count != row->stamps) {
		fail_msg("%s: wanted \"%s\", %u of %u; got \"%s\", %u of %zu",
		    row->record, row->reason, row->right, row->stamps,
		    report->reason, right, report->stamp_count);
	}
}

static void
try_row(const struct row *row, struct bytes record)
{
	struct bytes objects[2];
	struct content contents[2];
	struct evidence_question question = { .record = record,
		.objects = contents,
		.now = NOW };
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	struct evidence_report report;
	struct buf bytes[2];

	for (size_t i = 0; i < 2; i++) {
		buf_init(&bytes[i], OBJECT_MAX);
		if (row->objects[i] != NULL) {
			take_object(&bytes[i], row->objects[i]);
			objects[i] = buf_bytes(&bytes[i]);
			contents[i] =
			    (struct content){ stream_from_bytes, &objects[i] };
			question.object_count++;
		}
	}
	assert_int_equal(evidence_check(&report, arena, &question, &fault), 0);
	compare(row, &report);
	buf_fini(&bytes[0]);
	buf_fini(&bytes[1]);
	arena_free(arena);
}

static void
try_record(const char *name, struct bytes bytes, void *arg)
{
	const char *end = strrchr(name, '.');
	unsigned *tried = arg;
	unsigned before = *tried;

	if (strcmp(end, ".er") != 0 && strcmp(end, ".ers") != 0) {
		return;
	}
	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].record, name) == 0) {
			try_row(&rows[i], bytes);
			(*tried)++;
		}
	}
	if (*tried == before) {
		fail_msg("%s has no row", name);
	}
}

static void
records_of_others_have_their_verdicts(void **state)
{
	unsigned tried = 0;

	(void)state;
	corpus_each("evidence-records", try_record, &tried);
	assert_int_equal(tried, ROWS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(records_of_others_have_their_verdicts),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
