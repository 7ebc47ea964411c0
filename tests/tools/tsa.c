/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A time-stamping authority for tests: tsa FOLDER [MISTAKE...].  It writes
 * its certificate to FOLDER/tsa.pem and its port on the loopback to
 * FOLDER/tsa.port, then answers one connection after the other: first by
 * each mistake in turn, then rightly, until it is killed.  While there is a
 * file FOLDER/tsa.closed all it answers is 503.  tests/unit/tsa_http.h names
 * the mistakes.
 *
 * Where there is a FOLDER/tsa.key it is its key, FOLDER/tsa.pem its
 * certificate and behind that those that go into tokens, too; the seconds in
 * FOLDER/tsa.time are the time, whatever the clock says.
 */

#include "tests/tools/loopback.h"
#include "tests/unit/tsa_http.h"

#include "base/digest.h"
#include "base/file.h"

#include <arpa/inet.h>

static int
save(const char *folder, const char *name, struct bytes bytes)
{
	struct fault fault;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (file_write(path, bytes, 0644, &fault) < 0) {
		fprintf(stderr, "tsa: %s\n", fault.text);
		return -1;
	}
	return 0;
}

static bool
is_closed(const char *folder)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/tsa.closed", folder);
	return access(path, F_OK) == 0;
}

/* The key that lies there in place of the one that was drawn. */
static bool
take_key(struct tsa *tsa, const char *folder)
{
	char path[4096];
	X509 *more;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tsa.key", folder);
	file = fopen(path, "r");
	if (file == NULL) {
		return false;
	}
	EVP_PKEY_free(tsa->pkey);
	tsa->pkey = PEM_read_PrivateKey(file, NULL, NULL, NULL);
	fclose(file);
	snprintf(path, sizeof(path), "%s/tsa.pem", folder);
	file = fopen(path, "r");
	X509_free(tsa->x509);
	tsa->x509 = PEM_read_X509(file, NULL, NULL, NULL);
	tsa->chain = sk_X509_new_null();
	while ((more = PEM_read_X509(file, NULL, NULL, NULL)) != NULL) {
		sk_X509_push(tsa->chain, more);
	}
	fclose(file);
	return true;
}

static int64_t
time_of(const char *folder)
{
	long long seconds = (long long)time(NULL);
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/tsa.time", folder);
	file = fopen(path, "r");
	if (file != NULL) {
		if (fscanf(file, "%lld", &seconds) != 1) {
			fprintf(stderr, "tsa: no seconds in tsa.time\n");
		}
		fclose(file);
	}
	return (int64_t)seconds * 1000000;
}

int
main(int argc, char **argv)
{
	struct tsa *tsa;
	struct buf pem;
	int server;

	if (argc < 2) {
		fprintf(stderr, "use: tsa FOLDER [MISTAKE...]\n");
		return 2;
	}
	digest_init();
	tsa = tsa_new((int64_t)time(NULL) * 1000000, "critical,timeStamping");
	buf_init(&pem, 1 << 16);
	tsa_pem(&pem, tsa);
	if ((!take_key(tsa, argv[1]) &&
	        save(argv[1], "tsa.pem", buf_bytes(&pem)) < 0) ||
	    (server = loopback_listen(argv[1], "tsa")) < 0) {
		return 1;
	}
	for (int next = 2;;) {
		int client = accept(server, NULL, NULL);

		if (client < 0) {
			continue;
		}
		if (is_closed(argv[1])) {
			tsa_http_serve(client, tsa, "503");
		} else {
			tsa->at = time_of(argv[1]);
			tsa_http_serve(client, tsa,
			    next < argc ? argv[next++] : NULL);
		}
		close(client);
	}
}
