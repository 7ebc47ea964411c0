// SPDX-License-Identifier: Apache-2.0
//
// DER (X.690): a definite length in the fewest bytes, or it is refused.  So
// whatever is signed is read in one way only.
import { Broken } from './findings';

export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;
const DEEPEST = 32;

export interface Element {
	tag: number;
	/** What lies in it. */
	content: Uint8Array;
	/** With tag and length. */
	whole: Uint8Array;
}

/** The elements of some bytes, one behind the other. */
export class Reader {
	private readonly bytes: Uint8Array;
	private at = 0;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	get isAtEnd(): boolean {
		return this.at >= this.bytes.length;
	}

	private length(): number {
		const first = this.bytes[this.at++];
		let length = 0;

		if (first === undefined || first === 0x80 || first > 0x84) {
			throw new Broken('der');
		}
		if (first < 0x80) {
			return first;
		}
		for (let left = first & 0x7f; left > 0; left--) {
			const byte = this.bytes[this.at++];

			if (byte === undefined || (length === 0 && byte === 0)) {
				throw new Broken('der');
			}
			length = length * 256 + byte;
		}
		if (length < 0x80) {
			throw new Broken('der');
		}
		return length;
	}

	take(): Element {
		const begin = this.at;
		const tag = this.bytes[this.at++];

		if (tag === undefined || (tag & 0x1f) === 0x1f) {
			throw new Broken('der');
		}
		const length = this.length();

		if (length > this.bytes.length - this.at) {
			throw new Broken('der');
		}
		const content = this.bytes.subarray(this.at, this.at + length);

		this.at += length;
		return { tag, content, whole: this.bytes.subarray(begin, this.at) };
	}

	/** The next one, which must have this tag. */
	need(tag: number): Element {
		const element = this.take();

		if (element.tag !== tag) {
			throw new Broken('der');
		}
		return element;
	}

	/** The next one where it has this tag, else null. */
	find(tag: number): Element | null {
		return this.isAtEnd || this.bytes[this.at] !== tag ? null : this.take();
	}

	end(): void {
		if (!this.isAtEnd) {
			throw new Broken('der');
		}
	}
}

/** All elements in these bytes; each has the tag, where one is given. */
export function elementsOf(bytes: Uint8Array, tag?: number): Element[] {
	const reader = new Reader(bytes);
	const elements: Element[] = [];

	while (!reader.isAtEnd) {
		elements.push(tag === undefined ? reader.take() : reader.need(tag));
	}
	return elements;
}

/** The only element of these bytes. */
export function onlyOf(bytes: Uint8Array, tag: number): Element {
	const reader = new Reader(bytes);
	const element = reader.need(tag);

	reader.end();
	return element;
}

/** Refuses what is not DER all the way down. */
export function walk(element: Element, depth = 0): void {
	if (depth > DEEPEST) {
		throw new Broken('der');
	}
	if ((element.tag & 0x20) !== 0) {
		for (const inner of elementsOf(element.content)) {
			walk(inner, depth + 1);
		}
	}
}

/** "1.2.840.113549.1.7.2"; numbers above 2^53 are none that we know. */
export function oidOf(content: Uint8Array): string {
	const numbers: number[] = [];
	let number = 0;

	for (const byte of content) {
		number = number * 128 + (byte & 0x7f);
		if ((byte & 0x80) === 0) {
			numbers.push(number);
			number = 0;
		}
	}
	if (numbers.length === 0 || (content.at(-1)! & 0x80) !== 0) {
		throw new Broken('der');
	}
	const first = Math.min(2, Math.floor(numbers[0]! / 40));
	return [first, numbers[0]! - 40 * first, ...numbers.slice(1)].join('.');
}

/** UTC microseconds of a UTCTime or GeneralizedTime; null where it is none. */
export function timeOf(element: Element): number | null {
	const text = String.fromCharCode(...element.content.subarray(0, 32));
	const century = element.tag === UTC_TIME ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : '';
	const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(century + text);

	if (parts === null) {
		return null;
	}
	const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as
		[number, number, number, number, number, number];
	return Date.UTC(year, month - 1, day, hour, minute, second) * 1000;
}
