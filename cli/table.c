/* SPDX-License-Identifier: Apache-2.0 */

#include "cli/table.h"

#include "base/say.h"
#include "cli/show.h"

#include <stdbool.h>

#define COLUMNS_MAX 12

/* Columns on a terminal: one for each character that is no mark. */
static int
columns_of(const char *text)
{
	int count = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c != '\0';
	     c++) {
		count += (*c & 0xC0) != 0x80;
	}
	return count;
}

static const char *
cell_text(const json_t *row, const char *member, char number[24])
{
	const json_t *value = json_object_get(row, member);

	if (json_is_string(value)) {
		return json_string_value(value);
	}
	if (json_is_integer(value)) {
		snprintf(number, 24, "%lld",
		    (long long)json_integer_value(value));
		return number;
	}
	return json_is_true(value) ? say_text("yes") : "";
}

static void
print_cell(FILE *out, const char *text, int width, bool last)
{
	show_text(out, text);
	for (int i = columns_of(text); !last && i < width + 2; i++) {
		fputc(' ', out);
	}
}

void
table_print(FILE *out, const json_t *rows, const struct table_column *columns)
{
	int widths[COLUMNS_MAX] = { 0 };
	char number[24];
	size_t count = 0;
	json_t *row;
	size_t i;

	for (; columns[count].title != NULL && count < COLUMNS_MAX; count++) {
		widths[count] = columns_of(say_text(columns[count].title));
		json_array_foreach(rows, i, row)
		{
			int width = columns_of(
			    cell_text(row, columns[count].member, number));

			widths[count] =
			    width > widths[count] ? width : widths[count];
		}
	}
	for (size_t c = 0; c < count; c++) {
		print_cell(out, say_text(columns[c].title), widths[c],
		    c + 1 == count);
	}
	fputc('\n', out);
	json_array_foreach(rows, i, row)
	{
		for (size_t c = 0; c < count; c++) {
			print_cell(out,
			    cell_text(row, columns[c].member, number),
			    widths[c], c + 1 == count);
		}
		fputc('\n', out);
	}
}
