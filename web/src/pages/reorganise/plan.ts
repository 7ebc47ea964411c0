// SPDX-License-Identifier: Apache-2.0
//
// A reorganisation as it is filled in, and the commands that carry it out: new
// units are made first, a new name is written, then it is told what came of
// what.  What was done already is not done twice.
import type { Changed, Day, Unit } from '../../api/types';
import { dayBefore } from '../../words/format';

export const kinds = ['merge', 'split', 'rename', 'reclassify', 'transfer', 'abolish'];

export interface NewUnit {
	kind: string;
	name: string;
	short: string;
	parent: string;
}

export interface Plan {
	kind: string;
	date: Day | '';
	document: string;
	from: string[];
	/** Units that stand already. */
	to: string[];
	/** And those that are made for it. */
	fresh: NewUnit[];
	/** Of the one unit of a renaming. */
	name: string;
	short: string;
}

export const blank: Plan = {
	kind: 'merge',
	date: '',
	document: '',
	from: [],
	to: [],
	fresh: [],
	name: '',
	short: '',
};

/** Those that end the day before. */
export function endingOf(plan: Plan): string[] {
	return plan.kind === 'rename' || plan.kind === 'transfer' ? [] : plan.from.filter((id) => !plan.to.includes(id));
}

export function bodyOfFresh(fresh: NewUnit, date: Day): Record<string, unknown> {
	return {
		kind: fresh.kind,
		names: [fresh.short ? { name: fresh.name, short: fresh.short } : { name: fresh.name }],
		from: date,
		...(fresh.parent ? { parents: [{ relation: 'adm', unit: fresh.parent }] } : {}),
	};
}

/** The names of a unit that has another one from a day on. */
export function renamed(unit: Unit, plan: Plan): Unit['names'] {
	const date = plan.date as Day;
	const before = unit.names
		.filter((row) => (row.from ?? '') < date)
		.map((row) => (row.to && row.to < date ? row : { ...row, to: dayBefore(date) }));

	return [...before, { name: plan.name, ...(plan.short ? { short: plan.short } : {}), from: date }];
}

export function bodyOf(plan: Plan, made: string[]): Record<string, unknown> {
	const isOne = plan.kind === 'rename' || plan.kind === 'transfer';

	return {
		kind: plan.kind,
		date: plan.date,
		...(plan.document.trim() ? { document: plan.document.trim() } : {}),
		predecessors: plan.from,
		successors: isOne ? plan.from : plan.kind === 'abolish' ? [] : [...plan.to, ...made],
	};
}

export type Made = Changed<Unit>;
