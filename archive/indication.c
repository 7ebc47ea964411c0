/* SPDX-License-Identifier: Apache-2.0 */

#include "archive/indication.h"

static const struct {
	enum indication indication;
	const char *name;
	const char *words;
} subs[SUB_COUNT] = {
	[SUB_NONE] = { TOTAL_PASSED, "", "" },
	[SUB_FORMAT_FAILURE] = { TOTAL_FAILED, "FORMAT_FAILURE",
	    "it is malformed or breaks a rule of its format" },
	[SUB_HASH_FAILURE] = { TOTAL_FAILED, "HASH_FAILURE",
	    "what was signed has been changed" },
	[SUB_SIG_CRYPTO_FAILURE] = { TOTAL_FAILED, "SIG_CRYPTO_FAILURE",
	    "the signature was not made with the certificate's key" },
	[SUB_REVOKED] = { TOTAL_FAILED, "REVOKED",
	    "the certificate was revoked before the signature was made" },
	[SUB_SIG_CONSTRAINTS_FAILURE] = { INDETERMINATE,
	    "SIG_CONSTRAINTS_FAILURE",
	    "the signature lacks what is asked of it" },
	[SUB_CHAIN_CONSTRAINTS_FAILURE] = { INDETERMINATE,
	    "CHAIN_CONSTRAINTS_FAILURE",
	    "the certificate is not meant for signatures" },
	[SUB_CRYPTO_CONSTRAINTS_FAILURE] = { INDETERMINATE,
	    "CRYPTO_CONSTRAINTS_FAILURE",
	    "an algorithm is outdated or not supported" },
	[SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE] = { INDETERMINATE,
	    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
	    "an algorithm is outdated, and nothing proves that the signature is older than that" },
	[SUB_NOT_YET_VALID] = { INDETERMINATE, "NOT_YET_VALID",
	    "the signature is older than the certificate" },
	[SUB_NO_SIGNING_CERTIFICATE_FOUND] = { INDETERMINATE,
	    "NO_SIGNING_CERTIFICATE_FOUND",
	    "the signer's certificate was not found" },
	[SUB_NO_CERTIFICATE_CHAIN_FOUND] = { INDETERMINATE,
	    "NO_CERTIFICATE_CHAIN_FOUND",
	    "no chain leads from the certificate to a trust anchor" },
	[SUB_REVOKED_NO_POE] = { INDETERMINATE, "REVOKED_NO_POE",
	    "the certificate was revoked, and nothing proves that the signature is older than that" },
	[SUB_REVOKED_CA_NO_POE] = { INDETERMINATE, "REVOKED_CA_NO_POE",
	    "an issuing certificate was revoked, and nothing proves that the signature is older than that" },
	[SUB_OUT_OF_BOUNDS_NO_POE] = { INDETERMINATE, "OUT_OF_BOUNDS_NO_POE",
	    "the certificate has expired, and nothing proves that the signature is older than that" },
	[SUB_TRY_LATER] = { INDETERMINATE, "TRY_LATER",
	    "whether the certificate was revoked is not known" },
	[SUB_SIGNED_DATA_NOT_FOUND] = { INDETERMINATE, "SIGNED_DATA_NOT_FOUND",
	    "what was signed is not at hand" },
	[SUB_GENERIC] = { INDETERMINATE, "GENERIC",
	    "the signature was not examined" },
};

const char *
indication_name(enum indication indication)
{
	static const char *const names[] = { "TOTAL-PASSED", "INDETERMINATE",
		"TOTAL-FAILED" };

	return names[indication];
}

const char *
sub_indication_name(enum sub_indication sub)
{
	return subs[sub].name;
}

const char *
sub_indication_words(enum sub_indication sub)
{
	return subs[sub].words;
}

enum indication
indication_of(enum sub_indication sub)
{
	return subs[sub].indication;
}
