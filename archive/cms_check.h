/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_CMS_CHECK_H
#define ARCHIVE_CMS_CHECK_H

#include "archive/archive_time.h"
#include "archive/certificate.h"
#include "archive/digest_kind.h"
#include "archive/indication.h"
#include "archive/revocation.h"
#include "archive/stream.h"
#include "base/arena.h"

/*
 * Verifying a CAdES signature of anybody.  OpenSSL verifies the mathematics
 * and accepts much that is no CAdES signature (one without signed attributes,
 * content inside, several signers, bytes behind); what it does not check is
 * checked here first.
 *
 * Thread:  any; never allowed to touch a network or a file.
 * Source:  RFC 5652; EN 319 122-1; docs/archive-format.md.
 */
#define CMS_SIGNATURE_MAX  (4u << 20)
#define CMS_TIMESTAMPS_MAX 16u

enum cms_verdict {
	CMS_VALID,     /* right form, and the signature fits the content */
	CMS_MALFORMED, /* no CMS signature, or one that breaks a rule */
	CMS_FALSE,     /* the signature does not fit the content */
};

struct cms_signed; /* a signature that was read */

struct cms_report {
	enum cms_verdict verdict;
	const char *reason; /* why not CMS_VALID; "" */
	enum sub_indication sub;
	size_t signers;        /* as many as it has */
	struct bytes inside;   /* the content that it holds; NO_BYTES */
	bool names_signer;     /* a signed attribute names his certificate */
	bool has_archive_time; /* of any kind */
	struct certificate signer;
	enum digest_kind digest;
	const char *algorithm; /* "ECDSA", "RSA", "RSASSA-PSS", "DSA"; "" */
	const char *weakness;  /* outdated digest or short key; "" */
	int64_t claimed_at;    /* signing time as claimed; 0 where absent */
	bool may_sign;         /* key usage allows signatures */
	enum trust_state trust;
	enum sub_indication trust_sub;
	const char *trust_words;
	const char *anchor;     /* whose certificate the chain leads to; "" */
	struct bytes signature; /* value that a time-stamp covers */
	struct bytes timestamps[CMS_TIMESTAMPS_MAX]; /* DER of tokens */
	size_t timestamp_count;
	struct archive_time archive_times[ARCHIVE_TIMES_MAX];
	size_t archive_time_count;
	struct cms_signed *found; /* for cms_judge(); NULL: not CMS_VALID */
};

/* What a signature may be that is none of ours. */
enum cms_may {
	CMS_MAY_HOLD_CONTENT = 1 << 0, /* what is given must be the same */
	CMS_MAY_NOT_NAME = 1 << 1,     /* the certificate by an attribute */
	CMS_MAY_HAVE_OTHERS = 1 << 2,  /* signers beside the `nth` */
};

struct cms_question {
	struct bytes signature;       /* DER or BER of ContentInfo */
	struct bytes content;         /* what is signed, outside of it */
	const struct content *poured; /* or the same, not all at once */
	bool has_no_content;          /* nobody has it */
	bool is_counter;              /* the content is a signature's value */
	unsigned may;                 /* enum cms_may */
	size_t nth;                   /* signer */
	/* Found elsewhere: a chain may lead through them.  Each may be NULL. */
	const STACK_OF(X509) * others[2];
	const struct trust *anchors; /* NULL: not checked */
	int64_t at;                  /* time at which the chain must hold */
};

/*
 * Never fails but where `poured` does, which is a reason as any: the report
 * says all.  Owner: it lives in the arena.
 */
void cms_check(struct cms_report *report_out, struct arena *arena,
    const struct cms_question *question);

/*
 * Judge the signer's chain of a valid signature again, for other anchors or
 * another time: nothing but `trust`, `trust_…` and `anchor` changes.  Reading the
 * signature is nine tenths of a check.
 */
void cms_judge(struct cms_report *report, const struct trust *anchors,
    int64_t at);
/* Would its chain have held at that time?  The report stays as it is. */
bool cms_is_trusted_at(const struct cms_report *report,
    const struct trust *anchors, int64_t at);

/* What is known of the certificates of the last chain that was reached. */
struct cms_revocation {
	struct revocation signer;
	enum sub_indication sub; /* SUB_NONE: all were good at that time */
};

/*
 * Were they revoked at that time, by what came with the signature and by
 * these, each of which may be NULL?
 */
void cms_check_revocation(struct cms_revocation *revocation_out,
    const struct cms_report *report, const struct revocations *const others[2],
    int64_t at);
/* The last chain that was judged, from the signer on; NULL: none. */
const struct stack_st_X509 *cms_chain(const struct cms_report *report);
/*
 * The nth signature over the value of a valid one that it carries, as an
 * object of its own that a question may be about; NO_BYTES where it is none.
 * False: it carries not so many.
 *
 * Owner:   the bytes live in the report's arena.
 * Source:  RFC 5652, 11.4.
 */
bool cms_counter(const struct cms_report *report, size_t nth,
    struct bytes *object_out);
/* The certificates that came with a valid one.  Borrowed from its arena. */
struct stack_st_X509 *cms_certificates(const struct cms_report *report);
/* The lists and answers that came with it.  Borrowed likewise. */
const struct revocations *cms_revocations(const struct cms_report *report);

#endif
