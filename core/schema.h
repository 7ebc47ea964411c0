/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_SCHEMA_H
#define CORE_SCHEMA_H

/*
 * Every table of the record engine that core/ fills, by the first byte of its
 * keys.  docs/store.md draws keys and values; fsck and reindex read this list
 * and nothing else of the writer's.  Parts of a key follow in the order given:
 * text ends with NUL, dates and numbers are big-endian (storage/key.h).
 */
enum table {
	TABLE_RECORD = 'r',  /* kind u8, id              -> record */
	TABLE_HISTORY = 'h', /* kind u8, id, rev u64     -> older revision */

	/* derived from units and reorganisations */
	TABLE_UNIT_NAME = 'n',   /* folded name, unit -> as written */
	TABLE_UNIT_TITLE = 'm',  /* unit, from date -> to, life, kind, name */
	TABLE_UNIT_PARENT = 'p', /* child, relation, from date, parent -> to */
	TABLE_UNIT_CHILD = 'k',  /* parent, relation, from date, child -> to */
	TABLE_UNIT_SUCCESSOR = 'e',   /* unit, date, successor, event -> - */
	TABLE_UNIT_PREDECESSOR = 'f', /* unit, date, predecessor, event */
	TABLE_UNIT_CODE = 'o',  /* system, code, from date, unit -> to date */
	TABLE_UNIT_ORDER = 'u', /* parent or top, relation, name as it sorts,
	                           child, from date -> to (unit_order.h) */
	TABLE_UNIT_EVENT = 'j', /* date, reorganisation -> nothing */

	/* derived from dossiers, decisions, grants, documents */
	TABLE_DOSSIER_OF_UNIT = 'd', /* unit, date, dossier -> listing row */
	TABLE_DOSSIER_UNDER = 't', /* unit or ancestor, date, dossier -> row */
	TABLE_AGENDA = 'W',        /* unit, status, procedure, since, dossier */
	TABLE_AGENDA_OF = 'O',     /* the same by who made the dossier */
	TABLE_DECISION_OF = 'Q',   /* document, decision     -> nothing */
	TABLE_GRANT_UNDER = 'g', /* unit or ancestor, date, grant -> nothing */
	TABLE_GRANT_OF = 'q',    /* decision, grant       -> nothing */
	TABLE_GRANT_COUNT = 'c', /* counters: unit or ancestor, from date, to
	                            date, award, subject kind */
	TABLE_FIGURE_OF = 'y',   /* unit, from date, figure -> to date */
	TABLE_SCORE_OF = 'z',    /* cluster, period, unit, criterion, source */
	TABLE_RANKING_OF = 'X',  /* cluster or none, to date, ranking -> scheme,
	                             cluster (ranking_list.h) */
	TABLE_DOCUMENT_REF = 'w', /* folded reference, document -> nothing */
	TABLE_CITED_BY = 'v',     /* document or folded reference, citing doc */
	TABLE_MOVEMENT_DOSSIER = 'x', /* movement, dossier -> nothing */
	TABLE_ISSUED = 'i', /* by, SHA-256, dossier -> kind, since (issued.h) */

	/* accounts; secrets never stand in a record */
	TABLE_LOGIN = 'l',     /* log-in name, small letters -> user id */
	TABLE_USER_NAME = 'N', /* folded name from a word on, user -> nothing */
	TABLE_SECRET = 's',    /* user id -> epoch (as rev), password hash */
	TABLE_SESSION = 'a',   /* SHA-256 of the cookie -> log-in (login.c) */
	TABLE_TOKEN = 'b',     /* SHA-256 of the secret -> token id */

	/* evidence of sealed containers (evidence_rows.h); made once, like
	 * records, and derived from nothing */
	TABLE_EVIDENCE_BATCH = 'E',   /* batch u64 -> what it is, JSON */
	TABLE_EVIDENCE_TOKEN = 'K',   /* batch u64 -> its time-stamp, DER */
	TABLE_EVIDENCE_SHEET = 'P',   /* batch u64, sheet u32 -> way to root */
	TABLE_EVIDENCE_RENEWAL = 'R', /* batch u64 -> batch that renews it */
	TABLE_EVIDENCE_LEAF = 'L',    /* dossier, chain u32 -> place in one */
	TABLE_EVIDENCE_SIGNER = 'G',  /* SHA-256 of certificate -> facts */

	/* housekeeping */
	TABLE_TILE = 'T',     /* level u8, number u64 -> root of a full tile */
	TABLE_CURSOR = 'S',   /* audit sink -> next log index */
	TABLE_COSIGNED = 'C', /* size u64 -> checkpoint (cosigned_rows.h) */
	TABLE_JOB = 'J',      /* "stamp", dossier -> state (stamping.h);
	                         "examine", SHA-256 -> state (errand.h);
	                         "evidence", dossier -> state (evidence_draft.h) */
	TABLE_META = 'M',     /* name -> value */
};

/* The kinds of TABLE_RECORD; the letter is on disk. */
enum record_kind {
	RECORD_UNIT = 'u',
	RECORD_REORGANISATION = 'r',
	RECORD_MOVEMENT = 'm',
	RECORD_DOCUMENT = 'd',
	RECORD_DOSSIER = 'h', /* hồ sơ */
	RECORD_DECISION = 'q',
	RECORD_GRANT = 'g',
	RECORD_FIGURE = 'f',
	RECORD_SCORE = 's',
	RECORD_RANKING = 'k',
	RECORD_USER = 'n',
	RECORD_TOKEN = 't',
	RECORD_EXAMINATION = 'x', /* of a file, by its SHA-256 */
};

#endif
