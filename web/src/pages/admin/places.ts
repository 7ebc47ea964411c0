// SPDX-License-Identifier: Apache-2.0
//
// What there is to look after, and for whom.  The server decides; this
// only spares a reader links that lead to a refusal.
import type { Session } from '../../api/types';
import type { Word } from '../../words/words';

export interface Place {
	href: string;
	title: Word;
	what: Word;
	/** Who may do this is shown the way. */
	act: string;
}

/** Theirs who look after the archive. */
const keeping = 'fixity.read';

export const places: Place[] = [
	{
		href: '/quan-tri/van-hanh',
		title: 'operation.title',
		what: 'operation.what',
		act: keeping,
	},
	{
		href: '/quan-tri/nguoi-dung',
		title: 'users.title',
		what: 'users.what',
		act: 'user.write',
	},
	{ href: '/quan-tri/vai-tro', title: 'matrix.title', what: 'matrix.what', act: keeping },
	{ href: '/quan-tri/phap-ly', title: 'law.title', what: 'law.what', act: keeping },
	{ href: '/quan-tri/phan-mo-rong', title: 'plugins.title', what: 'plugins.what', act: keeping },
];

export function placesOf(session: Session): Place[] {
	return places.filter((place) => session.acts.includes(place.act));
}
