/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_SAMPLE_CONTAINER_H
#define TESTS_UNIT_SAMPLE_CONTAINER_H

/*
 * A small sealed dossier, for tests and for the program make_container.
 */

#include "archive/package.h"
#include "archive/seal.h"
#include "archive/timestamp.h"
#include "tests/unit/tsa.h"

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

static struct package_record sample_records[1];

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
	sample_records[0] =
	    (struct package_record){ .path = "records/dossier.json",
		    .bytes = bytes_of_text(sample_record) };
	return (struct package_spec){ .id = "hs-2026-000123",
		.code = "H34.2026.123",
		.title = "Hồ sơ khen thưởng phong trào thi đua <2026>",
		.unit = "Sở Nội vụ",
		.sealed_at = SAMPLE_AT,
		.software = "hoso 0.1.0",
		.signer = signer,
		.fields = sample_dossier_fields,
		.field_count = 5,
		.files = sample_files,
		.file_count = 2,
		.records = sample_records,
		.record_count = 1 };
}

/* Draw a key; NULL with the words in `fault`. */
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
	if (seal_key_make(&key_pem, certificate_pem, &options, fault) == 0) {
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
