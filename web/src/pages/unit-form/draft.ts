// SPDX-License-Identifier: Apache-2.0
//
// A unit as it is filled in: the members of its record, every empty one as ''.
import type { Day, Span, Unit } from '../../api/types';

interface Held {
	from: Day | '';
	to: Day | '';
}

export interface NameRow extends Held {
	name: string;
	short: string;
}

export interface ParentRow extends Held {
	relation: string;
	unit: string;
}

export interface CodeRow extends Held {
	system: string;
	code: string;
}

export interface Draft extends Held {
	kind: string;
	names: NameRow[];
	parents: ParentRow[];
	codes: CodeRow[];
	/** One in a line. */
	aliases: string;
	note: string;
}

export const blankName: NameRow = { name: '', short: '', from: '', to: '' };
export const blankParent: ParentRow = { relation: 'adm', unit: '', from: '', to: '' };
export const blankCode: CodeRow = { system: 'gso', code: '', from: '', to: '' };

export const blank: Draft = {
	kind: '',
	from: '',
	to: '',
	names: [blankName],
	parents: [blankParent],
	codes: [],
	aliases: '',
	note: '',
};

function heldOf(span: Span): Held {
	return { from: span.from ?? '', to: span.to ?? '' };
}

export function draftOf(unit: Unit): Draft {
	return {
		...heldOf(unit),
		kind: unit.kind,
		names: unit.names.map((row) => ({ name: row.name, short: row.short ?? '', ...heldOf(row) })),
		parents: (unit.parents ?? []).map((row) => ({ relation: row.relation, unit: row.unit, ...heldOf(row) })),
		codes: (unit.codes ?? []).map((row) => ({ system: row.system, code: row.code, ...heldOf(row) })),
		aliases: (unit.aliases ?? []).join('\n'),
		note: unit.note ?? '',
	};
}

/** Members that have a value. */
function filled<T extends object>(row: T): Partial<T> {
	return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')) as Partial<T>;
}

function membersOf(draft: Draft): Record<string, unknown> {
	const aliases = draft.aliases
		.split('\n')
		.map((alias) => alias.trim())
		.filter((alias) => alias !== '');

	return {
		kind: draft.kind,
		from: draft.from,
		to: draft.to,
		names: draft.names.map(filled),
		parents: draft.parents.filter((row) => row.unit !== '').map(filled),
		codes: draft.codes.filter((row) => row.code !== '').map(filled),
		aliases,
		note: draft.note.trim(),
	};
}

function isEmpty(value: unknown): boolean {
	return value === '' || (Array.isArray(value) && value.length === 0);
}

/** What makes the unit. */
export function bodyOfNew(draft: Draft): Record<string, unknown> {
	return Object.fromEntries(Object.entries(membersOf(draft)).filter(([, value]) => !isEmpty(value)));
}

/** What changes it: the members that are others now, null where one goes. */
export function bodyOfChange(draft: Draft, unit: Unit): Record<string, unknown> {
	const before = membersOf(draftOf(unit));

	return Object.fromEntries(
		Object.entries(membersOf(draft))
			.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]))
			.map(([name, value]) => [name, isEmpty(value) ? null : value]),
	);
}
