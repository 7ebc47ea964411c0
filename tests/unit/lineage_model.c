/* SPDX-License-Identifier: Apache-2.0 */

#include "tests/unit/lineage_model.h"
#include "config.h"

bool
model_stands(const struct model_unit *unit, int day)
{
	return unit->from <= day && day <= unit->to;
}

static bool
lies_in(const struct model *m, int unit, const struct model_stay *stay, int day)
{
	return stay->parent >= 0 && stay->from <= day && day <= stay->to &&
	       model_stands(&m->units[unit], day) &&
	       model_stands(&m->units[stay->parent], day);
}

bool
model_is_under(const struct model *m, int unit, int above, int day)
{
	const struct model_unit *u = &m->units[unit];

	if (unit == above) {
		return true;
	}
	if (lies_in(m, unit, &u->member, day) && u->member.parent == above) {
		return true;
	}
	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(m, unit, &u->adm[i], day) &&
		    model_is_under(m, u->adm[i].parent, above, day)) {
			return true;
		}
	}
	return false;
}

/* Below it by adm relations alone. */
static bool
is_below(const struct model *m, int unit, int above, int day)
{
	const struct model_unit *u = &m->units[unit];

	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(m, unit, &u->adm[i], day) &&
		    (u->adm[i].parent == above ||
		        is_below(m, u->adm[i].parent, above, day))) {
			return true;
		}
	}
	return false;
}

bool
model_is_forward(const struct model *m, int unit, int day,
    const struct model_dossier *d)
{
	const struct model_unit *u = &m->units[unit];

	if (d->date >= day && model_is_under(m, d->unit, unit, d->date)) {
		return true;
	}
	for (size_t i = 0; i < m->event_count; i++) {
		const struct model_event *e = &m->events[i];

		for (int s = 0; s < m->unit_count; s++) {
			if (e->date > day && e->is_from[unit] && e->is_to[s] &&
			    s != unit && model_is_forward(m, s, e->date, d)) {
				return true;
			}
		}
	}
	for (int w = 0;
	     u->to != MODEL_STILL && u->to >= day && w < m->unit_count; w++) {
		if (is_below(m, w, unit, u->to) &&
		    model_is_forward(m, w, u->to, d)) {
			return true;
		}
	}
	return false;
}

bool
model_is_backward(const struct model *m, int unit, int day,
    const struct model_dossier *d)
{
	if (d->date <= day && model_is_under(m, d->unit, unit, d->date)) {
		return true;
	}
	for (size_t i = 0; i < m->event_count; i++) {
		const struct model_event *e = &m->events[i];

		for (int p = 0; p < m->unit_count; p++) {
			if (e->date <= day && e->is_to[unit] && e->is_from[p] &&
			    p != unit &&
			    model_is_backward(m, p, e->date - 1, d)) {
				return true;
			}
		}
	}
	return false;
}

void
model_add_heirs(const struct model *m, int unit, bool *heirs)
{
	const struct model_unit *u = &m->units[unit];

	if (u->to >= MODEL_TODAY) {
		heirs[unit] = true;
		return;
	}
	for (size_t i = 0; i < m->event_count; i++) {
		for (int s = 0; s < m->unit_count; s++) {
			if (m->events[i].date == u->to + 1 &&
			    m->events[i].is_from[unit] &&
			    m->events[i].is_to[s] && s != unit) {
				model_add_heirs(m, s, heirs);
			}
		}
	}
}

int
model_parent_of(const struct model *m, int unit, int day)
{
	const struct model_unit *u = &m->units[unit];

	for (size_t i = 0; i < u->adm_count; i++) {
		if (lies_in(m, unit, &u->adm[i], day)) {
			return u->adm[i].parent;
		}
	}
	return -1;
}
