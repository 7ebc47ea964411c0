/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_METRIC_H
#define API_METRIC_H

#include "base/buf.h"

/*
 * Figures in Prometheus' text format 0.0.4, which is what /metrics answers.
 * A table of them is filled in where its figures are at hand.
 */
struct metric {
	const char *name;
	const char *kind; /* "counter", "gauge" */
	const char *help;
	uint64_t value;
};

/* Two lines of comment; samples with labels may follow them. */
void metric_head(struct buf *out, const char *name, const char *kind,
    const char *help);
/*
 * A sample of it with one label, whose value may be any text.
 *
 * Source: Prometheus, text format 0.0.4, line format.
 */
void metric_sample(struct buf *out, const char *name, const char *label,
    const char *text, uint64_t value);
void metric_add(struct buf *out, const struct metric *table, size_t count);

#endif
