/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/seal_files.h"

#include "archive/pkcs11_uri.h"
#include "base/clock.h"
#include "base/file.h"

#include <stdlib.h>
#include <unistd.h>

#define PEM_MAX 65536u
#define YEARS   20u

/* The options with their files' places. */
struct places {
	char *key; /* NULL: it is in a token */
	char *certificate;
	char *pin_file;
	struct seal_token_options token;
};

static void
places_init(struct places *places, const struct settings *settings)
{
	const struct seal_conf *conf = &settings->seal;

	*places = (struct places){
		.certificate = settings_place(settings, conf->certificate),
		.token = { .uri = conf->key,
		    .module = conf->pkcs11_module,
		    .pin_file = "" },
	};
	if (!pkcs11_uri_is(conf->key)) {
		places->key = settings_place(settings, conf->key);
	}
	if (conf->pin_file[0] != '\0') {
		places->pin_file = settings_place(settings, conf->pin_file);
		places->token.pin_file = places->pin_file;
	}
}

static void
places_fini(struct places *places)
{
	free(places->key);
	free(places->certificate);
	free(places->pin_file);
}

/* Wipe what a secret was read into. */
static void
forget(struct buf *text)
{
	if (text->data != NULL) {
		explicit_bzero(text->data, text->room);
	}
	buf_fini(text);
}

/* --- making ------------------------------------------------------------- */

static bool
is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int
make_files(const struct places *places, const struct seal_options *options,
    struct fault *fault)
{
	struct buf key, certificate;
	int rc;

	if (is_there(places->key)) {
		return 0;
	}
	buf_init(&key, PEM_MAX);
	buf_init(&certificate, PEM_MAX);
	rc = seal_key_make(&key, &certificate, options, fault);
	if (rc == 0) {
		rc = file_write(places->key, buf_bytes(&key), 0600, fault);
	}
	if (rc == 0 && !is_there(places->certificate)) {
		rc = file_write(places->certificate, buf_bytes(&certificate),
		    0644, fault);
	}
	forget(&key);
	buf_fini(&certificate);
	return rc;
}

static int
make_certificate(const struct places *places,
    const struct seal_options *options, struct fault *fault)
{
	struct buf certificate;
	struct seal_key *key;
	int rc;

	if (is_there(places->certificate)) {
		return 0;
	}
	if (seal_key_open(&key, &places->token, NO_BYTES, fault) == 0) {
		seal_key_free(key); /* it has one */
		return 0;
	}
	if (fault->code != FAULT_ABSENT) {
		return -1;
	}
	buf_init(&certificate, PEM_MAX);
	rc = seal_key_certify(&certificate, &places->token, options, fault);
	if (rc == 0) {
		rc = file_write(places->certificate, buf_bytes(&certificate),
		    0644, fault);
	}
	buf_fini(&certificate);
	return rc;
}

int
seal_files_make(const struct settings *settings, struct fault *fault)
{
	struct seal_options options = { .kind = SEAL_P256,
		.common_name = settings->office.name,
		.country = "VN",
		.from = clock_now(),
		.years = YEARS };
	struct places places;
	int rc;

	places_init(&places, settings);
	rc = places.key != NULL ? make_files(&places, &options, fault)
	                        : make_certificate(&places, &options, fault);
	places_fini(&places);
	return rc;
}

/* --- loading ------------------------------------------------------------ */

static int
load_files(struct seal_key **key_out, const struct places *places,
    struct fault *fault)
{
	struct buf key, certificate;
	int rc = -1;

	buf_init(&key, PEM_MAX);
	buf_init(&certificate, PEM_MAX);
	if (file_read(&key, places->key, fault) == 0 &&
	    file_read(&certificate, places->certificate, fault) == 0) {
		rc = seal_key_load(key_out, buf_bytes(&key),
		    buf_bytes(&certificate), fault);
	}
	forget(&key);
	buf_fini(&certificate);
	return rc;
}

static int
open_token(struct seal_key **key_out, const struct places *places,
    struct fault *fault)
{
	struct buf certificate;
	int rc = 0;

	buf_init(&certificate, PEM_MAX);
	if (is_there(places->certificate)) {
		rc = file_read(&certificate, places->certificate, fault);
	}
	if (rc == 0) {
		rc = seal_key_open(key_out, &places->token,
		    buf_bytes(&certificate), fault);
	}
	buf_fini(&certificate);
	return rc;
}

int
seal_files_load(struct seal_key **key_out, const struct settings *settings,
    struct fault *fault)
{
	struct places places;
	int rc;

	places_init(&places, settings);
	rc = places.key != NULL ? load_files(key_out, &places, fault)
	                        : open_token(key_out, &places, fault);
	places_fini(&places);
	return rc;
}
