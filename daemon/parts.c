/* SPDX-License-Identifier: Apache-2.0 */

#include "daemon/parts.h"

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
open_audit(struct parts *parts, const struct settings *settings,
    struct fault *fault)
{
	char *path = settings_path(settings, "keys/log.key");
	struct buf key;
	int rc;

	buf_init(&key, KEY_FILE_MAX);
	rc = file_read(&key, path, fault);
	if (rc == 0) {
		rc = audit_open(&parts->core.audit, parts->core.store,
		    buf_bytes(&key), fault);
	}
	if (key.data != NULL) {
		explicit_bzero(key.data, key.len);
	}
	buf_fini(&key);
	free(path);
	return rc;
}

int
parts_open(struct parts *parts, const struct settings *settings, bool read_only,
    struct fault *fault)
{
	char store_path[SETTINGS_PATH_MAX];
	struct store_options options = settings_store(settings, store_path);

	*parts = (struct parts){ .rules = NULL };
	options.read_only = read_only;
	parts->core.folder = settings->data;
	parts->core.host_path = settings->office.host;
	if (settings_rules(settings, &parts->rules, fault) < 0 ||
	    store_open(&parts->core.store, &options, fault) < 0 ||
	    open_audit(parts, settings, fault) < 0 ||
	    tsa_client_new(&parts->core.tsa, &settings->tsa, fault) < 0 ||
	    witnesses_new(&parts->core.witnesses, &settings->witness, fault) <
	        0) {
		parts_close(parts);
		return -1;
	}
	parts->core.rules = parts->rules;
	parts->core.reach = reach_new();
	parts->core.lore = lore_new();
	parts->core.validation =
	    validation_client_new(settings->tsa.tsa_retry_ms);
	parts->core.validation_wait_ms = settings->tsa.validation_wait_ms;
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
	tsa_client_free(parts->core.tsa);
	validation_client_free(parts->core.validation);
	witnesses_free(parts->core.witnesses);
	reach_free(parts->core.reach);
	lore_free(parts->core.lore);
	verdicts_free(parts->core.verdicts);
	rules_free(parts->rules);
	*parts = (struct parts){ .rules = NULL };
}
