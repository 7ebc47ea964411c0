/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The bodies of commands, over a small office.  The first line names the
 * command, the rest is its JSON.  What is taken becomes a record in canonical
 * form; what is refused is refused in words that name a field by a pointer.
 * Nothing is committed, so that one input does not depend on the others.
 */

#include "base/text.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/dossier_step.h"
#include "core/figure.h"
#include "core/grant.h"
#include "core/movement.h"
#include "core/reorganisation.h"
#include "core/score.h"
#include "core/token.h"
#include "core/unit_change.h"
#include "core/user.h"
#include "tests/unit/office.h"

#include "tests/fuzz/target.h"

static struct office *office;

static int
make_user(struct command *command, const json_t *body, struct fault *fault)
{
	return user_new_secret(command, body, "$hash$", fault);
}

static int
make_token(struct command *command, const json_t *body, struct fault *fault)
{
	struct secret secret;

	return token_new(command, body, &secret, fault);
}

static const struct {
	const char *name;
	office_make_fn make;
	office_edit_fn edit;
	const char *id; /* of what is edited */
} commands[] = {
	{ "unit.new", unit_new, NULL, NULL },
	{ "unit.edit", NULL, unit_edit, "xa-cu" },
	{ "reorganisation.new", reorganisation_new, NULL, NULL },
	{ "document.new", document_new, NULL, NULL },
	{ "document.edit", NULL, document_edit, "bc" },
	{ "movement.new", movement_new, NULL, NULL },
	{ "movement.edit", NULL, movement_edit, "pt" },
	{ "movement.step", NULL, movement_step, "pt" },
	{ "dossier.new", dossier_new, NULL, NULL },
	{ "dossier.edit", NULL, dossier_edit, "hs" },
	{ "dossier.add", NULL, dossier_add, "hs" },
	{ "dossier.step", NULL, dossier_step, "hs" },
	{ "dossier.opinion", NULL, dossier_opinion, "hs" },
	{ "dossier.vote", NULL, dossier_vote, "hs" },
	{ "decision.new", decision_new, NULL, NULL },
	{ "grant.revoke", NULL, grant_revoke, "q-001" },
	{ "figure.new", figure_new, NULL, NULL },
	{ "figure.edit", NULL, figure_edit, "f" },
	{ "score.put", score_put, NULL, NULL },
	{ "user.new", make_user, NULL, NULL },
	{ "token.new", make_token, NULL, NULL },
};

static void
close_all(void)
{
	office_close(office);
}

static void
open_all(void)
{
	clock_set(clock_of_date(date_of(2026, 3, 1)));
	office = office_open(true);
	atexit(close_all);
	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh Kon Tum'}]}");
	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm số 1'}]}");
	office_make(office, unit_new,
	    "{'id':'huyen','kind':'district','to':'2025-06-30','names':[{"
	    "'name':'Huyện Đắk Glei'}],'parents':[{'relation':'adm','unit':"
	    "'tinh'}]}");
	office_make(office, unit_new,
	    "{'id':'xa-cu','kind':'commune','to':'2025-06-30','names':[{'name':"
	    "'Xã Đắk Pék'}],'parents':[{'relation':'adm','unit':'huyen'},"
	    "{'relation':'member','unit':'cum','from':'2020-01-01'}]}");
	office_make(office, unit_new,
	    "{'id':'xa','kind':'commune','from':'2025-07-01','names':[{'name':"
	    "'Xã Đắk Pék'}],'parents':[{'relation':'adm','unit':'tinh'}]}");
	office_make(office, document_new,
	    "{'id':'qd','reference':'763/QĐ-UBND','kind':'QĐ','date':"
	    "'2023-05-02','issuer':{'unit':'tinh'},'subject':'Khen thưởng'}");
	office_make(office, document_new,
	    "{'id':'bc','kind':'BC','issuer':{'unit':'tinh'},'subject':'A'}");
	office_make(office, movement_new,
	    "{'id':'pt','title':'Phong trào','launched_by':'tinh'}");
	office_make(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Hồ sơ','unit':'xa-cu','date':"
	    "'2024-03-01','movement':'pt','awards':[{'award':'merit_province',"
	    "'subject':{'kind':'individual','name':'A'}}]}");
	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'2023-05-02','issuer':'tinh',"
	    "'grants':[{'award':'merit_province','unit':'xa-cu','subject':"
	    "{'kind':'individual','name':'B'}}]}");
}

static void
check_fault(const struct fault *fault)
{
	fuzz_check(fault->code == FAULT_INVALID ||
	           fault->code == FAULT_CONFLICT ||
	           fault->code == FAULT_ABSENT || fault->code == FAULT_DENIED ||
	           fault->code == FAULT_LIMIT);
	fuzz_check(fault->text[0] != '\0' && fault->local[0] != '\0');
	fuzz_check(fault->field[0] == '\0' || fault->field[0] == '/');
	fuzz_check(text_is_utf8(bytes_of_text(fault->text)));
	fuzz_check(text_is_utf8(bytes_of_text(fault->local)));
	fuzz_check(text_is_utf8(bytes_of_text(fault->field)));
}

static void
check_record(const struct command *command)
{
	struct fault fault = { .code = FAULT_NONE };
	const json_t *value;

	fuzz_check(command->id != NULL && command->rev > 0);
	value = json_read(command->arena, command->record, &fault);
	fuzz_check(value != NULL);
	fuzz_check(
	    bytes_equal(json_bytes(command->arena, value), command->record));
	fuzz_check(strcmp(json_text_at(value, "id"), command->id) == 0);
}

static void
run(size_t which, struct bytes text)
{
	struct arena *arena = arena_new();
	struct fault fault = { .code = FAULT_NONE };
	const json_t *body = json_read(arena, text, &fault);
	struct command *command;
	int rc;

	if (body != NULL && json_is_object(body)) {
		fuzz_check(
		    command_new(&command, &office->core, arena, &office_actor,
		        commands[which].name, NULL, &fault) == 0);
		rc = commands[which].make != NULL
		         ? commands[which].make(command, body, &fault)
		         : commands[which].edit(command, commands[which].id,
		               body, &fault);
		if (rc == 0) {
			check_record(command);
		} else {
			check_fault(&fault);
		}
		command_free(command);
	}
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *end = len > 0 ? memchr(data, '\n', len) : NULL;
	struct bytes name;

	if (end == NULL) {
		return 0;
	}
	if (office == NULL) {
		open_all();
	}
	name = bytes_of(data, (size_t)(end - data));
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (bytes_equal(name, bytes_of_text(commands[i].name))) {
			run(i, bytes_of(end + 1, len - name.len - 1));
		}
	}
	return 0;
}
