// SPDX-License-Identifier: Apache-2.0
//
// What stands on official paper, in Vietnamese whatever the reader speaks.
import paper from './paper.json';
import { fill, type Values } from './words';

export function sayOnPaper(word: keyof typeof paper, values: Values = {}): string {
	return fill(paper[word], values);
}
