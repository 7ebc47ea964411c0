/* SPDX-License-Identifier: Apache-2.0 */

/* Counters of a loop, their sum, and how /metrics shows it. */

#include "api/counts.h"

#include "api/metric.h"

#include <inttypes.h>

static const uint64_t bounds_us[COUNTS_BUCKETS - 1] = { 100, 250, 500, 1000,
	2500, 5000, 10000, 50000, 250000, 1000000, 10000000 };

static const char *const bounds_seconds[COUNTS_BUCKETS] = { "0.0001", "0.00025",
	"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.05", "0.25", "1", "10",
	"+Inf" };

void
counts_request(struct counts *counts, int status, uint64_t us)
{
	unsigned bucket = 0;

	while (bucket < COUNTS_BUCKETS - 1 && us > bounds_us[bucket]) {
		bucket++;
	}
	counts_add(&counts->durations[bucket], 1);
	counts_add(&counts->duration_us, us);
	counts_add(&counts->requests[status / 100 % 6], 1);
}

static uint64_t
value(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void
counts_sum(struct counts *sum, const struct counts *counts)
{
	for (unsigned i = 0; i < 6; i++) {
		counts_add(&sum->requests[i], value(&counts->requests[i]));
	}
	for (unsigned i = 0; i < COUNTS_BUCKETS; i++) {
		counts_add(&sum->durations[i], value(&counts->durations[i]));
	}
	counts_add(&sum->duration_us, value(&counts->duration_us));
	counts_add(&sum->bytes_in, value(&counts->bytes_in));
	counts_add(&sum->bytes_out, value(&counts->bytes_out));
	counts_add(&sum->accepted, value(&counts->accepted));
	counts_add(&sum->closed, value(&counts->closed));
	counts_add(&sum->gone, value(&counts->gone));
	counts_add(&sum->late, value(&counts->late));
	counts_add(&sum->handshakes_failed, value(&counts->handshakes_failed));
}

static void
add_durations(struct buf *out, const struct counts *counts)
{
	const char *name = "hoso_http_request_seconds";
	uint64_t us = value(&counts->duration_us);
	uint64_t below = 0;

	metric_head(out, name, "histogram",
	    "From the head's last byte to the answer's.");
	for (unsigned i = 0; i < COUNTS_BUCKETS; i++) {
		below += value(&counts->durations[i]);
		buf_add_format(out, "%s_bucket{le=\"%s\"} %" PRIu64 "\n", name,
		    bounds_seconds[i], below);
	}
	buf_add_format(out, "%s_sum %" PRIu64 ".%06" PRIu64 "\n", name,
	    us / 1000000, us % 1000000);
	buf_add_format(out, "%s_count %" PRIu64 "\n", name, below);
}

void
counts_format(struct buf *out, const struct counts *counts)
{
	const char *name = "hoso_http_requests_total";
	uint64_t accepted = value(&counts->accepted);
	uint64_t closed = value(&counts->closed);
	/* clang-format off */
	const struct metric metrics[] = {
		{ "hoso_http_received_bytes_total", "counter", "Bytes received.", value(&counts->bytes_in) },
		{ "hoso_http_sent_bytes_total", "counter", "Bytes sent.", value(&counts->bytes_out) },
		{ "hoso_http_connections_total", "counter", "Connections accepted.", accepted },
		{ "hoso_http_connections", "gauge", "Connections open.", accepted >= closed ? accepted - closed : 0 },
		{ "hoso_http_gone_total", "counter", "Clients that left before their answer was sent.", value(&counts->gone) },
		{ "hoso_http_late_total", "counter", "Connections closed by a deadline.", value(&counts->late) },
		{ "hoso_http_tls_failed_total", "counter", "TLS handshakes that failed.", value(&counts->handshakes_failed) },
	};
	/* clang-format on */

	metric_head(out, name, "counter",
	    "Requests answered, by class of status.");
	for (unsigned i = 1; i < 6; i++) {
		buf_add_format(out, "%s{class=\"%uxx\"} %" PRIu64 "\n", name, i,
		    value(&counts->requests[i]));
	}
	add_durations(out, counts);
	metric_add(out, metrics, sizeof(metrics) / sizeof(metrics[0]));
}
