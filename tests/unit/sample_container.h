/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SAMPLE_CONTAINER_H
#define TESTS_UNIT_SAMPLE_CONTAINER_H

/*
 * A small sealed dossier, for tests and for the program make_container.
 */

#include "archive/package.h"
#include "archive/receipt.h"
#include "archive/seal.h"
#include "archive/timestamp.h"
#include "tests/unit/tsa.h"

#include <stdio.h>

#define SAMPLE_AT INT64_C(1785542400000000) /* 2026-08-01T00:00:00Z */

static const char sample_decision[] = "%PDF-1.7 Quyết định khen thưởng\n";
static const char sample_report[] = "Báo cáo thành tích\n";

static struct bytes sample_bytes[2];

static const struct package_field sample_dossier_fields[] = {
	{ "maintenance", "01" },
	{ "mode", "01" },
	{ "language", "01" },
	{ "startDate", "01/01/2026" },
	{ "endDate", "31/07/2026" },
};

static const struct package_field sample_document_fields[] = {
	{ "typeName", "02" },
	{ "codeNumber", "763" },
	{ "codeNotation", "QĐ-UBND" },
	{ "subject", "Về việc tặng thưởng <Bằng khen> & \"Cờ\"" },
};

static struct package_file sample_files[2];

static const char sample_record[] =
    "{\"id\":\"hs-2026-000123\",\"title\":\"Hồ sơ khen thưởng\"}";

/* Two leaves make the log; the second tells of the record. */
static const char sample_first_leaf[] = "{\"act\":\"sample.first\"}";
static const char sample_log_name[] = "mau.example.vn/audit";

static struct package_record sample_records[2];
static char sample_receipt[2048];
static char sample_vkey[256];

/* The sample's log by its key: its vkey and the receipt of the second leaf. */
static inline int
sample_log(struct fault *fault)
{
	static const uint8_t seed[32] = "a key that signs samples alone";
	struct sha256 first = merkle_leaf(bytes_of_text(sample_first_leaf));
	struct sha256 sum = sha256_of(bytes_of_text(sample_record));
	struct receipt receipt = { .index = 1,
		.proof = { .count = 1, .hashes = { first } } };
	struct note_verifier verifier;
	struct note_key *key = NULL;
	struct sha256 second, root;
	struct buf text, leaf, note;
	char hex[SHA256_TEXT];
	int rc = -1;

	buf_init(&text, sizeof(sample_receipt) - 1);
	buf_init(&leaf, 1024);
	buf_init(&note, CHECKPOINT_MAX);
	sha256_format(hex, &sum);
	buf_add_format(&leaf,
	    "{\"act\":\"dossier.step\",\"object\":\"dossier/hs-2026-000123\","
	    "\"rev\":1,\"sha256\":\"%s\"}",
	    hex);
	receipt.leaf = buf_bytes(&leaf);
	second = merkle_leaf(receipt.leaf);
	root = merkle_node(&first, &second);
	if (note_key_make_of(&text, sample_log_name, seed, fault) < 0 ||
	    note_key_parse(&key, buf_bytes(&text), fault) < 0 ||
	    checkpoint_sign(&note, 2, &root, key, fault) < 0) {
		goto out;
	}
	note_key_verifier(key, &verifier);
	buf_reset(&text);
	note_verifier_format(&text, &verifier);
	snprintf(sample_vkey, sizeof(sample_vkey), "%s", buf_text(&text));
	receipt.checkpoint = buf_bytes(&note);
	buf_reset(&text);
	rc = receipt_format(&text, &receipt, fault);
	snprintf(sample_receipt, sizeof(sample_receipt), "%s", buf_text(&text));
out:
	note_key_free(key);
	buf_fini(&note);
	buf_fini(&leaf);
	buf_fini(&text);
	return rc;
}

static const struct package_signature sample_signatures[] = {
	{ .place = "#1",
	    .signer = "CN=Lê Thị Sáu,O=\"A & B\" <C>",
	    .certificate = "00ff",
	    .method = "ECDSA-SHA256",
	    .value = "MEUCIQ==",
	    .verdict = "TOTAL-PASSED",
	    .level = "T",
	    .claimed_at = SAMPLE_AT,
	    .proven_at = SAMPLE_AT + 1000000 },
	{ .method = "RSA-SHA256", .value = "AAAA" },
};

static const struct package_examination sample_examination = {
	.kind = "pdf",
	.report = "records/examination-1.json",
	.verdict = "INDETERMINATE",
	.at = SAMPLE_AT - INT64_C(1000000),
	.signatures = sample_signatures,
	.signature_count = 2,
};

/* After sample_key(). */
static inline struct package_spec
sample_spec(const struct certificate *signer)
{
	const char *const texts[2] = { sample_decision, sample_report };
	const char *const names[2] = { "Quyết định số 763.PDF", "báo cáo.txt" };

	for (int i = 0; i < 2; i++) {
		sample_bytes[i] = bytes_of_text(texts[i]);
		sample_files[i] = (struct package_file){
			.content = { stream_from_bytes, &sample_bytes[i] },
			.name = names[i],
			.media_type = i == 0 ? "application/pdf" : "text/plain",
			.component = i == 0 ? "C_QD" : NULL,
			.format = i == 0 ? "fmt/276" : NULL,
			.size = sample_bytes[i].len,
			.sha256 = sha256_of(sample_bytes[i]),
			.filed_at = SAMPLE_AT - INT64_C(86400000000),
		};
	}
	sample_files[0].fields = sample_document_fields;
	sample_files[0].field_count = 4;
	sample_files[0].examination = &sample_examination;
	sample_records[0] =
	    (struct package_record){ .path = "records/dossier.json",
		    .title = "Hồ sơ, bản 1",
		    .receipt = "receipts/1.json",
		    .at = SAMPLE_AT - INT64_C(3600000000),
		    .bytes = bytes_of_text(sample_record) };
	sample_records[1] = (struct package_record){ .path = "receipts/1.json",
		.bytes = bytes_of_text(sample_receipt) };
	return (struct package_spec){ .id = "hs-2026-000123",
		.code = "H34.2026.123",
		.title = "Hồ sơ khen thưởng phong trào thi đua <2026>",
		.unit = "Sở Nội vụ",
		.sealed_at = SAMPLE_AT,
		.software = "hoso 0.1.0",
		.signer = signer,
		.log_vkey = sample_vkey,
		.fields = sample_dossier_fields,
		.field_count = 5,
		.files = sample_files,
		.file_count = 2,
		.records = sample_records,
		.record_count = 2 };
}

/* Draw a key and fill the log; NULL with the words in `fault`. */
static inline struct seal_key *
sample_key(enum seal_kind kind, struct buf *certificate_pem,
    struct fault *fault)
{
	struct seal_options options = { .kind = kind,
		.common_name = "Lưu trữ hồ sơ thi đua, khen thưởng",
		.organization = "Sở Nội vụ",
		.country = "VN",
		.from = SAMPLE_AT - INT64_C(86400000000),
		.years = 30 };
	struct seal_key *key = NULL;
	struct buf key_pem;

	buf_init(&key_pem, 1 << 16);
	if (sample_log(fault) == 0 &&
	    seal_key_make(&key_pem, certificate_pem, &options, fault) == 0) {
		seal_key_load(&key, buf_bytes(&key_pem),
		    buf_bytes(certificate_pem), fault);
	}
	buf_fini(&key_pem);
	return key;
}

/* Sign, time-stamp where there is an authority, write. */
static inline int
sample_seal(struct buf *out, const struct package *package,
    const struct seal_key *key, struct tsa *tsa, struct fault *fault)
{
	struct buf signature;
	struct buf stamped;
	struct buf value;
	struct buf token;
	int rc = -1;

	buf_init(&signature, 1 << 16);
	buf_init(&stamped, 1 << 16);
	buf_init(&value, 1 << 16);
	buf_init(&token, 1 << 16);
	if (seal_sign(&signature, key, package_manifest(package), SAMPLE_AT,
	        fault) < 0) {
		goto out;
	}
	if (tsa != NULL &&
	    (seal_value(&value, buf_bytes(&signature), fault) < 0 ||
	        timestamp_get(&token, buf_bytes(&value), tsa_answer, tsa,
	            fault) < 0 ||
	        seal_add_timestamp(&stamped, buf_bytes(&signature),
	            buf_bytes(&token), fault) < 0)) {
		goto out;
	}
	rc = package_write(package,
	    buf_bytes(tsa != NULL ? &stamped : &signature), stream_to_buf, out,
	    fault);
out:
	buf_fini(&signature);
	buf_fini(&stamped);
	buf_fini(&value);
	buf_fini(&token);
	return rc;
}

#endif
