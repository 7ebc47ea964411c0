/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include "api/intake.h"
#include "api/lane.h"
#include "api/pace.h"
#include "api/sender.h"
#include "api/transport.h"

#include <event2/event_struct.h>

/*
 * The insides of a connection, shared by connection.c, which owns it and waits
 * for it, and exchange.c, which does in it what can be done without waiting.
 */
enum phase {
	PHASE_HANDSHAKE,
	PHASE_HEAD,
	PHASE_BODY,
	PHASE_HANDLER,
	PHASE_SEND,
	PHASE_DRAIN,
	PHASE_LINGER,
};

enum step {
	STEP_ON,         /* take the next */
	STEP_WAIT_READ,  /* until the socket has bytes */
	STEP_WAIT_WRITE, /* until it takes bytes */
	STEP_WAIT,       /* until somebody calls */
	STEP_CLOSE,
};

struct connection {
	struct connection *next;
	struct connection *previous;
	struct lane *lane;
	struct transport transport;
	struct event read;
	struct event write;
	enum phase phase;
	bool reads;     /* the read event is added */
	bool writes;    /* the write event is */
	bool turning;   /* within turn() */
	bool in_head;   /* part of a head has come */
	bool continued; /* "100 Continue" was sent */
	bool last;      /* close after this answer */
	struct buf in;  /* received and not used */
	size_t in_at;   /* used of it */
	size_t tried;   /* that many unused bytes are no whole head */
	struct request *request;
	struct intake intake;
	struct sender sender;
	uint64_t served;
	uint64_t received;
	int64_t deadline; /* clock_ticks(); 0: none */
	int64_t since;    /* when it was set */
	struct pace pace; /* of the body, either way */
	char peer[64];
};

/* One step of the present phase, and how to go on. */
enum step exchange_step(struct connection *connection);

void exchange_enter(struct connection *connection, enum phase phase);
/* The phase may take so long; 0 lifts the deadline. */
void exchange_set_deadline(struct connection *connection, uint64_t ms);

/*
 * What came cannot be framed: answer, with `why` or NULL, and trust nothing
 * that follows.
 */
void exchange_refuse(struct connection *connection, struct request *request,
    int status, const char *why);
/* The body broke off, and the client may still read why. */
void exchange_cut(struct connection *connection, int status, const char *why);

#endif
