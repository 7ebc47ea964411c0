/* SPDX-License-Identifier: Apache-2.0 */

#include "api/audit_http.h"

#include "api/app.h"
#include "base/base64.h"
#include "core/audit.h"
#include "core/cosigning.h"
#include "core/sink.h"

int
audit_http_key(struct request *request, struct fault *fault)
{
	const char *vkey = audit_vkey(app_core(request)->audit);

	(void)fault;
	reply_bytes(request, 200, "text/plain; charset=utf-8",
	    bytes_of_text(arena_format(request->arena, "%s\n", vkey)));
	return 0;
}

int
audit_http_checkpoint(struct request *request, struct fault *fault)
{
	uint64_t size;

	(void)fault;
	reply_bytes(request, 200, "text/plain; charset=utf-8",
	    audit_checkpoint(app_core(request)->audit, request->arena, &size));
	return 0;
}

int
audit_http_tile(struct request *request, struct fault *fault)
{
	const char *path = arena_format(request->arena, "tile/%s",
	    request_param(request, "rest"));
	struct bytes bytes;
	struct tile tile;
	int found = 0;

	if (tile_path_parse(&tile, path)) {
		found = audit_tile(app_core(request)->audit, request->arena,
		    &tile, &bytes, fault);
	}
	if (found < 0) {
		return -1;
	}
	if (found == 0) {
		return fault_set(fault, FAULT_ABSENT, "there is no %s", path);
	}
	/*
	 * Full tiles never change (C2SP tlog-tiles); the rest grows.  To read
	 * either takes a right, for which no proxy in between would ask.
	 */
	if (tile.width == TILE_WIDTH &&
	    reply_header(request, "Cache-Control",
	        "private, max-age=31536000, immutable", fault) < 0) {
		return -1;
	}
	reply_bytes(request, 200, "application/octet-stream", bytes);
	return 0;
}

static int
number(const char *text, uint64_t *number_out)
{
	uint64_t value = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c < '0' || *c > '9' || value > INT64_MAX / 10 - 1) {
			return -1;
		}
		value = value * 10 + (uint64_t)(*c - '0');
	}
	*number_out = value;
	return text[0] != '\0' ? 0 : -1;
}

int
audit_http_receipt(struct request *request, struct fault *fault)
{
	const char *text = request_param(request, "index");
	struct bytes receipt;
	uint64_t index;

	if (number(text, &index) < 0) {
		return fault_set(fault, FAULT_ABSENT,
		    "entries are numbered, %s is no number", text);
	}
	if (cosigning_receipt(app_core(request), request->arena, index,
	        &receipt, fault) < 0) {
		return -1;
	}
	reply_bytes(request, 200, "application/json", receipt);
	return 0;
}

int
audit_http_consistency(struct request *request, struct fault *fault)
{
	json_t *hashes = json_own(request->arena, json_array());
	struct merkle_proof proof;
	int64_t from;
	int64_t to;

	if (request_query_integer(request, "from", 0, 1, INT64_MAX, &from,
	        fault) < 0 ||
	    request_query_integer(request, "to", 0, 1, INT64_MAX, &to, fault) <
	        0 ||
	    audit_consistency(app_core(request)->audit, (uint64_t)from,
	        (uint64_t)to, &proof, fault) < 0) {
		return -1;
	}
	for (unsigned i = 0; i < proof.count; i++) {
		struct buf text;

		buf_init(&text, 64);
		base64_encode(&text, bytes_of(proof.hashes[i].bytes,
		                         sizeof(proof.hashes[i].bytes)));
		json_array_append_new(hashes, json_string(buf_text(&text)));
		buf_fini(&text);
	}
	reply_json(request, 200,
	    json_own(request->arena,
	        json_pack("{s:I, s:O, s:I}", "from", (json_int_t)from, "proof",
	            hashes, "to", (json_int_t)to)));
	return 0;
}

int
audit_http_sinks(struct request *request, struct fault *fault)
{
	const struct core *core = app_core(request);
	json_t *list = json_own(request->arena, json_array());
	struct sink_figures figures;
	uint64_t entries;

	(void)fault;
	audit_checkpoint(core->audit, request->arena, &entries);
	for (size_t i = 0; core->sinks != NULL && i < sinks_count(core->sinks);
	     i++) {
		sinks_measure(core->sinks, i, &figures);
		json_array_append_new(list,
		    json_pack("{s:I, s:I, s:I, s:s}", "behind",
		        (json_int_t)(entries > figures.next
		                         ? entries - figures.next
		                         : 0),
		        "failures", (json_int_t)figures.failures, "next",
		        (json_int_t)figures.next, "sink", figures.sink));
	}
	reply_json(request, 200,
	    json_own(request->arena, json_pack("{s:I, s:O}", "log_entries",
	                                 (json_int_t)entries, "sinks", list)));
	return 0;
}
