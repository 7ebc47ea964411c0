/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_HTTP_APP_H
#define TESTS_UNIT_HTTP_APP_H

#include "api/etag.h"
#include "api/request.h"
#include "api/server.h"
#include "base/memory.h"
#include "base/thread.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * A small application to speak HTTP with, and a server that runs it on loops
 * of its own threads.
 */
struct app {
	struct http_conf conf;
	struct loop *loops[2];
	pthread_t threads[2];
	unsigned loop_count;
	struct job_pool *pool;
	struct server *server;
	_Atomic unsigned stopped;
	/* what handlers saw */
	_Atomic unsigned gone;
	_Atomic unsigned cuts;
	_Atomic unsigned released;
	_Atomic uint64_t taken;   /* bytes of bodies that came in pieces */
	_Atomic uint64_t largest; /* of these pieces */
	_Atomic(struct request *) held; /* by /held until app_let_go() */
	struct loop_task let_go;
};

/* --- handlers --------------------------------------------------------- */

static inline int
app_hello(struct request *request, struct fault *fault)
{
	(void)fault;
	reply_bytes(request, 200, "text/plain", bytes_of_text("hello\n"));
	return 0;
}

static inline int
app_record(struct request *request, struct fault *fault)
{
	const char *text = arena_format(request->arena, "{\"id\":\"%s\"}",
	    request_param(request, "id"));

	(void)fault;
	reply_tag(request, "\"17\"");
	reply_bytes(request, 200, "application/json", bytes_of_text(text));
	return 0;
}

/* As long as a stored record mostly is. */
static inline int
app_kilobyte(struct request *request, struct fault *fault)
{
	static const char text[1025] = "{\"title\":\"" /* and noughts */;

	(void)fault;
	reply_tag(request, "\"17\"");
	reply_bytes(request, 200, "application/json", bytes_of(text, 1024));
	return 0;
}

static inline int
app_change(struct request *request, struct fault *fault)
{
	uint64_t rev = 0;
	int guarded = request_if_match(request, &rev, fault);

	if (guarded < 0) {
		return -1;
	}
	if (guarded == 0) {
		reply_problem(request, 428, NULL);
		return 0;
	}
	if (rev != 17) {
		return fault_set(fault, FAULT_CONFLICT, "revision 17 is there");
	}
	reply_empty(request, 204);
	return 0;
}

static inline int
app_echo(struct request *request, struct fault *fault)
{
	const json_t *value = NULL;

	if (request_json(request, &value, fault) < 0) {
		return -1;
	}
	reply_json(request, 201, value);
	return 0;
}

static inline int
app_bytes(struct request *request, struct fault *fault)
{
	(void)fault;
	reply_bytes(request, 200, "application/octet-stream", request->body);
	return 0;
}

static inline int
app_fault(struct request *request, struct fault *fault)
{
	int64_t code;

	if (request_query_integer(request, "code", FAULT_SYSTEM, 1,
	        FAULT_UNSURE, &code, fault) < 0) {
		return -1;
	}
	return fault_set(fault, (enum fault_code)code, "as it was asked");
}

/* Puts what the client sent into a field, as no handler should. */
static inline int
app_field(struct request *request, struct fault *fault)
{
	if (reply_header(request, "X-Field", request_query(request, "value"),
	        fault) < 0) {
		return -1;
	}
	reply_empty(request, 200);
	return 0;
}

/* An answer that comes from a worker. */
static inline void
app_work(struct request *request)
{
	request->data = arena_text(request->arena, "worked\n");
}

static inline void
app_worked(struct request *request)
{
	reply_bytes(request, 200, "text/plain", bytes_of_text(request->data));
}

static inline int
app_later(struct request *request, struct fault *fault)
{
	struct app *app = request->app;

	(void)fault;
	request_submit(request, app->pool, app_work, app_worked);
	return 0;
}

/* Held until the test lets go. */
static inline void
app_on_gone(struct request *request)
{
	struct app *app = request->app;

	atomic_fetch_add(&app->gone, 1);
}

static inline int
app_held(struct request *request, struct fault *fault)
{
	struct app *app = request->app;

	(void)fault;
	request_on_gone(request, app_on_gone);
	atomic_store(&app->held, request);
	return 0;
}

static inline void
app_release(struct loop_task *task)
{
	struct app *app =
	    (struct app *)(void *)((char *)task - offsetof(struct app, let_go));
	struct request *request = atomic_exchange(&app->held, NULL);

	if (request->sink != NULL) {
		request_resume(request);
		return;
	}
	reply_bytes(request, 200, "text/plain", bytes_of_text("let go\n"));
}

static inline void
app_let_go(struct app *app)
{
	app->let_go.run = app_release;
	loop_post(atomic_load(&app->held)->loop, &app->let_go);
}

/* --- bodies that come in pieces --------------------------------------- */

struct app_upload {
	uint64_t bytes;
	uint64_t sum;
	bool pauses;
	bool holds; /* paused until app_let_go() */
	uint64_t stops_at;
	struct request *request;
	struct loop_task resume;
};

static inline void
app_resume(struct loop_task *task)
{
	struct app_upload *upload =
	    (struct app_upload *)(void *)((char *)task -
	                                  offsetof(struct app_upload, resume));

	request_resume(upload->request);
}

static inline void
app_data(struct request *request, struct bytes piece)
{
	struct app *app = request->app;
	struct app_upload *upload = request->data;

	for (size_t i = 0; i < piece.len; i++) {
		upload->sum = upload->sum * 31 + piece.data[i];
	}
	upload->bytes += piece.len;
	atomic_fetch_add(&app->taken, piece.len);
	if (piece.len > atomic_load(&app->largest)) {
		atomic_store(&app->largest, piece.len);
	}
	if (upload->stops_at != 0 && upload->bytes >= upload->stops_at) {
		struct fault fault;

		fault_set(&fault, FAULT_LIMIT, "enough");
		reply_fault(request, &fault);
	} else if (upload->holds) {
		request_pause(request);
		atomic_store(&app->held, request);
	} else if (upload->pauses) {
		request_pause(request);
		loop_post(request->loop, &upload->resume);
	}
}

static inline void
app_end(struct request *request)
{
	struct app_upload *upload = request->data;
	const char *text = arena_format(request->arena, "%" PRIu64 " %" PRIu64,
	    upload->bytes, upload->sum);

	reply_bytes(request, 200, "text/plain", bytes_of_text(text));
}

static inline void
app_cut(struct request *request, const struct fault *fault)
{
	struct app *app = request->app;

	atomic_fetch_add(&app->cuts, 1);
	reply_fault(request, fault);
}

static inline int
app_upload(struct request *request, struct fault *fault)
{
	static const struct request_sink sink = { app_data, app_end, app_cut };
	struct app_upload *upload =
	    arena_alloc(request->arena, sizeof(*upload));

	int64_t stops_at = 0;

	if (request_query(request, "refuse") != NULL) {
		return fault_set(fault, FAULT_DENIED, "not this one");
	}
	if (request_query_integer(request, "stops_at", 0, 0, 1 << 30, &stops_at,
	        fault) < 0) {
		return -1;
	}
	upload->stops_at = (uint64_t)stops_at;
	upload->holds = request_query(request, "hold") != NULL;
	upload->request = request;
	upload->resume.run = app_resume;
	upload->pauses = request_query(request, "pause") != NULL;
	request->data = upload;
	request_receive(request, &sink);
	return 0;
}

/* --- bodies that go out in pieces ------------------------------------- */

struct app_source {
	struct app *app;
	struct request *request;
	uint64_t length;
	bool waits; /* says "not yet" before each piece */
	bool is_ready;
	bool is_posted; /* `more` is in the loop's queue: it needs the source */
	bool is_released;
	uint64_t breaks_at;
	struct loop_task more;
	uint8_t piece[65536];
};

/* The byte at an offset: different in every page, the same in every run. */
static inline uint8_t
app_byte(uint64_t offset)
{
	return (uint8_t)(offset * 7 + (offset >> 12) * 13);
}

static inline void
app_more(struct loop_task *task)
{
	struct app_source *source =
	    (struct app_source *)(void *)((char *)task -
	                                  offsetof(struct app_source, more));

	source->is_posted = false;
	if (source->is_released) {
		free(source);
		return;
	}
	source->is_ready = true;
	reply_more(source->request);
}

static inline int
app_next(void *arg, uint64_t offset, size_t max, struct bytes *piece_out,
    struct fault *fault)
{
	struct app_source *source = arg;
	uint64_t left = source->length - offset;
	size_t len = max < sizeof(source->piece) ? max : sizeof(source->piece);

	len = left < len ? (size_t)left : len;
	if (source->breaks_at != 0 && offset >= source->breaks_at) {
		return fault_set(fault, FAULT_CORRUPT, "chunk 3: bad sum");
	}
	if (source->waits && !source->is_ready) {
		if (!source->is_posted) {
			source->is_posted = true;
			loop_post(source->request->loop, &source->more);
		}
		return 0;
	}
	source->is_ready = false;
	for (size_t i = 0; i < len; i++) {
		source->piece[i] = app_byte(offset + i);
	}
	*piece_out = bytes_of(source->piece, len);
	return 1;
}

static inline void
app_released(void *arg)
{
	struct app_source *source = arg;

	atomic_fetch_add(&source->app->released, 1);
	if (source->is_posted) {
		source->is_released = true;
	} else {
		free(source);
	}
}

/* 64 MB that lie in memory, as a file in a map does. */
#define APP_STORED_BYTES (64u << 20)

/* As it would be in the map of a store: memory that shows a file. */
static inline uint8_t *
app_stored_data(int *file_out)
{
	static uint8_t *data;
	static int file;

	if (data == NULL) { /* with one loop alone */
		file = memfd_create("stored", MFD_CLOEXEC);
		if (file < 0 || ftruncate(file, APP_STORED_BYTES) < 0) {
			abort();
		}
		data = mmap(NULL, APP_STORED_BYTES, PROT_READ | PROT_WRITE,
		    MAP_SHARED, file, 0);
		for (size_t i = 0; i < APP_STORED_BYTES; i += sizeof(i)) {
			memcpy(data + i, &i, sizeof(i));
		}
	}
	*file_out = file;
	return data;
}

static inline int
app_stored_next(void *arg, uint64_t offset, size_t max, struct bytes *piece_out,
    struct fault *fault)
{
	const uint8_t *data = arg;
	uint64_t left = APP_STORED_BYTES - offset;

	(void)fault;
	*piece_out = bytes_of(data + offset, left < max ? (size_t)left : max);
	return 1;
}

static inline int
app_stored_file(void *arg, struct bytes piece, uint64_t *at_out)
{
	int file;

	(void)arg;
	*at_out = (uint64_t)(piece.data - app_stored_data(&file));
	return file;
}

static inline int
app_stored(struct request *request, struct fault *fault)
{
	int file;
	uint8_t *data = app_stored_data(&file);

	(void)fault;
	reply_stream(request, 200,
	    &(struct reply_stream){ .media_type = "application/octet-stream",
	        .length = APP_STORED_BYTES,
	        .source = { app_stored_next, NULL, data, app_stored_file } });
	return 0;
}

static inline int
app_big(struct request *request, struct fault *fault)
{
	struct app_source *source;
	int64_t bytes = 0;
	int64_t breaks_at = 0;

	if (request_query_integer(request, "bytes", 0, 0, 1 << 30, &bytes,
	        fault) < 0 ||
	    request_query_integer(request, "breaks_at", 0, 0, 1 << 30,
	        &breaks_at, fault) < 0) {
		return -1;
	}
	source = malloc(sizeof(*source));
	*source = (struct app_source){ .app = request->app,
		.request = request,
		.length = (uint64_t)bytes,
		.breaks_at = (uint64_t)breaks_at,
		.waits = request_query(request, "waits") != NULL,
		.more.run = app_more };
	reply_tag(request, "\"big\"");
	reply_file_name(request, true, "big.bin");
	reply_stream(request, 200,
	    &(struct reply_stream){ .media_type = "application/octet-stream",
	        .length = request_query(request, "unknown") != NULL
	                      ? REPLY_UNKNOWN
	                      : source->length,
	        .source = { app_next, app_released, source } });
	return 0;
}

static const struct route app_routes[] = {
	{ METHOD_GET, "/hello", app_hello, "hello", 0, 0, NULL, "" },
	{ METHOD_GET, "/record/{id}", app_record, "read", 0, 0, NULL, "" },
	{ METHOD_GET, "/kilobyte/{id}", app_kilobyte, "read", 0, 0, NULL, "" },
	{ METHOD_PUT, "/record/{id}", app_change, "write", 0, 0, NULL, "" },
	{ METHOD_POST, "/echo", app_echo, "echo", ROUTE_BODY_JSON, 0, NULL,
	    "" },
	{ METHOD_POST, "/bytes", app_bytes, "echo", ROUTE_BODY_BYTES, 0, NULL,
	    "" },
	{ METHOD_GET, "/fault", app_fault, "fail", 0, 0, "code", "" },
	{ METHOD_GET, "/field", app_field, "field", 0, 0, "value", "" },
	{ METHOD_GET, "/later", app_later, "later", 0, 0, NULL, "" },
	{ METHOD_GET, "/held", app_held, "hold", 0, 0, NULL, "" },
	{ METHOD_PATCH, "/upload", app_upload, "upload", ROUTE_BODY_STREAM, 0,
	    "pause refuse stops_at hold", "" },
	{ METHOD_GET, "/big", app_big, "download", 0, 0,
	    "bytes waits unknown breaks_at", "" },
	{ METHOD_GET, "/stored", app_stored, "download", 0, 0, NULL, "" },
	{ METHOD_GET, "/private", app_hello, "private", 0, 0, NULL, "" },
	{ 0 },
};

static inline int
app_admit(struct request *request, const struct route *route,
    struct fault *fault)
{
	(void)request;
	return strcmp(route->act, "private") == 0
	           ? fault_set(fault, FAULT_UNKNOWN, "no session")
	           : 0;
}

/* --- the server ------------------------------------------------------- */

static inline void *
app_thread(void *arg)
{
	loop_run(arg);
	return NULL;
}

static inline void
app_stopped(void *arg)
{
	struct app *app = arg;

	for (unsigned i = 0; i < app->loop_count; i++) {
		loop_stop(app->loops[i]);
	}
	atomic_store(&app->stopped, 1);
}

/* The options' presets, on any free port, and deadlines of an hour. */
static inline void
app_init(struct app *app)
{
	const struct conf_part part = { "http", http_options, &app->conf };

	*app = (struct app){ .loop_count = 1 };
	conf_init(&part, 1);
	app->conf.listen = "127.0.0.1:0";
	app->conf.log_requests = false;
	app->conf.head_timeout_ms = 3600000;
	app->conf.idle_timeout_ms = 3600000;
	app->conf.rate_window_ms = 3600000;
}

static inline void
app_check(int rc, const struct fault *fault)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", fault->text);
		abort();
	}
}

static inline void
app_start(struct app *app)
{
	struct server_options options = {
		.conf = &app->conf,
		.loops = app->loops,
		.loop_count = app->loop_count,
		.routes = app_routes,
		.admit = app_admit,
		.stopped = app_stopped,
		.app = app,
	};
	struct fault fault;

	for (unsigned i = 0; i < app->loop_count; i++) {
		app_check(loop_new(&app->loops[i], i, &fault), &fault);
	}
	app_check(job_pool_new(&app->pool, 1, &fault), &fault);
	app_check(server_new(&app->server, &options, &fault), &fault);
	for (unsigned i = 0; i < app->loop_count; i++) {
		app_check(thread_start(&app->threads[i], THREAD_LOOP, "loop",
		              app_thread, app->loops[i], &fault),
		    &fault);
	}
}

static inline void
app_stop(struct app *app)
{
	server_stop(app->server);
	for (unsigned i = 0; i < app->loop_count; i++) {
		pthread_join(app->threads[i], NULL);
	}
	job_pool_free(app->pool);
	server_free(app->server);
	for (unsigned i = 0; i < app->loop_count; i++) {
		loop_free(app->loops[i]);
	}
}

#endif
