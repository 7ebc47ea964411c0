/* SPDX-License-Identifier: Apache-2.0 */

/*
 * OpenSSL's store knows no days of ours, so that those of an anchor stand
 * beside it and are asked for once a chain has reached it.
 */

#include "archive/trust.h"

#include "base/date.h"
#include "base/memory.h"

#include <assert.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US         (INT64_C(86400) * INT64_C(1000000))
#define LINE_MAX_BYTES 256u
#define BEGIN          "-----BEGIN "
#define KIND           "CERTIFICATE-----"

/* For how long one is believed: [from, to). */
struct believed {
	X509 *anchor;
	int64_t from;
	int64_t to;
};

struct trust {
	X509_STORE *store;
	struct believed *dated; /* those that have days */
	size_t count;
};

struct trust *
trust_new(void)
{
	struct trust *trust = xzalloc(sizeof(*trust));

	trust->store = X509_STORE_new();
	assert(trust->store != NULL); /* no memory: see memory.h */
	return trust;
}

void
trust_free(struct trust *trust)
{
	if (trust != NULL) {
		for (size_t i = 0; i < trust->count; i++) {
			X509_free(trust->dated[i].anchor);
		}
		free(trust->dated);
		X509_STORE_free(trust->store);
		free(trust);
	}
}

struct x509_store_st *
trust_store(const struct trust *trust)
{
	return trust->store;
}

bool
trust_holds(const struct trust *trust, struct x509_st *anchor, int64_t at)
{
	bool is_dated = false;

	for (size_t i = 0; i < trust->count; i++) {
		const struct believed *one = &trust->dated[i];

		if (X509_cmp(one->anchor, anchor) == 0) {
			if (at >= one->from && at < one->to) {
				return true;
			}
			is_dated = true;
		}
	}
	return !is_dated;
}

/* --- files that mark what they hold ------------------------------------------ */

enum purpose {
	PURPOSE_SIGNER = 1 << 0,
	PURPOSE_TSA = 1 << 1,
};

/* What the lines above a certificate say of it. */
struct heading {
	unsigned purposes; /* enum purpose; 0: nothing was said */
	struct believed days;
	bool is_dated;
};

struct reading {
	struct trust *signers;
	struct trust *tsas;
	struct bytes rest;
	unsigned line;
	unsigned count; /* of certificates */
	struct heading heading;
	struct fault *fault;
};

static void
start_heading(struct reading *reading)
{
	reading->heading =
	    (struct heading){ .days = { .from = INT64_MIN, .to = INT64_MAX } };
}

static bool
begins(struct bytes text, const char *words)
{
	return text.len >= strlen(words) &&
	       memcmp(text.data, words, strlen(words)) == 0;
}

static bool
begins_certificate(struct bytes line)
{
	return begins(line, BEGIN) &&
	       memmem(line.data, line.len, KIND, strlen(KIND)) != NULL;
}

/* The value of a heading, cut to the size; NULL: the line is none of it. */
static const char *
value_of(char value[LINE_MAX_BYTES], struct bytes line, const char *name)
{
	size_t len;

	if (!begins(line, name) || line.len - strlen(name) >= LINE_MAX_BYTES) {
		return NULL;
	}
	len = line.len - strlen(name);
	memcpy(value, line.data + strlen(name), len);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\r')) {
		len--;
	}
	value[len] = '\0';
	return value + strspn(value, " ");
}

static int
read_purpose(struct reading *reading, const char *value)
{
	while (*value != '\0') {
		size_t len = strcspn(value, ", ");

		if (len == 6 && strncmp(value, "signer", len) == 0) {
			reading->heading.purposes |= PURPOSE_SIGNER;
		} else if (len == 3 && strncmp(value, "tsa", len) == 0) {
			reading->heading.purposes |= PURPOSE_TSA;
		} else {
			return fault_set(reading->fault, FAULT_INVALID,
			    "line %u: a purpose is signer or tsa",
			    reading->line);
		}
		value += len;
		value += strspn(value, ", ");
	}
	return 0;
}

static int
read_day(struct reading *reading, const char *value, date_t *day_out)
{
	reading->heading.is_dated = true;
	return date_parse(day_out, value)
	           ? 0
	           : fault_set(reading->fault, FAULT_INVALID,
	                 "line %u: a day is written YYYY-MM-DD", reading->line);
}

static int
read_heading(struct reading *reading, struct bytes line)
{
	char room[LINE_MAX_BYTES];
	const char *value;
	date_t day = 0;

	if ((value = value_of(room, line, "Purpose:")) != NULL) {
		return read_purpose(reading, value);
	}
	if ((value = value_of(room, line, "From:")) != NULL) {
		if (read_day(reading, value, &day) < 0) {
			return -1;
		}
		reading->heading.days.from = day * DAY_US;
	} else if (begins(line, TRUST_FILE_ENDS)) {
		start_heading(reading);
	} else if ((value = value_of(room, line, "Until:")) != NULL) {
		if (read_day(reading, value, &day) < 0) {
			return -1;
		}
		reading->heading.days.to = (day + 1) * DAY_US;
	}
	return 0;
}

static void
add_one(struct trust *trust, X509 *certificate, const struct heading *heading)
{
	struct believed *dated;

	if (trust == NULL) {
		return;
	}
	X509_STORE_add_cert(trust->store, certificate);
	if (!heading->is_dated) {
		return;
	}
	dated = xzalloc((trust->count + 1) * sizeof(*dated));
	if (trust->count > 0) {
		memcpy(dated, trust->dated, trust->count * sizeof(*dated));
	}
	free(trust->dated);
	trust->dated = dated;
	dated[trust->count] = heading->days;
	dated[trust->count].anchor = certificate;
	X509_up_ref(certificate);
	trust->count++;
}

/* The certificate that begins at the line `text` begins with. */
static int
read_certificate(struct reading *reading, struct bytes text)
{
	const struct heading *heading = &reading->heading;
	BIO *bio = text.len <= INT_MAX
	               ? BIO_new_mem_buf(text.data, (int)text.len)
	               : NULL;
	X509 *certificate =
	    bio != NULL ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

	BIO_free(bio);
	ERR_clear_error();
	if (certificate == NULL) {
		return fault_set(reading->fault, FAULT_INVALID,
		    "line %u: no certificate begins here", reading->line);
	}
	if (heading->purposes != PURPOSE_TSA) {
		add_one(reading->signers, certificate, heading);
	}
	if (heading->purposes != PURPOSE_SIGNER) {
		add_one(reading->tsas, certificate, heading);
	}
	X509_free(certificate);
	reading->count++;
	start_heading(reading);
	return 0;
}

static struct bytes
next_line(struct reading *reading)
{
	const uint8_t *end =
	    memchr(reading->rest.data, '\n', reading->rest.len);
	size_t len = end != NULL ? (size_t)(end - reading->rest.data)
	                         : reading->rest.len;
	struct bytes line = bytes_of(reading->rest.data, len);

	reading->rest.data += end != NULL ? len + 1 : len;
	reading->rest.len -= end != NULL ? len + 1 : len;
	reading->line++;
	return line;
}

int
trust_add(struct trust *signers, struct trust *tsas, struct bytes pem,
    struct fault *fault)
{
	struct reading reading = { .signers = signers,
		.tsas = tsas,
		.rest = pem,
		.fault = fault };

	start_heading(&reading);
	while (reading.rest.len > 0) {
		struct bytes from = reading.rest;
		struct bytes line = next_line(&reading);

		if ((begins_certificate(line)
		            ? read_certificate(&reading, from)
		            : read_heading(&reading, line)) < 0) {
			return -1;
		}
	}
	return reading.count > 0 ? 0
	                         : fault_set(fault, FAULT_INVALID,
	                               "the trust anchors hold no certificate");
}
