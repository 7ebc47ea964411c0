/* SPDX-License-Identifier: Apache-2.0 */

/*
 * All that can be asked of the server, a row each: method, path, handler, the
 * act that data/rules/permissions.json grants to roles, body, flags, query
 * names, and what it is in one line.
 */

#include "api/routes.h"

#include "api/audit_http.h"
#include "api/backlog_http.h"
#include "api/backup_http.h"
#include "api/ballot_http.h"
#include "api/citing_http.h"
#include "api/decision_http.h"
#include "api/demand_http.h"
#include "api/dossier_http.h"
#include "api/evidence_http.h"
#include "api/figure_http.h"
#include "api/grant_http.h"
#include "api/history_http.h"
#include "api/metrics_http.h"
#include "api/page_http.h"
#include "api/password_http.h"
#include "api/ranking_http.h"
#include "api/record_http.h"
#include "api/reorganisation_http.h"
#include "api/report_http.h"
#include "api/rules_http.h"
#include "api/score_http.h"
#include "api/session_http.h"
#include "api/system_http.h"
#include "api/tree_http.h"
#include "api/unit_http.h"
#include "api/upload_http.h"
#include "api/user_http.h"
#include "api/verify_http.h"
#include "api/witness_http.h"
#include "api/work_http.h"

#define V1 "/api/v1"

#define JSON   ROUTE_BODY_JSON
#define NONE   ROUTE_BODY_NONE
#define FORM   ROUTE_BODY_FORM
#define BYTES  ROUTE_BODY_BYTES
#define STREAM ROUTE_BODY_STREAM

#define FILTERS "mode as_of year award level status kind limit cursor exact"

/* clang-format off */
const struct route routes[] = {
	/* the web page, a row for each folder of web/src/pages */
	{ METHOD_GET, "/", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page" },
	{ METHOD_GET, "/bao-cao", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: reports" },
	{ METHOD_GET, "/bieu-do", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: charts" },
	{ METHOD_GET, "/dang-nhap", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: log in" },
	{ METHOD_GET, "/don-vi", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: units" },
	{ METHOD_GET, "/don-vi/moi", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a new unit" },
	{ METHOD_GET, "/don-vi/{id}", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: a unit and its dossiers" },
	{ METHOD_GET, "/don-vi/{id}/sua", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a unit to be changed" },
	{ METHOD_GET, "/sap-xep", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a reorganisation" },
	{ METHOD_GET, "/ho-so/{id}", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: a dossier" },
	{ METHOD_GET, "/khen-thuong", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: the grants behind a number" },
	{ METHOD_GET, "/ho-so/{id}/quyet-dinh", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: decide on a dossier" },
	{ METHOD_GET, "/ho-so/{id}/sua", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: a dossier in the making" },
	{ METHOD_GET, "/kiem-tra", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: is this real" },
	{ METHOD_GET, "/lap-ho-so", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: make a dossier" },
	{ METHOD_GET, "/quan-tri", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: looking after the server" },
	{ METHOD_GET, "/quan-tri/nguoi-dung", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: users" },
	{ METHOD_GET, "/quan-tri/nguoi-dung/{id}", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a user" },
	{ METHOD_GET, "/quan-tri/phan-mo-rong", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: plugins" },
	{ METHOD_GET, "/quan-tri/phap-ly", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: the law's tables" },
	{ METHOD_GET, "/quan-tri/them-nguoi-dung", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a new user" },
	{ METHOD_GET, "/quan-tri/vai-tro", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: roles and what they may do" },
	{ METHOD_GET, "/quan-tri/van-hanh", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: how the server is" },
	{ METHOD_GET, "/quyet-dinh", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: find a decision" },
	{ METHOD_GET, "/quyet-dinh/{id}", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: a decision and its grants" },
	{ METHOD_GET, "/so-lieu", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: figures that documents report" },
	{ METHOD_GET, "/tai-khoan", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: one's own account" },
	{ METHOD_GET, "/van-ban", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: find a document" },
	{ METHOD_GET, "/van-ban/moi", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: register a document" },
	{ METHOD_GET, "/van-ban/{id}", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: a document" },
	{ METHOD_GET, "/van-ban/{id}/sua", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: change a document" },
	{ METHOD_GET, "/viec-hom-nay", page_http_index, "page.read", NONE, ROUTE_PUBLIC, NULL, "The web page: what waits for the reader" },
	{ METHOD_GET, "/xep-hang", page_http_index, "page.read", NONE, ROUTE_PUBLIC, "*", "The web page: ranking of a cluster" },
	{ METHOD_GET, "/assets/{name}", page_http_asset, "page.read", NONE, ROUTE_PUBLIC, NULL, "A file that the web page loads" },

	/* the machine */
	{ METHOD_GET, "/healthz", system_http_health, "system.alive", NONE, ROUTE_PUBLIC | ROUTE_QUIET, NULL, "Is the server alive" },
	{ METHOD_GET, "/metrics", metrics_http_show, "system.read", NONE, ROUTE_QUIET, NULL, "Figures for Prometheus" },
	{ METHOD_GET, V1 "/fixity", system_http_fixity, "fixity.read", NONE, 0, NULL, "What the fixity check found, and how far it is" },
	{ METHOD_GET, V1 "/evidence/plan", evidence_http_plan, "evidence.read", NONE, 0, NULL, "What evidence ends when, and how much rests on it" },
	{ METHOD_GET, V1 "/evidence/risk", evidence_http_risk, "evidence.read", NONE, 0, "algorithm authority", "What falls with an algorithm or an authority" },
	{ METHOD_POST, V1 "/evidence/run", evidence_http_run, "evidence.run", NONE, 0, NULL, "Make and renew evidence now" },
	{ METHOD_GET, V1 "/system", system_http_show, "operation.read", NONE, 0, NULL, "Version, room on the disk, workers" },
	{ METHOD_GET, V1 "/jobs", backlog_http_list, "operation.read", NONE, 0, "kind limit after", "Work that waits, and why" },
	{ METHOD_GET, V1 "/backups", backup_http_list, "operation.read", NONE, 0, NULL, "Backups and drills that the tools wrote down" },
	{ METHOD_GET, V1 "/rules", rules_http_list, "unit.read", NONE, 0, NULL, "The tables of the law and the files they came from" },
	{ METHOD_GET, V1 "/rules/{table}", rules_http_table, "unit.read", NONE, 0, "date", "A dated table of the law" },
	{ METHOD_GET, V1 "/demands", demand_http_show, "unit.read", NONE, 0, "award kind procedure date", "Components the rules demand for an award" },

	/* accounts */
	{ METHOD_POST, V1 "/session", session_http_open, "session.open", JSON, ROUTE_PUBLIC, NULL, "Log in" },
	{ METHOD_GET, V1 "/session", session_http_show, "session.open", NONE, ROUTE_PUBLIC, NULL, "Who am I, and with which roles" },
	{ METHOD_DELETE, V1 "/session", session_http_close, "session.own", NONE, 0, "everywhere", "Log out, here or everywhere" },
	{ METHOD_PUT, V1 "/session/password", password_http_own, "session.own", JSON, 0, NULL, "Change one's own password" },
	{ METHOD_GET, V1 "/users", user_http_list, "user.read", NONE, 0, "find login limit after", "Users, in order of id or of log-in name, or found by name" },
	{ METHOD_POST, V1 "/users", password_http_new_user, "user.write", JSON, 0, NULL, "Make a user" },
	{ METHOD_GET, V1 "/users/{id}", user_http_get, "user.read", NONE, 0, "rev", "One user" },
	{ METHOD_GET, V1 "/users/{id}/name", user_http_name, "user.name", NONE, 0, NULL, "What somebody is called" },
	{ METHOD_PATCH, V1 "/users/{id}", user_http_edit, "user.write", JSON, 0, NULL, "Change a user, his roles, or disable him" },
	{ METHOD_PUT, V1 "/users/{id}/password", password_http_set, "user.write", JSON, 0, NULL, "Give somebody a new password" },
	{ METHOD_GET, V1 "/tokens", user_http_tokens, "token.own", NONE, 0, NULL, "One's own tokens" },
	{ METHOD_POST, V1 "/tokens", user_http_new_token, "token.own", JSON, 0, NULL, "Make a token; its secret is told once" },
	{ METHOD_GET, V1 "/tokens/{id}", user_http_token, "token.own", NONE, 0, "rev", "One token" },
	{ METHOD_DELETE, V1 "/tokens/{id}", user_http_revoke_token, "token.own", NONE, 0, NULL, "Revoke a token" },

	/* the day's work */
	{ METHOD_GET, V1 "/work", work_http_list, "dossier.read", NONE, 0, "role unit status limit cursor", "What waits for whoever asks, by role and status" },

	/* units */
	{ METHOD_POST, V1 "/units", record_http_new_unit, "unit.write", JSON, 0, NULL, "Make a unit" },
	{ METHOD_GET, V1 "/units", unit_http_find, "unit.read", NONE, 0, "name prefix code id as_of exact roots kind limit after", "Find units by name or code, or those at the top" },
	{ METHOD_GET, V1 "/units/{id}", record_http_get_unit, "unit.read", NONE, 0, "rev", "One unit" },
	{ METHOD_PATCH, V1 "/units/{id}", record_http_edit_unit, "unit.write", JSON, 0, NULL, "Change a unit" },
	{ METHOD_GET, V1 "/units/{id}/children", tree_http_children, "unit.read", NONE, 0, "relation as_of limit after", "Units below it on a day" },
	{ METHOD_GET, V1 "/units/{id}/history", unit_http_history, "unit.read", NONE, 0, NULL, "What it came from and what came of it" },
	{ METHOD_GET, V1 "/units/{id}/dossiers", unit_http_dossiers, "dossier.read", NONE, 0, FILTERS, "Its dossiers: exact, lineage or territory" },
	{ METHOD_GET, V1 "/units/{id}/grants", grant_http_list, "grant.read", NONE, 0, "from to award level subject attribute state limit cursor", "What was granted to it and to all below it" },
	{ METHOD_GET, V1 "/units/{id}/counts", grant_http_counts, "report.run", NONE, 0, "from to award level subject attribute by children", "How much was granted, by award, level, year and more" },
	{ METHOD_GET, V1 "/units/{id}/figures", figure_http_list, "figure.read", NONE, 0, "from to limit cursor", "What documents say of it for a period" },
	{ METHOD_GET, V1 "/units/{id}/scores", score_http_list, "score.read", NONE, 0, "scheme year from to", "The scores of a cluster for a period" },
	{ METHOD_POST, V1 "/reorganisations", record_http_new_reorganisation, "unit.write", JSON, 0, NULL, "Merge, split, rename, abolish, transfer units" },
	{ METHOD_GET, V1 "/reorganisations", reorganisation_http_list, "unit.read", NONE, 0, "from to limit after", "Reorganisations in order of time" },
	{ METHOD_GET, V1 "/reorganisations/days", reorganisation_http_days, "unit.read", NONE, 0, "from to", "The days that have a reorganisation" },
	{ METHOD_GET, V1 "/reorganisations/{id}", record_http_get_reorganisation, "unit.read", NONE, 0, "rev", "One reorganisation" },

	/* files on their way in (tus 1.0.0) */
	{ METHOD_OPTIONS, V1 "/uploads", upload_http_options, "verify.public", NONE, ROUTE_PUBLIC, NULL, "What of tus is spoken" },
	{ METHOD_POST, V1 "/uploads", upload_http_new, "upload.own", STREAM, 0, NULL, "Begin an upload" },
	{ METHOD_OPTIONS, V1 "/uploads/{id}", upload_http_options, "verify.public", NONE, ROUTE_PUBLIC, NULL, "What of tus is spoken" },
	{ METHOD_HEAD, V1 "/uploads/{id}", upload_http_head, "upload.own", NONE, 0, NULL, "How far an upload is" },
	{ METHOD_GET, V1 "/uploads/{id}", upload_http_get, "upload.own", NONE, 0, NULL, "An upload as JSON" },
	{ METHOD_PATCH, V1 "/uploads/{id}", upload_http_patch, "upload.own", STREAM, 0, NULL, "Go on with an upload" },
	{ METHOD_DELETE, V1 "/uploads/{id}", upload_http_end, "upload.own", NONE, 0, NULL, "Give an upload up" },
	{ METHOD_POST, V1 "/uploads/{id}", upload_http_override, "upload.own", STREAM, 0, NULL, "PATCH, HEAD or DELETE where a proxy knows only POST" },

	/* movements */
	{ METHOD_POST, V1 "/movements", record_http_new_movement, "movement.write", JSON, 0, NULL, "Make a movement" },
	{ METHOD_GET, V1 "/movements/{id}", record_http_get_movement, "movement.read", NONE, 0, "rev", "One movement" },
	{ METHOD_PATCH, V1 "/movements/{id}", record_http_edit_movement, "movement.write", JSON, 0, NULL, "Change a movement" },
	{ METHOD_POST, V1 "/movements/{id}/steps", record_http_step_movement, "movement.step", JSON, 0, NULL, "Advance a movement" },

	/* documents */
	{ METHOD_POST, V1 "/documents", record_http_new_document, "document.write", FORM, 0, NULL, "File a document" },
	{ METHOD_GET, V1 "/documents", dossier_http_find_documents, "document.read", NONE, 0, "reference", "Find documents by number and symbol" },
	{ METHOD_GET, V1 "/documents/{id}", record_http_get_document, "document.read", NONE, 0, "rev", "One document" },
	{ METHOD_GET, V1 "/documents/{id}/history", history_http_document, "document.read", NONE, 0, "limit cursor", "The trail of a document and what was found in its files, newest first" },
	{ METHOD_GET, V1 "/documents/{id}/history/{rev}/receipt", history_http_document_receipt, "document.read", NONE, 0, "of", "The receipt of the entry that tells of a revision" },
	{ METHOD_PATCH, V1 "/documents/{id}", record_http_edit_document, "document.write", FORM, 0, NULL, "Change a document" },
	{ METHOD_GET, V1 "/documents/{id}/files/{sha256}", dossier_http_document_file, "document.read", NONE, 0, NULL, "An attachment of a document" },
	{ METHOD_GET, V1 "/documents/{id}/citing", citing_http_list, "document.read", NONE, 0, "limit cursor", "The documents that cite a document" },
	{ METHOD_GET, V1 "/documents/{id}/decisions", decision_http_of_document, "decision.read", NONE, 0, NULL, "The decisions that a document holds" },
	{ METHOD_GET, V1 "/documents/{id}/next", work_http_next_of_document, "document.read", NONE, 0, NULL, "What whoever asks may do with a document" },
	{ METHOD_GET, V1 "/documents/{id}/examinations", dossier_http_document_examinations, "document.read", NONE, 0, NULL, "What was found in a document's files: signatures and verdicts" },

	/* dossiers */
	{ METHOD_POST, V1 "/dossiers", record_http_new_dossier, "dossier.new", FORM, 0, NULL, "Open a dossier" },
	{ METHOD_GET, V1 "/dossiers", unit_http_dossiers_by_name, "dossier.read", NONE, 0, "name " FILTERS, "Dossiers of every unit of a name" },
	{ METHOD_GET, V1 "/dossiers/{id}", record_http_get_dossier, "dossier.read", NONE, 0, "rev", "One dossier" },
	{ METHOD_GET, V1 "/dossiers/{id}/history", history_http_dossier, "dossier.read", NONE, 0, "limit cursor", "The trail of a dossier, its decision and grants, newest first" },
	{ METHOD_GET, V1 "/dossiers/{id}/history/{rev}/receipt", history_http_dossier_receipt, "dossier.read", NONE, 0, "of", "The receipt of the entry that tells of a revision" },
	{ METHOD_PATCH, V1 "/dossiers/{id}", record_http_edit_dossier, "dossier.edit", FORM, 0, NULL, "Change a dossier" },
	{ METHOD_POST, V1 "/dossiers/{id}/components", record_http_add_component, "dossier.edit", FORM, 0, NULL, "Add a component" },
	{ METHOD_GET, V1 "/dossiers/{id}/missing", dossier_http_missing, "dossier.read", NONE, 0, NULL, "Components the rules demand and that are not there" },
	{ METHOD_GET, V1 "/dossiers/{id}/next", work_http_next, "dossier.read", NONE, 0, NULL, "What whoever asks may do with a dossier now" },
	{ METHOD_POST, V1 "/dossiers/{id}/steps", record_http_step_dossier, "dossier.step", JSON, 0, NULL, "Advance a dossier" },
	{ METHOD_POST, V1 "/dossiers/{id}/opinions", record_http_add_opinion, "dossier.opinion", JSON, 0, NULL, "Give an opinion" },
	{ METHOD_GET, V1 "/dossiers/{id}/votes", ballot_http_list, "dossier.read", NONE, 0, NULL, "The ballots on a dossier, and what each comes to" },
	{ METHOD_POST, V1 "/dossiers/{id}/votes", record_http_add_vote, "dossier.vote", JSON, 0, NULL, "Record a ballot" },
	{ METHOD_GET, V1 "/dossiers/{id}/files/{sha256}", dossier_http_file, "dossier.read", NONE, 0, NULL, "An attachment of a dossier" },
	{ METHOD_GET, V1 "/dossiers/{id}/examinations", dossier_http_examinations, "dossier.read", NONE, 0, NULL, "What was found in a dossier's files: signatures and verdicts" },
	{ METHOD_POST, V1 "/dossiers/{id}/seal", dossier_http_seal, "package.seal", JSON, 0, NULL, "Archive a dossier as a signed container" },
	{ METHOD_GET, V1 "/dossiers/{id}/package", dossier_http_package, "package.read", NONE, 0, NULL, "The signed container" },
	{ METHOD_GET, V1 "/dossiers/{id}/evidence", evidence_http_record, "package.read", NONE, 0, NULL, "The evidence record of the container" },

	/* decisions, grants, figures, scores */
	{ METHOD_POST, V1 "/decisions", record_http_new_decision, "decision.new", JSON, 0, NULL, "File a decision with its grants" },
	{ METHOD_GET, V1 "/decisions", decision_http_find, "decision.read", NONE, 0, "reference", "Find decisions by number and symbol" },
	{ METHOD_GET, V1 "/decisions/{id}", record_http_get_decision, "decision.read", NONE, 0, "rev", "One decision" },
	{ METHOD_GET, V1 "/decisions/{id}/history", history_http_decision, "decision.read", NONE, 0, "limit cursor", "The trail of a decision, its document and grants, newest first" },
	{ METHOD_GET, V1 "/decisions/{id}/history/{rev}/receipt", history_http_decision_receipt, "decision.read", NONE, 0, "of", "The receipt of the entry that tells of a revision" },
	{ METHOD_GET, V1 "/decisions/{id}/grants", dossier_http_grants, "grant.read", NONE, 0, NULL, "The grants of a decision" },
	{ METHOD_GET, V1 "/grants/{id}", record_http_get_grant, "grant.read", NONE, 0, "rev", "One grant" },
	{ METHOD_POST, V1 "/grants/{id}/revocation", record_http_revoke_grant, "decision.revoke", JSON, 0, NULL, "Revoke one line of a decision" },
	{ METHOD_POST, V1 "/figures", record_http_new_figure, "figure.write", JSON, 0, NULL, "Keep what a document says of itself" },
	{ METHOD_GET, V1 "/figures/{id}", record_http_get_figure, "figure.read", NONE, 0, "rev", "One reported figure" },
	{ METHOD_PATCH, V1 "/figures/{id}", record_http_edit_figure, "figure.write", JSON, 0, NULL, "Correct or withdraw a reported figure" },
	{ METHOD_POST, V1 "/scores", record_http_put_score, "score.write", JSON, 0, NULL, "Give a score" },
	{ METHOD_GET, V1 "/scores/{id}", record_http_get_score, "score.read", NONE, 0, "rev", "One score" },

	/* reports, rankings, plugins */
	{ METHOD_GET, V1 "/reports/{name}", report_http_build, "report.run", NONE, 0, "unit from to language format rows *", "Build a report of a unit over a period" },
	{ METHOD_POST, V1 "/rankings", report_http_rank, "ranking.run", JSON, 0, NULL, "Rank units by a scheme" },
	{ METHOD_GET, V1 "/rankings", ranking_http_list, "ranking.read", NONE, 0, "cluster scheme year limit cursor", "The rankings that were kept" },
	{ METHOD_GET, V1 "/rankings/{id}", record_http_get_ranking, "ranking.read", NONE, 0, "rev", "A ranking that was kept" },
	{ METHOD_GET, V1 "/plugins", report_http_plugins, "plugin.read", NONE, 0, NULL, "What is installed, and what was refused" },
	{ METHOD_POST, V1 "/plugins/reload", report_http_reload, "plugin.write", NONE, 0, NULL, "Read the plugin folders anew" },

	/* the audit log (C2SP tlog-tiles below /audit) */
	{ METHOD_GET, V1 "/audit/key", audit_http_key, "verify.public", NONE, ROUTE_PUBLIC, NULL, "The log's verifier key" },
	{ METHOD_GET, V1 "/audit/checkpoint", audit_http_checkpoint, "verify.public", NONE, ROUTE_PUBLIC, NULL, "The newest signed checkpoint" },
	{ METHOD_GET, V1 "/audit/consistency", audit_http_consistency, "verify.public", NONE, ROUTE_PUBLIC, "from to", "Proof that one tree is the beginning of another" },
	{ METHOD_GET, V1 "/audit/tile/{rest...}", audit_http_tile, "audit.read", NONE, 0, NULL, "Tiles and entries of the log" },
	{ METHOD_GET, V1 "/audit/receipts/{index}", audit_http_receipt, "audit.read", NONE, 0, NULL, "The receipt of an entry, as of now" },
	{ METHOD_GET, V1 "/audit/cosigned", witness_http_cosigned, "verify.public", NONE, ROUTE_PUBLIC, NULL, "The newest checkpoint that enough witnesses cosigned" },
	{ METHOD_GET, V1 "/audit/sinks", audit_http_sinks, "operation.read", NONE, 0, NULL, "Where the log's events go besides, and how far each is" },
	{ METHOD_GET, V1 "/audit/witnesses", witness_http_show, "audit.read", NONE, 0, NULL, "The log's outside witnesses and what they have seen" },
	{ METHOD_POST, V1 "/audit/requests", witness_http_ask, "audit.cosign", JSON, 0, NULL, "What a witness is to be shown" },
	{ METHOD_POST, V1 "/audit/cosignatures", witness_http_take, "audit.cosign", JSON, 0, NULL, "Bring a cosigned checkpoint back" },

	/* for anybody */
	{ METHOD_GET, V1 "/verify", verify_http_ask, "verify.public", NONE, ROUTE_PUBLIC, "sha256 number date", "Does the archive hold exactly this" },
	{ METHOD_POST, V1 "/verify", verify_http_take, "verify.public", STREAM, ROUTE_PUBLIC, NULL, "The same of the body: a file, or a receipt as JSON" },

	{ METHOD_GET, NULL, NULL, NULL, NONE, 0, NULL, NULL },
};
/* clang-format on */
