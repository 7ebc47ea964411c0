/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The journal gives back what was written, in order and whole: a record that
 * the power cut is none, one that was lost before others is damage.
 */

#include "base/digest.h"
#include "base/wire.h"
#include "storage/journal.h"
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#define GROUPS 40u

struct desk {
	char path[SCRATCH_PATH];
	struct journal *journal;
	struct fault fault;
	uint64_t first; /* of the file that is written */
	/* What was read. */
	uint64_t seqs[GROUPS * 2];
	unsigned count;
	uint64_t next;
};

static const uint8_t own[JOURNAL_ID_BYTES] = "the store's own";

static void
open_journal(struct desk *desk)
{
	assert_int_equal(
	    journal_open(&desk->journal, desk->path, own, &desk->fault), 0);
}

static int
setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));

	scratch_make(desk->path);
	open_journal(desk);
	journal_turn(desk->journal, 1);
	desk->first = 1;
	*state = desk;
	return 0;
}

static int
teardown(void **state)
{
	struct desk *desk = *state;

	journal_close(desk->journal);
	scratch_remove(desk->path);
	free(desk);
	return 0;
}

/* A set that says its number, as long as that makes it. */
static struct writes *
set_of(uint64_t number)
{
	static uint8_t value[GROUPS * 2 * 700];
	struct set_id id = { { (uint8_t)number } };
	struct writes *writes = writes_new(NULL, number % 2 == 0 ? &id : NULL);
	uint8_t key[8];

	wire_put_u64be(key, number);
	memset(value, (int)number, sizeof(value));
	writes_put(writes, bytes_of(key, sizeof(key)),
	    bytes_of(value, number % 7 * number * 100));
	writes_log(writes, bytes_of(key, sizeof(key)));
	writes_memo(writes, bytes_of(key, number % 8));
	writes->result.outcome = OUTCOME_APPLIED;
	return writes;
}

/* One set that was applied, one that was refused and one more. */
static void
append(struct desk *desk, uint64_t number)
{
	struct writes *group = set_of(number);
	bool in_doubt = false;

	group->next = set_of(7777);
	group->next->result.outcome = OUTCOME_CONFLICT;
	group->next->next = set_of(number + 1);
	assert_int_equal(journal_next(desk->journal), number);
	assert_int_equal(journal_append(desk->journal, group,
	                     (int64_t)number * 1000, &in_doubt),
	    0);
	writes_free(group->next->next);
	writes_free(group->next);
	writes_free(group);
}

static void
is_set(const struct writes *got, uint64_t number)
{
	struct writes *wanted = set_of(number);

	assert_int_equal(got->has_id, wanted->has_id);
	assert_memory_equal(&got->id, &wanted->id, sizeof(got->id));
	assert_int_equal(got->step_count, wanted->step_count);
	assert_int_equal(got->guard_count, wanted->guard_count);
	assert_int_equal(got->log_count, wanted->log_count);
	assert_int_equal(got->steps.len, wanted->steps.len);
	assert_memory_equal(got->steps.data, wanted->steps.data,
	    wanted->steps.len);
	assert_int_equal(got->memo.len, wanted->memo.len);
	writes_free(wanted);
}

static int
take(void *arg, const struct journal_group *group)
{
	struct desk *desk = arg;

	assert_int_equal(group->now, (int64_t)group->seq * 1000);
	is_set(group->sets, group->seq);
	is_set(group->sets->next, group->seq + 1);
	assert_null(group->sets->next->next);
	desk->seqs[desk->count++] = group->seq;
	return 0;
}

static int
read_back(struct desk *desk)
{
	desk->count = 0;
	desk->fault = (struct fault){ 0 };
	journal_close(desk->journal);
	open_journal(desk);
	return journal_read(desk->journal, desk->first, take, desk, &desk->next,
	    &desk->fault);
}

static void
must_have(const struct desk *desk, uint64_t from, uint64_t to)
{
	assert_int_equal(desk->count, to - from);
	for (uint64_t seq = from; seq < to; seq++) {
		assert_int_equal(desk->seqs[seq - from], seq);
	}
	assert_int_equal(desk->next, to);
}

/* Turn a bit over in the byte at a place of a file of the journal. */
static void
flip(const struct desk *desk, const char *name, off_t at)
{
	char path[SCRATCH_PATH * 2];
	uint8_t byte;
	int file;

	snprintf(path, sizeof(path), "%s/%s", desk->path, name);
	file = open(path, O_RDWR);
	assert_true(file >= 0);
	assert_int_equal(pread(file, &byte, 1, at), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(file, &byte, 1, at), 1);
	close(file);
}

static void
groups_come_back_in_order_and_whole(void **state)
{
	struct desk *desk = *state;

	assert_int_equal(read_back(desk), 0);
	must_have(desk, 1, 1);
	journal_turn(desk->journal, 1);
	for (uint64_t i = 1; i <= GROUPS; i++) {
		append(desk, i);
	}
	assert_int_equal(read_back(desk), 0);
	must_have(desk, 1, GROUPS + 1);
}

static void
a_record_that_is_not_whole_is_none(void **state)
{
	struct desk *desk = *state;
	off_t begin;
	off_t end;

	append(desk, 1);
	append(desk, 2);
	begin = (off_t)journal_bytes(desk->journal);
	append(desk, 3);
	end = (off_t)journal_bytes(desk->journal);
	/* The version, the number, the sum, the sets; not what pads them. */
	for (off_t at = begin; at < begin + 400 && at < end; at++) {
		flip(desk, "journal.1", at);
		assert_int_equal(read_back(desk), 0);
		must_have(desk, 1, 3);
		flip(desk, "journal.1", at);
	}
	assert_int_equal(read_back(desk), 0);
	must_have(desk, 1, 4);
}

static void
a_lost_record_before_others_is_damage(void **state)
{
	struct desk *desk = *state;
	off_t at;

	append(desk, 1);
	at = (off_t)journal_bytes(desk->journal);
	append(desk, 2);
	append(desk, 3);
	flip(desk, "journal.1", at + 100);
	assert_int_equal(read_back(desk), -1);
	assert_int_equal(desk->fault.code, FAULT_CORRUPT);
	flip(desk, "journal.1", at + 100);
	flip(desk, "journal.1", 100); /* the first of all */
	assert_int_equal(read_back(desk), -1);
	assert_int_equal(desk->fault.code, FAULT_CORRUPT);
	flip(desk, "journal.1", 100);
	assert_int_equal(read_back(desk), 0);
	must_have(desk, 1, 4);
}

static void
the_end_of_a_file_lost_is_damage(void **state)
{
	struct desk *desk = *state;

	append(desk, 1);
	append(desk, 2);
	journal_turn(desk->journal, 3);
	append(desk, 3);
	assert_int_equal(read_back(desk), 0);
	must_have(desk, 1, 4);
	flip(desk, "journal.1", 100);
	assert_int_equal(read_back(desk), -1);
	assert_int_equal(desk->fault.code, FAULT_CORRUPT);
}

static void
a_cancelled_group_is_not_given(void **state)
{
	struct desk *desk = *state;
	bool in_doubt = false;

	append(desk, 1);
	append(desk, 2);
	assert_int_equal(journal_cancel(desk->journal, &in_doubt), 0);
	assert_int_equal(read_back(desk), 0);
	assert_int_equal(desk->count, 1);
	assert_int_equal(desk->next, 4);
}

static void
files_take_turns_and_old_records_are_nothing(void **state)
{
	struct desk *desk = *state;
	uint64_t seed = 20261121;
	uint64_t number = 1;

	while (number < GROUPS) {
		for (uint64_t n = scratch_draw(&seed) % 6; n > 0; n--) {
			append(desk, number++);
		}
		assert_int_equal(read_back(desk), 0);
		must_have(desk, desk->first, number);
		/* As when the anchor moves: what was written is at rest. */
		desk->first = number;
		journal_turn(desk->journal, number);
	}
}

static void
records_of_another_store_are_none(void **state)
{
	static const uint8_t other[JOURNAL_ID_BYTES] = "another store's";
	struct desk *desk = *state;

	append(desk, 1);
	journal_close(desk->journal);
	assert_int_equal(
	    journal_open(&desk->journal, desk->path, other, &desk->fault), 0);
	assert_int_equal(journal_read(desk->journal, 1, take, desk, &desk->next,
	                     &desk->fault),
	    0);
	must_have(desk, 1, 1);
}

/* RLIMIT_FSIZE is a disk that is full to the byte. */
static void
where_a_group_finds_the_last_room_it_can_be_cancelled(void **state)
{
	struct desk *desk = *state;
	struct writes *group = set_of(1);
	struct rlimit limit, less;
	bool in_doubt = false;
	unsigned count = 0;
	int cancelled;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	less = limit;
	less.rlim_cur = 1 << 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
	while (journal_append(desk->journal, group, 1, &in_doubt) == 0) {
		count++;
	}
	cancelled = journal_cancel(desk->journal, &in_doubt);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	writes_free(group);
	assert_int_equal(count, (1 << 20) / 4096 - 1);
	assert_int_equal(cancelled, 0);
	assert_false(in_doubt);
}

#define journal(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		journal(groups_come_back_in_order_and_whole),
		journal(a_record_that_is_not_whole_is_none),
		journal(a_lost_record_before_others_is_damage),
		journal(the_end_of_a_file_lost_is_damage),
		journal(a_cancelled_group_is_not_given),
		journal(where_a_group_finds_the_last_room_it_can_be_cancelled),
		journal(files_take_turns_and_old_records_are_nothing),
		journal(records_of_another_store_are_none),
	};

	digest_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
