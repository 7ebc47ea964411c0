/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARCHIVE_INDICATION_H
#define ARCHIVE_INDICATION_H

#include <stdbool.h>

/*
 * The verdict on a signature, in the words of the standard.
 *
 * Source:  EN 319 102-1, 5.1.3.
 */
enum indication {
	TOTAL_PASSED,
	INDETERMINATE, /* what is known is not enough for either */
	TOTAL_FAILED,
};

enum sub_indication {
	SUB_NONE,
	SUB_FORMAT_FAILURE,
	SUB_HASH_FAILURE,
	SUB_SIG_CRYPTO_FAILURE,
	SUB_REVOKED,
	SUB_SIG_CONSTRAINTS_FAILURE,
	SUB_CHAIN_CONSTRAINTS_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE,
	SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
	SUB_NOT_YET_VALID,
	SUB_NO_SIGNING_CERTIFICATE_FOUND,
	SUB_NO_CERTIFICATE_CHAIN_FOUND,
	SUB_REVOKED_NO_POE,
	SUB_REVOKED_CA_NO_POE,
	SUB_OUT_OF_BOUNDS_NO_POE,
	SUB_TRY_LATER,
	SUB_SIGNED_DATA_NOT_FOUND,
	SUB_GENERIC,
	SUB_COUNT,
};

/* "TOTAL-PASSED" */
const char *indication_name(enum indication indication);
/* "HASH_FAILURE"; "" of SUB_NONE */
const char *sub_indication_name(enum sub_indication sub);
/* The same in plain English words, with a row in the catalogue. */
const char *sub_indication_words(enum sub_indication sub);
/* The indication that a reason leads to. */
enum indication indication_of(enum sub_indication sub);

#endif
