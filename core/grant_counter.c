/* SPDX-License-Identifier: Apache-2.0 */

#include "core/grant_counter.h"

#include "storage/key.h"

int
grant_counter_decode(struct grant_counter *counter_out, struct bytes row,
    struct bytes value, struct fault *fault)
{
	struct key_reader at;

	key_read_start(&at, row);
	key_read_text(&at); /* the unit */
	counter_out->date.from = key_read_date(&at);
	counter_out->date.to = key_read_date(&at);
	counter_out->award = key_read_text(&at);
	counter_out->subject = key_read_text(&at);
	counter_out->attribute = key_read_text(&at);
	return counter_split(value, &counter_out->count, fault);
}
