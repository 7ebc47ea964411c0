/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A lane is what the connections of one loop have in common, and its clock:
 * a tick looks at every deadline of every connection.  One pass over ten
 * thousand connections takes a millisecond a second, which is less than
 * moving a timer twice a request would.
 */

#include "api/lane.h"

#include "api/connection.h"
#include "api/tls.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/memory.h"
#include "base/random.h"

#include <stdlib.h>

#define TICK_MAX_MS 1000u
#define TICK_MIN_MS 5u
#define WAY_MS      250u  /* idle for so long: it gives way */
#define WALK_US     50000 /* between two walks through all connections */

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* A quarter of the shortest deadline, within bounds. */
static struct timeval
tick_of(const struct http_conf *conf)
{
	uint64_t ms = least(conf->head_timeout_ms, conf->idle_timeout_ms);

	ms = least(ms, conf->rate_window_ms);
	ms = least(ms, conf->linger_timeout_ms);
	ms = least(ms, conf->request_timeout_ms) / 4;
	ms = ms < TICK_MIN_MS ? TICK_MIN_MS : least(ms, TICK_MAX_MS);
	return (struct timeval){ .tv_sec = (time_t)(ms / 1000),
		.tv_usec = (suseconds_t)(ms % 1000 * 1000) };
}

static void
check_stopped(struct lane *lane)
{
	if (lane->draining && lane->connection_count == 0 &&
	    lane->request_count == 0 && !lane->stopped) {
		lane->stopped = true;
		event_del(lane->tick);
		if (lane->on_stopped != NULL) {
			lane->on_stopped(lane->arg);
		}
	}
}

void
lane_make_room(struct lane *lane)
{
	uint64_t ms = least(lane->rules->conf->idle_timeout_ms / 10, WAY_MS);
	struct connection *connection = lane->connections;
	int64_t now = clock_ticks();

	if (now - lane->made_room_ticks < WALK_US) {
		return;
	}
	lane->made_room_ticks = now;
	while (connection != NULL) {
		struct connection *next = connection_next(connection);

		if (connection_is_idle(connection) &&
		    now - connection_idle_since(connection) >=
		        (int64_t)ms * 1000) {
			connection_close(connection);
		}
		connection = next;
	}
}

static void
on_tick(evutil_socket_t descriptor, short what, void *arg)
{
	struct lane *lane = arg;
	struct connection *connection = lane->connections;
	int64_t now = clock_ticks();

	(void)descriptor;
	(void)what;
	imfdate_format(lane->date, clock_now() / 1000000);
	if (lane->connection_count >= lane->connections_max) {
		lane_make_room(lane);
		connection = lane->connections;
	}
	while (connection != NULL) {
		struct connection *next = connection_next(connection);

		if (lane->draining && now >= lane->drain_until) {
			connection_close(connection);
		} else {
			connection_check(connection, now);
		}
		connection = next;
	}
	log_flush();
	check_stopped(lane);
}

int
lane_new(struct lane **lane_out, const struct lane_rules *rules,
    struct loop *loop, struct fault *fault)
{
	struct lane *lane = xzalloc(sizeof(*lane));
	struct timeval tick = tick_of(rules->conf);
	uint8_t draw[5];

	lane->rules = rules;
	lane->loop = loop;
	lane->connections_max = (unsigned)rules->conf->connections_max;
	lane->scratch = xzalloc(LANE_SCRATCH_BYTES);
	random_bytes(draw, sizeof(draw));
	hex_encode(lane->prefix, bytes_of(draw, sizeof(draw)));
	imfdate_format(lane->date, clock_now() / 1000000);
	lane->tick = event_new(loop_base(loop), -1, EV_PERSIST, on_tick, lane);
	if (lane->tick == NULL || event_add(lane->tick, &tick) < 0) {
		lane_free(lane);
		return fault_set(fault, FAULT_SYSTEM,
		    "loop %u: no timer for connections", loop_number(loop));
	}
	*lane_out = lane;
	return 0;
}

void
lane_free(struct lane *lane)
{
	if (lane == NULL) {
		return;
	}
	while (lane->connections != NULL) {
		connection_close(lane->connections);
	}
	while (lane->spare != NULL) {
		struct request *request = lane->spare;

		lane->spare = request->next;
		arena_free(request->arena);
		free(request);
	}
	if (lane->tick != NULL) {
		event_free(lane->tick);
	}
	tls_free(lane->tls);
	free(lane->scratch);
	free(lane);
}

void
lane_drain(struct lane *lane)
{
	struct connection *connection = lane->connections;

	lane->draining = true;
	lane->drain_until =
	    clock_ticks() + (int64_t)lane->rules->conf->drain_timeout_ms * 1000;
	while (connection != NULL) {
		struct connection *next = connection_next(connection);

		if (connection_is_idle(connection)) {
			connection_close(connection);
		}
		connection = next;
	}
	check_stopped(lane);
}

void
lane_gone(struct lane *lane)
{
	if (lane->draining) {
		event_active(lane->tick, EV_TIMEOUT, 0);
	} else if (lane->on_room != NULL) {
		lane->on_room(lane->arg);
	}
}
