/* SPDX-License-Identifier: Apache-2.0 */

#include "core/sink_target.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define HOST_MAX 256u

/* Connecting takes no longer; nor does a write, later. */
static const struct timeval wait_max = { 5, 0 };

struct place {
	char host[HOST_MAX];
	const char *port;
	int type;
};

/* "udp:HOST:PORT"; HOST may be in brackets.  False for anything else. */
static bool
parse_place(struct place *place_out, const char *target)
{
	const char *host = target + 4;
	const char *colon = strrchr(target, ':');
	size_t len;

	if (strncmp(target, "udp:", 4) == 0) {
		place_out->type = SOCK_DGRAM;
	} else if (strncmp(target, "tcp:", 4) == 0) {
		place_out->type = SOCK_STREAM;
	} else {
		return false;
	}
	if (colon <= host || colon[1] == '\0' ||
	    (size_t)(colon - host) >= HOST_MAX) {
		return false;
	}
	len = (size_t)(colon - host);
	if (host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	memcpy(place_out->host, host, len);
	place_out->host[len] = '\0';
	place_out->port = colon + 1;
	return len > 0;
}

bool
sink_target_is_valid(const char *target)
{
	struct place place;

	return target[0] == '/' || parse_place(&place, target);
}

/* A connected socket, or -1 with errno. */
static int
connect_to(int family, int type, const struct sockaddr *address, socklen_t len)
{
	int descriptor = socket(family, type | SOCK_CLOEXEC, 0);
	int sys;

	if (descriptor < 0) {
		return -1;
	}
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait_max,
	    sizeof(wait_max));
	if (connect(descriptor, address, len) < 0) {
		sys = errno;
		close(descriptor);
		errno = sys;
		return -1;
	}
	return descriptor;
}

static int
open_place(const struct place *place)
{
	const struct addrinfo hints = { .ai_socktype = place->type };
	struct addrinfo *list = NULL;
	int descriptor = -1;

	if (getaddrinfo(place->host, place->port, &hints, &list) != 0) {
		errno = EHOSTUNREACH;
		return -1;
	}
	for (struct addrinfo *one = list; one != NULL && descriptor < 0;
	     one = one->ai_next) {
		descriptor = connect_to(one->ai_family, one->ai_socktype,
		    one->ai_addr, one->ai_addrlen);
	}
	freeaddrinfo(list);
	return descriptor;
}

static int
open_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int descriptor;

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, strlen(path) + 1);
	descriptor = connect_to(AF_UNIX, SOCK_DGRAM,
	    (const struct sockaddr *)&address, sizeof(address));
	if (descriptor < 0 && errno == EPROTOTYPE) {
		descriptor = connect_to(AF_UNIX, SOCK_STREAM,
		    (const struct sockaddr *)&address, sizeof(address));
	}
	return descriptor;
}

/*
 * What a full disk or a kill cut off ends here, so that what comes next stands
 * on a line of its own.  The file is not read where it must not be.
 */
static void
end_torn_line(const char *path, int descriptor)
{
	int reader = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat info;
	char last = '\n';
	ssize_t ignored;

	if (reader < 0) {
		return;
	}
	if (fstat(reader, &info) == 0 && S_ISREG(info.st_mode) &&
	    info.st_size > 0 &&
	    pread(reader, &last, 1, info.st_size - 1) == 1 && last != '\n') {
		ignored = write(descriptor, "\n", 1);
		(void)ignored; /* where that fails, so does the sink */
	}
	close(reader);
}

/* A pipe that nobody reads is not waited for; what reads too slowly is. */
static int
open_path(const char *path)
{
	int descriptor = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
	    0640);

	if (descriptor >= 0) {
		fcntl(descriptor, F_SETFL, O_APPEND);
		end_torn_line(path, descriptor);
	}
	return descriptor;
}

int
sink_target_open(const char *target, int *descriptor_out, struct fault *fault)
{
	struct place place;
	struct stat info;
	int descriptor;

	if (parse_place(&place, target)) {
		descriptor = open_place(&place);
	} else if (target[0] != '/') {
		return fault_set(fault, FAULT_INVALID,
		    "%s is no path and no udp:HOST:PORT or tcp:HOST:PORT",
		    target);
	} else if (stat(target, &info) == 0 && S_ISSOCK(info.st_mode)) {
		descriptor = open_socket(target);
	} else {
		descriptor = open_path(target);
	}
	if (descriptor < 0) {
		return fault_errno(fault, errno, "%s", target);
	}
	*descriptor_out = descriptor;
	return 0;
}

bool
sink_target_has_moved(const char *target, int descriptor)
{
	struct stat now, opened;

	if (target[0] != '/' || fstat(descriptor, &opened) < 0 ||
	    S_ISSOCK(opened.st_mode)) {
		return false;
	}
	return stat(target, &now) < 0 || now.st_dev != opened.st_dev ||
	       now.st_ino != opened.st_ino;
}
