/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An office at work for hours, at half of what the server can do:
 *
 *     soak PORT TOKEN PID FOLDER SEED CLIENTS FULL SECONDS SAMPLES
 *
 * For FULL seconds all go as fast as they are answered; half of that rate is
 * the pace of the SECONDS that follow (tempo.h).
 *
 * SAMPLES times, evenly, nobody begins anything more and what was begun ends;
 * then the server is looked at (sampler.h).  What is there while nothing is
 * under way is what it keeps.  The lines go to FOLDER/samples; FOLDER/data is
 * the archive, FOLDER/acks/acks.N what client N was told (each 64th time).
 * Each sample is also told on standard output, for whoever does chores.
 */

#include "base/digest.h"
#include "tests/tools/clerk.h"
#include "tests/torture/sampler.h"
#include "tests/torture/tempo.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#define CLIENTS_MAX 16u
#define UNITS       40u     /* of a client */
#define FILES       64u     /* of a client, to be read again */
#define KEPT_EACH   64u     /* operations, of which one is remembered */
#define SMALL_MAX   16384u  /* attachment that goes with its record */
#define LARGE_MAX   150000u /* uploaded */
#define TRIES_MAX   2000u   /* of a request, before the server is given up */

/* A file that can be asked for. */
struct filed {
	char place[160];
	size_t len;
};

struct worker {
	struct clerk clerk;
	struct tempo *tempo;
	int kept; /* acks, when they are remembered */
	uint64_t units, dossiers, documents, decisions;
	struct filed files[FILES];
	uint64_t filed;
};

/* --- asking ------------------------------------------------------------------------ */

/* One that only reads. */
static bool get(struct worker *worker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool
get(struct worker *worker, const char *format, ...)
{
	struct asker *asker = &worker->clerk.asker;
	struct buf request;
	char place[300];
	va_list args;
	bool asked;

	va_start(args, format);
	vsnprintf(place, sizeof(place), format, args);
	va_end(args);
	asker_head(&request, asker, "GET", place);
	buf_add_text(&request, "\r\n");
	asked = asker_ask(asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked && asker->answer.status != 200) {
		clerk_refuse(&worker->clerk, place);
	}
	return asked;
}

static const char *
any(struct worker *worker, char text[64], char letter, uint64_t count)
{
	return clerk_name_of(&worker->clerk, text, letter,
	    clerk_draw(&worker->clerk, count));
}

static bool
read_dossier(struct worker *worker)
{
	char id[64];

	return get(worker, "/api/v1/dossiers/%s",
	    any(worker, id, 'h', worker->dossiers));
}

static bool
read_page(struct worker *worker)
{
	static const char *const modes[] = { "exact", "lineage", "territory" };
	struct clerk *clerk = &worker->clerk;
	char id[64];

	return get(worker, "/api/v1/units/%s/dossiers?mode=%s&limit=50",
	    clerk_draw(clerk, 4) == 0 ? "tinh"
	                              : any(worker, id, 'u', worker->units),
	    modes[clerk_draw(clerk, 3)]);
}

static bool
read_unit(struct worker *worker)
{
	char id[64];

	return clerk_draw(&worker->clerk, 2) == 0
	           ? get(worker, "/api/v1/units?name=Ph%%C3%%B2ng%%207")
	           : get(worker, "/api/v1/units/%s/history",
	                 any(worker, id, 'u', worker->units));
}

static bool
read_file(struct worker *worker)
{
	const struct filed *filed;

	if (worker->filed == 0) {
		return read_dossier(worker);
	}
	filed = &worker->files[clerk_draw(&worker->clerk,
	    worker->filed < FILES ? worker->filed : FILES)];
	if (!get(worker, "%s", filed->place)) {
		return false;
	}
	if (worker->clerk.asker.answer.body.len != filed->len) {
		clerk_refuse(&worker->clerk, "a file of another length");
	}
	return true;
}

static bool
read_report(struct worker *worker)
{
	return get(worker,
	    "/api/v1/reports/half-year?unit=tinh&from=2025-01-01&to=2025-06-30"
	    "&format=%s",
	    clerk_draw(&worker->clerk, 2) == 0 ? "json" : "csv");
}

/* --- filing ------------------------------------------------------------------------ */

static bool
file_unit(struct worker *worker)
{
	return clerk_make_unit(&worker->clerk, worker->units++);
}

/* A unit changes: the tree is read anew. */
static bool
change_unit(struct worker *worker)
{
	char id[64], place[120];

	snprintf(place, sizeof(place), "/api/v1/units/%s",
	    any(worker, id, 'u', worker->units));
	return clerk_command(&worker->clerk, "PATCH", place,
	    "{\"note\":\"Đã rà soát\"}");
}

/* Of a unit that is there already. */
static bool
file_dossier(struct worker *worker)
{
	struct clerk *clerk = &worker->clerk;
	char id[64], unit[64], place[120], text[400];

	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"unit\":\"%s\",\"kind\":\"merit\",\"title\":\"Hồ "
	    "sơ\",\"date\":\"20%02u-03-01\"}",
	    clerk_name_of(clerk, id, 'h', worker->dossiers),
	    any(worker, unit, 'u', worker->units),
	    10 + (unsigned)clerk_draw(clerk, 15));
	if (!clerk_command(clerk, "POST", "/api/v1/dossiers", text)) {
		return false;
	}
	worker->dossiers++;
	snprintf(place, sizeof(place), "/api/v1/dossiers/%s", id);
	return clerk_draw(clerk, 3) > 0 || clerk_command(clerk, "PATCH", place,
	                                       "{\"title\":\"Hồ sơ hai\"}");
}

/* Remember a file of clerk->bytes. */
static void
keep_file(struct worker *worker, const char *kind, const char *id, size_t len)
{
	struct filed *filed = &worker->files[worker->filed++ % FILES];
	struct sha256 sum = sha256_of(bytes_of(worker->clerk.bytes, len));
	char hex[SHA256_TEXT];

	sha256_format(hex, &sum);
	filed->len = len;
	snprintf(filed->place, sizeof(filed->place), "/api/v1/%s/%s/files/%s",
	    kind, id, hex);
	atomic_fetch_add(&worker->tempo->sent, len);
}

/* With a small attachment, as a form. */
static bool
file_form(struct worker *worker)
{
	struct clerk *clerk = &worker->clerk;
	size_t len = 1 + (size_t)clerk_draw(clerk, SMALL_MAX);
	char id[64], unit[64];
	struct buf body;
	bool made;

	scratch_fill(&clerk->seed, clerk->bytes, len);
	buf_init(&body, SMALL_MAX + 4096);
	buf_add_format(&body,
	    "--soak\r\nContent-Disposition: form-data; name=\"record\"\r\n"
	    "Content-Type: application/json\r\n\r\n"
	    "{\"id\":\"%s\",\"kind\":\"merit\",\"title\":\"Hồ sơ có tệp\","
	    "\"unit\":\"%s\",\"date\":\"2025-04-01\",\"components\":[{\"code\":"
	    "\"C_KHAC\",\"attachment\":{\"part\":\"small\"}}]}\r\n"
	    "--soak\r\nContent-Disposition: form-data; name=\"small\"; "
	    "filename=\"a.bin\"\r\n"
	    "Content-Type: application/octet-stream\r\n\r\n",
	    clerk_name_of(clerk, id, 'h', worker->dossiers),
	    any(worker, unit, 'u', worker->units));
	buf_add(&body, clerk->bytes, len);
	buf_add_text(&body, "\r\n--soak--\r\n");
	made = clerk_command_of(clerk, "POST", "/api/v1/dossiers",
	    "multipart/form-data; boundary=soak", buf_bytes(&body));
	buf_fini(&body);
	if (made) {
		worker->dossiers++;
		keep_file(worker, "dossiers", id, len);
	}
	return made;
}

static bool
file_document(struct worker *worker)
{
	struct clerk *clerk = &worker->clerk;
	size_t len = 1 + (size_t)clerk_draw(clerk, LARGE_MAX);
	char id[64];

	if (!clerk_file_bytes(clerk, worker->documents, len)) {
		return false;
	}
	keep_file(worker, "documents",
	    clerk_name_of(clerk, id, 'd', worker->documents), len);
	worker->documents++;
	return true;
}

/* With one grant; `dossier` is what it decides, or NULL. */
static bool
decide(struct worker *worker, const char *dossier)
{
	struct clerk *clerk = &worker->clerk;
	char id[64], unit[64], about[100] = "", text[600];

	if (dossier != NULL) {
		snprintf(about, sizeof(about), "\"dossier\":\"%s\",", dossier);
	}
	snprintf(text, sizeof(text),
	    "{\"id\":\"%s\",\"document\":\"qd\",\"date\":\"2025-05-02\","
	    "\"issuer\":\"tinh\",%s\"grants\":[{\"award\":"
	    "\"merit_province\",\"unit\":\"%s\",\"subject\":{\"kind\":"
	    "\"individual\",\"name\":\"A\",\"woman\":true}}]}",
	    clerk_name_of(clerk, id, 'q', worker->decisions++), about,
	    any(worker, unit, 'u', worker->units));
	return clerk_command(clerk, "POST", "/api/v1/decisions", text);
}

static bool
file_decision(struct worker *worker)
{
	return decide(worker, NULL);
}

/* A new one: decided, closed, sealed, and its container asked for. */
static bool
file_sealed(struct worker *worker)
{
	struct clerk *clerk = &worker->clerk;
	char id[64], steps[120], seal[120];

	clerk_name_of(clerk, id, 'h', worker->dossiers);
	snprintf(steps, sizeof(steps), "/api/v1/dossiers/%s/steps", id);
	snprintf(seal, sizeof(seal), "/api/v1/dossiers/%s/seal", id);
	return file_dossier(worker) && decide(worker, id) &&
	       clerk_command(clerk, "POST", steps, "{\"status\":\"closed\"}") &&
	       clerk_command(clerk, "POST", seal, "{}") &&
	       get(worker, "/api/v1/dossiers/%s/package", id);
}

/* Begun, sent by half, and never heard of again, or given up in order. */
static bool
leave_upload(struct worker *worker)
{
	struct clerk *clerk = &worker->clerk;
	/* Some leave whole chunks behind, for the collector. */
	size_t len =
	    2 + (size_t)clerk_draw(clerk,
	            clerk_draw(clerk, 8) == 0 ? CLERK_FILE_MAX : LARGE_MAX);
	struct buf request;
	char place[256];
	bool asked;

	scratch_fill(&clerk->seed, clerk->bytes, len);
	if (!clerk_begin_upload(clerk, len, place) ||
	    clerk_send_piece(clerk, place, 0, len / 2) < 0) {
		return false;
	}
	atomic_fetch_add(&worker->tempo->sent, len / 2);
	if (clerk_draw(clerk, 2) == 0) {
		return true;
	}
	asker_head(&request, &clerk->asker, "DELETE", place);
	buf_add_text(&request, TUS "\r\n");
	asked = asker_ask(&clerk->asker, buf_bytes(&request));
	buf_fini(&request);
	if (asked && clerk->asker.answer.status != 204) {
		clerk_refuse(clerk, place);
	}
	return asked;
}

/* --- a day --------------------------------------------------------------------------- */

/* Out of a thousand. */
static const struct {
	unsigned share;
	bool (*run)(struct worker *worker);
} day[] = {
	{ 380, read_dossier },
	{ 150, read_page },
	{ 60, read_unit },
	{ 140, read_file },
	{ 5, read_report },
	{ 130, file_dossier },
	{ 40, file_form },
	{ 50, file_decision },
	{ 20, file_document },
	{ 10, file_sealed },
	{ 1, change_unit },
	{ 14, leave_upload },
};

#define DAY (sizeof(day) / sizeof(day[0]))

static bool
work(struct worker *worker, uint64_t number)
{
	struct clerk *clerk = &worker->clerk;
	unsigned drawn = (unsigned)clerk_draw(clerk, 1000);
	size_t i = 0;

	clerk->acks = number % KEPT_EACH == 0 ? worker->kept : -1;
	if (worker->units < UNITS) {
		return file_unit(worker);
	}
	if (worker->dossiers == 0) {
		return file_dossier(worker);
	}
	if (clerk_draw(clerk, 20) == 0) {
		asker_hang_up(&clerk->asker); /* the next one is new */
	}
	while (drawn >= day[i].share && i < DAY - 1) {
		drawn -= day[i++].share;
	}
	return day[i].run(worker);
}

static int
run_client(struct worker *worker, const char *folder)
{
	struct clerk *clerk = &worker->clerk;
	struct tempo *tempo = worker->tempo;
	bool goes_on = true;
	char path[4096];

	snprintf(path, sizeof(path), "%s/acks/acks.%u", folder, clerk->number);
	worker->kept = clerk_begin(clerk, path);
	if (worker->kept < 0) {
		return 2;
	}
	while (goes_on) {
		uint64_t number = tempo_next(tempo);

		if (!tempo_begin(tempo, number)) {
			break;
		}
		goes_on = work(worker, number);
		tempo_end(tempo);
	}
	asker_hang_up(&clerk->asker);
	close(worker->kept);
	if (!goes_on && !asker_is_stopping()) {
		fprintf(stderr, "client %u: no answer: %s\n", clerk->number,
		    clerk->asker.odd);
		return 1;
	}
	return 0;
}

/* --- who looks ----------------------------------------------------------------------- */

struct office {
	struct tempo *tempo;
	struct sampler sampler;
	pid_t clients[CLIENTS_MAX];
	unsigned count;
	unsigned gone;
};

/* A client that ended has said why. */
static bool
all_work(struct office *office)
{
	int status;

	for (unsigned i = 0; i < office->count; i++) {
		if (office->clients[i] > 0 &&
		    waitpid(office->clients[i], &status, WNOHANG) > 0) {
			office->clients[i] = 0;
			office->gone++;
		}
	}
	return office->gone == 0;
}

static bool
sleep_until(struct office *office, int64_t us)
{
	while (beside_us() < us && all_work(office) && !asker_is_stopping()) {
		int64_t left = us - beside_us();

		tempo_sleep_us(left < 0 ? 0 : left < 100000 ? left : 100000);
	}
	return all_work(office) && !asker_is_stopping();
}

/* Nobody begins anything more, and what was begun ends. */
static bool
hold_all(struct office *office)
{
	atomic_store(&office->tempo->hold, true);
	while (atomic_load(&office->tempo->busy) > 0) {
		if (!all_work(office)) {
			return false;
		}
		tempo_sleep_us(1000);
	}
	return true;
}

static bool
look(struct office *office)
{
	struct tempo *tempo = office->tempo;
	struct sample sample = { 0 };

	if (!hold_all(office)) {
		return false;
	}
	sample.sent_kb = atomic_load(&tempo->sent) / 1024;
	sample.requests = atomic_load(&tempo->done);
	sample.late_ms = tempo_take_late_ms(tempo);
	if (!sampler_take(&office->sampler, &sample)) {
		return false;
	}
	atomic_store(&tempo->hold, false);
	return true;
}

/* As fast as it goes; the operations of a second. */
static double
measure(struct office *office, unsigned seconds)
{
	struct tempo *tempo = office->tempo;
	int64_t start;
	uint64_t before;

	/* Units and first dossiers are there before it counts. */
	while (atomic_load(&tempo->done) < UNITS * 2 * office->count) {
		if (!all_work(office)) {
			return 0;
		}
		tempo_sleep_us(1000);
	}
	start = beside_us();
	before = atomic_load(&tempo->done);
	if (!sleep_until(office, start + (int64_t)seconds * 1000000) ||
	    !hold_all(office)) {
		return 0;
	}
	return (double)(atomic_load(&tempo->done) - before) * 1e6 /
	       (double)(beside_us() - start);
}

static bool
live(struct office *office, unsigned full, unsigned seconds, unsigned samples)
{
	double most = measure(office, full);
	int64_t start;

	if (most < 1) {
		return false;
	}
	printf("pace: %.0f operations a second, at most %.0f\n", most / 2,
	    most);
	tempo_set(office->tempo, most / 2);
	atomic_store(&office->tempo->hold, false);
	start = beside_us();
	for (unsigned i = 1; i <= samples; i++) {
		if (!sleep_until(office,
		        start + (int64_t)seconds * 1000000 / samples * i) ||
		    !look(office)) {
			return false;
		}
		printf("sample: %u\n", i);
	}
	return true;
}

static bool
end_all(struct office *office)
{
	int status;

	for (unsigned i = 0; i < office->count; i++) {
		if (office->clients[i] > 0) {
			kill(office->clients[i], SIGTERM);
		}
	}
	for (unsigned i = 0; i < office->count; i++) {
		if (office->clients[i] > 0 &&
		    (waitpid(office->clients[i], &status, 0) < 0 ||
		        !WIFEXITED(status) || WEXITSTATUS(status) != 0)) {
			office->gone++;
		}
	}
	return office->gone == 0;
}

static void
begin_all(struct office *office, char **argv)
{
	struct worker *worker = xzalloc(sizeof(*worker));

	worker->clerk.asker = office->sampler.asker;
	worker->clerk.seed = strtoull(argv[5], NULL, 10);
	worker->clerk.round = (uint64_t)time(NULL);
	worker->tempo = office->tempo;
	for (unsigned i = 0; i < office->count; i++) {
		office->clients[i] = fork();
		if (office->clients[i] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGTERM);
			worker->clerk.number = i;
			buf_init(&worker->clerk.asker.answer.body,
			    CLIENT_BODY_MAX);
			_exit(run_client(worker, argv[4]));
		}
	}
	free(worker);
}

static unsigned
number_of(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct office office = { 0 };
	struct sampler *sampler = &office.sampler;
	char data[4096], samples[4096];
	bool lived;

	if (argc != 10) {
		fputs("usage: soak PORT TOKEN PID FOLDER SEED CLIENTS FULL "
		      "SECONDS SAMPLES\n",
		    stderr);
		return 2;
	}
	digest_init();
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	asker_block_term();
	snprintf(data, sizeof(data), "%s/data", argv[4]);
	snprintf(samples, sizeof(samples), "%s/samples", argv[4]);
	office.count = 1 + (number_of(argv[6]) - 1) % CLIENTS_MAX;
	office.tempo = tempo_new();
	sampler->asker.port = number_of(argv[1]);
	sampler->asker.token = argv[2];
	sampler->asker.tries_max = TRIES_MAX;
	sampler->pid = argv[3];
	sampler->data = data;
	begin_all(&office, argv);
	sampler_begin(sampler, samples);
	lived = live(&office, number_of(argv[7]), number_of(argv[8]),
	    number_of(argv[9]));
	lived = end_all(&office) && lived;
	sampler_end(sampler);
	return lived ? 0 : 1;
}
