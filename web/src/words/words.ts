// SPDX-License-Identifier: Apache-2.0
//
// What the page says, in the reader's language.  No text stands in the code:
// vi.json and en.json have the same names.
import { effect, signal } from '@preact/signals';

import en from './en.json';
import vi from './vi.json';

export type Language = 'vi' | 'en';
export type Word = keyof typeof vi;

const STORED = 'hoso.language';
const catalogues: Record<Language, Record<Word, string>> = { vi, en };

function remembered(): Language {
	try {
		return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
	} catch {
		return 'vi'; // storage is shut
	}
}

/** Vietnamese, unless the reader has chosen otherwise. */
export const language = signal<Language>(remembered());

effect(() => {
	document.documentElement.lang = language.value;
	try {
		localStorage.setItem(STORED, language.value);
	} catch {
		/* it is asked for anew next time */
	}
});

type Values = Record<string, string | number>;

function sayIn(spoken: Language, word: Word, values: Values): string {
	return catalogues[spoken][word].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The text of that name; {count} stands for values.count. */
export function say(word: Word, values: Values = {}): string {
	return sayIn(language.value, word, values);
}

/** What stands on official paper, whatever the reader speaks. */
export function sayOnPaper(word: Word, values: Values = {}): string {
	return sayIn('vi', word, values);
}

/** A text whose name is made of a code; the code itself where there is none. */
export function sayCode(prefix: string, code: string): string {
	const word = `${prefix}.${code}`;

	return word in vi ? say(word as Word) : code;
}
