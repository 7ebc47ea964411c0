// SPDX-License-Identifier: Apache-2.0
//
// A document as the JSON format of reports gives it (docs/plugin-protocol.md,
// "Blocks"; plugins/json).
import type { Counted } from '../../parts/grants-link';

export interface Run {
	text: string;
	bold?: boolean;
	italic?: boolean;
	/** Its number; the text is the note. */
	footnote?: number;
	counted?: Counted;
}

export interface Cell {
	text: string;
	span?: number;
	value?: number;
	scale?: number;
	counted?: Counted;
}

export interface Column {
	title: string;
	width: number;
	align: 'left' | 'centre' | 'right';
}

export interface Figure {
	block: 'figure';
	label: string;
	unit?: string;
	scale: number;
	computed?: number;
	reported?: number;
	difference?: number;
	words?: string;
	source?: string;
	quote?: string;
	counted?: Counted;
}

export interface Letterhead {
	block: 'letterhead';
	superior?: string;
	issuer: string;
	reference?: string;
	place?: string;
	/** YYYY, YYYY-MM or YYYY-MM-DD. */
	date?: string;
}

export interface Row {
	block: 'row';
	kind: 'plain' | 'head' | 'total';
	cells: Cell[];
}

export interface Signature {
	block: 'signature';
	authority: string;
	name?: string;
	recipients: string[];
}

export type Block =
	| Letterhead
	| Figure
	| Row
	| Signature
	| { block: 'heading' | 'item'; level: number; runs?: Run[] }
	| { block: 'table'; caption?: string; columns: Column[] }
	| { block: 'title' | 'addressee' | 'paragraph'; runs?: Run[] }
	| { block: 'table_end' | 'page_break' };

export interface Document {
	blocks: Block[];
}

/** Blocks that make one thing on the page. */
export type Part =
	| { kind: 'block'; block: Block }
	| { kind: 'items'; items: { level: number; runs: Run[] }[] }
	| { kind: 'figures'; figures: Figure[] }
	| { kind: 'table'; caption: string; columns: Column[]; rows: Row[] };

/** Items, figures and rows that follow each other stand together. */
export function partsOf(blocks: Block[]): Part[] {
	const parts: Part[] = [];

	for (const block of blocks) {
		const last = parts.at(-1);

		if (block.block === 'item') {
			const item = { level: block.level, runs: block.runs ?? [] };

			if (last?.kind === 'items') {
				last.items.push(item);
			} else {
				parts.push({ kind: 'items', items: [item] });
			}
		} else if (block.block === 'figure') {
			if (last?.kind === 'figures') {
				last.figures.push(block);
			} else {
				parts.push({ kind: 'figures', figures: [block] });
			}
		} else if (block.block === 'table') {
			parts.push({ kind: 'table', caption: block.caption ?? '', columns: block.columns, rows: [] });
		} else if (block.block === 'row') {
			if (last?.kind === 'table') {
				last.rows.push(block);
			}
		} else if (block.block !== 'table_end') {
			parts.push({ kind: 'block', block });
		}
	}
	return parts;
}

/** Every footnote of a document, in order. */
export function notesOf(blocks: Block[]): { number: number; text: string }[] {
	return blocks.flatMap((block) =>
		('runs' in block ? (block.runs ?? []) : []).flatMap(({ footnote, text }) =>
			footnote ? [{ number: footnote, text }] : [],
		),
	);
}
