/* SPDX-License-Identifier: Apache-2.0 */

/* Whatever stands right below the root is a field. */

#include "archive/ead.h"

#include "archive/xml_in.h"

#include <string.h>

int
ead_parse(struct ead *ead_out, struct arena *arena, struct bytes xml,
    struct fault *fault)
{
	struct xml_in *reader = xml_in_new(arena, xml);
	enum xml_in_event event = XML_IN_END;

	ead_out->count = 0;
	do {
		struct package_field *field = &ead_out->fields[ead_out->count];

		if (xml_in_next(reader, &event, fault) < 0) {
			return -1;
		}
		if (event != XML_IN_OPEN || xml_in_depth(reader) != 2) {
			continue;
		}
		if (ead_out->count == EAD_FIELDS_MAX) {
			return fault_set(fault, FAULT_LIMIT,
			    "a description has more than %u fields",
			    EAD_FIELDS_MAX);
		}
		field->name = xml_in_name(reader);
		if (xml_in_content(reader, &field->value, fault) < 0) {
			return -1;
		}
		ead_out->count++;
	} while (event != XML_IN_END);
	return 0;
}

const char *
ead_value(const struct ead *ead, const char *name)
{
	for (size_t i = 0; i < ead->count; i++) {
		if (strcmp(ead->fields[i].name, name) == 0) {
			return ead->fields[i].value[0] != '\0'
			           ? ead->fields[i].value
			           : NULL;
		}
	}
	return NULL;
}
