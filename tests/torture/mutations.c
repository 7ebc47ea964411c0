/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Changes signed files and asks what is said of them then:
 *
 *     mutations LIST SEED FIRST COUNT [FOLDER]
 *
 * LIST has a line a file: its path, and behind tabs those of the objects that
 * it is about.  Each is examined with the certificates that it carries as
 * anchors, at the time at which most of it holds, so that there is something
 * to lose.  Case N of a seed is always the same; where one ends badly, its
 * file is kept in FOLDER.  A crash ends a child, and the next goes on behind
 * it; so does more than a second of the processor's time.
 *
 * Ends with 1 where there was a crash, a hang or a claim that does not hold
 * (covered.h).
 */

#include "config.h"

#include "base/digest.h"
#include "base/file.h"
#include "tests/torture/covered.h"
#include "tests/torture/mutate.h"

#include "archive/pdf_signatures.h"
#include "archive/zip_in.h"

#include <ctype.h>
#include <inttypes.h>
#include <locale.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX    1024u
#define OBJECTS_MAX  4u
#define FILE_MAX     (1u << 20)
#define MEMORY_MAX   (UINT64_C(2) << 30)
#define HEAVY_BYTES  32768u /* larger ones are drawn less often */
#define TIMES_MAX    12u
#define HANG_SECONDS 1
#define MICROSECONDS INT64_C(1000000)

struct subject {
	const char *name;
	struct bytes file;
	struct bytes objects[OBJECTS_MAX];
	size_t object_count;
	struct trust *anchors;
	int64_t now;
	enum examined kind;
	struct findings said;
	struct covered *covered;
	size_t claims;
};

/* Shared with the child, which may end at any time. */
struct tally {
	uint64_t number; /* the case under way */
	uint64_t counts[COVERED_VERDICTS];
	uint64_t crashes;
	uint64_t hangs;
	int64_t slowest_us; /* of the processor */
	uint64_t slowest;
	char said[sizeof(((struct mutate *)0)->said)];
	char name[256];
};

static struct subject subjects[FILES_MAX];
static size_t subject_count;
static struct tally *tally;
static const char *folder;

/* --- examining ------------------------------------------------------------------ */

static enum examined
ask(const struct subject *subject, struct bytes file,
    const struct bytes *objects, int64_t now, struct findings *findings)
{
	const struct verify_options options = { .anchors = subject->anchors,
		.now = now };
	const struct source source = source_of_bytes(&file);
	struct bytes copies[OBJECTS_MAX];
	struct content contents[OBJECTS_MAX];
	const struct examine_question question = { .file = &source,
		.objects = contents,
		.object_count = subject->object_count,
		.options = &options };
	enum examined kind = EXAMINED_NOTHING;
	struct fault fault;

	for (size_t i = 0; i < subject->object_count; i++) {
		copies[i] = objects[i];
		contents[i] = (struct content){ stream_from_bytes, &copies[i] };
	}
	if (examine(&kind, findings, &question, &fault) < 0) {
		fprintf(stderr, "mutations: %s: %s\n", subject->name,
		    fault.text);
		abort();
	}
	return kind;
}

/* --- anchors -------------------------------------------------------------------- */

struct found {
	struct trust *anchors;
	int64_t times[TIMES_MAX];
	size_t time_count;
};

static int64_t
time_of(const ASN1_TIME *time)
{
	struct tm tm = { 0 };

	return ASN1_TIME_to_tm(time, &tm) == 1
	           ? (int64_t)timegm(&tm) * MICROSECONDS
	           : 0;
}

static void
add_anchor(struct found *found, X509 *certificate)
{
	const int64_t day = INT64_C(86400) * MICROSECONDS;
	BIO *bio = BIO_new(BIO_s_mem());
	struct fault ignored;
	char *pem;
	long len;

	PEM_write_bio_X509(bio, certificate);
	len = BIO_get_mem_data(bio, &pem);
	trust_add(found->anchors, NULL, bytes_of(pem, (size_t)len), &ignored);
	BIO_free(bio);
	if (found->time_count < TIMES_MAX) {
		found->times[found->time_count++] =
		    time_of(X509_get0_notBefore(certificate)) + day;
	}
}

/* Every certificate that lies in the bytes as DER. */
static void
gather(struct found *found, struct bytes bytes)
{
	for (size_t i = 0; i + 8 < bytes.len; i++) {
		const unsigned char *p = bytes.data + i;
		X509 *certificate;

		if (p[0] != 0x30 || p[1] != 0x82 || p[4] != 0x30) {
			continue;
		}
		certificate = d2i_X509(NULL, &p, (long)(bytes.len - i));
		if (certificate != NULL) {
			add_anchor(found, certificate);
			X509_free(certificate);
		}
		ERR_clear_error();
	}
}

static int
gather_member(void *arg, struct bytes bytes, struct fault *fault)
{
	(void)fault;
	gather(arg, bytes);
	return 0;
}

static void
gather_all(struct found *found, struct subject *subject, struct arena *arena)
{
	const struct source source = source_of_bytes(&subject->file);
	struct zip_limits limits = zip_in_presets;
	struct findings findings;
	struct pdf_signatures pdf;
	struct zip_in *zip;
	struct fault ignored;

	gather(found, subject->file);
	for (size_t i = 0; i < subject->object_count; i++) {
		gather(found, subject->objects[i]);
	}
	if (pdf_is_one(subject->file) &&
	    pdf_signatures_find(&pdf, arena, &source, &ignored) == 0) {
		for (size_t i = 0; i < pdf.count; i++) {
			gather(found, pdf.list[i].contents);
		}
	}
	findings_init(&findings, arena);
	if (zip_in_open(&zip, &source, &limits, &findings, &ignored) == 0) {
		for (size_t i = 0; i < zip_in_count(zip); i++) {
			zip_in_pour(zip, zip_in_entry(zip, i), gather_member,
			    found, &ignored);
		}
		zip_in_free(zip);
	}
	findings_fini(&findings);
}

/* The time at which most is said to hold. */
static void
choose_time(struct subject *subject, const struct found *found)
{
	size_t best = 0;

	for (size_t i = 0; i < found->time_count; i++) {
		struct arena *arena = arena_new();
		struct findings findings;
		size_t claims;

		findings_init(&findings, arena);
		ask(subject, subject->file, subject->objects, found->times[i],
		    &findings);
		claims =
		    covered_claims(&findings) * 2 + findings_is_good(&findings);
		if (i == 0 || claims > best) {
			best = claims;
			subject->now = found->times[i];
		}
		findings_fini(&findings);
		arena_free(arena);
	}
}

static void
prepare(struct subject *subject, struct arena *arena)
{
	struct found found = { .anchors = trust_new() };

	gather_all(&found, subject, arena);
	subject->anchors = found.anchors;
	choose_time(subject, &found);
	findings_init(&subject->said, arena);
	subject->kind = ask(subject, subject->file, subject->objects,
	    subject->now, &subject->said);
	subject->claims = covered_claims(&subject->said);
	subject->covered =
	    covered_new(arena, subject->kind, subject->file, &subject->said);
	if (getenv("HOSO_VERBOSE") != NULL) {
		printf("# %zu claims, %s: %s\n", subject->claims,
		    findings_is_good(&subject->said) ? "good" : "bad",
		    subject->name);
	}
}

/* --- one case -------------------------------------------------------------------- */

static void
keep(const struct subject *subject, struct bytes file)
{
	struct fault fault;
	char path[4096];

	if (folder == NULL) {
		return;
	}
	snprintf(path, sizeof(path), "%s/%" PRIu64, folder, tally->number);
	if (file_write(path, file, 0644, &fault) < 0) {
		fprintf(stderr, "mutations: %s: %s\n", subject->name,
		    fault.text);
	}
}

/* A file that claims nothing, or is large, is drawn less often. */
static const struct subject *
draw(struct mutate *mutate)
{
	for (;;) {
		const struct subject *subject =
		    &subjects[mutate_pick(mutate, subject_count)];
		size_t weight = subject->file.len <= HEAVY_BYTES
		                    ? 1
		                    : subject->file.len / HEAVY_BYTES;

		if (subject->claims == 0) {
			weight *= 8;
		}
		if (mutate_pick(mutate, weight) == 0) {
			return subject;
		}
	}
}

static int64_t
processor_us(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
	return (int64_t)spent.tv_sec * MICROSECONDS + spent.tv_nsec / 1000;
}

static void
limit_time(int seconds)
{
	const struct itimerval timer = { .it_value.tv_sec = seconds };

	setitimer(ITIMER_PROF, &timer, NULL);
}

static enum covered_verdict
judge(const struct subject *subject, struct bytes file,
    const struct bytes *objects, bool is_object, struct arena *arena,
    const char **why)
{
	const int64_t began = processor_us();
	enum covered_verdict verdict;
	struct findings findings;
	int64_t spent;

	findings_init(&findings, arena);
	limit_time(HANG_SECONDS);
	ask(subject, file, objects, subject->now, &findings);
	limit_time(0);
	spent = processor_us() - began;
	if (spent > tally->slowest_us) {
		tally->slowest_us = spent;
		tally->slowest = tally->number;
	}
	verdict = covered_compare(subject->covered, file, &findings, why);
	if (is_object && !bytes_equal(objects[0], subject->objects[0])) {
		verdict = covered_claims(&findings) > 0 ? COVERED_FALSE
		                                        : COVERED_UNCLAIMED;
		*why = "the object is another";
	}
	findings_fini(&findings);
	return verdict;
}

static void
run_case(uint64_t seed, uint64_t number)
{
	struct mutate mutate = mutate_of(seed, number);
	const struct subject *subject = draw(&mutate);
	const bool is_object =
	    subject->object_count > 0 && mutate_pick(&mutate, 8) == 0;
	struct bytes was = is_object ? subject->objects[0] : subject->file;
	struct bytes objects[OBJECTS_MAX];
	struct arena *arena = arena_new();
	enum covered_verdict verdict;
	const char *why = "";
	struct buf changed;

	buf_init(&changed, 4 * was.len + FILE_MAX);
	buf_add_bytes(&changed, was);
	mutate_file(&mutate, &changed);
	snprintf(tally->said, sizeof(tally->said), "%s", mutate.said);
	snprintf(tally->name, sizeof(tally->name), "%s", subject->name);
	memcpy(objects, subject->objects, sizeof(objects));
	if (is_object) {
		objects[0] = buf_bytes(&changed);
	}
	verdict =
	    judge(subject, is_object ? subject->file : buf_bytes(&changed),
	        objects, is_object, arena, &why);
	tally->counts[verdict]++;
	if (verdict == COVERED_FALSE || verdict == COVERED_RESPELLED) {
		printf("%s case %" PRIu64 " of %s:%s%s%s\n",
		    verdict == COVERED_FALSE ? "FALSE" : "# respelled", number,
		    subject->name, mutate.said,
		    why != NULL && why[0] != '\0' ? ": " : "",
		    why != NULL ? why : "");
		fflush(stdout);
		keep(subject, buf_bytes(&changed));
	}
	buf_fini(&changed);
	arena_free(arena);
}

/* --- all of them ------------------------------------------------------------------ */

static void
run_child(uint64_t seed, uint64_t first, uint64_t end)
{
#if !defined(WITH_ASAN) /* whose shadow is terabytes of addresses */
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX };

	setrlimit(RLIMIT_AS, &memory);
#endif
	for (uint64_t i = first; i < end; i++) {
		tally->number = i;
		run_case(seed, i);
	}
	_exit(0);
}

static void
run(uint64_t seed, uint64_t first, uint64_t end)
{
	while (first < end) {
		int status = 0;
		pid_t child;

		fflush(stdout);
		child = fork();
		if (child == 0) {
			run_child(seed, first, end);
		}
		if (child < 0 || waitpid(child, &status, 0) < 0) {
			perror("mutations");
			exit(2);
		}
		if (status == 0) {
			return;
		}
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF) {
			tally->hangs++;
		} else {
			tally->crashes++;
		}
		printf("ENDED case %" PRIu64 " of %s:%s: status %#x\n",
		    tally->number, tally->name, tally->said, (unsigned)status);
		first = tally->number + 1;
	}
}

static void
report(uint64_t count)
{
	static const char *const names[] = { "the same file", "nothing claimed",
		"changed under no signature", "spelled otherwise", "FALSE" };

	printf("# %" PRIu64 " cases of %zu files\n", count, subject_count);
	for (size_t i = 0; i < COVERED_VERDICTS; i++) {
		printf("# %10" PRIu64 " %s\n", tally->counts[i], names[i]);
	}
	printf("# %10" PRIu64 " crashes\n# %10" PRIu64 " longer than %d s\n"
	       "# slowest: %" PRId64 " ms (case %" PRIu64 ")\n",
	    tally->crashes, tally->hangs, HANG_SECONDS,
	    tally->slowest_us / 1000, tally->slowest);
}

static bool
read_file(struct arena *arena, const char *path, struct bytes *bytes_out)
{
	struct fault fault;
	struct buf bytes;
	int rc;

	buf_init(&bytes, FILE_MAX);
	rc = file_read(&bytes, path, &fault);
	if (rc < 0 && fault.code != FAULT_LIMIT) {
		fprintf(stderr, "mutations: %s\n", fault.text);
		exit(2);
	}
	*bytes_out = arena_copy(arena, buf_bytes(&bytes));
	buf_fini(&bytes);
	return rc == 0 && bytes_out->len > 1;
}

static void
read_list(struct arena *arena, const char *path)
{
	FILE *list = fopen(path, "r");
	char line[4096];

	if (list == NULL) {
		perror(path);
		exit(2);
	}
	while (subject_count < FILES_MAX &&
	       fgets(line, sizeof(line), list) != NULL) {
		struct subject *subject = &subjects[subject_count];
		char *rest = NULL;
		char *word = strtok_r(line, "\t\n", &rest);

		if (word == NULL || !read_file(arena, word, &subject->file)) {
			continue;
		}
		subject->name = arena_text(arena, word);
		while ((word = strtok_r(NULL, "\t\n", &rest)) != NULL &&
		       subject->object_count < OBJECTS_MAX) {
			read_file(arena, word,
			    &subject->objects[subject->object_count++]);
		}
		prepare(subject, arena);
		subject_count++;
	}
	fclose(list);
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	uint64_t seed, first, count;
	size_t claims = 0;

	if (argc < 5) {
		fprintf(stderr,
		    "use: mutations LIST SEED FIRST COUNT [FOLDER]\n");
		return 2;
	}
	setlocale(LC_CTYPE, "C.UTF-8");
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	digest_init();
	seed = strtoull(argv[2], NULL, 10);
	first = strtoull(argv[3], NULL, 10);
	count = strtoull(argv[4], NULL, 10);
	folder = argc > 5 ? argv[5] : NULL;
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	read_list(arena, argv[1]);
	for (size_t i = 0; i < subject_count; i++) {
		claims += subjects[i].claims > 0;
	}
	printf("# seed %" PRIu64 ", cases from %" PRIu64
	       "; %zu of %zu files hold at first\n",
	    seed, first, claims, subject_count);
	if (claims == 0 || tally == MAP_FAILED) {
		return 2;
	}
	run(seed, first, first + count);
	report(count);
	return tally->counts[COVERED_FALSE] + tally->crashes + tally->hangs > 0
	           ? 1
	           : 0;
}
