// SPDX-License-Identifier: Apache-2.0
//
// What a figure measures, as reports read it (docs/records.md): a path such as
// "award:merit_province:individual", put together and said in words.
import { nameOf } from '../../api/laws';
import { say, sayCode } from '../../words/words';

/** What is chosen first; `other` is a path that is typed. */
export const kinds = ['award', 'level', 'resistance', 'share', 'other'] as const;
export type Kind = (typeof kinds)[number];

export const levels = ['state', 'province', 'district', 'commune', 'base'];
export const subjects = ['collective', 'individual', 'household', 'unspecified'];

export interface Measure {
	kind: Kind;
	/** An award, a level, or the whole path of another kind. */
	what: string;
	/** '' of all. */
	subject: string;
}

export function parseMeasure(path: string): Measure {
	const [kind = '', what = '', subject = '', ...more] = path.split(':');

	if ((kind === 'award' || kind === 'level') && more.length === 0 && (subject === '' || subjects.includes(subject))) {
		return { kind, what, subject };
	}
	if (path === 'resistance:all' || path === 'share:direct_worker') {
		return { kind: kind as Kind, what: '', subject: '' };
	}
	return { kind: 'other', what: path, subject: '' };
}

export function pathOf({ kind, what, subject }: Measure): string {
	switch (kind) {
		case 'award':
		case 'level':
			return [kind, what, subject].filter(Boolean).join(':');
		case 'resistance':
			return 'resistance:all';
		case 'share':
			return 'share:direct_worker';
		default:
			return what.trim();
	}
}

export function sayMeasure(path: string): string {
	const { kind, what, subject } = parseMeasure(path);
	const name =
		kind === 'award'
			? nameOf('awards', what)
			: kind === 'level'
				? sayCode('level-of-award', what)
				: kind === 'other'
					? nameOf('measures', what)
					: say(`figure.kind.${kind}`);

	return subject === '' ? name : `${name}, ${sayCode('subject', subject)}`;
}
