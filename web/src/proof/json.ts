// SPDX-License-Identifier: Apache-2.0
//
// JSON as the server reads it (base/json.h): UTF-8, no name twice in an
// object.  JSON.parse() would take the last of two, and two readers of one
// receipt could see two events.
import { decodeText } from './bytes';
import { Broken } from './findings';

const DEEPEST = 64;

/** The places of a text between quotes, from `at` on; behind the last one. */
function endOfText(text: string, at: number): number {
	for (let i = at + 1; i < text.length; i++) {
		if (text[i] === '\\') {
			i++;
		} else if (text[i] === '"') {
			return i + 1;
		}
	}
	throw new Broken('json');
}

/** Refuses a name that stands twice in one object; `text` is JSON. */
function refuseTwins(text: string): void {
	const names: (Set<string> | null)[] = [];
	let isName = false;

	for (let i = 0; i < text.length; i++) {
		switch (text[i]) {
		case '{':
		case '[':
			isName = text[i] === '{';
			names.push(isName ? new Set() : null);
			if (names.length > DEEPEST) {
				throw new Broken('json');
			}
			break;
		case '}':
		case ']':
			names.pop();
			isName = false;
			break;
		case ',':
			isName = names.at(-1) !== null;
			break;
		case '"': {
			const end = endOfText(text, i);

			if (isName) {
				const name = JSON.parse(text.slice(i, end)) as string;

				if (names.at(-1)!.has(name)) {
					throw new Broken('json');
				}
				names.at(-1)!.add(name);
				isName = false;
			}
			i = end - 1;
			break;
		}
		}
	}
}

export function readJson(bytes: Uint8Array): unknown {
	const text = decodeText(bytes);
	let value: unknown;

	if (text === null) {
		throw new Broken('json');
	}
	try {
		value = JSON.parse(text);
	} catch {
		throw new Broken('json');
	}
	refuseTwins(text);
	return value;
}
