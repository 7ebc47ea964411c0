// SPDX-License-Identifier: Apache-2.0
//
// Where the lines of a chart stand.

/** Round numbers from 0 on that hold `most`: at most `count` steps. */
export function ticksFor(most: number, count = 5): number[] {
	const rough = Math.max(most, 1) / count;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = Math.max(1, [1, 2, 5, 10].find((factor) => factor * power >= rough)! * power);
	const last = Math.ceil(Math.max(most, 1) / step);

	return Array.from({ length: last + 1 }, (_, i) => i * step);
}
