// SPDX-License-Identifier: Apache-2.0
//
// The law is data of the server: what a status, an award or a kind of unit is
// called.  A table is asked for once and kept while the page is open.
import { signal } from '@preact/signals';

import { spoken } from '../words/words';
import { get } from './client';

type Table = 'acts' | 'awards' | 'components' | 'document-kinds' | 'dossier-statuses' | 'measures' | 'roles' | 'unit-kinds';

export interface LawRow {
	id?: string;
	code?: string;
	act?: string;
	name: string;
	english?: string;
	/** Of a component: "subject" where each needs one of his own. */
	per?: string;
	/** Of a status: what may happen to a dossier's contents. */
	components?: 'change' | 'add' | 'none';
	/** Of a role: whether somebody may have it. */
	assignable?: boolean;
	/** Of an act: who may do it, where, while what. */
	grants?: { role: string; scope: string; statuses?: string[]; sources?: string[]; source?: string }[];
	/** Of an award. */
	level?: string;
	next?: { to: string; roles: string[]; procedure?: string[] }[];
}

/** After so many milliseconds a look asks again for what did not come. */
const AGAIN = 5000;

const tables = signal<Partial<Record<Table, Map<string, LawRow>>>>({});
const asked = new Set<Table>();

async function load(table: Table): Promise<void> {
	asked.add(table);
	try {
		const answer = await get<{ rows: LawRow[] }>(`/rules/${table}`);
		const rows = new Map<string, LawRow>();

		for (const row of answer.rows) {
			rows.set(row.id ?? row.code ?? row.act ?? '', row);
		}
		tables.value = { ...tables.value, [table]: rows };
	} catch {
		tables.value = { ...tables.value, [table]: new Map() };
		setTimeout(() => asked.delete(table), AGAIN);
	}
}

/** All rows of a table, none until they have come. */
export function rowsOf(table: Table): LawRow[] {
	if (!asked.has(table)) {
		void load(table);
	}
	return [...(tables.value[table]?.values() ?? [])];
}

export function rowOf(table: Table, code: string): LawRow | undefined {
	if (!asked.has(table)) {
		void load(table);
	}
	return tables.value[table]?.get(code);
}

/** What the code is called, in the reader's language; the code where it has no name. */
export function nameOf(table: Table, code: string): string {
	const row = rowOf(table, code);

	if (row === undefined) {
		return table in tables.value ? code : '…';
	}
	return spoken(row.name, row.english);
}
