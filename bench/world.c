/* SPDX-License-Identifier: Apache-2.0 */

#include "bench/world.h"

#include "base/clock.h"
#include "base/memory.h"
#include "bench/draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define GRANTS_EACH 20u /* of a decision */
#define LINES_MAX   100000u
#define EPOCH_US    1577836800000000LL /* of ids: 2020-01-01 */

/* --- how much there is ---------------------------------------------------------- */

void
world_init(struct world *world, uint64_t dossiers, uint64_t grants,
    uint64_t seed, const char *by)
{
	*world = (struct world){ .dossiers = dossiers,
		.grants = grants,
		.seed = draw_mixed(seed),
		.by = by,
		.begun = clock_now() };
	world->decisions = (grants + GRANTS_EACH - 1) / GRANTS_EACH;
	world->decided =
	    world->decisions < dossiers ? world->decisions : dossiers;
	world->step = world->decided > 0 ? dossiers / world->decided : 1;
}

static FILE *
open_lines(const char *path)
{
	FILE *file = fopen(path, "r");

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	return file;
}

void
world_read_units(struct world *world, const char *path)
{
	FILE *file = open_lines(path);
	char first[DATE_TEXT], last[DATE_TEXT];

	world->units = xzalloc(LINES_MAX * sizeof(*world->units));
	while (world->unit_count < LINES_MAX) {
		struct world_unit *unit = &world->units[world->unit_count];

		if (fscanf(file, "%64s %10s %10s", unit->id, first, last) !=
		    3) {
			break;
		}
		if (!date_parse(&unit->first, first) ||
		    !date_parse(&unit->last, last) ||
		    unit->last < unit->first) {
			fprintf(stderr, "%s: days of %s\n", path, unit->id);
			exit(1);
		}
		world->unit_count++;
	}
	fclose(file);
	if (world->unit_count == 0) {
		fprintf(stderr, "%s has no units\n", path);
		exit(1);
	}
}

void
world_read_files(struct world *world, const char *path)
{
	FILE *file = open_lines(path);

	world->files = xzalloc(LINES_MAX * sizeof(*world->files));
	while (world->file_count < LINES_MAX) {
		struct world_file *one = &world->files[world->file_count];

		if (fscanf(file, "%64s %" SCNu64, one->sha256, &one->size) !=
		    2) {
			break;
		}
		world->file_count++;
	}
	fclose(file);
}

/* --- events ---------------------------------------------------------------------- */

uint64_t
world_document_event(const struct world *world, uint64_t number)
{
	return world->dossiers + number;
}

uint64_t
world_decision_event(const struct world *world, uint64_t number)
{
	return world->dossiers + world->decisions + number;
}

uint64_t
world_closed_event(const struct world *world, uint64_t number)
{
	return world->dossiers + 2 * world->decisions + number;
}

int64_t
world_at(const struct world *world, uint64_t event)
{
	return world->begun + (int64_t)event;
}

uint64_t
world_dossier_of(const struct world *world, uint64_t decision)
{
	return decision < world->decided ? decision * world->step : WORLD_NONE;
}

uint64_t
world_decision_of(const struct world *world, uint64_t dossier)
{
	return world->decided > 0 && dossier % world->step == 0 &&
	               dossier / world->step < world->decided
	           ? dossier / world->step
	           : WORLD_NONE;
}

uint64_t
world_grants_of(const struct world *world, uint64_t decision)
{
	uint64_t before = decision * GRANTS_EACH;

	return world->grants - before < GRANTS_EACH ? world->grants - before
	                                            : GRANTS_EACH;
}

/* --- ids ---------------------------------------------------------------------------- */

/* As id_make() draws them, but for the chance in it. */
static void
make_id(const struct world *world, char id[WORLD_ID], uint64_t event)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t time = (uint64_t)(world_at(world, event) - EPOCH_US);
	uint64_t chance = draw_mixed(world->seed ^ event);

	for (int i = 10; i >= 0; i--, time >>= 5) {
		id[i] = digits[time & 31];
	}
	for (int i = 11; i < 20; i++, chance >>= 5) {
		id[i] = digits[chance & 31];
	}
	id[20] = '\0';
}

void
world_dossier_id(const struct world *world, char id[WORLD_ID], uint64_t number)
{
	make_id(world, id, number);
}

void
world_document_id(const struct world *world, char id[WORLD_ID], uint64_t number)
{
	make_id(world, id, world_document_event(world, number));
}

void
world_decision_id(const struct world *world, char id[WORLD_ID], uint64_t number)
{
	make_id(world, id, world_decision_event(world, number));
}

void
world_grant_id(const struct world *world, char id[WORLD_ID], uint64_t decision,
    uint64_t number)
{
	make_id(world, id, world_decision_event(world, decision));
	snprintf(id + 20, WORLD_ID - 20, "-%03u", (unsigned)number + 1);
}

/* --- a dossier -------------------------------------------------------------------- */

static uint64_t
draw_for(const struct world *world, char what, uint64_t number)
{
	return draw_mixed(
	    world->seed + draw_mixed(number * 256 + (uint8_t)what));
}

static const struct world_unit *
unit_of(const struct world *world, uint64_t drawn)
{
	return &world->units[drawn % world->unit_count];
}

static date_t
day_of(const struct world_unit *unit, uint64_t drawn)
{
	return unit->first + (date_t)((drawn >> 32) %
	                              (uint64_t)(unit->last - unit->first + 1));
}

/* The days of a decision follow its dossier's, in the unit's life. */
static date_t
decision_day(const struct world *world, uint64_t decision,
    const struct world_unit **unit_out)
{
	uint64_t dossier = world_dossier_of(world, decision);
	uint64_t drawn = dossier == WORLD_NONE ? draw_for(world, 'q', decision)
	                                       : draw_for(world, 'h', dossier);
	const struct world_unit *unit = unit_of(world, drawn);
	date_t day = day_of(unit, drawn) +
	             (date_t)(draw_for(world, 'd', decision) % 150);

	*unit_out = unit;
	return day < unit->last ? day : unit->last;
}

static const char *
award_of(uint64_t drawn)
{
	return drawn % 5 == 0 ? "commend_commune" : "merit_province";
}

void
world_dossier_facts(const struct world *world, struct world_facts *facts,
    uint64_t number)
{
	static const char *const kinds[] = { "merit", "merit", "thematic",
		"sudden" };
	uint64_t drawn = draw_for(world, 'h', number);
	uint64_t decision = world_decision_of(world, number);
	const struct world_unit *unit = unit_of(world, drawn);

	*facts = (struct world_facts){ .kind = kinds[(drawn >> 12) % 4],
		.status = decision == WORLD_NONE ? "draft" : "closed",
		.award_count = 1 + (drawn >> 24) % WORLD_AWARDS };
	facts->unit = (size_t)(unit - world->units);
	facts->day = day_of(unit, drawn);
	for (uint64_t i = 0; i < facts->award_count; i++) {
		facts->awards[i] = award_of(drawn + i);
	}
	if (decision != WORLD_NONE) {
		facts->decision_year =
		    date_year(decision_day(world, decision, &unit));
	}
}

static bool
is_collective(uint64_t drawn)
{
	return drawn % 4 == 0;
}

static const char *
cadre_of(uint64_t drawn)
{
	static const char *const cadres[] = { "direct_worker", "direct_worker",
		"leader_department", "leader_other" };

	return cadres[(drawn >> 16) % 4];
}

static void
add_subject(struct buf *out, uint64_t drawn, const char *unit)
{
	char name[DRAW_NAME];

	if (is_collective(drawn)) {
		buf_add_format(out,
		    "{\"kind\":\"collective\",\"name\":\"Thôn %u\"",
		    (unsigned)(drawn >> 8) % 30 + 1);
	} else {
		draw_name(name, drawn);
		buf_add_format(out, "{\"cadre\":\"%s\",", cadre_of(drawn));
		if (drawn % 11 == 0) {
			buf_add_text(out, "\"ethnic_minority\":true,");
		}
		buf_add_format(out, "\"kind\":\"individual\",\"name\":\"%s\"",
		    name);
	}
	if (unit != NULL) {
		buf_add_format(out, ",\"unit\":\"%s\"", unit);
	}
	if (!is_collective(drawn) && drawn % 3 == 0) {
		buf_add_text(out, ",\"woman\":true");
	}
	buf_add_byte(out, '}');
}

static void
add_awards(struct buf *out, const struct world_facts *facts, uint64_t drawn,
    const char *unit)
{
	buf_add_text(out, "\"awards\":[");
	for (uint64_t i = 0; i < facts->award_count; i++) {
		buf_add_format(out,
		    "%s{\"award\":\"%s\",\"subject\":", i > 0 ? "," : "",
		    facts->awards[i]);
		add_subject(out, draw_mixed(drawn + i), unit);
		buf_add_byte(out, '}');
	}
	buf_add_text(out, "],");
}

static void
add_components(const struct world *world, struct buf *out, uint64_t drawn)
{
	const struct world_file *file;

	if (world->file_count == 0) {
		return;
	}
	file = &world->files[(drawn >> 40) % world->file_count];
	buf_add_format(out,
	    "\"components\":[{\"attachment\":{\"media_type\":"
	    "\"application/pdf\",\"name\":\"Tờ trình đề nghị khen thưởng.pdf\","
	    "\"sha256\":\"%s\",\"size\":%" PRIu64 "},\"code\":\"C_TOTRINH\"}],",
	    file->sha256, file->size);
}

static void
add_steps(const struct world *world, struct buf *out, uint64_t number,
    unsigned rev)
{
	uint64_t decision = world_decision_of(world, number);

	buf_add_format(out,
	    "\"steps\":[{\"at\":%" PRId64 ",\"by\":\"%s\",\"role\":\"creator\","
	    "\"status\":\"draft\"}",
	    world_at(world, number), world->by);
	if (rev > 1) {
		buf_add_format(out,
		    ",{\"at\":%" PRId64 ",\"by\":\"%s\",\"from\":\"draft\","
		    "\"role\":\"archivist\",\"status\":\"decided\"}",
		    world_at(world, world_decision_event(world, decision)),
		    world->by);
	}
	if (rev > 2) {
		buf_add_format(out,
		    ",{\"at\":%" PRId64 ",\"by\":\"%s\",\"from\":\"decided\","
		    "\"role\":\"archivist\",\"status\":\"closed\"}",
		    world_at(world, world_closed_event(world, decision)),
		    world->by);
	}
	buf_add_text(out, "],");
}

static void
add_title(struct buf *out, uint64_t drawn)
{
	static const char *const kinds[] = { "tặng Bằng khen", "tặng Giấy khen",
		"tặng danh hiệu Tập thể Lao động xuất sắc",
		"tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh" };
	static const char *const reasons[] = {
		"trong phong trào thi đua yêu nước",
		"trong phong trào xây dựng nông thôn mới giai đoạn 2021 - 2025",
		"trong công tác phòng, chống dịch bệnh và chăm sóc sức khỏe "
		"nhân dân trên địa bàn",
		"trong phát triển kinh tế - xã hội, giữ vững quốc phòng, an "
		"ninh và xây dựng hệ thống chính trị"
	};
	char name[DRAW_NAME];

	draw_name(name, drawn);
	buf_add_format(out,
	    "\"title\":\"Hồ sơ đề nghị %s cho %s và các cá nhân, tập thể đã có "
	    "thành tích xuất sắc %s\"",
	    kinds[drawn % 4], name, reasons[(drawn >> 20) % 4]);
}

void
world_dossier(const struct world *world, struct buf *out, uint64_t number,
    unsigned rev)
{
	static const char *const status[] = { "draft", "decided", "closed" };
	uint64_t drawn = draw_for(world, 'h', number);
	const struct world_unit *unit = unit_of(world, drawn);
	uint64_t decision = world_decision_of(world, number);
	struct world_facts facts;
	uint64_t events[] = { number, 0, 0 };
	char day[DATE_TEXT], id[WORLD_ID];

	if (decision != WORLD_NONE) {
		events[1] = world_decision_event(world, decision);
		events[2] = world_closed_event(world, decision);
	}
	world_dossier_facts(world, &facts, number);
	date_format(day, facts.day);
	buf_reset(out);
	buf_add_format(out, "{\"at\":%" PRId64 ",",
	    world_at(world, events[rev - 1]));
	add_awards(out, &facts, drawn, unit->id);
	buf_add_format(out, "\"by\":\"%s\",\"code\":\"%" PRIu64 "/HS-TĐKT\",",
	    world->by, number + 1);
	add_components(world, out, drawn);
	buf_add_format(out, "\"date\":\"%s\",", day);
	if (rev > 1) {
		world_decision_id(world, id, decision);
		buf_add_format(out, "\"decision\":\"%s\",", id);
	}
	world_dossier_id(world, id, number);
	buf_add_format(out,
	    "\"id\":\"%s\",\"kind\":\"%s\",\"retention\":\"R2\",\"rev\":%u,"
	    "\"status\":\"%s\",",
	    id, facts.kind, rev, status[rev - 1]);
	add_steps(world, out, number, rev);
	add_title(out, drawn);
	buf_add_format(out, ",\"unit\":\"%s\"}", unit->id);
}

void
world_card(const struct world *world, struct buf *out, uint64_t number)
{
	struct world_facts facts;

	world_dossier_facts(world, &facts, number);
	buf_reset(out);
	buf_add_format(out,
	    "{\"code\":\"%" PRIu64 "/HS-TĐKT\",\"kind\":\"%s\",\"rev\":%u,"
	    "\"status\":\"%s\",",
	    number + 1, facts.kind,
	    world_decision_of(world, number) == WORLD_NONE ? 1u : 3u,
	    facts.status);
	add_title(out, draw_for(world, 'h', number));
	buf_add_text(out, "}");
}

/* --- a decision, its document, its grants ---------------------------------------- */

void
world_reference(char reference[WORLD_REFERENCE], uint64_t number)
{
	snprintf(reference, WORLD_REFERENCE, "%u/QĐ-UBND",
	    (unsigned)(number % 3000) + 1);
}

void
world_document(const struct world *world, struct buf *out, uint64_t number)
{
	char day[DATE_TEXT], id[WORLD_ID], reference[WORLD_REFERENCE];
	const struct world_unit *unit;

	date_format(day, decision_day(world, number, &unit));
	world_document_id(world, id, number);
	world_reference(reference, number);
	buf_reset(out);
	buf_add_format(out,
	    "{\"at\":%" PRId64 ",\"by\":\"%s\",\"date\":\"%s\",\"id\":\"%s\","
	    "\"issuer\":{\"unit\":\"tinh-kon-tum\"},\"kind\":\"QĐ\","
	    "\"reference\":\"%s\",\"rev\":1,\"subject\":\"Về "
	    "việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh\"}",
	    world_at(world, world_document_event(world, number)), world->by,
	    day, id, reference);
}

void
world_decision(const struct world *world, struct buf *out, uint64_t number)
{
	uint64_t dossier = world_dossier_of(world, number);
	const struct world_unit *unit;
	char day[DATE_TEXT], id[WORLD_ID];

	date_format(day, decision_day(world, number, &unit));
	world_document_id(world, id, number);
	buf_reset(out);
	buf_add_format(out,
	    "{\"at\":%" PRId64 ",\"by\":\"%s\",\"date\":\"%s\",\"document\":"
	    "\"%s\",",
	    world_at(world, world_decision_event(world, number)), world->by,
	    day, id);
	if (dossier != WORLD_NONE) {
		world_dossier_id(world, id, dossier);
		buf_add_format(out, "\"dossier\":\"%s\",", id);
	}
	world_decision_id(world, id, number);
	buf_add_format(out,
	    "\"id\":\"%s\",\"issuer\":\"tinh-kon-tum\",\"rev\":1}", id);
}

/* The grant's unit was there on the day, or it is the dossier's. */
void
world_grant_facts(const struct world *world, struct world_facts *facts,
    uint64_t decision, uint64_t number)
{
	uint64_t drawn = draw_for(world, 'g', decision * GRANTS_EACH + number);
	uint64_t subject = draw_mixed(drawn);
	const struct world_unit *unit;
	const struct world_unit *other = unit_of(world, drawn);
	date_t day = decision_day(world, decision, &unit);

	if (other->first <= day && day <= other->last) {
		unit = other;
	}
	*facts = (struct world_facts){ .unit = (size_t)(unit - world->units),
		.day = day,
		.kind = is_collective(subject) ? "collective" : "individual",
		.awards = { award_of(drawn) },
		.award_count = 1 };
	if (!is_collective(subject)) {
		facts->cadre = cadre_of(subject);
		facts->woman = subject % 3 == 0;
		facts->minority = subject % 11 == 0;
	}
}

void
world_grant(const struct world *world, struct buf *out, uint64_t decision,
    uint64_t number)
{
	uint64_t drawn = draw_for(world, 'g', decision * GRANTS_EACH + number);
	struct world_facts facts;
	char day[DATE_TEXT], id[WORLD_ID];

	world_grant_facts(world, &facts, decision, number);
	date_format(day, facts.day);
	world_decision_id(world, id, decision);
	buf_reset(out);
	buf_add_format(out,
	    "{\"at\":%" PRId64 ",\"award\":\"%s\",\"by\":\"%s\",\"date\":"
	    "\"%s\",\"decision\":\"%s\",",
	    world_at(world, world_decision_event(world, decision)),
	    facts.awards[0], world->by, day, id);
	world_grant_id(world, id, decision, number);
	buf_add_format(out,
	    "\"id\":\"%s\",\"rev\":1,\"state\":\"granted\",\"subject\":", id);
	add_subject(out, draw_mixed(drawn), NULL);
	buf_add_format(out, ",\"unit\":\"%s\"}", world->units[facts.unit].id);
}
