/* SPDX-License-Identifier: Apache-2.0 */

/* From a closed dossier to its container, which is read back and proved. */

#include "core/decision.h"
#include "core/document.h"
#include "core/grant.h"
#include "tests/unit/sealing_scene.h"

static void
a_dossier_is_sealed_and_its_container_proves_its_records(void **state)
{
	struct scene *scene = *state;

	seal(scene);
	assert_text(json_text_at(dossier_of(scene).value, "status"),
	    "archived");
	assert_sealed(scene, "B-B");
}

static void
a_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;
	uint64_t before = log_size(scene);

	spoiler.armed = true;
	assert_int_equal(try_seal(scene), -1);
	assert_int_equal(spoiler.spoilt, 1);
	assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(scene->office->fault.text,
	    "the container that was written is wrong"));
	assert_text(json_text_at(dossier_of(scene).value, "status"), "closed");
	assert_null(seal_of(scene));
	assert_int_equal(log_size(scene), before);
}

static void
a_large_container_that_is_not_what_was_written_is_not_named(void **state)
{
	struct scene *scene = *state;

	file_closed(scene->office, "to", LARGE);
	spoiler.armed = true;
	assert_int_equal(try_seal_of(scene, "to"), -1);
	assert_int_equal(spoiler.spoilt, 1);
	assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(scene->office->fault.text,
	    "the container that was written is wrong"));
}

static void
a_file_that_is_not_what_was_filed_stops_the_seal_and_is_named(void **state)
{
	static const size_t lengths[] = { FILE_LEN + 1, LARGE };
	struct scene *scene = *state;
	char id[16];

	for (unsigned i = 0; i < 2; i++) {
		snprintf(id, sizeof(id), "hong-%u", i);
		spoiler.armed = true;
		file_closed(scene->office, id, lengths[i]);
		assert_int_equal(spoiler.spoilt, i + 1);
		assert_int_equal(try_seal_of(scene, id), -1);
		assert_int_equal(scene->office->fault.code, FAULT_CORRUPT);
		if (strstr(scene->office->fault.text, "Ảnh.jpg") == NULL) {
			fail_msg("it does not name the file: %s",
			    scene->office->fault.text);
		}
	}
}

static void
a_row_that_names_no_leaf_stops_the_seal_and_says_what_mends_it(void **state)
{
	struct scene *scene = *state;
	struct office *office = scene->office;
	struct writes *writes = writes_new(office->core.store, NULL);
	struct writes_result result;
	struct record unit;
	struct key key;

	assert_int_equal(record_need(office_look(office), office->arena,
	                     RECORD_UNIT, "xa", &unit, &office->fault),
	    0);
	record_key(&key, RECORD_UNIT, "xa");
	writes_put_record(writes, key_bytes(&key), unit.rev, unit.bytes);
	assert_int_equal(
	    writes_commit_wait(writes, &result, office->arena, &office->fault),
	    0);
	assert_int_equal(try_seal(scene), -1);
	assert_int_equal(office->fault.code, FAULT_CORRUPT);
	assert_non_null(strstr(office->fault.text, "records/unit.json"));
	assert_non_null(strstr(office->fault.text, "hosod reindex"));
}

static void
decide(struct office *office)
{
	office_make(office, document_new,
	    "{'id':'vb','kind':'QĐ','issuer':{'unit':'xa'},'subject':'A'}");
	office_make(office, decision_new,
	    "{'id':'qd','document':'vb','date':'2026-06-01','issuer':'xa',"
	    "'grants':[{'award':'advanced_worker','unit':'xa','subject':"
	    "{'kind':'individual','name':'Nguyễn Thị A'}}]}");
}

static void
take_back(struct office *office)
{
	office_edit(office, grant_revoke, "qd-001",
	    "{'date':'2026-06-30','reason':'Khai man thành tích'}");
}

static void
correct(struct office *office)
{
	office_edit(office, document_edit, "vb", "{'subject':'B'}");
}

static void
what_changes_while_it_is_packed_is_not_sealed_as_it_was(void **state)
{
	static void (*const changes[])(
	    struct office *) = { take_back, correct };
	static const size_t lengths[] = { FILE_LEN + 1, LARGE / 2 };
	struct scene *scene = *state;
	char id[16];

	decide(scene->office);
	for (unsigned i = 0; i < 2; i++) {
		snprintf(id, sizeof(id), "qd-%u", i);
		file_decided(scene->office, id, lengths[i], "qd");
		meanwhile.office = scene->office;
		meanwhile.happens = changes[i];
		assert_int_equal(try_seal_of(scene, id), -1);
		assert_null(meanwhile.happens);
		assert_int_equal(scene->office->fault.code, FAULT_CONFLICT);
		assert_text(
		    json_text_at(dossier_named(scene, id).value, "status"),
		    "closed");
		if (try_seal_of(scene, id) < 0) {
			fail_msg("%s", scene->office->fault.text);
		}
		assert_text(
		    json_text_at(dossier_named(scene, id).value, "status"),
		    "archived");
	}
}

static void
nothing_is_sealed_before_or_behind_the_certificate(void **state)
{
	struct scene *scene = *state;
	const struct certificate *signer = seal_key_certificate(scene->key);
	const int64_t moments[] = { signer->not_before - 1, signer->not_after };

	for (unsigned i = 0; i < 2; i++) {
		clock_set(moments[i]);
		assert_int_equal(try_seal(scene), -1);
		assert_int_equal(scene->office->fault.code, FAULT_BUSY);
		assert_non_null(strstr(scene->office->fault.text,
		    "certificate holds from"));
		assert_text(json_text_at(dossier_of(scene).value, "status"),
		    "closed");
	}
	clock_set(signer->not_after - 1000000);
	seal(scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SCENE(a_dossier_is_sealed_and_its_container_proves_its_records),
		SCENE(a_container_that_is_not_what_was_written_is_not_named),
		SCENE(
		    a_large_container_that_is_not_what_was_written_is_not_named),
		SCENE(
		    a_file_that_is_not_what_was_filed_stops_the_seal_and_is_named),
		SCENE(
		    a_row_that_names_no_leaf_stops_the_seal_and_says_what_mends_it),
		SCENE(what_changes_while_it_is_packed_is_not_sealed_as_it_was),
		SCENE(nothing_is_sealed_before_or_behind_the_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
