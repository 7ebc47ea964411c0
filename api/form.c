/* SPDX-License-Identifier: Apache-2.0 */

#include "api/form.h"

#include "api/header.h"
#include "api/multipart.h"

#define RECORD "record"

/* RFC 2045, 5.1; without its parameters, as records have it. */
static const char *
media_type_of(const struct multipart_part *part, struct arena *arena)
{
	struct bytes type = header_main(part->type);

	return type.len > 0 ? arena_text_of(arena, type) : NULL;
}

static int
read_parts(struct request *request, const struct multipart *multipart,
    const json_t **record_out, struct enclosures *enclosures,
    struct fault *fault)
{
	*record_out = NULL;
	enclosures->list = arena_alloc(request->arena,
	    (multipart->count + 1) * sizeof(*enclosures->list));
	for (unsigned i = 0; i < multipart->count; i++) {
		const struct multipart_part *part = &multipart->parts[i];

		if (strcmp(part->name, RECORD) != 0) {
			enclosures->list[enclosures->count++] =
			    (struct enclosure){ .part = part->name,
				    .name = part->file_name,
				    .media_type =
				        media_type_of(part, request->arena),
				    .bytes = part->bytes };
			continue;
		}
		*record_out = json_read(request->arena, part->bytes, fault);
		if (*record_out == NULL) {
			return -1;
		}
	}
	return *record_out != NULL
	           ? 0
	           : fault_field(fault, RECORD,
	                 "a part of this name must hold the record in JSON");
}

int
form_read(struct request *request, const json_t **record_out,
    struct enclosures *enclosures_out, struct fault *fault)
{
	struct multipart *multipart;
	struct bytes type;

	*enclosures_out = (struct enclosures){ .count = 0 };
	if (!header_find(&request->head, "content-type", &type) ||
	    !header_is(header_main(type), "multipart/form-data")) {
		return request_json(request, record_out, fault);
	}
	multipart = arena_alloc(request->arena, sizeof(*multipart));
	if (multipart_parse(multipart, type, request->body, request->arena,
	        fault) < 0) {
		return -1;
	}
	return read_parts(request, multipart, record_out, enclosures_out,
	    fault);
}
