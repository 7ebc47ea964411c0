/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Two tables of addresses, both small: lists that are good until a time, and
 * those who failed.  Where one is full its entry that ends first gives way.
 */

#include "core/validation_client.h"

#include "base/clock.h"
#include "base/memory.h"
#include "core/fetch.h"
#include "core/respite.h"

#include <pthread.h>
#include <stdlib.h>

#define TIMEOUT_MS 60000 /* the longest list over a line of 3 Mbit/s */
#define LISTS_MAX  16u
#define KEPT_MAX   (32u << 20) /* bytes of all lists */
#define FAILED_MAX 64u

struct kept_list {
	char *url; /* NULL: the place is free */
	uint8_t *data;
	size_t len;
	int64_t until; /* nextUpdate */
};

struct failed {
	char *url; /* NULL: the place is free */
	struct respite respite;
};

struct validation_client {
	struct validation_source source;
	uint64_t retry_ms;
	atomic_bool stopped;
	pthread_mutex_t lock; /* a leaf; of all below */
	struct kept_list lists[LISTS_MAX];
	size_t kept; /* bytes */
	struct failed failed[FAILED_MAX];
};

/* --- lists that are kept --------------------------------------------------- */

static void
drop_list(struct validation_client *client, struct kept_list *list)
{
	client->kept -= list->len;
	free(list->url);
	free(list->data);
	*list = (struct kept_list){ .url = NULL };
}

static struct kept_list *
find_list(struct validation_client *client, const char *url)
{
	for (size_t i = 0; i < LISTS_MAX; i++) {
		if (client->lists[i].url != NULL &&
		    strcmp(client->lists[i].url, url) == 0) {
			return &client->lists[i];
		}
	}
	return NULL;
}

/* A free place, or that of the list that ends first. */
static struct kept_list *
place_for_list(struct validation_client *client)
{
	struct kept_list *first = &client->lists[0];

	for (size_t i = 0; i < LISTS_MAX; i++) {
		struct kept_list *list = &client->lists[i];

		if (list->url == NULL) {
			return list;
		}
		if (list->until < first->until) {
			first = list;
		}
	}
	drop_list(client, first);
	return first;
}

/* A validation_source's keep. */
static void
keep(void *arg, const char *url, struct bytes der, int64_t until)
{
	struct validation_client *client = arg;
	struct kept_list *list;
	uint8_t *data = malloc(der.len);

	if (data == NULL) {
		return; /* it is fetched again */
	}
	memcpy(data, der.data, der.len);
	pthread_mutex_lock(&client->lock);
	list = find_list(client, url);
	if (list != NULL) {
		drop_list(client, list);
	}
	if (client->kept + der.len > KEPT_MAX) {
		free(data);
	} else {
		list = place_for_list(client);
		*list =
		    (struct kept_list){ xstrdup(url), data, der.len, until };
		client->kept += der.len;
	}
	pthread_mutex_unlock(&client->lock);
}

static bool
take_list(struct validation_client *client, const char *url, struct buf *answer)
{
	struct kept_list *list;
	bool is_kept = false;

	pthread_mutex_lock(&client->lock);
	list = find_list(client, url);
	if (list != NULL && list->until <= clock_now()) {
		drop_list(client, list);
	} else if (list != NULL) {
		buf_add(answer, list->data, list->len);
		is_kept = true;
	}
	pthread_mutex_unlock(&client->lock);
	return is_kept;
}

/* --- those who failed ------------------------------------------------------- */

static struct failed *
find_failed(struct validation_client *client, const char *url)
{
	for (size_t i = 0; i < FAILED_MAX; i++) {
		if (client->failed[i].url != NULL &&
		    strcmp(client->failed[i].url, url) == 0) {
			return &client->failed[i];
		}
	}
	return NULL;
}

static struct failed *
place_for_failed(struct validation_client *client, const char *url)
{
	struct failed *first = &client->failed[0];

	for (size_t i = 0; i < FAILED_MAX; i++) {
		struct failed *failed = &client->failed[i];

		if (failed->url == NULL) {
			first = failed;
			break;
		}
		if (failed->respite.until < first->respite.until) {
			first = failed;
		}
	}
	free(first->url);
	*first = (struct failed){ .url = xstrdup(url) };
	return first;
}

static bool
is_left_alone(struct validation_client *client, const char *url)
{
	const struct failed *failed;
	bool is_alone;

	pthread_mutex_lock(&client->lock);
	failed = find_failed(client, url);
	is_alone = failed != NULL && !respite_is_over(failed->respite.until);
	pthread_mutex_unlock(&client->lock);
	return is_alone;
}

static void
note_outcome(struct validation_client *client, const char *url, bool answered)
{
	struct failed *failed;

	pthread_mutex_lock(&client->lock);
	failed = find_failed(client, url);
	if (!answered) {
		if (failed == NULL) {
			failed = place_for_failed(client, url);
		}
		respite_begin(&failed->respite, client->retry_ms);
	} else if (failed != NULL) {
		free(failed->url);
		*failed = (struct failed){ .url = NULL };
	}
	pthread_mutex_unlock(&client->lock);
}

/* --- asking ------------------------------------------------------------------- */

/* A validation_source's fetch. */
static int
ask(void *arg, const char *url, struct bytes request, size_t max,
    struct buf *answer, struct fault *fault)
{
	struct validation_client *client = arg;
	const struct fetch fetch = {
		.url = url,
		.content_type =
		    request.len > 0 ? "application/ocsp-request" : NULL,
		.body = request,
		.answer_max = max,
		.timeout_ms = TIMEOUT_MS,
		.stopped = &client->stopped,
	};
	int rc;

	if (request.len == 0 && take_list(client, url, answer)) {
		return buf_check(answer, fault);
	}
	if (is_left_alone(client, url)) {
		return fault_set(fault, FAULT_BUSY,
		    "it failed, and is left alone for a while");
	}
	rc = fetch_run(answer, NULL, &fetch, fault);
	if (!atomic_load(&client->stopped)) {
		note_outcome(client, url, rc == 0);
	}
	return rc;
}

struct validation_client *
validation_client_new(uint64_t retry_ms)
{
	struct validation_client *client = xzalloc(sizeof(*client));

	client->source = (struct validation_source){ ask, keep, client };
	client->retry_ms = retry_ms;
	pthread_mutex_init(&client->lock, NULL);
	return client;
}

void
validation_client_free(struct validation_client *client)
{
	if (client == NULL) {
		return;
	}
	for (size_t i = 0; i < LISTS_MAX; i++) {
		drop_list(client, &client->lists[i]);
	}
	for (size_t i = 0; i < FAILED_MAX; i++) {
		free(client->failed[i].url);
	}
	pthread_mutex_destroy(&client->lock);
	free(client);
}

void
validation_client_stop(struct validation_client *client)
{
	if (client != NULL) {
		atomic_store(&client->stopped, true);
	}
}

bool
validation_client_is_stopped(const struct validation_client *client)
{
	return atomic_load(&client->stopped);
}

const struct validation_source *
validation_client_source(const struct validation_client *client)
{
	return &client->source;
}
