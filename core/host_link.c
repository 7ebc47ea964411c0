/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Both sides may have much to say at once: a report writes blocks while rows
 * are sent to it.  So whoever waits to write here also reads, and what was
 * read waits in `in`, which the output limit bounds.
 */

#include "core/host_link.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define QUEUE_BYTES (256u << 10) /* written behind the caller's back */
#define READ_BYTES  (64u << 10)

/* Whose failure it is. */
static void
name_it(const char *plugin, struct fault *fault)
{
	if (plugin != NULL) {
		fault_prefix(fault, "plugin %s", plugin);
	} else {
		fault_prefix(fault, "the examiner of files");
	}
}

int
host_link_open(struct host_link *link, const struct host_start *start,
    const char *plugin, struct fault *fault)
{
	uint64_t ms = start->limits.time_max_ms;

	*link = (struct host_link){ .plugin = plugin,
		.deadline =
		    ms > 0 ? clock_ticks() + (int64_t)ms * 1000 : INT64_MAX };
	buf_init(&link->out, 2 * (FRAME_HEADER + FRAME_PAYLOAD_MAX));
	buf_init(&link->in, start->limits.output_max_bytes + FRAME_HEADER +
	                        FRAME_PAYLOAD_MAX + 2 * READ_BYTES);
	if (host_process_start(&link->process, start, fault) < 0) {
		name_it(plugin, fault);
		buf_fini(&link->out);
		buf_fini(&link->in);
		return -1;
	}
	return 0;
}

int
host_link_refuse_for(struct host_link *link, struct fault *fault,
    const struct fault *reason)
{
	host_process_kill(&link->process);
	*fault = *reason;
	fault->code = FAULT_PLUGIN;
	name_it(link->plugin, fault);
	return -1;
}

int
host_link_refuse(struct host_link *link, struct fault *fault,
    const char *format, ...)
{
	struct fault reason;
	va_list args;

	va_start(args, format);
	fault_field_list(&reason, "", format, args);
	va_end(args);
	return host_link_refuse_for(link, fault, &reason);
}

int
host_link_refuse_improper(struct host_link *link, struct fault *fault,
    struct fault *reason, const char *what)
{
	if (reason->field[0] != '\0') {
		fault_prefix(reason, "%s", reason->field);
		reason->field[0] = '\0';
	}
	fault_prefix(reason, "wrote no proper %s", what);
	return host_link_refuse_for(link, fault, reason);
}

static int
refuse_late(struct host_link *link, struct fault *fault)
{
	uint64_t ms = link->process.limits.time_max_ms;

	return ms % 1000 == 0
	           ? host_link_refuse(link, fault, "ran longer than %llu s",
	                 (unsigned long long)ms / 1000)
	           : host_link_refuse(link, fault, "ran longer than %llu ms",
	                 (unsigned long long)ms);
}

/* Milliseconds to the deadline for poll(2), rounded up; 0 when it passed. */
static int
left_ms(const struct host_link *link)
{
	int64_t left = link->deadline - clock_ticks();

	if (link->deadline == INT64_MAX) {
		return -1;
	}
	return left <= 0 ? 0 : (int)(left / 1000) + 1;
}

/*
 * The host closed its end without a last word: wait for its process and say
 * how that ended.
 */
static int
explain_end(struct host_link *link, struct fault *fault)
{
	struct fault reason = { 0 };

	if (!host_process_has_ended(&link->process, left_ms(link))) {
		return refuse_late(link, fault);
	}
	if (host_process_end(&link->process, &reason) == 0) {
		fault_set(&reason, FAULT_PLUGIN,
		    "ended in the middle of the call");
	}
	link->process.pid = -1;
	return host_link_refuse_for(link, fault, &reason);
}

static int
read_some(struct host_link *link, struct fault *fault)
{
	uint8_t *room;
	ssize_t n;

	if (link->in_at > 0 && link->in_at == link->in.len) {
		buf_reset(&link->in);
		link->in_at = 0;
	} else if (link->in_at > READ_BYTES) {
		size_t left = link->in.len - link->in_at;

		memmove(link->in.data, link->in.data + link->in_at, left);
		link->in.len = left;
		link->in_at = 0;
	}
	room = buf_reserve(&link->in, READ_BYTES);
	if (room == NULL) {
		return host_link_refuse(link, fault, "sent too much at once");
	}
	n = recv(link->process.socket, room, READ_BYTES, 0);
	if (n < 0) {
		if (errno == EAGAIN || errno == EINTR) {
			return 0;
		}
		n = 0; /* ECONNRESET: it ended with our bytes unread */
	}
	link->closed = n == 0;
	buf_grow(&link->in, (size_t)n);
	link->received += (uint64_t)n;
	if (link->process.limits.time_max_ms > 0 &&
	    link->received > link->process.limits.output_max_bytes) {
		return host_link_refuse(link, fault, "wrote more than %llu MiB",
		    (unsigned long long)link->process.limits.output_max_bytes >>
		        20);
	}
	return 0;
}

static int
write_some(struct host_link *link)
{
	ssize_t n = send(link->process.socket, link->out.data + link->out_at,
	    link->out.len - link->out_at, MSG_NOSIGNAL);

	if (n > 0) {
		link->out_at += (size_t)n;
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		link->closed = true;
		link->out_at = link->out.len; /* nobody will read it */
	}
	if (link->out_at == link->out.len) {
		buf_reset(&link->out);
		link->out_at = 0;
	}
	return 0;
}

/* Wait until the socket can be read or, if something waits, written. */
static int
turn(struct host_link *link, struct fault *fault)
{
	struct pollfd socket = { .fd = link->process.socket, .events = POLLIN };
	int wait_ms = left_ms(link);
	int n;

	if (link->out.len > link->out_at) {
		socket.events |= POLLOUT;
	}
	n = wait_ms != 0 ? poll(&socket, 1, wait_ms) : 0;
	if (n == 0) {
		return refuse_late(link, fault);
	}
	if (n < 0 && errno != EINTR) {
		return fault_errno(fault, errno, "poll");
	}
	if (n > 0 && (socket.revents & POLLOUT) != 0) {
		write_some(link);
	}
	if (n > 0 && (socket.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
		return read_some(link, fault);
	}
	return 0;
}

int
host_link_flush(struct host_link *link, struct fault *fault)
{
	while (link->out.len > link->out_at && !link->closed) {
		if (turn(link, fault) < 0) {
			return -1;
		}
	}
	return 0; /* what it said before it closed is still to be read */
}

int
host_link_send(struct host_link *link, enum frame_type type,
    struct bytes payload, struct fault *fault)
{
	if (payload.len > FRAME_PAYLOAD_MAX) {
		return fault_set(fault, FAULT_LIMIT,
		    "one message to a plugin holds at most %u KiB",
		    FRAME_PAYLOAD_MAX >> 10);
	}
	if (link->closed) {
		return 0; /* the reason comes with the next receive */
	}
	frame_encode(&link->out, type, payload);
	return link->out.len < QUEUE_BYTES ? 0 : host_link_flush(link, fault);
}

int
host_link_send_json(struct host_link *link, enum frame_type type,
    const json_t *value, struct fault *fault)
{
	struct buf text;
	int rc;

	buf_init(&text, FRAME_PAYLOAD_MAX);
	json_write(&text, value);
	rc = buf_check(&text, fault);
	if (rc == 0) {
		rc = host_link_send(link, type, buf_bytes(&text), fault);
	}
	buf_fini(&text);
	return rc;
}

json_t *
host_link_object(struct host_link *link, struct arena *arena,
    const struct frame *frame, struct fault *fault)
{
	struct fault reason;
	json_t *value = json_read(arena, frame->payload, &reason);

	if (value == NULL) {
		host_link_refuse_improper(link, fault, &reason, "message");
		return NULL;
	}
	if (!json_is_object(value)) {
		host_link_refuse(link, fault, "sent what is no message");
		return NULL;
	}
	return value;
}

static int
take_hello(struct host_link *link, const json_t *hello)
{
	link->landlock = (int)json_integer_at(hello, "landlock");
	link->seccomp = json_is_true(json_object_get(hello, "seccomp"));
	return 0;
}

/*
 * The plugin's own words, or the host's, which come in both languages.  With
 * "refused" they are no failure of the plugin's: the caller asked for what a
 * rule forbids, and they are told to him as they are.
 */
static int
take_failure(struct host_link *link, const json_t *failure, struct fault *fault)
{
	const char *text = json_text_at(failure, "text");
	const char *local = json_text_at(failure, "local");
	const char *refused = json_text_at(failure, "refused");
	struct fault reason;

	if (text != NULL) {
		fault_field(&reason, refused != NULL ? refused : "", "%s",
		    text);
	} else {
		fault_field(&reason, refused != NULL ? refused : "",
		    "failed without words");
	}
	if (local != NULL) {
		snprintf(reason.local, sizeof(reason.local), "%s", local);
	}
	if (refused == NULL) {
		return host_link_refuse_for(link, fault, &reason);
	}
	host_process_kill(&link->process);
	*fault = reason;
	return -1;
}

/* Messages that every call may bring: 1 when it was one of them. */
static int
take_common(struct host_link *link, const struct frame *frame,
    struct fault *fault)
{
	struct arena *arena;
	json_t *value;
	int rc = 1;

	if (frame->type != FRAME_HELLO && frame->type != FRAME_LOG &&
	    frame->type != FRAME_FAILED) {
		return 0;
	}
	arena = arena_new();
	value = host_link_object(link, arena, frame, fault);
	if (value == NULL) {
		rc = -1;
	} else if (frame->type == FRAME_HELLO) {
		take_hello(link, value);
	} else if (frame->type == FRAME_FAILED) {
		rc = take_failure(link, value, fault);
	} else {
		const char *text = json_text_at(value, "text");

		log_info(NULL, "plugin.says", "plugin=%s text=%s", link->plugin,
		    text != NULL ? text : "");
	}
	arena_free(arena);
	return rc;
}

int
host_link_receive(struct host_link *link, struct frame *frame_out,
    struct fault *fault)
{
	for (;;) {
		struct bytes input = NO_BYTES;
		size_t used = 0;
		int rc;

		if (link->in.len > link->in_at) {
			input = bytes_of(link->in.data + link->in_at,
			    link->in.len - link->in_at);
		}
		rc = frame_decode(frame_out, &used, input, FRAME_PAYLOAD_MAX);
		if (rc < 0) {
			return host_link_refuse(link, fault,
			    "sent what is no message");
		}
		if (rc > 0 && left_ms(link) == 0) {
			return refuse_late(link, fault); /* it may be many */
		}
		if (rc > 0) {
			link->in_at += used;
			rc = take_common(link, frame_out, fault);
			if (rc != 1) {
				return rc;
			}
			continue;
		}
		if (link->closed) {
			return explain_end(link, fault);
		}
		if (turn(link, fault) < 0) {
			return -1;
		}
	}
}

void
host_link_close(struct host_link *link)
{
	struct fault ignored;

	if (link->process.pid > 0) {
		host_process_kill(&link->process);
		host_process_end(&link->process, &ignored);
	} else if (link->process.socket >= 0) {
		close(link->process.socket);
	}
	buf_fini(&link->out);
	buf_fini(&link->in);
}
