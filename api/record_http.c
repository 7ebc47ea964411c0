/* SPDX-License-Identifier: Apache-2.0 */

#include "api/record_http.h"

#include "api/change.h"
#include "api/read.h"
#include "core/decision.h"
#include "core/document.h"
#include "core/dossier.h"
#include "core/dossier_step.h"
#include "core/figure.h"
#include "core/grant.h"
#include "core/movement.h"
#include "core/reorganisation.h"
#include "core/score.h"
#include "core/unit_change.h"

/* A handler that makes a record of this kind by this function of core/. */
#define MAKES(name, record_kind, function) \
	int name(struct request *request, struct fault *fault) \
	{ \
		static const struct change change = { .kind = (record_kind), \
			.make = (function) }; \
\
		return change_run(request, &change, fault); \
	}

/* A handler that alters the record {id}. */
#define ALTERS(name, record_kind, function) \
	int name(struct request *request, struct fault *fault) \
	{ \
		static const struct change change = { .kind = (record_kind), \
			.alter = (function) }; \
\
		return change_run(request, &change, fault); \
	}

/* The same, where the function of core/ judges who may. */
#define ALTERS_JUDGED(name, record_kind, function) \
	int name(struct request *request, struct fault *fault) \
	{ \
		static const struct change change = { .kind = (record_kind), \
			.alter = (function), \
			.judges = true }; \
\
		return change_run(request, &change, fault); \
	}

/* A handler that shows the record {id}. */
#define SHOWS(name, record_kind) \
	int name(struct request *request, struct fault *fault) \
	{ \
		return read_record(request, (record_kind), fault); \
	}

MAKES(record_http_new_unit, RECORD_UNIT, unit_new)
ALTERS(record_http_edit_unit, RECORD_UNIT, unit_edit)
SHOWS(record_http_get_unit, RECORD_UNIT)

MAKES(record_http_new_reorganisation, RECORD_REORGANISATION, reorganisation_new)
SHOWS(record_http_get_reorganisation, RECORD_REORGANISATION)

MAKES(record_http_new_movement, RECORD_MOVEMENT, movement_new)
ALTERS(record_http_edit_movement, RECORD_MOVEMENT, movement_edit)
ALTERS(record_http_step_movement, RECORD_MOVEMENT, movement_step)
SHOWS(record_http_get_movement, RECORD_MOVEMENT)

MAKES(record_http_new_document, RECORD_DOCUMENT, document_new)
ALTERS(record_http_edit_document, RECORD_DOCUMENT, document_edit)
SHOWS(record_http_get_document, RECORD_DOCUMENT)

MAKES(record_http_new_dossier, RECORD_DOSSIER, dossier_new)
ALTERS(record_http_edit_dossier, RECORD_DOSSIER, dossier_edit)
ALTERS(record_http_add_component, RECORD_DOSSIER, dossier_add)
ALTERS(record_http_step_dossier, RECORD_DOSSIER, dossier_step)
ALTERS(record_http_add_opinion, RECORD_DOSSIER, dossier_opinion)
ALTERS(record_http_add_vote, RECORD_DOSSIER, dossier_vote)
SHOWS(record_http_get_dossier, RECORD_DOSSIER)

MAKES(record_http_new_decision, RECORD_DECISION, decision_new)
SHOWS(record_http_get_decision, RECORD_DECISION)
ALTERS_JUDGED(record_http_revoke_grant, RECORD_GRANT, grant_revoke)
SHOWS(record_http_get_grant, RECORD_GRANT)

MAKES(record_http_new_figure, RECORD_FIGURE, figure_new)
ALTERS(record_http_edit_figure, RECORD_FIGURE, figure_edit)
SHOWS(record_http_get_figure, RECORD_FIGURE)

MAKES(record_http_put_score, RECORD_SCORE, score_put)
SHOWS(record_http_get_score, RECORD_SCORE)

SHOWS(record_http_get_ranking, RECORD_RANKING)
