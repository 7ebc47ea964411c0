/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/parts.h"

#include "archive/seal.h"
#include "base/file.h"
#include "core/audit.h"
#include "core/lore.h"
#include "core/reach.h"
#include "core/rules.h"
#include "core/tsa_client.h"
#include "core/validation_client.h"
#include "core/verdict.h"
#include "core/witnesses.h"

#include <stdlib.h>

#define KEY_FILE_MAX 65536u

static int
read_key(struct buf *text, const struct settings *settings, const char *name,
    struct fault *fault)
{
	char *path = settings_path(settings, name);
	int rc;

	buf_init(text, KEY_FILE_MAX);
	rc = file_read(text, path, fault);
	free(path);
	return rc;
}

/* Wipe what a secret was read into. */
static void
forget(struct buf *text)
{
	if (text->data != NULL) {
		explicit_bzero(text->data, text->len);
	}
	buf_fini(text);
}

static int
open_seal(struct parts *parts, const struct settings *settings,
    struct fault *fault)
{
	struct buf key, certificate;
	int rc = -1;

	buf_init(&certificate, KEY_FILE_MAX);
	if (read_key(&key, settings, "keys/seal.key", fault) == 0 &&
	    read_key(&certificate, settings, "keys/seal.crt", fault) == 0) {
		rc = seal_key_load(&parts->seal, buf_bytes(&key),
		    buf_bytes(&certificate), fault);
	}
	forget(&key);
	buf_fini(&certificate);
	parts->core.seal = parts->seal;
	return rc;
}

static int
open_audit(struct parts *parts, const struct settings *settings,
    struct fault *fault)
{
	struct buf key;
	int rc = read_key(&key, settings, "keys/log.key", fault);

	if (rc == 0) {
		rc = audit_open(&parts->core.audit, parts->core.store,
		    buf_bytes(&key), fault);
	}
	forget(&key);
	return rc;
}

int
parts_open(struct parts *parts, const struct settings *settings, bool read_only,
    struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);
	const char *local = settings->office.rules_local;

	*parts = (struct parts){ .rules = NULL };
	options.read_only = read_only;
	parts->core.folder = settings->data;
	parts->core.host_path = settings->office.host;
	if (rules_load(&parts->rules, settings->office.rules,
	        local[0] != '\0' ? local : NULL, fault) < 0 ||
	    store_open(&parts->core.store, &options, fault) < 0 ||
	    open_audit(parts, settings, fault) < 0 ||
	    open_seal(parts, settings, fault) < 0 ||
	    tsa_client_new(&parts->core.tsa, &settings->seal, fault) < 0 ||
	    witnesses_new(&parts->core.witnesses, &settings->witness, fault) <
	        0) {
		parts_close(parts);
		return -1;
	}
	parts->core.rules = parts->rules;
	parts->core.reach = reach_new();
	parts->core.lore = lore_new();
	parts->core.validation =
	    validation_client_new(settings->seal.tsa_retry_ms);
	parts->core.validation_wait_ms = settings->seal.validation_wait_ms;
	parts->core.verdicts = verdicts_new();
	return 0;
}

void
parts_close(struct parts *parts)
{
	if (parts->core.store != NULL) {
		store_close(parts->core.store);
	}
	audit_close(parts->core.audit);
	seal_key_free(parts->seal);
	tsa_client_free(parts->core.tsa);
	validation_client_free(parts->core.validation);
	witnesses_free(parts->core.witnesses);
	reach_free(parts->core.reach);
	lore_free(parts->core.lore);
	verdicts_free(parts->core.verdicts);
	rules_free(parts->rules);
	*parts = (struct parts){ .rules = NULL };
}
