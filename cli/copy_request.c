/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/copy_request.h"

#define COPIES_MAX 1000

/* The fields of EAD.xml; which of them must be there, handout_dip() asks. */
static void
read_fields(struct json_reader *reader, struct arena *arena,
    struct handout_request *request)
{
	size_t count = 0;
	struct package_field *fields;

	while (schema_fields[count].name != NULL) {
		count++;
	}
	fields = arena_alloc(arena, count * sizeof(*fields));
	for (size_t i = 0; i < count; i++) {
		const struct schema_field *field = &schema_fields[i];
		const char *value;

		if (field->needs[SCHEMA_DOSSIER][PACKAGE_DIP] == '-') {
			continue;
		}
		value = json_reader_text(reader, field->name, false);
		if (value != NULL) {
			fields[request->field_count++] =
			    (struct package_field){ field->name, value };
		}
	}
	request->fields = fields;
}

static void
read_documents(struct json_reader *reader, struct arena *arena,
    struct handout_request *request)
{
	const json_t *list = json_reader_array(reader, "documents", false);
	size_t *ordinals;
	json_t *value;
	size_t i;

	if (list == NULL) {
		return;
	}
	ordinals =
	    arena_alloc(arena, (json_array_size(list) + 1) * sizeof(*ordinals));
	json_array_foreach(list, i, value)
	{
		json_int_t number = json_integer_value(value);

		if (number < 1 || number > PACKAGE_FILES_MAX) {
			json_reader_refuse(reader, "documents",
			    "must be numbers of documents, from 1");
			return;
		}
		ordinals[i] = (size_t)number;
	}
	request->ordinals = ordinals;
	request->ordinal_count = json_array_size(list);
}

int
copy_request_read(struct cli *cli, const char *path,
    struct handout_request *request_out)
{
	const struct schema_field *date =
	    schema_field_find("requestDate", PACKAGE_DIP, SCHEMA_DOSSIER);
	struct json_reader reader;
	json_t *value = cli_read_json(cli, path);

	if (value == NULL) {
		return -1;
	}
	*request_out = (struct handout_request){ 0 };
	json_reader_init(&reader, value, "", &cli->fault);
	read_fields(&reader, cli->arena, request_out);
	request_out->archive = json_reader_text(&reader, "archive", false);
	request_out->recipient = json_reader_text(&reader, "recipient", false);
	request_out->recipient_id =
	    json_reader_text(&reader, "recipientID", false);
	request_out->expires = json_reader_text(&reader, "expires", false);
	if (request_out->expires != NULL &&
	    !schema_field_fits(date, request_out->expires)) {
		json_reader_refuse(&reader, "expires",
		    "must be a day, DD/MM/YYYY");
	}
	request_out->copies =
	    (unsigned)json_reader_integer(&reader, "copies", 1, 1, COPIES_MAX);
	read_documents(&reader, cli->arena, request_out);
	return json_reader_end(&reader);
}
