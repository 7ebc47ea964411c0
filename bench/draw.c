/* SPDX-License-Identifier: Apache-2.0 */

#include "bench/draw.h"

#include <stddef.h>
#include <stdio.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

uint64_t
draw_mixed(uint64_t number)
{
	number += 0x9E3779B97F4A7C15u;
	number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
	number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
	return number ^ (number >> 31);
}

void
draw_name(char name[DRAW_NAME], uint64_t number)
{
	static const char *const families[] = { "Nguyễn", "Nguyễn", "Nguyễn",
		"Trần", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ",
		"Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh",
		"Trương", "Lương", "Mai", "Tạ", "Quách", "Y", "A", "K’" };
	static const char *const middles[] = { "Văn", "Thị", "Đức", "Ngọc",
		"Minh", "Quang", "Thanh", "Hữu", "Xuân", "Hoài", "Thúy", "Kim",
		"Công", "Bảo", "Thị Hồng", "Thị Thu", "Gia", "Quốc" };
	static const char *const givens[] = { "An", "Bình", "Châu", "Cường",
		"Dũng", "Duyên", "Đạt", "Giang", "Hà", "Hải", "Hạnh", "Hằng",
		"Hiếu", "Hòa", "Hùng", "Hương", "Khánh", "Khoa", "Lan", "Liên",
		"Linh", "Long", "Mai", "Nam", "Nga", "Nghĩa", "Nhung", "Phúc",
		"Phương", "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng",
		"Thủy", "Trang", "Trung", "Tuấn", "Tuyết", "Uyên", "Việt",
		"Xuân", "Yến" };
	uint64_t drawn = draw_mixed(number);

	snprintf(name, DRAW_NAME, "%s %s %s", families[drawn % COUNT(families)],
	    middles[(drawn >> 16) % COUNT(middles)],
	    givens[(drawn >> 32) % COUNT(givens)]);
}
