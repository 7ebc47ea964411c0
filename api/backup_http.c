/* SPDX-License-Identifier: Apache-2.0 */

#include "api/backup_http.h"

#include "api/app.h"
#include "core/audit.h"
#include "core/backup_book.h"

/* What would be lost without the archive is what the log has by now. */
int
backup_http_list(struct request *request, struct fault *fault)
{
	const struct core *core = app_core(request);
	struct backup_figures figures;
	uint64_t entries;
	json_t *book;

	if (core->folder == NULL) {
		return fault_set(fault, FAULT_ABSENT,
		    "this archive has no folder");
	}
	book = backup_book_read(core->folder, request->arena, &figures);
	audit_checkpoint(core->audit, request->arena, &entries);
	json_object_set_new(book, "log_entries",
	    json_integer((json_int_t)entries));
	reply_json(request, 200, book);
	return 0;
}
