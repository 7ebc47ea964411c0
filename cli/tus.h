/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TUS_H
#define CLI_TUS_H

#include "cli/client.h"

/*
 * Upload a file by the tus protocol and resume it where the line breaks.
 * *id_out (in the arena) names the upload in a record's attachment.
 */
int tus_upload(struct client *client, struct arena *arena, const char *path,
    const char **id_out, struct fault *fault);

#endif
