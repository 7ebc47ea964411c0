// SPDX-License-Identifier: Apache-2.0
//
// A reorganisation as it is filled in, and the one command that carries it out:
// new units and a new name are part of it, whole or not at all.
import type { Day } from '../../api/types';

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

/** Where the body has a new unit: behind those that stand already. */
export function placeOf(plan: Plan, fresh: number): string {
	return `successors/${plan.to.length + fresh}`;
}

/** It begins on the day of the reorganisation. */
function bodyOfFresh(fresh: NewUnit): Record<string, unknown> {
	return {
		kind: fresh.kind,
		names: [named(fresh)],
		...(fresh.parent ? { parents: [{ relation: 'adm', unit: fresh.parent }] } : {}),
	};
}

function named({ name, short }: { name: string; short: string }): Record<string, string> {
	return short ? { name, short } : { name };
}

export function bodyOf(plan: Plan): Record<string, unknown> {
	const isOne = plan.kind === 'rename' || plan.kind === 'transfer';

	return {
		kind: plan.kind,
		date: plan.date,
		...(plan.document.trim() ? { document: plan.document.trim() } : {}),
		predecessors: plan.from,
		successors: isOne ? plan.from : plan.kind === 'abolish' ? [] : [...plan.to, ...plan.fresh.map(bodyOfFresh)],
		...(plan.kind === 'rename' ? { name: named(plan) } : {}),
	};
}
