/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_TORTURE_BESIDE_H
#define TESTS_TORTURE_BESIDE_H

#include "base/memory.h"
#include "tests/unit/http_client.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/*
 * Who is beside a server that is put to torture, only wants to be served, and
 * measures.
 */
#define BESIDE_SAMPLES 200000u

struct beside {
	unsigned port;
	const char *request; /* asked again and again; borrowed */
	atomic_bool stop;
	unsigned count;
	unsigned refused; /* answers that were none, or another than 200 */
	uint32_t us[BESIDE_SAMPLES];
};

static inline int64_t
beside_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void *
beside_run(void *arg)
{
	struct beside *beside = arg;
	struct answer *answer = xzalloc(sizeof(*answer));
	struct client client = client_open(beside->port);

	buf_init(&answer->body, CLIENT_BODY_MAX);
	while (!atomic_load(&beside->stop) && beside->count < BESIDE_SAMPLES) {
		int64_t start = beside_us();

		if (!client_ask(&client, beside->request, answer) ||
		    answer->status != 200) {
			beside->refused++;
			client_close(&client);
			client = client_open(beside->port);
			continue;
		}
		beside->us[beside->count++] = (uint32_t)(beside_us() - start);
		if (answer_field(answer, "Connection") != NULL) {
			/* It says that it closes: http.keepalive_max. */
			client_close(&client);
			client = client_open(beside->port);
		}
		poll(NULL, 0, 1); /* it is an office, no bench */
	}
	client_close(&client);
	buf_fini(&answer->body);
	free(answer);
	return NULL;
}

static inline pthread_t
beside_begin(struct beside *beside, unsigned port, const char *request)
{
	pthread_t thread;

	*beside = (struct beside){ .port = port, .request = request };
	if (pthread_create(&thread, NULL, beside_run, beside) != 0) {
		perror("thread");
		exit(2);
	}
	return thread;
}

static inline int
beside_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* Microseconds that 99 of 100 requests took at most. */
static inline uint32_t
beside_end(struct beside *beside, pthread_t thread)
{
	atomic_store(&beside->stop, true);
	pthread_join(thread, NULL);
	qsort(beside->us, beside->count, sizeof(*beside->us), beside_compare);
	return beside->count > 0 ? beside->us[beside->count * 99 / 100] : 0;
}

#endif
