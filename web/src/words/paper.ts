// SPDX-License-Identifier: Apache-2.0
//
// What stands on official paper, in Vietnamese whatever the reader speaks.
import { fill, type Values } from './fill';
import paper from './paper.json';

const rules = new Intl.PluralRules('vi');

export function sayOnPaper(word: keyof typeof paper, values: Values = {}): string {
	return fill(paper[word], values, rules);
}
