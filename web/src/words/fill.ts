// SPDX-License-Identifier: Apache-2.0
//
// Texts with places for values.  {count} stands for values.count; what a
// number changes around it is written {count:dossier|dossiers}: the first
// where the language counts that as one, else the second.
export type Values = Record<string, string | number>;

const PLACE = /\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g;

/** `rules` are those of the language that the text is in. */
export function fill(text: string, values: Values, rules: Intl.PluralRules): string {
	return text.replace(PLACE, (whole: string, name: string, one?: string, other?: string) =>
		one === undefined || other === undefined
			? String(values[name] ?? whole)
			: rules.select(Number(values[name])) === 'one'
				? one
				: other,
	);
}
