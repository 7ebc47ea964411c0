/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every address that names a record, or makes one, with every role, bound to
 * a commune or to the district above it, on records of that commune and of
 * another one, over HTTP with the real handlers: 403 where the matrix does
 * not grant it, and anything else where it does.  The matrix is read here in
 * a way of its own, from the file.
 */

#include "archive/seal.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/figure.h"
#include "core/movement.h"
#include "core/plugins.h"
#include "core/reorganisation.h"
#include "core/score.h"
#include "core/unit_change.h"
#include "tests/unit/desk.h"
#include "tests/unit/filing.h"

#define V1 "/api/v1"

/* Two communes, each below a district of its own. */
static const char *const communes[] = { "xa-a", "xa-b" };
static const char *const districts[] = { "huyen-a", "huyen-b" };

/* What is asked; $ is the commune ("a", "b"), ' is ". */
static const struct query {
	const char *line;
	const char *body; /* NULL: none */
	const char *act;
	const char *status; /* of the dossier */
	const char *source; /* of the score */
	const char *unit;   /* "xa", "huyen"; NULL: of nobody */
} queries[] = {
	{ "GET /units/xa-$", NULL, "unit.read", NULL, NULL, "xa" },
	{ "PATCH /units/xa-$", "{}", "unit.write", NULL, NULL, "xa" },
	{ "POST /units", "{'parents':[{'unit':'xa-$'}]}", "unit.write", NULL,
	    NULL, "xa" },
	{ "POST /units", "{}", "unit.write", NULL, NULL, NULL },
	{ "POST /reorganisations", "{'predecessors':['xa-$']}", "unit.write",
	    NULL, NULL, "xa" },
	{ "POST /reorganisations",
	    "{'successors':[{'parents':[{'unit':'xa-$'}]}]}", "unit.write",
	    NULL, NULL, "xa" },
	{ "POST /reorganisations", "{'successors':[{}]}", "unit.write", NULL,
	    NULL, NULL },
	{ "POST /reorganisations", "{}", "unit.write", NULL, NULL, NULL },
	{ "GET /reorganisations", NULL, "unit.read", NULL, NULL, NULL },
	{ "GET /reorganisations/days", NULL, "unit.read", NULL, NULL, NULL },
	{ "GET /reorganisations/doi", NULL, "unit.read", NULL, NULL, NULL },
	{ "GET /units/xa-$/children", NULL, "unit.read", NULL, NULL, "xa" },
	{ "GET /units/xa-$/history", NULL, "unit.read", NULL, NULL, "xa" },
	{ "GET /units/xa-$/grants", NULL, "grant.read", NULL, NULL, "xa" },
	{ "GET /units/xa-$/counts", NULL, "report.run", NULL, NULL, "xa" },

	{ "POST /movements", "{'launched_by':'xa-$'}", "movement.write", NULL,
	    NULL, "xa" },
	{ "GET /movements/pt-$", NULL, "movement.read", NULL, NULL, "xa" },
	{ "PATCH /movements/pt-$", "{}", "movement.write", NULL, NULL, "xa" },
	{ "POST /movements/pt-$/steps", "{}", "movement.step", NULL, NULL,
	    "xa" },

	{ "POST /documents", "{'issuer':{'unit':'xa-$'}}", "document.write",
	    NULL, NULL, "xa" },
	{ "GET /documents/vb-$", NULL, "document.read", NULL, NULL, "xa" },
	{ "PATCH /documents/vb-$", "{}", "document.write", NULL, NULL, "xa" },
	{ "GET /documents/vb-$/files/"
	  "00000000000000000000000000000000"
	  "00000000000000000000000000000000",
	    NULL, "document.read", NULL, NULL, "xa" },
	{ "GET /documents/vb-$/examinations", NULL, "document.read", NULL, NULL,
	    "xa" },
	{ "GET /documents/vb-$/citing", NULL, "document.read", NULL, NULL,
	    "xa" },
	{ "GET /documents/vb-$/next", NULL, "document.read", NULL, NULL, "xa" },
	{ "GET /documents/vb-$/history", NULL, "document.read", NULL, NULL,
	    "xa" },
	{ "GET /documents/vb-$/history/1/receipt", NULL, "document.read", NULL,
	    NULL, "xa" },

	{ "POST /dossiers", "{'unit':'xa-$'}", "dossier.new", NULL, NULL,
	    "xa" },
	{ "GET /dossiers/hs-$", NULL, "dossier.read", "draft", NULL, "xa" },
	{ "GET /dossiers/hs-archived-$", NULL, "dossier.read", "archived", NULL,
	    "xa" },
	{ "GET /dossiers/hs-consultation-$", NULL, "dossier.read",
	    "consultation", NULL, "xa" },
	{ "GET /dossiers/hs-council-$", NULL, "dossier.read", "council_review",
	    NULL, "xa" },
	{ "GET /dossiers/hs-$/missing", NULL, "dossier.read", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/examinations", NULL, "dossier.read", "draft",
	    NULL, "xa" },
	{ "GET /dossiers/hs-$/history", NULL, "dossier.read", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/history/1/receipt", NULL, "dossier.read", "draft",
	    NULL, "xa" },
	{ "GET /dossiers/hs-$/next", NULL, "dossier.read", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/votes", NULL, "dossier.read", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/files/"
	  "00000000000000000000000000000000"
	  "00000000000000000000000000000000",
	    NULL, "dossier.read", "draft", NULL, "xa" },
	{ "PATCH /dossiers/hs-$", "{}", "dossier.edit", "draft", NULL, "xa" },
	{ "PATCH /dossiers/hs-appraisal-$", "{}", "dossier.edit", "appraisal",
	    NULL, "xa" },
	{ "POST /dossiers/hs-$/components", "{}", "dossier.edit", "draft", NULL,
	    "xa" },
	{ "POST /dossiers/hs-$/steps", "{}", "dossier.step", "draft", NULL,
	    "xa" },
	{ "POST /dossiers/hs-$/opinions", "{}", "dossier.opinion", "draft",
	    NULL, "xa" },
	{ "POST /dossiers/hs-consultation-$/opinions", "{}", "dossier.opinion",
	    "consultation", NULL, "xa" },
	{ "POST /dossiers/hs-$/votes", "{}", "dossier.vote", "draft", NULL,
	    "xa" },
	{ "POST /dossiers/hs-council-$/votes", "{}", "dossier.vote",
	    "council_review", NULL, "xa" },
	{ "POST /dossiers/hs-$/seal", "{}", "package.seal", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/package", NULL, "package.read", "draft", NULL,
	    "xa" },
	{ "GET /dossiers/hs-$/evidence", NULL, "package.read", "draft", NULL,
	    "xa" },

	{ "POST /decisions", "{'issuer':'xa-$'}", "decision.new", NULL, NULL,
	    "xa" },
	{ "GET /decisions/qd-$", NULL, "decision.read", NULL, NULL, "xa" },
	{ "GET /decisions/qd-$/history", NULL, "decision.read", NULL, NULL,
	    "xa" },
	{ "GET /grants/qd-$-001", NULL, "grant.read", NULL, NULL, "xa" },
	{ "POST /grants/qd-$-001/revocation", "{}", "decision.revoke", NULL,
	    NULL, "xa" },
	{ "POST /figures", "{'unit':'xa-$'}", "figure.write", NULL, NULL,
	    "xa" },
	{ "GET /figures/so-$", NULL, "figure.read", NULL, NULL, "xa" },
	{ "PATCH /figures/so-$", "{}", "figure.write", NULL, NULL, "xa" },
	{ "GET /units/xa-$/figures", NULL, "figure.read", NULL, NULL, "xa" },
	{ "POST /scores", "{'unit':'xa-$','source':'self'}", "score.write",
	    NULL, "self", "xa" },
	{ "POST /scores", "{'unit':'xa-$','source':'appraised'}", "score.write",
	    NULL, "appraised", "xa" },
	{ "POST /scores", "{'unit':'xa-$','source':'peer'}", "score.write",
	    NULL, "peer", "xa" },
	{ "GET /scores/%s", NULL, "score.read", NULL, NULL, "xa" },

	{ "GET /reports/no-such?unit=xa-$", NULL, "report.run", NULL, NULL,
	    "xa" },
	{ "POST /rankings", "{'cluster':'xa-$'}", "ranking.run", NULL, NULL,
	    "xa" },
};

/*
 * Routes that name no record of a unit: lists, which leave out what one may
 * not see, one's own things, and what only some roles may do at all.
 * test_admission tries them.
 */
static const char *const elsewhere[] = {
	"/evidence/",
	"/healthz",
	"/metrics",
	"/fixity",
	"/session",
	"/users",
	"/tokens",
	"/uploads",
	"/plugins",
	"/audit/",
	"/verify",
	"/demands",
	"/rules",
	"/system",
	"/work",
	"/jobs",
	"/backups",
	"GET /units",
	"GET /documents",
	"GET /decisions",
	"GET /dossiers",
	"GET /units/{id}/dossiers",
	"GET /units/{id}/scores",
	"GET /decisions/{id}/grants",
	"GET /documents/{id}/decisions",
	/* needs the right to all that the entry tells of */
	"GET /decisions/{id}/history/{rev}/receipt",
	"GET /rankings",
	"GET /rankings/{id}",
};

/* --- an archive with the same things of both communes ------------------- */

static const char *scores[2]; /* ids */

static const char *
fill(struct desk *desk, const char *text, int which)
{
	char *copy = arena_text(desk->office->arena, text);

	for (char *c = copy; *c != '\0'; c++) {
		*c = *c == '$' ? (char)('a' + which) : *c;
	}
	return copy;
}

static void
make_records(struct desk *desk, int which)
{
	static const struct {
		office_make_fn make;
		const char *body;
	} rows[] = {
		{ unit_new,
		    "{'id':'huyen-$','kind':'district','names':[{'name':"
		    "'Huyện'}]}" },
		{ unit_new,
		    "{'id':'xa-$','kind':'commune','names':[{'name':'Xã'}],"
		    "'parents':[{'relation':'adm','unit':'huyen-$'}]}" },
		{ movement_new,
		    "{'id':'pt-$','title':'P','launched_by':'xa-$'}" },
		{ document_new,
		    "{'id':'vb-$','kind':'QĐ','subject':'S','issuer':{'unit':"
		    "'xa-$'}}" },
		{ decision_new,
		    "{'id':'qd-$','document':'vb-$','date':'2024-05-02',"
		    "'issuer':'xa-$','grants':[{'award':'merit_province',"
		    "'unit':'xa-$','subject':{'kind':'collective','count':"
		    "3}}]}" },
		{ figure_new,
		    "{'id':'so-$','document':'vb-$','unit':'xa-$','period':{"
		    "'from':'2024-01-01','to':'2024-06-30'},'measure':'m',"
		    "'value':5}" },
		{ score_put,
		    "{'cluster':'cum','year':2024,'scheme':'score_table_v1',"
		    "'unit':'xa-$','criterion':'a','source':'self','value':"
		    "1}" },
	};

	static const char *const statuses[][2] = {
		{ "hs-$", "draft" },
		{ "hs-appraisal-$", "appraisal" },
		{ "hs-consultation-$", "consultation" },
		{ "hs-council-$", "council_review" },
		{ "hs-archived-$", "archived" },
	};
	struct office *office = desk->office;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		office_make(office, rows[i].make,
		    fill(desk, rows[i].body, which));
	}
	scores[which] = arena_text(office->arena, office->result.id);
	for (size_t i = 0; i < 5; i++) {
		filing_file(office, fill(desk, statuses[i][0], which),
		    communes[which], "2024-03-01",
		    arena_format(office->arena, "{'status':'%s'}",
		        statuses[i][1]));
	}
}

/* The archive's own key, which sealing looks at before anything else. */
static struct seal_key *seal;

static void
make_seal(struct desk *desk)
{
	const struct seal_options options = { .common_name = "Lưu trữ",
		.from = clock_now(),
		.years = 1 };
	struct fault *fault = &desk->office->fault;
	struct buf certificate;
	struct buf key;

	buf_init(&certificate, 65536);
	buf_init(&key, 65536);
	if (seal_key_make(&key, &certificate, &options, fault) < 0 ||
	    seal_key_load(&seal, buf_bytes(&key), buf_bytes(&certificate),
	        fault) < 0) {
		fail_msg("%s", fault->text);
	}
	buf_fini(&certificate);
	buf_fini(&key);
	desk->office->core.seal = seal;
}

static int
setup(void **state)
{
	struct desk *desk = desk_open(routes);
	const struct plugins_conf none = { .host = "/bin/true",
		.folders = desk->office->path,
		.limits = HOST_LIMITS_PRESET };

	if (plugins_open(&desk->office->core.plugins, &none,
	        &desk->office->fault) < 0) {
		fail_msg("%s", desk->office->fault.text);
	}
	make_seal(desk);
	clock_set(clock_of_date(date_of(2024, 6, 1)));
	office_make(desk->office, unit_new,
	    "{'id':'cum','kind':'cluster','names':[{'name':'Cụm'}]}");
	make_records(desk, 0);
	make_records(desk, 1);
	office_make(desk->office, unit_new,
	    "{'id':'cu','kind':'commune','names':[{'name':'Cũ'}],"
	    "'to':'2020-12-31'}");
	office_make(desk->office, unit_new,
	    "{'id':'moi','kind':'commune','names':[{'name':'Mới'}],"
	    "'from':'2021-01-01'}");
	office_make(desk->office, reorganisation_new,
	    "{'id':'doi','kind':'rename','date':'2021-01-01','predecessors':["
	    "'cu'],'successors':['moi']}");
	office_look_away(desk->office);
	*state = desk;
	return 0;
}

static int
teardown(void **state)
{
	struct desk *desk = *state;
	struct plugins *plugins = desk->office->core.plugins;

	desk_close(desk);
	plugins_close(plugins);
	seal_key_free(seal);
	return 0;
}

/* --- the file, read anew ------------------------------------------------ */

static bool
names(const json_t *row, const char *member, const char *word)
{
	const json_t *list = json_object_get(row, member);
	json_t *item;
	size_t i;

	if (list == NULL) {
		return true;
	}
	json_array_foreach(list, i, item)
	{
		if (word != NULL &&
		    strcmp(json_string_value(item), word) == 0) {
			return true;
		}
	}
	return false;
}

/* Everything was made by somebody else, so "mine" grants nothing. */
static bool
row_grants(const json_t *row, const struct query *query, int which,
    const char *bound_to)
{
	const char *scope = json_text_at(row, "scope");

	if (!names(row, "statuses", query->status) ||
	    !names(row, "sources", query->source)) {
		return false;
	}
	if (strcmp(scope, "all") == 0) {
		return true;
	}
	if (strcmp(scope, "mine") == 0 || query->unit == NULL) {
		/* what nobody owns yet and one makes is one's own */
		return strcmp(scope, "mine") == 0 &&
		       strncmp(query->line, "POST /", 6) == 0 &&
		       strchr(query->line + 6, '/') == NULL;
	}
	return strcmp(bound_to, communes[which]) == 0 ||
	       (strcmp(scope, "subtree") == 0 &&
	           strcmp(bound_to, districts[which]) == 0);
}

static bool
file_grants(struct desk *desk, const struct query *query, int which,
    const char *role, const char *bound_to)
{
	const json_t *acts = rules_list(desk->office->rules, RULES_ACTS);
	json_t *act;
	json_t *row;
	size_t i;
	size_t j;

	json_array_foreach(acts, i, act)
	{
		if (strcmp(json_text_at(act, "act"), query->act) != 0) {
			continue;
		}
		json_array_foreach(json_object_get(act, "grants"), j, row)
		{
			if (strcmp(json_text_at(row, "role"), role) == 0 &&
			    row_grants(row, query, which, bound_to)) {
				return true;
			}
		}
	}
	return false;
}

/* --- trying ------------------------------------------------------------- */

static void
try_one(struct desk *desk, const struct query *query, int which,
    const char *role, const char *bound_to)
{
	struct arena *arena = desk->office->arena;
	const char *path = strchr(query->line, ' ') + 1;
	const char *line = arena_format(arena, "%.*s" V1 "%s",
	    (int)(path - query->line), query->line, path);
	bool may = file_grants(desk, query, which, role, bound_to);
	int status;

	if (strstr(line, "%s") != NULL) {
		line =
		    arena_format(arena, "GET " V1 "/scores/%s", scores[which]);
	}
	line = fill(desk, line, which);
	status = desk_ask(desk, line,
	    query->body != NULL ? fill(desk, query->body, which) : NULL);
	if (status == 401 || (status == 403) == may) {
		fail_msg("%s of %s, %s %s (%s): got %d, wanted %s: %s", role,
		    bound_to, line, query->body != NULL ? query->body : "",
		    query->act, status, may ? "another than 403" : "403",
		    buf_text(&desk->answer.body));
	}
}

static void
try_role(struct desk *desk, const char *role, const char *bound_to)
{
	static unsigned serial;

	desk_be(desk,
	    desk_user(desk,
	        arena_format(desk->office->arena,
	            "{'login':'user-%u','name':'N','roles':[{'role':'%s',"
	            "'unit':'%s'}]}",
	            ++serial, role, bound_to)));
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		for (int which = 0; which < 2; which++) {
			try_one(desk, &queries[i], which, role, bound_to);
		}
	}
}

static void
every_role_reaches_what_the_matrix_grants_and_nothing_else(void **state)
{
	struct desk *desk = *state;
	const json_t *roles = rules_list(desk->office->rules, RULES_ROLES);
	json_t *role;
	size_t i;

	json_array_foreach(roles, i, role)
	{
		const char *id = json_text_at(role, "id");

		if (!json_is_false(json_object_get(role, "assignable"))) {
			try_role(desk, id, "xa-a");
			try_role(desk, id, "huyen-a");
		}
	}
}

/* The route's path, without what all of the API begin with. */
static const char *
path_of(const struct route *route)
{
	size_t len = strlen(V1);

	return route->path + (strncmp(route->path, V1, len) == 0 ? len : 0);
}

/* "PATCH /dossiers/{id}" beside "PATCH /dossiers/hs-$". */
static bool
is_of_route(const char *line, const struct route *route)
{
	const char *method = method_name(route->method);
	const char *path = path_of(route);
	size_t len = strlen(method);

	if (strncmp(line, method, len) != 0 || line[len] != ' ') {
		return false;
	}
	for (line += len + 1; *path != '\0'; path++) {
		if (*path == '{') {
			line += strcspn(line, "/?");
			path = strchr(path, '}');
		} else if (*line++ != *path) {
			return false;
		}
	}
	return *line == '\0' || *line == '?';
}

static bool
is_tried(const struct route *route)
{
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		if (strcmp(queries[i].act, route->act) == 0 &&
		    is_of_route(queries[i].line, route)) {
			return true;
		}
	}
	return false;
}

static bool
is_elsewhere(const struct route *route)
{
	const char *path = path_of(route);

	if (strcmp(route->act, "page.read") == 0) {
		return true; /* the page, which has no data: test_page */
	}
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
		const char *named = elsewhere[i];

		if (named[0] == '/' ? strncmp(path, named, strlen(named)) == 0
		                    : is_of_route(named, route)) {
			return true;
		}
	}
	return false;
}

static void
no_route_is_left_out(void **state)
{
	(void)state;
	for (const struct route *route = routes; route->path != NULL; route++) {
		if (!is_tried(route) && !is_elsewhere(route)) {
			fail_msg("%s %s (%s) is not tried",
			    method_name(route->method), route->path,
			    route->act);
		}
	}
}

static void
a_change_that_moves_a_record_needs_the_right_at_both_ends(void **state)
{
	struct desk *desk = *state;

	desk_be(desk,
	    desk_user(desk, "{'login':'di','name':'N','roles':[{'role':"
	                    "'unit_clerk','unit':'xa-a'}]}"));
	desk_expect(desk, "PATCH " V1 "/dossiers/hs-a", "{'title':'T'}", 200);
	desk_expect(desk, "PATCH " V1 "/dossiers/hs-a", "{'unit':'xa-b'}", 403);
	desk_be(desk,
	    desk_user(desk, "{'login':'dau','name':'N','roles':[{'role':"
	                    "'head_of_standing_body','unit':'huyen-a'}]}"));
	desk_expect(desk, "PATCH " V1 "/units/xa-a", "{'note':'N'}", 200);
	desk_expect(desk, "PATCH " V1 "/units/xa-a",
	    "{'parents':[{'relation':'adm','unit':'huyen-b'}]}", 403);
}

/* Be a new user with one role. */
static void
be_one(struct desk *desk, const char *login, const char *role, const char *unit)
{
	desk_be(desk,
	    desk_user(desk,
	        arena_format(desk->office->arena,
	            "{'login':'%s','name':'N','roles':[{'role':'%s','unit':"
	            "'%s'}]}",
	            login, role, unit)));
}

#define REVOCATION "{'reason':'Khai man','date':'2024-05-20'}"

/* Decided in commune a, for a unit of commune b: a's to take back. */
static void
who_decided_revokes_whatever_unit_was_awarded(void **state)
{
	static const char line[] = "POST " V1 "/grants/qd-ngoai-001/revocation";
	static const char list[] = "GET " V1 "/decisions/qd-ngoai/grants";
	struct desk *desk = *state;

	office_make(desk->office, decision_new,
	    "{'id':'qd-ngoai','document':'vb-a','date':'2024-05-02','issuer':"
	    "'xa-a','grants':[{'award':'merit_province','unit':'xa-b',"
	    "'subject':{'kind':'collective','count':2}}]}");
	office_look_away(desk->office);
	be_one(desk, "chu-b", "chair", "xa-b");
	desk_expect(desk, line, REVOCATION, 403);
	be_one(desk, "thu-b", "unit_head", "xa-b");
	desk_expect(desk, line, REVOCATION, 403);
	be_one(desk, "luu", "archivist", "xa-a");
	desk_expect(desk, line, REVOCATION, 403);
	be_one(desk, "ngoai", "chair", "huyen-b");
	desk_expect(desk, line, REVOCATION, 403);
	be_one(desk, "chu-a", "chair", "huyen-a");
	desk_expect(desk, list, NULL, 200);
	assert_int_equal(
	    json_array_size(json_object_get(desk_json(desk), "grants")), 1);
	desk_expect(desk, line, REVOCATION, 200);
	desk_expect(desk, line, REVOCATION, 409);
}

/* Decisions of the past, whichever archivist filed them, and none of today. */
static void
an_archivist_enters_what_was_revoked_in_the_past(void **state)
{
	static const char dossiers[] = "POST " V1 "/dossiers";
	static const char decisions[] = "POST " V1 "/decisions";
	static const char old[] = "POST " V1 "/grants/qd-xua-001/revocation";
	static const char new[] = "POST " V1 "/grants/qd-nay-001/revocation";
	static const char lone[] = "POST " V1 "/grants/qd-le-001/revocation";
	struct desk *desk = *state;

	office_make(desk->office, dossier_new,
	    "{'id':'hs-nay','kind':'merit','title':'T','unit':'xa-a','date':"
	    "'2024-03-01'}");
	office_make(desk->office, decision_new,
	    "{'id':'qd-nay','document':'vb-a','date':'2024-05-02','issuer':"
	    "'xa-a','dossier':'hs-nay','grants':[{'award':'merit_province',"
	    "'unit':'xa-a','subject':{'kind':'collective','count':2}}]}");
	office_look_away(desk->office);
	be_one(desk, "luu-1", "archivist", "xa-b");
	desk_expect(desk, dossiers,
	    "{'id':'hs-xua','kind':'merit','title':'T','unit':'xa-a','date':"
	    "'2014-03-01'}",
	    201);
	desk_expect(desk, decisions,
	    "{'id':'qd-xua','document':'vb-a','date':'2014-05-02','issuer':"
	    "'xa-a','dossier':'hs-xua','grants':[{'award':'merit_province',"
	    "'unit':'xa-a','subject':{'kind':'collective','count':2}}]}",
	    201);
	desk_expect(desk, decisions,
	    "{'id':'qd-le','document':'vb-b','date':'2014-05-02','issuer':"
	    "'xa-b','grants':[{'award':'merit_province','unit':'xa-b',"
	    "'subject':{'kind':'collective','count':2}}]}",
	    201);
	desk_expect(desk, lone, REVOCATION, 200);
	be_one(desk, "luu-2", "archivist", "xa-b");
	desk_expect(desk, old, REVOCATION, 200);
	desk_expect(desk, new, REVOCATION, 403);
	desk_expect(desk, lone, REVOCATION, 403);
}

static void
a_subject_makes_a_draft_of_his_own_and_nothing_else(void **state)
{
	struct desk *desk = *state;

	be_one(desk, "dan", "subject", "xa-a");
	desk_expect(desk, "POST " V1 "/dossiers",
	    "{'id':'hs-dan','kind':'merit','title':'T','unit':'xa-a','date':"
	    "'2024-03-01'}",
	    201);
	desk_expect(desk, "PATCH " V1 "/dossiers/hs-dan", "{'title':'Tôi'}",
	    200);
	desk_expect(desk, "GET " V1 "/dossiers/hs-dan", NULL, 200);
	desk_expect(desk, "POST " V1 "/dossiers/hs-dan/steps",
	    "{'status':'unit_review'}", 403);
	desk_expect(desk, "POST " V1 "/dossiers",
	    "{'id':'hs-la','kind':'merit','title':'T','unit':'xa-b','date':"
	    "'2024-03-01'}",
	    403);
	be_one(desk, "can-bo", "unit_clerk", "xa-a");
	desk_expect(desk, "POST " V1 "/dossiers/hs-dan/steps",
	    "{'status':'unit_review'}", 200);
	be_one(desk, "dan-2", "subject", "xa-a");
	desk_expect(desk, "GET " V1 "/dossiers/hs-dan", NULL, 403);
}

#define desk_unit(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

UNIT_MAIN(unit(no_route_is_left_out),
    desk_unit(every_role_reaches_what_the_matrix_grants_and_nothing_else),
    desk_unit(a_change_that_moves_a_record_needs_the_right_at_both_ends),
    desk_unit(who_decided_revokes_whatever_unit_was_awarded),
    desk_unit(an_archivist_enters_what_was_revoked_in_the_past),
    desk_unit(a_subject_makes_a_draft_of_his_own_and_nothing_else))
