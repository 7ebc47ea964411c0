// SPDX-License-Identifier: Apache-2.0
import type { Day, Unit } from '../api/types';
import { useAnswer } from './use-answer';

/** What the unit was called on a day; before its first name, that. */
export function nameOn(unit: Unit, day: Day): string {
	const last = unit.to && unit.to < day ? unit.to : day;
	const names = unit.names.filter((name) => (name.from ?? '') <= last);

	return (names.at(-1) ?? unit.names[0])?.name ?? unit.id;
}

/** A unit by its name on a day, as a link to its page. */
export function UnitLink({ id, day }: { id: string; day: Day }) {
	const { value } = useAnswer<Unit>(`/units/${encodeURIComponent(id)}`);

	return <a href={`/don-vi/${id}`}>{value ? nameOn(value, day) : id}</a>;
}
