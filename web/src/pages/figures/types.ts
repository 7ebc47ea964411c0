// SPDX-License-Identifier: Apache-2.0
//
// Reported figures as the server tells them, and how a number is written.
import type { Day, Micros, Span } from '../../api/types';
import { formatNumber } from '../../words/format';

export interface Figure {
	id: string;
	rev: number;
	at: Micros;
	by: string;
	document: string;
	unit: string;
	period: Span;
	measure: string;
	value?: number;
	/** 100: the value is in hundredths. */
	scale?: number;
	/** Where it is no number: "hàng ngàn". */
	words?: string;
	quote?: string;
	place?: string;
	note?: string;
	/** Why it should not have been entered. */
	withdrawn?: string;
}

export interface FigurePage {
	figures: Figure[];
	documents: Record<string, { reference?: string; date?: Day | Span; subject?: string }>;
	next?: string;
}

export interface Amount {
	value: number;
	scale: number;
}

/** "1.415", "62,08" or "62.08" as a number of units of 1, 1/10 or 1/100; null where that is none. */
export function parseAmount(text: string): Amount | null {
	const bare = text.trim().replace(/\.(?=\d{3}(\D|$))/g, '');
	const parts = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(bare);

	return parts ? { value: Number(parts[1] + (parts[2] ?? '')), scale: 10 ** (parts[2] ?? '').length } : null;
}

/** What the document says, as it is written: a number, or its words between quotes. */
export function sayAmount({ value, scale, words }: Pick<Figure, 'value' | 'scale' | 'words'>): string {
	return value === undefined ? `“${words ?? ''}”` : formatNumber(value, scale ?? 1);
}
