/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One easy handle, used again for every request, so that the connection stays
 * open.  An answer of 400 and above is a problem (RFC 9457): its `detail` and
 * `field` become the fault, its type the fault's code.
 */

#include "cli/client.h"

#include "base/hex.h"
#include "base/memory.h"
#include "base/say.h"
#include "base/text.h"
#include "cli/exchange.h"
#include "cli/progress.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADERS_MAX   65536u
#define STILL_SECONDS 60L

struct client {
	CURL *curl;
	char *url;
	struct curl_slist *headers; /* of every request */
	struct buf received;        /* response header lines */
	struct arena *arena;        /* of `problem` */
	json_t *problem;
	const char *label; /* of the next request, or NULL */
	bool progress;
};

/* --- libcurl's callbacks ------------------------------------------------------- */

static size_t
take_body(char *data, size_t size, size_t count, void *arg)
{
	struct exchange *exchange = arg;
	long status = 0;

	curl_easy_getinfo(exchange->client->curl, CURLINFO_RESPONSE_CODE,
	    &status);
	if (exchange->file != NULL && status < 400) {
		return fwrite(data, size, count, exchange->file);
	}
	buf_add(exchange->out, data, size * count);
	return exchange->out->refused ? 0 : size * count;
}

static size_t
take_header(char *data, size_t size, size_t count, void *arg)
{
	struct client *client = arg;

	buf_add(&client->received, data, size * count);
	return client->received.refused ? 0 : size * count;
}

static int
show_progress(void *arg, curl_off_t down_all, curl_off_t down,
    curl_off_t up_all, curl_off_t up)
{
	struct exchange *exchange = arg;

	(void)up_all;
	if (exchange->progress != NULL) {
		progress_show(exchange->progress,
		    (uint64_t)(up > 0 ? up : down),
		    (uint64_t)(down_all > 0 ? down_all : 0));
	}
	return 0;
}

/* --- one request ----------------------------------------------------------------- */

static void
set_request(struct client *client, struct exchange *exchange,
    struct curl_slist *headers)
{
	CURL *curl = client->curl;

	if (exchange->body.data != NULL) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, exchange->body.data);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)exchange->body.len);
	} else {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, NULL);
		curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
	}
	/* Last: HTTPGET and POSTFIELDS choose a method of their own. */
	curl_easy_setopt(curl, CURLOPT_NOBODY,
	    strcmp(exchange->method, "HEAD") == 0 ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, exchange->method);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, client);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, show_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, exchange);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS,
	    exchange->progress == NULL ? 1L : 0L);
	/* A piece that stands still is sent again on a new connection. */
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
	    strcmp(exchange->method, "PATCH") == 0 ? STILL_SECONDS : 0L);
}

static enum fault_code
code_of(long status)
{
	switch (status) {
	case 401:
		return FAULT_UNKNOWN;
	case 403:
		return FAULT_DENIED;
	case 404:
	case 410:
		return FAULT_ABSENT;
	case 409:
	case 412:
		return FAULT_CONFLICT;
	case 413:
		return FAULT_LIMIT;
	case 429:
		return FAULT_RATE;
	case 502:
		return FAULT_PLUGIN;
	case 503:
		return FAULT_BUSY;
	case 507:
		return FAULT_FULL;
	case 504:
		return FAULT_UNSURE;
	default:
		return status >= 500 ? FAULT_SYSTEM : FAULT_INVALID;
	}
}

static int
read_problem(struct client *client, struct exchange *exchange,
    struct fault *fault)
{
	struct fault unread;
	const char *detail;
	const char *title;
	const char *field;

	client->problem =
	    json_read(client->arena, buf_bytes(exchange->out), &unread);
	detail = json_text_at(client->problem, "detail");
	title = json_text_at(client->problem, "title");
	field = json_text_at(client->problem, "field");
	fault_set(fault, code_of(exchange->status), "%s%s%s",
	    title != NULL ? title : say_text("The server refuses"),
	    detail != NULL ? ": " : "", detail != NULL ? detail : "");
	if (title == NULL) {
		fault_set(fault, code_of(exchange->status),
		    "the server answered %ld", exchange->status);
	}
	if (field != NULL) {
		snprintf(fault->field, sizeof(fault->field), "%s", field);
	}
	return -1;
}

/* Why no answer came, and what to do then. */
static const struct {
	CURLcode code;
	const char *why;
	const char *advice;
} unreached[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, "no machine of this name is known",
	    "check the address and the network" },
	{ CURLE_COULDNT_CONNECT, "nothing answers there",
	    "check the address and its port; ask whether hosod runs there" },
	{ CURLE_OPERATION_TIMEDOUT, "it does not answer in time",
	    "check the network and try again" },
	{ CURLE_PEER_FAILED_VERIFICATION, "its certificate is not trusted",
	    "name the root certificate of the office: --authority FILE.pem" },
	{ CURLE_SSL_CACERT_BADFILE, "the file of --authority cannot be read",
	    "check that file" },
	{ CURLE_SSL_CONNECT_ERROR, "no safe connection comes about",
	    "check whether the address begins with http or https" },
	{ CURLE_GOT_NOTHING, "it closed the connection without an answer",
	    "check whether the address begins with http or https" },
	{ CURLE_SEND_ERROR, "the connection broke off",
	    "check the network and try again" },
	{ CURLE_RECV_ERROR, "the connection broke off",
	    "check the network and try again" },
	{ CURLE_PARTIAL_FILE, "the connection broke off",
	    "check the network and try again" },
	{ CURLE_UNSUPPORTED_PROTOCOL, "this is no address of a server",
	    "write it as http://NAME:PORT or https://NAME" },
	{ CURLE_URL_MALFORMAT, "this is no address of a server",
	    "write it as http://NAME:PORT or https://NAME" },
};

static int
say_unreached(const struct client *client, CURLcode code, struct fault *fault)
{
	const char *why = curl_easy_strerror(code);
	const char *advice = "check the address and the network";

	for (size_t i = 0; i < sizeof(unreached) / sizeof(unreached[0]); i++) {
		if (unreached[i].code == code) {
			why = unreached[i].why;
			advice = unreached[i].advice;
		}
	}
	return fault_set(fault, FAULT_SYSTEM, "%s cannot be reached (%s); %s",
	    client->url, why, advice);
}

int
exchange_perform(struct client *client, struct exchange *exchange,
    struct fault *fault)
{
	struct curl_slist *headers = NULL;
	char *url;
	CURLcode rc;
	size_t len;

	for (struct curl_slist *line = client->headers; line != NULL;
	     line = line->next) {
		headers = curl_slist_append(headers, line->data);
	}
	for (size_t i = 0; exchange->extra[i] != NULL; i++) {
		headers = curl_slist_append(headers, exchange->extra[i]);
	}
	len = strlen(client->url) + strlen(exchange->path) + 1;
	url = xzalloc(len);
	snprintf(url, len, "%s%s", client->url, exchange->path);
	arena_reset(client->arena);
	client->problem = NULL;
	buf_reset(&client->received);
	exchange->client = client;
	curl_easy_setopt(client->curl, CURLOPT_URL, url);
	set_request(client, exchange, headers);
	rc = curl_easy_perform(client->curl);
	curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE,
	    &exchange->status);
	curl_slist_free_all(headers);
	free(url);
	if (rc != CURLE_OK) {
		return say_unreached(client, rc, fault);
	}
	return exchange->status >= 400 ? read_problem(client, exchange, fault)
	                               : 0;
}

/* --- the functions of the header ------------------------------------------------- */

int
client_new(struct client **client_out, const struct client_options *options,
    struct fault *fault)
{
	struct client *client = xzalloc(sizeof(*client));

	client->curl = curl_easy_init();
	client->arena = arena_new();
	client->url = xstrdup(options->url);
	client->progress = options->progress && isatty(2);
	buf_init(&client->received, HEADERS_MAX);
	if (client->curl == NULL) {
		client_free(client);
		return fault_set(fault, FAULT_SYSTEM, "libcurl does not start");
	}
	curl_easy_setopt(client->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT, 10L);
	curl_easy_setopt(client->curl, CURLOPT_TCP_KEEPALIVE, 1L);
	if (options->authority != NULL) {
		curl_easy_setopt(client->curl, CURLOPT_CAINFO,
		    options->authority);
	}
	client_header(client, "Expect:");
	client_header(client,
	    options->english ? "Accept-Language: en" : "Accept-Language: vi");
	if (options->token != NULL) {
		size_t len = strlen(options->token) + 32;
		char *line = xzalloc(len);

		snprintf(line, len, "Authorization: Bearer %s", options->token);
		client_header(client, line);
		explicit_bzero(line, len);
		free(line);
	}
	*client_out = client;
	return 0;
}

void
client_free(struct client *client)
{
	if (client == NULL) {
		return;
	}
	curl_slist_free_all(client->headers);
	curl_easy_cleanup(client->curl);
	buf_fini(&client->received);
	arena_free(client->arena);
	free(client->url);
	free(client);
}

void
client_header(struct client *client, const char *line)
{
	client->headers = curl_slist_append(client->headers, line);
}

bool
exchange_shows_progress(const struct client *client)
{
	return client->progress;
}

const json_t *
client_details(const struct client *client)
{
	return json_object_get(client->problem, "details");
}

const char *
exchange_header(const struct client *client, struct arena *arena,
    const char *name)
{
	const char *line = buf_text(&client->received);
	size_t len = strlen(name);

	while (line != NULL && *line != '\0') {
		if (strncasecmp(line, name, len) == 0 && line[len] == ':') {
			const char *value = line + len + 1;

			value += strspn(value, " ");
			return arena_text_of(arena,
			    bytes_of(value, strcspn(value, "\r\n")));
		}
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return NULL;
}

const char *
client_cookie(const struct client *client, struct arena *arena,
    const char *name)
{
	const char *value = exchange_header(client, arena, "Set-Cookie");
	size_t len = strlen(name);

	if (value == NULL || strncmp(value, name, len) != 0 ||
	    value[len] != '=') {
		return NULL;
	}
	return arena_text_of(arena,
	    bytes_of(value + len + 1, strcspn(value + len + 1, ";")));
}

/* "%C4%90%C6%A1n.docx" -> "Đơn.docx"; NULL where it is malformed. */
static const char *
unescape(struct arena *arena, struct bytes text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char digits[3] = "";
		uint8_t byte = text.data[i];

		if (byte == '%') {
			if (i + 2 >= text.len) {
				return NULL;
			}
			memcpy(digits, text.data + i + 1, 2);
			if (!hex_decode(&byte, 1, digits)) {
				return NULL;
			}
			i += 2;
		}
		out[len++] = (char)byte;
	}
	return out;
}

/* A name that stays in this folder and is shown as it is. */
static bool
is_plain_name(const char *name)
{
	if (name == NULL || name[0] == '\0' || name[0] == '.' ||
	    strchr(name, '/') != NULL || !text_is_utf8(bytes_of_text(name))) {
		return false;
	}
	for (const unsigned char *c = (const unsigned char *)name; *c != '\0';
	     c++) {
		if (*c < 0x20 || *c == 0x7f) {
			return false;
		}
	}
	return true;
}

const char *
client_file_name(const struct client *client, struct arena *arena)
{
	static const char extended[] = "filename*=UTF-8''";
	static const char plain[] = "filename=\"";
	const char *value =
	    exchange_header(client, arena, "Content-Disposition");
	const char *at = value != NULL ? strstr(value, extended) : NULL;
	const char *name = NULL;

	if (at != NULL) {
		at += sizeof(extended) - 1;
		name = unescape(arena, bytes_of(at, strcspn(at, "; ")));
	} else if (value != NULL && (at = strstr(value, plain)) != NULL) {
		at += sizeof(plain) - 1;
		name = arena_text_of(arena, bytes_of(at, strcspn(at, "\"")));
	}
	return is_plain_name(name) ? name : NULL;
}

void
client_label(struct client *client, const char *label)
{
	client->label = label;
}

static int
exchange_json(struct client *client, struct arena *arena,
    struct exchange *exchange, const json_t *body, json_t **answer_out,
    struct fault *fault)
{
	struct progress progress;
	struct buf out;
	int rc;

	buf_init(&out, ANSWER_MAX);
	exchange->out = &out;
	if (body != NULL) {
		exchange->body = json_bytes(arena, body);
	}
	if (client->progress && client->label != NULL) {
		progress_init(&progress, client->label, 0);
		exchange->progress = &progress;
	}
	client->label = NULL;
	rc = exchange_perform(client, exchange, fault);
	if (exchange->progress != NULL) {
		progress_end(&progress);
	}
	*answer_out = NULL;
	if (rc == 0 && out.len > 0) {
		*answer_out = json_read(arena, buf_bytes(&out), fault);
		rc = *answer_out == NULL ? -1 : 0;
	}
	buf_fini(&out);
	return rc;
}

int
client_json(struct client *client, struct arena *arena, const char *method,
    const char *path, const json_t *body, json_t **answer_out,
    struct fault *fault)
{
	struct exchange exchange = { .method = method, .path = path };

	if (body != NULL) {
		exchange.extra[0] = "Content-Type: application/json";
	}
	return exchange_json(client, arena, &exchange, body, answer_out, fault);
}

int
client_once(struct client *client, struct arena *arena, const char *path,
    const json_t *body, const char *key, json_t **answer_out,
    struct fault *fault)
{
	struct exchange exchange = { .method = "POST", .path = path };

	exchange.extra[0] = "Content-Type: application/json";
	exchange.extra[1] = arena_format(arena, "Idempotency-Key: %s", key);
	return exchange_json(client, arena, &exchange, body, answer_out, fault);
}

int
client_bytes(struct client *client, const char *path, struct buf *out,
    struct fault *fault)
{
	struct exchange exchange = { .method = "GET",
		.path = path,
		.out = out };

	return exchange_perform(client, &exchange, fault);
}

int
client_download(struct client *client, const char *path, FILE *out,
    struct fault *fault)
{
	struct exchange exchange = { .method = "GET",
		.path = path,
		.file = out };
	struct progress progress;
	struct buf problem;
	int rc;

	buf_init(&problem, ANSWER_MAX);
	exchange.out = &problem;
	if (client->progress) {
		progress_init(&progress, say_text("receiving"), 0);
		exchange.progress = &progress;
	}
	rc = exchange_perform(client, &exchange, fault);
	if (exchange.progress != NULL) {
		progress_end(&progress);
	}
	if (rc == 0 && fflush(out) != 0) {
		rc = fault_errno(fault, errno, "the file cannot be written");
	}
	buf_fini(&problem);
	return rc;
}

const char *
client_escape(struct arena *arena, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *escaped = arena_alloc(arena, 3 * strlen(text) + 1);
	char *at = escaped;

	for (const unsigned char *c = (const unsigned char *)text; *c != '\0';
	     c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
		    (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL) {
			*at++ = (char)*c;
		} else {
			*at++ = '%';
			*at++ = digits[*c >> 4];
			*at++ = digits[*c & 15];
		}
	}
	return escaped;
}
