// SPDX-License-Identifier: Apache-2.0
//
// What there is to look after, and for which roles.  The server decides; this
// only spares a reader links that lead to a refusal.
import type { Session } from '../../api/types';
import type { Word } from '../../words/words';

export interface Place {
	href: string;
	title: Word;
	what: Word;
	roles: string[];
}

const keepers = ['archivist', 'auditor', 'system_admin'];

export const places: Place[] = [
	{
		href: '/quan-tri/van-hanh',
		title: 'operation.title',
		what: 'operation.what',
		roles: keepers,
	},
	{
		href: '/quan-tri/nguoi-dung',
		title: 'users.title',
		what: 'users.what',
		roles: ['system_admin'],
	},
	{ href: '/quan-tri/vai-tro', title: 'matrix.title', what: 'matrix.what', roles: keepers },
	{ href: '/quan-tri/phap-ly', title: 'law.title', what: 'law.what', roles: keepers },
	{ href: '/quan-tri/phan-mo-rong', title: 'plugins.title', what: 'plugins.what', roles: keepers },
];

export function placesOf(session: Session): Place[] {
	return places.filter((place) =>
		session.roles.some((binding) => place.roles.includes(binding.role)),
	);
}
