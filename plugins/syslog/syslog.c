/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every audit event as one message of RFC 5424:
 *
 *     <110>1 2026-01-31T00:00:00.000000Z HOST hoso - ACT [hoso@0 index="17"] JSON
 *
 * Priority: facility 13 (log audit), severity 6 (informational).  A message
 * is one datagram (framing "datagram", RFC 5426), or is preceded by its
 * length on a stream (framing "octets", RFC 6587, 3.4.1).
 */

#include "hoso/plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PRIORITY   110 /* 13 * 8 + 6 */
#define MSGID_MAX  32u /* RFC 5424, 6 */
#define MICROS_DAY INT64_C(86400000000)

struct channel {
	bool octets;
	const char *host_name;
	int64_t message_max; /* bytes; a longer JSON is cut */
};

/* The value of "key":"..." or of "key":number at the top of canonical JSON. */
static const char *
find_member(const char *json, size_t len, const char *key)
{
	size_t key_len = strlen(key);
	unsigned depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (json[i] == '{' || json[i] == '[') {
			depth++;
		} else if (json[i] == '}' || json[i] == ']') {
			depth--;
		} else if (json[i] == '"') {
			size_t from = ++i;

			while (i < len && json[i] != '"') {
				i += json[i] == '\\' ? 2 : 1;
			}
			if (depth == 1 && i - from == key_len && i + 1 < len &&
			    json[i + 1] == ':' &&
			    memcmp(json + from, key, key_len) == 0) {
				return json + i + 2;
			}
		}
	}
	return NULL;
}

/* MSGID: visible ASCII, at most 32; "-" where the event has no act. */
static void
copy_act(char act[MSGID_MAX + 1], const char *json, size_t len)
{
	const char *at = find_member(json, len, "act");
	size_t n = 0;

	if (at != NULL && *at == '"') {
		for (at++; at<json + len && * at> 0x20 && *at < 0x7F &&
		           *at != '"' && n < MSGID_MAX;
		     at++) {
			act[n++] = *at;
		}
	}
	if (n == 0) {
		act[n++] = '-';
	}
	act[n] = '\0';
}

/*
 * Year, month, day of a day count since 1970-01-01.
 *
 * Source:  H. Hinnant, chrono-Compatible Low-Level Date Algorithms.
 */
static void
split_day(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

/* When it happened, by the event's own "at"; "-" where it has none. */
static const char *
time_of(struct hoso_call *call, const char *json, size_t len)
{
	const char *found = find_member(json, len, "at");
	int64_t at = found != NULL ? strtoll(found, NULL, 10) : 0;
	int64_t rest = at % MICROS_DAY;
	int year;
	int month;
	int day;

	if (at <= 0) {
		return "-";
	}
	split_day(at / MICROS_DAY, &year, &month, &day);
	return call->host->format(call, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
	    year, month, day, (int)(rest / 3600000000),
	    (int)(rest / 60000000 % 60), (int)(rest / 1000000 % 60),
	    (int)(rest % 1000000));
}

/* Bytes of JSON that still fit, not in the middle of a character. */
static int
fitting(const struct channel *channel, const char *json, size_t len,
    size_t head)
{
	size_t room = (size_t)channel->message_max > head
	                  ? (size_t)channel->message_max - head
	                  : 0;

	if (len <= room) {
		return (int)len;
	}
	while (room > 0 && ((unsigned char)json[room] & 0xC0) == 0x80) {
		room--;
	}
	return (int)room;
}

static int
syslog_event(struct hoso_call *call, int64_t index, const char *json,
    size_t len, void *state)
{
	const struct hoso_host *host = call->host;
	const struct channel *channel = state;
	char act[MSGID_MAX + 1];
	const char *head;
	const char *message;

	copy_act(act, json, len);
	head = host->format(call,
	    "<%d>1 %s %s hoso - %s [hoso@0 index=\"%" PRId64 "\"] ", PRIORITY,
	    time_of(call, json, len), channel->host_name, act, index);
	message = host->format(call, "%s%.*s", head,
	    fitting(channel, json, len, strlen(head)), json);
	if (channel->octets) {
		message =
		    host->format(call, "%zu %s", strlen(message), message);
	}
	host->output(call, message, strlen(message));
	return 0;
}

static int
syslog_start(struct hoso_call *call, void **state_out)
{
	const struct hoso_host *host = call->host;
	struct channel *channel = host->memory(call, sizeof(*channel));
	const char *framing = host->text(call->options, "framing");
	const char *name = host->text(call->options, "host_name");

	channel->octets = framing != NULL && strcmp(framing, "octets") == 0;
	if (framing == NULL ||
	    (!channel->octets && strcmp(framing, "datagram") != 0)) {
		return host->fail(call, "framing is datagram or octets");
	}
	for (const char *c = name; c != NULL && *c != '\0'; c++) {
		if (*c <= 0x20 || *c >= 0x7F) {
			return host->fail(call,
			    "host_name is ASCII without blanks");
		}
	}
	channel->host_name = name != NULL ? name : "-";
	channel->message_max = host->integer(call->options, "message_max");
	*state_out = channel;
	return 0;
}

static const struct hoso_option options[] = {
	{ "framing", HOSO_TYPE_TEXT, "datagram", 0, 0,
	    "datagram: mỗi thông điệp một gói; octets: có độ dài đứng trước" },
	{ "host_name", HOSO_TYPE_TEXT, "-", 0, 0, "Tên máy trong thông điệp" },
	{ "message_max", HOSO_TYPE_INTEGER, "8192", 480, 65000,
	    "Số byte tối đa của một thông điệp" },
	{ NULL, HOSO_TYPE_TEXT, NULL, 0, 0, NULL },
};

static const struct hoso_sink syslog_sink = {
	.size = sizeof(struct hoso_sink),
	.name = "syslog",
	.title = "Syslog (RFC 5424)",
	.event = syslog_event,
};

static const struct hoso_sink *const sinks[] = { &syslog_sink, NULL };

static const struct hoso_translation english[] = {
	{ "Syslog (RFC 5424)", "Syslog (RFC 5424)" },
	{ "Gửi nhật ký kiểm soát tới máy chủ syslog theo RFC 5424",
	    "Sends the audit log to a syslog server by RFC 5424" },
	{ "datagram: mỗi thông điệp một gói; octets: có độ dài đứng trước",
	    "datagram: a packet a message; octets: its length goes before it" },
	{ "Tên máy trong thông điệp", "Name of the machine in messages" },
	{ "Số byte tối đa của một thông điệp", "Most bytes of a message" },
	{ NULL, NULL },
};

HOSO_PLUGIN(.name = "sink-syslog", .version = "1.0",
    .summary = "Gửi nhật ký kiểm soát tới máy chủ syslog theo RFC 5424",
    .english = english, .options = options, .sinks = sinks,
    .start = syslog_start);
