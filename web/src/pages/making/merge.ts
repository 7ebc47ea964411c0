// SPDX-License-Identifier: Apache-2.0
//
// A dossier as parts that two people may have changed: a proposal is known by
// whom it is for.
import type { Proposal } from '../../api/types';
import { listOf, type Parts, putList } from '../../parts/merge/merge';
import { type Fields, singles } from './fields';

function whomOf({ subject: { kind, name, count } }: Proposal): string {
	return `${kind}\n${name?.trim() ?? count ?? ''}`;
}

export function partsOf(fields: Fields): Parts {
	const parts: Parts = new Map(singles.map((name) => [name, fields[name]]));

	putList(parts, 'awards', fields.awards, whomOf);
	return parts;
}

export function fieldsOfParts(parts: Parts): Fields {
	return {
		...(Object.fromEntries(singles.map((name) => [name, parts.get(name)])) as unknown as Fields),
		awards: listOf<Proposal>(parts, 'awards'),
	};
}
