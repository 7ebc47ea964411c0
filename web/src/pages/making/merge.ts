// SPDX-License-Identifier: Apache-2.0
//
// Two people have changed one dossier: what each made of what it was, line by
// line, and the dossier that comes of the lines that were chosen.  A proposal
// is known by whom it is for, so that two who add people to one list lose
// nobody.
import type { Proposal } from '../../api/types';
import { type Fields, isSame, type Single, singles } from './fields';

export type Side = 'mine' | 'theirs';

interface Line {
	/** One of the lines, and the next time the same. */
	key: string;
	/** Who alone changed it; undefined where both did, and otherwise. */
	side: Side | undefined;
}

/** A member of the record. */
export interface SingleLine extends Line {
	name: Single;
	was: Fields[Single];
	mine: Fields[Single];
	theirs: Fields[Single];
}

/** What is proposed for one; undefined where he is not in the list. */
export interface ProposalLine extends Line {
	name: 'awards';
	was: Proposal | undefined;
	mine: Proposal | undefined;
	theirs: Proposal | undefined;
}

export type MergeLine = SingleLine | ProposalLine;

/** Proposals by whom they are for: the second of a name is another one. */
function byWhom(list: Proposal[]): Map<string, Proposal> {
	const found = new Map<string, Proposal>();

	for (const proposal of list) {
		const { kind, name, count } = proposal.subject;
		const whom = `${kind}\n${name?.trim() ?? count ?? ''}`;
		let nth = 0;

		while (found.has(`${whom}\n${nth}`)) {
			nth++;
		}
		found.set(`${whom}\n${nth}`, proposal);
	}
	return found;
}

function sideOf(was: unknown, mine: unknown, theirs: unknown): Side | undefined {
	return isSame(was, theirs) ? 'mine' : isSame(was, mine) ? 'theirs' : undefined;
}

/** Where mine and theirs are not the same. */
export function linesOf(was: Fields, mine: Fields, theirs: Fields): MergeLine[] {
	const lines: MergeLine[] = singles
		.filter((name) => !isSame(mine[name], theirs[name]))
		.map((name) => ({
			key: name,
			name,
			was: was[name],
			mine: mine[name],
			theirs: theirs[name],
			side: sideOf(was[name], mine[name], theirs[name]),
		}));
	const [before, ours, others] = [was, mine, theirs].map((fields) => byWhom(fields.awards)) as [
		Map<string, Proposal>,
		Map<string, Proposal>,
		Map<string, Proposal>,
	];

	for (const key of new Set([...others.keys(), ...ours.keys()])) {
		const line = { was: before.get(key), mine: ours.get(key), theirs: others.get(key) };

		if (!isSame(line.mine, line.theirs)) {
			lines.push({ key, name: 'awards', ...line, side: sideOf(line.was, line.mine, line.theirs) });
		}
	}
	return lines;
}

/** Theirs, with what was chosen of mine in its place. */
export function mergeOf(mine: Fields, theirs: Fields, lines: MergeLine[], chosen: Record<string, Side>): Fields {
	const merged: Fields = { ...theirs };
	const awards = byWhom(theirs.awards);

	for (const line of lines) {
		if (chosen[line.key] !== 'mine') {
			continue;
		}
		if (line.name !== 'awards') {
			Object.assign(merged, { [line.name]: mine[line.name] });
		} else if (line.mine) {
			awards.set(line.key, line.mine);
		} else {
			awards.delete(line.key);
		}
	}
	merged.awards = [...awards.values()];
	return merged;
}
