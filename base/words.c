/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One row a message, in order of the English; both are printf formats with
 * the same conversions in the same order.
 */

#include "base/words.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
const struct words words_table[] = {
	{ "%zu components are missing",
	    "còn thiếu %zu thành phần hồ sơ" },
	{ "a reason is due for %s",
	    "chuyển sang %s phải nêu lý do" },
	{ "dossier %s is %s and cannot be edited any more",
	    "hồ sơ %s đang ở trạng thái %s, không sửa được nữa" },
	{ "from %s the next may be: %s",
	    "từ %s chỉ có thể chuyển sang: %s" },
	{ "is no field of this record",
	    "không phải là trường của loại bản ghi này" },
	{ "is required",
	    "là bắt buộc" },
	{ "must be %s",
	    "phải là %s" },
	{ "must be a day that exists, YYYY-MM-DD",
	    "phải là một ngày có thật, dạng YYYY-MM-DD" },
	{ "must be a text",
	    "phải là văn bản" },
	{ "must be an object",
	    "phải là một đối tượng" },
	{ "must not be empty",
	    "không được để trống" },
	{ "the step to %s is taken by: %s",
	    "bước sang %s do các vai trò sau thực hiện: %s" },
	{ "there is a %s %s already",
	    "đã có %s %s" },
	{ "there is no %s %s",
	    "không có %s %s" },
	{ "your roles do not include %s",
	    "vai trò của bạn không gồm quyền %s" },
	{ "your roles do not include %s for %s",
	    "vai trò của bạn không gồm quyền %s đối với %s" },
};
/* clang-format on */

const size_t words_count = sizeof(words_table) / sizeof(words_table[0]);

static int
compare(const void *english, const void *row)
{
	return strcmp(english, ((const struct words *)row)->english);
}

const char *
words_find(const char *english)
{
	const struct words *row = bsearch(english, words_table, words_count,
	    sizeof(words_table[0]), compare);

	return row != NULL ? row->vietnamese : NULL;
}
