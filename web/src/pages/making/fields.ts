// SPDX-License-Identifier: Apache-2.0
//
// What is filled in of a dossier: as it stands in a record, as it is typed,
// and as it is sent.
import type { Day, Dossier, Proposal, Span } from '../../api/types';
import { isSame } from '../../parts/merge/merge';
import { today } from '../../words/format';

export interface Fields {
	kind: string;
	title: string;
	unit: string;
	/** A dossier of the past may have a span; it is kept as it is. */
	date: Day | Span;
	code: string;
	period: Span;
	procedure: string;
	awards: Proposal[];
}

export type Single = Exclude<keyof Fields, 'awards'>;

/** In the order in which they are shown. */
export const singles: Single[] = ['unit', 'kind', 'procedure', 'title', 'code', 'date', 'period'];

export function noFields(unit: string): Fields {
	return { kind: '', title: '', unit, date: today(), code: '', period: {}, procedure: 'full', awards: [] };
}

export function fieldsOf(dossier: Dossier): Fields {
	return {
		kind: dossier.kind,
		title: dossier.title,
		unit: dossier.unit,
		date: dossier.date,
		code: dossier.code ?? '',
		period: dossier.period ?? {},
		procedure: dossier.procedure ?? 'full',
		awards: dossier.awards ?? [],
	};
}

/** What a record has of it; undefined where a record would not have it. */
function valueOf(fields: Fields, name: keyof Fields): unknown {
	const value = fields[name];

	if (typeof value === 'string') {
		return value.trim() === '' ? undefined : value.trim();
	}
	if (name === 'awards') {
		return fields.awards.length === 0 ? undefined : value;
	}
	return Object.values(value).every((part) => !part) ? undefined : value;
}

/** A record that is made of them. */
export function bodyOf(fields: Fields): Record<string, unknown> {
	const body: Record<string, unknown> = {};

	for (const name of [...singles, 'awards'] as const) {
		const value = valueOf(fields, name);

		if (value !== undefined) {
			body[name] = value;
		}
	}
	return body;
}

/** What an edit has to say; null takes a member away. */
export function changesOf(was: Fields, now: Fields): Record<string, unknown> {
	const body: Record<string, unknown> = {};

	for (const name of [...singles, 'awards'] as const) {
		const value = valueOf(now, name);

		if (!isSame(value, valueOf(was, name))) {
			body[name] = value ?? null;
		}
	}
	return body;
}

export function hasChanges(was: Fields, now: Fields): boolean {
	return Object.keys(changesOf(was, now)).length > 0;
}

/** The day by whose rules and names the dossier goes. */
export function dayOf(fields: Fields): Day {
	return typeof fields.date === 'string' ? fields.date : (fields.date.from ?? fields.date.to ?? today());
}
