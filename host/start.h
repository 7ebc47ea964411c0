/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOST_START_H
#define HOST_START_H

#include "host/sandbox.h"

#include <getopt.h>

/*
 * What the server says when it starts one of our processes: where to talk to
 * it and how to confine oneself.  The rest of a program's options is its own.
 */
struct start {
	bool serve;
	int socket; /* -1: not said */
	struct sandbox sandbox;
};

/* Values of getopt_long(); a program's own begin behind them. */
enum {
	START_SERVE = 256,
	START_PARENT,
	START_SOCKET,
	START_FILTER,
	START_MEMORY,
	START_CPU,
	START_LANDLOCK,
	START_END
};

#define START_OPTIONS \
	{ "serve", no_argument, NULL, START_SERVE }, \
	    { "parent", required_argument, NULL, START_PARENT }, \
	    { "socket", required_argument, NULL, START_SOCKET }, \
	    { "filter", required_argument, NULL, START_FILTER }, \
	    { "memory", required_argument, NULL, START_MEMORY }, \
	    { "cpu", required_argument, NULL, START_CPU }, \
	{ \
		"require-landlock", no_argument, NULL, START_LANDLOCK \
	}

void start_init(struct start *start);
/* True when the option was one of START_OPTIONS.  Ends the process where its
 * value is no number. */
bool start_take(struct start *start, int option, const char *value);
/* A descriptor that the process was given, and keeps. */
int start_descriptor(struct start *start, const char *value);

#endif
