// SPDX-License-Identifier: Apache-2.0
//
// Two people have changed one record: what each made of what it was, line by
// line, and the record that comes of the lines that were chosen.  What stands
// in a list is known by what names it, so that two who add to one list lose
// nothing.

export type Side = 'mine' | 'theirs';

/** What is chosen one by one: a member by its name, one of a list by "LIST\nNAME". */
export type Parts = Map<string, unknown>;

export interface MergeLine {
	/** One of the parts, and the next time the same. */
	key: string;
	/** The member, or the list. */
	name: string;
	/** Who alone changed it; undefined where both did, and otherwise. */
	side: Side | undefined;
	/** undefined where it is not there. */
	was: unknown;
	mine: unknown;
	theirs: unknown;
}

/** The same text for the same thing, in whatever order its members stand. */
export function textOf(value: unknown): string {
	return JSON.stringify(value, (_, part: unknown) =>
		part !== null && typeof part === 'object' && !Array.isArray(part)
			? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
			: part,
	) ?? '';
}

export function isSame(a: unknown, b: unknown): boolean {
	return textOf(a) === textOf(b);
}

/** Adds a list: the second of a name is another one. */
export function putList<T>(parts: Parts, list: string, members: T[], nameOf: (member: T) => string): void {
	for (const member of members) {
		const name = `${list}\n${nameOf(member)}`;
		let nth = 0;

		while (parts.has(`${name}\n${nth}`)) {
			nth++;
		}
		parts.set(`${name}\n${nth}`, member);
	}
}

/** The list again, in its order. */
export function listOf<T>(parts: Parts, list: string): T[] {
	return [...parts].flatMap(([key, member]) => (key.startsWith(`${list}\n`) ? [member as T] : []));
}

function sideOf(was: unknown, mine: unknown, theirs: unknown): Side | undefined {
	return isSame(was, theirs) ? 'mine' : isSame(was, mine) ? 'theirs' : undefined;
}

/** Where mine and theirs are not the same. */
export function linesOf(was: Parts, mine: Parts, theirs: Parts): MergeLine[] {
	return [...new Set([...theirs.keys(), ...mine.keys()])].flatMap((key) => {
		const line = { was: was.get(key), mine: mine.get(key), theirs: theirs.get(key) };

		return isSame(line.mine, line.theirs)
			? []
			: [{ key, name: key.split('\n')[0]!, ...line, side: sideOf(line.was, line.mine, line.theirs) }];
	});
}

/** Theirs, with what was chosen of mine in its place. */
export function mergeOf(theirs: Parts, lines: MergeLine[], chosen: Record<string, Side>): Parts {
	const merged = new Map(theirs);

	for (const { key, mine } of lines) {
		if (chosen[key] !== 'mine') {
			continue;
		}
		if (mine === undefined) {
			merged.delete(key);
		} else {
			merged.set(key, mine);
		}
	}
	return merged;
}
