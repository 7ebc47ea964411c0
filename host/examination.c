/* SPDX-License-Identifier: Apache-2.0 */

#include "host/examination.h"

#include "archive/examine.h"
#include "archive/findings_json.h"
#include "archive/trust_folder.h"
#include "archive/validation_material.h"
#include "host/answer.h"
#include "host/far_source.h"

#define FILES_MAX    1024u
#define FINDINGS_MAX 500u /* that are told one by one */
#define PIECE_MAX    (256u << 10)

enum { FILE_EXAMINED, FILE_ANCHORS, FILE_MATERIAL, FILE_OBJECTS };

struct examination {
	struct port *port;
	struct arena *arena;
	int64_t now;
	size_t count;
	struct source *files;
	struct content *objects; /* files from FILE_OBJECTS on */
	struct trust *signers;   /* NULL: no anchors */
	struct trust *tsas;
	struct validation_material material;
	json_t *untold; /* chains that lack proof */
};

static void
let_trust_go(void *arg)
{
	trust_free(arg);
}

static int
read_sizes(struct examination *examination, const json_t *sizes,
    struct fault *fault)
{
	struct arena *arena = examination->arena;
	size_t count = json_array_size(sizes);

	if (count < FILE_OBJECTS || count > FILES_MAX) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the server named no files to examine");
	}
	examination->count = count;
	examination->files =
	    arena_alloc(arena, count * sizeof(*examination->files));
	examination->objects =
	    arena_alloc(arena, count * sizeof(*examination->objects));
	for (size_t i = 0; i < count; i++) {
		struct far_source *far = arena_alloc(arena, sizeof(*far));

		far->port = examination->port;
		far->of = (unsigned)i;
		far->at = 0;
		far->len = 0;
		far->size =
		    (uint64_t)json_integer_value(json_array_get(sizes, i));
		examination->files[i] = far_source(far);
		if (i >= FILE_OBJECTS) {
			examination->objects[i - FILE_OBJECTS] =
			    content_of_source(&examination->files[i]);
		}
	}
	return 0;
}

static int
read_call(struct examination *examination, struct fault *fault)
{
	struct port *port = examination->port;
	struct frame frame;
	const json_t *call;
	int rc = port->receive(port, &frame, fault);

	if (rc < 0) {
		return -1;
	}
	if (rc == 0 || frame.type != FRAME_CALL) {
		return fault_set(fault, FAULT_SYSTEM,
		    "the server asked for nothing");
	}
	call = json_read(examination->arena, frame.payload, fault);
	if (call == NULL) {
		return -1;
	}
	examination->now = json_integer_at(call, "now");
	return read_sizes(examination, json_object_get(call, "files"), fault);
}

static int
read_whole(struct bytes *bytes_out, const struct examination *examination,
    size_t nth, uint32_t max, struct fault *fault)
{
	const struct source *file = &examination->files[nth];
	uint8_t *data;

	if (file->size > max) {
		return fault_set(fault, FAULT_LIMIT,
		    "what came with the file is larger than %u MiB", max >> 20);
	}
	data = arena_alloc(examination->arena, (size_t)file->size);
	*bytes_out = bytes_of(data, (size_t)file->size);
	return file->read(file->arg, 0, data, (size_t)file->size, fault);
}

static int
read_anchors(struct examination *examination, struct fault *fault)
{
	struct bytes text;

	if (examination->files[FILE_ANCHORS].size == 0) {
		return 0;
	}
	examination->signers = trust_new();
	examination->tsas = trust_new();
	arena_defer(examination->arena, let_trust_go, examination->signers);
	arena_defer(examination->arena, let_trust_go, examination->tsas);
	return read_whole(&text, examination, FILE_ANCHORS, TRUST_TEXT_MAX,
	           fault) < 0
	           ? -1
	           : trust_add(examination->signers, examination->tsas, text,
	                 fault);
}

static int
read_material(struct examination *examination, struct fault *fault)
{
	struct bytes file;

	if (examination->files[FILE_MATERIAL].size == 0) {
		return 0;
	}
	return read_whole(&file, examination, FILE_MATERIAL,
	           VALIDATION_FILE_MAX, fault) < 0
	           ? -1
	           : validation_material_add_file(&examination->material, file,
	                 fault);
}

static const char *
kind_name(enum examined examined)
{
	static const char *const names[] = {
		[EXAMINED_NOTHING] = "nothing",
		[EXAMINED_CONTAINER] = "container",
		[EXAMINED_PDF] = "pdf",
		[EXAMINED_CMS] = "cms",
		[EXAMINED_TIMESTAMP] = "timestamp",
		[EXAMINED_EVIDENCE] = "evidence",
	};

	return names[examined];
}

/* The report as one text, in pieces. */
static int
send_report(struct examination *examination, enum examined examined,
    const struct findings *findings, struct fault *fault)
{
	struct port *port = examination->port;
	json_t *report =
	    json_own(examination->arena, findings_json(findings, FINDINGS_MAX));
	struct bytes text;

	json_object_set_new(report, "kind", json_string(kind_name(examined)));
	json_object_set(report, "untold", examination->untold);
	text = json_bytes(examination->arena, report);
	while (text.len > 0) {
		size_t len = text.len < PIECE_MAX ? text.len : PIECE_MAX;

		if (port->send(port, FRAME_OUTPUT, bytes_of(text.data, len),
		        fault) < 0) {
			return -1;
		}
		text = bytes_of(text.data + len, text.len - len);
	}
	if (port->send(port, FRAME_DONE, NO_BYTES, fault) < 0) {
		return -1;
	}
	return port->flush(port, fault);
}

static int
examine_it(struct examination *examination, struct fault *fault)
{
	const struct verify_options options = {
		.anchors = examination->signers,
		.tsa_anchors = examination->tsas,
		.now = examination->now,
		.material = &examination->material,
		.untold = examination->untold,
	};
	const struct examine_question question = {
		.file = &examination->files[FILE_EXAMINED],
		.objects = examination->objects,
		.object_count = examination->count - FILE_OBJECTS,
		.options = &options,
	};
	struct findings findings;
	enum examined examined;
	int rc;

	findings_init(&findings, examination->arena);
	rc = examine(&examined, &findings, &question, fault);
	if (rc == 0) {
		rc = send_report(examination, examined, &findings, fault);
	}
	findings_fini(&findings);
	return rc;
}

int
examination_serve(struct port *port)
{
	struct examination examination = { .port = port,
		.arena = arena_new(),
		.untold = json_array() };
	struct fault fault = { 0 };
	int rc = read_call(&examination, &fault);

	validation_material_init(&examination.material);
	if (rc == 0) {
		rc = read_anchors(&examination, &fault);
	}
	if (rc == 0) {
		rc = read_material(&examination, &fault);
	}
	if (rc == 0) {
		rc = examine_it(&examination, &fault);
	}
	if (rc < 0) {
		answer_failed(port, &fault, NULL);
	}
	validation_material_fini(&examination.material);
	json_decref(examination.untold);
	arena_free(examination.arena);
	return rc;
}
