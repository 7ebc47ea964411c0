/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_ARCHIVE_OF_ALL_H
#define TESTS_UNIT_ARCHIVE_OF_ALL_H

#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/figure.h"
#include "core/grant.h"
#include "core/login.h"
#include "core/movement.h"
#include "core/ranking.h"
#include "core/reorganisation.h"
#include "core/score.h"
#include "core/stamping.h"
#include "core/token.h"
#include "core/unit_change.h"
#include "core/user.h"
#include "storage/blob_writer.h"
#include "storage/chunk.h"
#include "tests/unit/filing.h"

/*
 * A small archive that has at least one row in every table, two chunks of a
 * file and two full tiles: for those who check and rebuild it.
 */
#define ALL_LEAVES 600 /* 512 of them fill two tiles */
#define ALL_FILE   (CHUNK_BYTES + 1000u)

static struct secret all_token;
static char all_user[80];

static inline int
all_make_user(struct command *command, const json_t *body, struct fault *fault)
{
	return user_new_secret(command, body, "$hash$", fault);
}

static inline int
all_make_token(struct command *command, const json_t *body, struct fault *fault)
{
	static struct actor lan = { .everything = true };

	lan.user = all_user;
	command->actor = &lan;
	return token_new(command, body, &all_token, fault);
}

/* A document with a file, as an upload would end. */
static inline void
all_make_file(struct office *office)
{
	uint8_t *bytes = malloc(ALL_FILE);
	uint64_t seed = 17;
	struct command *command = office_begin(office, "document.new");
	char hex[SHA256_TEXT];
	struct blob_ref ref;

	scratch_fill(&seed, bytes, ALL_FILE);
	if (blob_put(office->core.store, bytes_of(bytes, ALL_FILE),
	        command->writes, &ref, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	free(bytes);
	sha256_format(hex, &ref.sum);
	if (command_create(command, RECORD_DOCUMENT, "co-tep",
	        json_pack("{s:s, s:s, s:{s:s}, s:[{s:s, s:s, s:I, s:s}]}",
	            "kind", "BC", "subject", "Báo cáo", "issuer", "unit",
	            "tinh", "attachments", "name", "a.txt", "media_type",
	            "text/plain", "size", (json_int_t)ref.size, "sha256", hex),
	        &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

static inline void
all_make_units(struct office *office)
{
	office_make(office, unit_new,
	    "{'id':'tinh','kind':'province','names':[{'name':'Tỉnh Kon Tum',"
	    "'short':'Kon Tum'}],'aliases':['Công Tum'],"
	    "'codes':[{'system':'gso','code':'62'}]}");
	office_make(office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm thi đua số "
	    "1'}]}");
	office_make(office, unit_new,
	    "{'id':'huyen','kind':'district','to':'2025-06-30','names':[{"
	    "'name':'Huyện Đắk Glei'}],'parents':[{'relation':'adm','unit':"
	    "'tinh'}]}");
	office_make(office, unit_new,
	    "{'id':'xa-cu','kind':'commune','names':[{'name':'Xã Đắk Pék',"
	    "'short':'Đắk Pék'}],'to':'2025-06-30','parents':[{'relation':'adm',"
	    "'unit':'huyen'},{'relation':'member','unit':'cum','from':"
	    "'2020-01-01'}]}");
	office_make(office, unit_new,
	    "{'id':'xa','kind':'commune','from':'2025-07-01','names':[{'name':"
	    "'Xã Đắk Pék'}],'parents':[{'relation':'adm','unit':'tinh'}]}");
	office_make(office, reorganisation_new,
	    "{'id':'doi','kind':'rename','date':'2025-07-01','predecessors':["
	    "'xa-cu'],'successors':['xa']}");
}

static inline void
all_make_dossiers(struct office *office)
{
	office_make(office, document_new,
	    "{'id':'qd','reference':'763/QĐ-UBND','kind':'QĐ','date':"
	    "'2023-05-02','issuer':{'unit':'tinh'},'subject':'Khen thưởng'}");
	office_make(office, document_new,
	    "{'id':'bc','kind':'BC','issuer':{'unit':'tinh'},'subject':'A',"
	    "'citations':[{'document':'qd','relation':'basis'},"
	    "{'reference':'15/2022/QH15','relation':'basis'}]}");
	office_make(office, movement_new,
	    "{'id':'pt','title':'Phong trào','launched_by':'tinh'}");
	office_make(office, dossier_new,
	    "{'id':'hs','kind':'merit','title':'Hồ sơ','unit':'xa-cu','date':"
	    "'2024-03-01','movement':'pt','awards':[{'award':'merit_province',"
	    "'subject':{'kind':'individual','name':'A'}}]}");
	office_edit(office, dossier_edit, "hs", "{'title':'Hồ sơ hai'}");
	office_edit(office, dossier_edit, "hs",
	    "{'title':'Hồ sơ \\'ba\\'','code':'3/HS'}");
	filing_file(office, "hs-dai", "xa-cu", "2022-03-01",
	    arena_format(office->arena, "{'title':'%01100d'}", 0));
	office_make(office, decision_new,
	    "{'id':'q','document':'qd','date':'2023-05-02','issuer':'tinh',"
	    "'grants':[{'award':'merit_province','unit':'xa-cu','subject':"
	    "{'kind':'individual','name':'B','woman':true,'ethnic_minority':"
	    "true,'cadre':'direct_worker'}},{'award':'merit_province','unit':"
	    "'xa-cu','subject':{'kind':'collective','count':3}}]}");
	office_edit(office, grant_revoke, "q-002",
	    "{'date':'2024-01-01','reason':'B'}");
	filing_file(office, "hs-2021", "xa-cu", "2021-03-01",
	    "{'decision':'q'}");
	office_make(office, figure_new,
	    "{'id':'f','document':'bc','unit':'tinh','period':{'from':"
	    "'2023-01-01','to':'2023-06-30'},'measure':'award:x','value':5}");
	office_make(office, figure_new,
	    "{'id':'f-2','document':'bc','unit':'tinh','period':{'from':"
	    "'2023-01-01','to':'2023-06-30'},'measure':'award:y','value':6}");
	office_edit(office, figure_edit, "f-2",
	    "{'unit':'xa','period':{'from':'2025-07-01','to':'2025-12-31'}}");
	office_make(office, score_put,
	    "{'cluster':'cum','year':2024,'scheme':'score_table_v1','unit':"
	    "'xa-cu','criterion':'a','source':'self','value':5800}");
	office_make(office, ranking_keep,
	    "{'cluster':'cum','scheme':'score_table_v1','period':{'from':"
	    "'2024-01-01','to':'2024-12-31'},'results':[]}");
}

static inline void
all_make_accounts(struct office *office)
{
	struct writes *writes;
	struct secret cookie;

	clock_set(clock_of_date(date_of(2026, 3, 1)));
	office_make(office, all_make_user, "{'login':'lan','name':'Lan'}");
	snprintf(all_user, sizeof(all_user), "%s", office->result.id);
	office_make(office, all_make_token,
	    "{'name':'a','scopes':['unit.read'],'expires':'2026-03-31'}");
	secret_draw(&cookie);
	writes = writes_new(office->core.store, NULL);
	login_put(writes, &cookie,
	    &(struct login){ .user = all_user, .epoch = 1, .made = 1 });
	if (writes_commit_wait(writes, &(struct writes_result){ 0 },
	        office->arena, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

/* A container that waits for its time-stamp. */
static inline void
all_make_waiting(struct office *office)
{
	struct command *command = office_begin(office, "dossier.new");
	char hex[SHA256_TEXT];
	struct blob_ref ref;
	json_t *more;

	if (blob_put(office->core.store, bytes_of_text("container"),
	        command->writes, &ref, &office->fault) < 0) {
		fail_msg("%s", office->fault.text);
	}
	sha256_format(hex, &ref.sum);
	more = json_own(command->arena,
	    json_pack("{s:{s:s, s:{s:s, s:I}}}", "seal", "state",
	        "awaiting-timestamp", "pending", "sha256", hex, "size",
	        (json_int_t)ref.size));
	stamping_wait(command->writes, "cho", 0);
	if (filing_add(command, "cho", "tinh", "2024-01-01", more,
	        &office->fault) < 0 ||
	    office_commit(office, command) < 0) {
		fail_msg("%s", office->fault.text);
	}
}

static inline struct office *
all_open(void)
{
	struct office *office = office_open(true);
	uint64_t size = 0;

	all_make_units(office);
	all_make_dossiers(office);
	all_make_accounts(office);
	all_make_file(office);
	all_make_waiting(office);
	while (size < ALL_LEAVES) {
		office_edit(office, movement_edit, "pt", "{'theme':'A'}");
		snapshot_log_size(office_look(office), &size, &office->fault);
	}
	audit_keep(office->core.audit);
	/* What is handed over later is written later. */
	office_edit(office, movement_edit, "pt", "{'theme':'B'}");
	return office;
}

#endif
