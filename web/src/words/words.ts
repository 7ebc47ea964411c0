// SPDX-License-Identifier: Apache-2.0
//
// What the page says, in the reader's language.  No text stands in the code:
// vi.json and en.json have the same names, and only the one that is spoken is
// fetched.
import { effect, signal } from '@preact/signals';

import { fill, type Values } from './fill';
import type vi from './vi.json';

export type Language = 'vi' | 'en';
export type Word = keyof typeof vi;
type Catalogue = Record<Word, string>;

const STORED = 'hoso.language';
const plurals: Record<Language, Intl.PluralRules> = { vi: new Intl.PluralRules('vi'), en: new Intl.PluralRules('en') };
const catalogues: Partial<Record<Language, Catalogue>> = {};
const fetched: Record<Language, () => Promise<{ default: Catalogue }>> = {
	vi: () => import('./vi.json'),
	en: () => import('./en.json'),
};

function remembered(): Language {
	try {
		return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
	} catch {
		return 'vi'; // storage is shut
	}
}

/**
 * Vietnamese, unless the reader has chosen otherwise.  Changed by speak()
 * alone: nothing is said in a language whose words are not there.
 */
export const language = signal<Language>(remembered());

effect(() => {
	document.documentElement.lang = language.value;
	try {
		localStorage.setItem(STORED, language.value);
	} catch {
		/* it is asked for anew next time */
	}
});

/** Speaks that language once its words have come; throws where they do not. */
export async function speak(wanted: Language): Promise<void> {
	catalogues[wanted] ??= (await fetched[wanted]()).default;
	language.value = wanted;
}

function words(): Catalogue {
	return catalogues[language.value]!;
}

/** The text of that name, its places filled (fill.ts). */
export function say(word: Word, values: Values = {}): string {
	return fill(words()[word], values, plurals[language.value]);
}

/** What a row of the law or a plugin calls something; in Vietnamese where it has no English. */
export function spoken(vietnamese: string, english: string | undefined): string {
	return (language.value === 'en' && english) || vietnamese;
}

/** A text whose name is made of a code; the code itself where there is none. */
export function sayCode(prefix: string, code: string): string {
	const word = `${prefix}.${code}`;

	return word in words() ? say(word as Word) : code;
}
