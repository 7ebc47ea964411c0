/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_PDF_SIGNATURES_H
#define ARCHIVE_PDF_SIGNATURES_H

#include "archive/stream.h"
#include "base/arena.h"

#include <stdbool.h>

/*
 * The signatures of a PDF, found in its bytes by strict rules, so that the
 * result does not depend on what a parser of the format would believe.  Who
 * signed, and whether it holds, is asked of `contents` (cms_check.h).
 *
 * Source:  ISO 32000-1, 12.8; EN 319 142-1; docs/signatures.md.
 */
#define PDF_SIGNATURES_MAX 256u
#define PDF_CONTENTS_MAX   (4u << 20) /* decoded */

enum pdf_subfilter {
	PDF_CADES,         /* ETSI.CAdES.detached */
	PDF_PKCS7,         /* adbe.pkcs7.detached */
	PDF_TIMESTAMP,     /* ETSI.RFC3161 */
	PDF_PKCS7_SHA1,    /* adbe.pkcs7.sha1 */
	PDF_X509_RSA_SHA1, /* adbe.x509.rsa_sha1 */
	PDF_SUBFILTER_OTHER,
};

/* What is wrong with it; any but those noted: it signs nothing. */
enum pdf_anomaly {
	PDF_BAD_BYTERANGE = 1 << 0,      /* not four decimal numbers */
	PDF_BAD_RANGE = 1 << 1,          /* they do not lie in the file */
	PDF_GAP_NOT_HEXSTRING = 1 << 2,  /* signature wrapping */
	PDF_GAP_NOT_CONTENTS = 1 << 3,   /* another key before the gap */
	PDF_COPIED_DICTIONARY = 1 << 4,  /* the gap is not in its dictionary */
	PDF_SHARED_RANGE = 1 << 5,       /* another claims the same gap */
	PDF_CONTENTS_TOO_LARGE = 1 << 6, /* or empty */
	PDF_NONZERO_PADDING = 1 << 7,    /* bytes behind the CMS object */
	PDF_GAP_HAS_SPACES = 1 << 8,     /* noted */
	PDF_USAGE_RIGHTS = 1 << 9,       /* of a reader, not of a person */
};

#define PDF_ANOMALIES_NOTED (PDF_GAP_HAS_SPACES | PDF_USAGE_RIGHTS)

/* What was added to the file behind a signature. */
enum pdf_later {
	PDF_LATER_SPACE = 1 << 0,
	PDF_LATER_SIGNATURE = 1 << 1,
	PDF_LATER_TIMESTAMP = 1 << 2,
	PDF_LATER_EVIDENCE = 1 << 3, /* a document security store */
	PDF_LATER_CONTENT = 1 << 4,  /* or what might be */
	PDF_LATER_METADATA = 1 << 5, /* which is not shown on a page */
};

struct pdf_signature {
	uint64_t at;        /* of its /ByteRange */
	uint64_t object;    /* the number of the object it is in; 0: of none */
	unsigned anomalies; /* enum pdf_anomaly */
	enum pdf_subfilter subfilter;
	/* It covers [0, gap_begin) and [gap_end, end); 0 where they are bad. */
	uint64_t gap_begin;
	uint64_t gap_end;
	uint64_t end;
	struct bytes contents; /* without the padding, or NO_BYTES */
	int64_t claimed_at;    /* /M, UTC microseconds; 0 where absent */
	unsigned permissions;  /* DocMDP: 1 to 3; 0: it certifies nothing */
	/* enum pdf_later; 0: it covers the whole file, or its range is bad. */
	unsigned later;
};

struct pdf_signatures {
	struct pdf_signature *list; /* in the order of their ends */
	size_t count;
	bool has_more; /* than PDF_SIGNATURES_MAX */
};

/* Does it begin as a PDF does, within its first 1,024 bytes? */
bool pdf_is_one(struct bytes begin);

/*
 * Memory does not grow with the file; each byte is looked at a few times.
 * Dictionaries of more than 64 KiB are not read: PDF_COPIED_DICTIONARY.
 *
 * Owner:   the list lives in the arena.
 * Errors:  only what the source says when it cannot be read.
 */
int pdf_signatures_find(struct pdf_signatures *found_out, struct arena *arena,
    const struct source *source, struct fault *fault);

/* Without anomalies, but for those noted. */
bool pdf_signature_is_sound(const struct pdf_signature *signature);

/* What a sound signature covers, poured from the source. */
int pdf_signature_pour(const struct pdf_signature *signature,
    const struct source *source, sink_fn sink, void *sink_arg,
    struct fault *fault);

#endif
