// SPDX-License-Identifier: Apache-2.0
//
// What the browser keeps of a file on its way: under the id of the user who
// sends it, so that the next one at this machine is not shown it.
const STORED = 'hoso.upload.';

/** Enough to go on with the same file. */
export interface Mark {
	id: string;
	user: string;
	/** What it is for, in words of who takes it: "dossier/ID/CODE". */
	place: string;
	name: string;
	type: string;
	size: number;
	modified: number;
	/** Its id at the server, once it has one. */
	upload?: string;
	offset: number;
	/** The server has all its bytes, and a form is to name it. */
	isReady?: boolean;
	/** When a window last had it, in milliseconds. */
	alive: number;
}

/** What the browser keeps it under. */
export function nameOf({ user, id }: Pick<Mark, 'user' | 'id'>): string {
	return `${STORED}${user}.${id}`;
}

/** Of what may have more to it the mark is kept. */
export function keepMark(one: Mark): void {
	const { id, user, place, name, type, size, modified, upload, offset, isReady, alive } = one;

	try {
		localStorage.setItem(
			nameOf(one),
			JSON.stringify({ id, user, place, name, type, size, modified, upload, offset, isReady, alive }),
		);
	} catch {
		/* then it goes on only as long as the page is open */
	}
}

export function marksOf(user: string): Mark[] {
	const mine = nameOf({ user, id: '' });
	const found: Mark[] = [];

	try {
		for (let i = 0; i < localStorage.length; i++) {
			const name = localStorage.key(i)!;

			if (name.startsWith(mine)) {
				found.push(JSON.parse(localStorage.getItem(name)!) as Mark);
			}
		}
	} catch {
		return [];
	}
	return found;
}

export function dropMark(one: Mark): void {
	try {
		localStorage.removeItem(nameOf(one));
	} catch {
		/* it was not kept */
	}
}
