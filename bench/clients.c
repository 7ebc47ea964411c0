/* SPDX-License-Identifier: Apache-2.0 */

#include "bench/clients.h"

#include "base/clock.h"
#include "base/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define WAIT_MS  60000
#define TAKE_MAX (256u << 10) /* read at once of a large answer */

struct client {
	int descriptor;
	char kept[ANSWER_KEEPS + 1]; /* head, then the body's beginning */
	size_t kept_len;
	size_t head_len; /* 0 while it is not whole */
	uint64_t body_len;
	uint64_t body_got;
	int64_t sent_at;
};

struct clients {
	const struct clients_order *order;
	struct clients_result *result;
	int poll;
	unsigned busy;       /* that wait for an answer */
	char rest[TAKE_MAX]; /* what nobody looks at is read into */
	struct client all[];
};

static void
die(const char *what, const char *more)
{
	fprintf(stderr, "%s: %.400s\n", what, more);
	exit(1);
}

const char *
answer_field(const struct answer *answer, const char *name)
{
	size_t len = strlen(name);
	const char *line = strchr(answer->head, '\n');

	for (; line != NULL; line = strchr(line, '\n')) {
		line++;
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			line += len + 1;
			return line + strspn(line, " ");
		}
	}
	return NULL;
}

static void
client_send(struct clients *clients, unsigned number, struct bytes request)
{
	struct client *client = &clients->all[number];

	if (request.len == 0) {
		clients->busy--;
		return;
	}
	client->kept_len = 0;
	client->head_len = 0;
	client->body_got = 0;
	client->sent_at = clock_ticks();
	while (request.len > 0) {
		ssize_t sent = send(client->descriptor, request.data,
		    request.len, MSG_NOSIGNAL);

		if (sent < 0) {
			die("send", strerror(errno));
		}
		request =
		    bytes_of(request.data + sent, request.len - (size_t)sent);
	}
}

static void
client_open(struct clients *clients, unsigned number)
{
	struct client *client = &clients->all[number];
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)clients->order->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = number };
	int one = 1;

	client->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(client->descriptor, (struct sockaddr *)&address,
	        sizeof(address)) < 0) {
		die("connect", strerror(errno));
	}
	setsockopt(client->descriptor, IPPROTO_TCP, TCP_NODELAY, &one,
	    sizeof(one));
	epoll_ctl(clients->poll, EPOLL_CTL_ADD, client->descriptor, &event);
}

/* The head is whole: how long is what follows? */
static void
read_head(struct client *client)
{
	struct answer answer = { .head = client->kept };
	const char *end = strstr(client->kept, "\r\n\r\n");
	const char *length;

	if (end == NULL) {
		return;
	}
	client->head_len = (size_t)(end - client->kept) + 4;
	length = answer_field(&answer, "Content-Length");
	client->body_len = length != NULL ? strtoull(length, NULL, 10) : 0;
	client->body_got = client->kept_len - client->head_len;
}

/* What there is to read; true where the answer is whole. */
static bool
client_take(struct clients *clients, struct client *client)
{
	size_t room = ANSWER_KEEPS - client->kept_len;
	bool rest = client->head_len > 0 && room == 0;
	bool drop = rest && clients->order->drops;
	ssize_t got = recv(client->descriptor,
	    rest ? clients->rest : client->kept + client->kept_len,
	    rest ? TAKE_MAX : room, MSG_DONTWAIT | (drop ? MSG_TRUNC : 0));

	if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
		return false;
	}
	if (got <= 0) {
		die("the server hung up", got < 0 ? strerror(errno) : "");
	}
	clients->result->bytes += (uint64_t)got;
	if (!rest) {
		client->kept_len += (size_t)got;
		client->kept[client->kept_len] = '\0';
	}
	if (client->head_len > 0) {
		client->body_got += (uint64_t)got;
	} else {
		read_head(client);
	}
	return client->head_len > 0 && client->body_got >= client->body_len;
}

static void
client_go_on(struct clients *clients, unsigned number)
{
	struct client *client = &clients->all[number];
	struct answer answer = { .head = client->kept };

	if (!client_take(clients, client)) {
		return;
	}
	answer.took = clock_ticks() - client->sent_at;
	answer.status = atoi(client->kept + strlen("HTTP/1.1 "));
	answer.body = bytes_of(client->kept + client->head_len,
	    client->kept_len - client->head_len);
	if (answer.status < 200 || answer.status > 299) {
		die("not a success", client->kept);
	}
	clients->result->answers++;
	client_send(clients, number,
	    clients->order->next(clients->order->arg, number, &answer));
}

void
clients_run(const struct clients_order *order,
    struct clients_result *result_out)
{
	struct clients *clients =
	    xzalloc(sizeof(*clients) + order->count * sizeof(clients->all[0]));
	struct epoll_event events[64];
	int64_t begun, end;

	*result_out = (struct clients_result){ 0 };
	clients->order = order;
	clients->result = result_out;
	clients->poll = epoll_create1(EPOLL_CLOEXEC);
	for (unsigned i = 0; i < order->count; i++) {
		client_open(clients, i);
	}
	clients->busy = order->count;
	begun = clock_ticks();
	end = order->seconds > 0 ? begun + (int64_t)(order->seconds * 1e6)
	                         : INT64_MAX;
	for (unsigned i = 0; i < order->count; i++) {
		client_send(clients, i, order->next(order->arg, i, NULL));
	}
	while (clients->busy > 0 && clock_ticks() < end) {
		int count = epoll_wait(clients->poll, events, 64, WAIT_MS);

		if (count == 0) {
			die("no answer", "for a minute");
		}
		for (int i = 0; i < count; i++) {
			client_go_on(clients, events[i].data.u32);
		}
	}
	result_out->seconds = (double)(clock_ticks() - begun) / 1e6;
	for (unsigned i = 0; i < order->count; i++) {
		close(clients->all[i].descriptor);
	}
	close(clients->poll);
	free(clients);
}
