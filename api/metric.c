/* SPDX-License-Identifier: Apache-2.0 */

#include "api/metric.h"

#include <inttypes.h>

void
metric_head(struct buf *out, const char *name, const char *kind,
    const char *help)
{
	buf_add_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    kind);
}

void
metric_sample(struct buf *out, const char *name, const char *label,
    const char *text, uint64_t value)
{
	buf_add_format(out, "%s{%s=\"", name, label);
	for (; *text != '\0'; text++) {
		if (*text == '\n') {
			buf_add_text(out, "\\n");
			continue;
		}
		if (*text == '\\' || *text == '"') {
			buf_add_byte(out, '\\');
		}
		buf_add_byte(out, (uint8_t)*text);
	}
	buf_add_format(out, "\"} %" PRIu64 "\n", value);
}

void
metric_add(struct buf *out, const struct metric *table, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct metric *metric = &table[i];

		metric_head(out, metric->name, metric->kind, metric->help);
		buf_add_format(out, "%s %" PRIu64 "\n", metric->name,
		    metric->value);
	}
}
