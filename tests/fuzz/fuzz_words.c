/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Words of a form of their own: days, secrets, digests, targets of sinks.
 * What is taken is written again as it was, letters' case aside.
 */

#include "base/date.h"
#include "base/digest.h"
#include "base/hex.h"
#include "core/secret.h"
#include "core/sink_target.h"

#include "tests/fuzz/target.h"

#include <strings.h>

#define INPUT_MAX 200u

static void
check_date(const char *text)
{
	char again[DATE_TEXT];
	int year, month, day;
	date_t date;

	if (!date_parse(&date, text)) {
		return;
	}
	fuzz_check(date >= DATE_MIN && date <= DATE_MAX);
	date_format(again, date);
	fuzz_check(strcmp(again, text) == 0);
	date_split(date, &year, &month, &day);
	fuzz_check(date_of(year, month, day) == date);
}

static void
check_secret(const char *prefix, const char *text)
{
	struct secret secret;
	char again[SECRET_TEXT];

	if (secret_parse(&secret, prefix, text)) {
		secret_format(again, prefix, &secret);
		fuzz_check(strcasecmp(again, text) == 0);
	}
}

static void
check_sum(const char *text)
{
	struct sha256 sum;
	char again[SHA256_TEXT];

	if (hex_decode(sum.bytes, SHA256_BYTES, text)) {
		sha256_format(again, &sum);
		fuzz_check(strcasecmp(again, text) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text;

	if (len > INPUT_MAX) {
		return 0;
	}
	/* Of its exact length, so that a sanitizer sees a step too far. */
	text = malloc(len + 1);
	memcpy(text, data, len);
	text[len] = '\0';
	check_date(text);
	check_secret("", text);
	check_secret("hoso_", text);
	check_sum(text);
	if (sink_target_is_valid(text)) {
		fuzz_check(text[0] == '/' || strchr(text + 4, ':') != NULL);
	}
	free(text);
	return 0;
}
