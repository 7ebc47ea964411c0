// SPDX-License-Identifier: Apache-2.0
//
// The XML of manifests: elements, attributes, namespaces, text.  No document
// type and no entities but the five of XML; a Worker has no parser of the
// browser's own, and that one would read more than this (archive/xml_in.h).
import { decodeText } from './bytes';
import { Broken } from './findings';

const LONGEST = 16 << 20;
const DEEPEST = 32;
const ATTRIBUTES_MAX = 64;
const XML_SPACE = 'http://www.w3.org/XML/1998/namespace';
const NAME = '[A-Za-z_\\u0080-\\uffff][-A-Za-z0-9._\\u0080-\\uffff]*';
const QNAME = `(?:${NAME}:)?${NAME}`;

const skipped = /<!--(?:(?!--)[^])*-->|<\?(?!xml[\s?])[A-Za-z_][^?]*(?:\?(?!>)[^?]*)*\?>/y;
const declaration =
	/^\ufeff?(?:<\?xml\s+version=(["'])1\.\d\1(?:\s+encoding=(["'])(?:utf-8|us-ascii)\2)?(?:\s+standalone=(["'])(?:yes|no)\3)?\s*\?>)?/i;
const opening = new RegExp(`<(${QNAME})`, 'y');
const attribute = new RegExp(`\\s+(${QNAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'y');
const openEnd = /\s*(\/?)>/y;
const closing = new RegExp(`</(${QNAME})\\s*>`, 'y');
const cdata = /<!\[CDATA\[((?:(?!\]\]>)[^])*)\]\]>/y;
const words = /[^<]+/y;

export interface XmlElement {
	space: string;
	local: string;
	/** Those without a prefix. */
	attributes: Map<string, string>;
	elements: XmlElement[];
	text: string;
}

type Spaces = Map<string, string>;

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolve(text: string): string {
	return text.replace(/&([^;&]*)(;?)/g, (_, name: string, end: string) => {
		const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
		const code = number && parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10);
		const letter = entities[name];

		if (end === '' || (letter === undefined && code === null)) {
			throw new Broken('xml');
		}
		if (letter !== undefined) {
			return letter;
		}
		if (code! > 0x10ffff || (code! < 0x20 && ![9, 10, 13].includes(code!))) {
			throw new Broken('xml');
		}
		return String.fromCodePoint(code!);
	});
}

class Parser {
	private readonly text: string;
	private at = 0;

	constructor(text: string) {
		this.text = text;
	}

	private match(pattern: RegExp): RegExpExecArray | null {
		pattern.lastIndex = this.at;
		const found = pattern.exec(this.text);

		if (found !== null) {
			this.at += found[0].length;
		}
		return found;
	}

	private skip(): void {
		while (this.match(/\s+/y) !== null || this.match(skipped) !== null) {
			/* what says nothing */
		}
	}

	private readAttributes(): Map<string, string> {
		const all = new Map<string, string>();

		for (let found = this.match(attribute); found !== null; found = this.match(attribute)) {
			if (all.has(found[1]!) || all.size === ATTRIBUTES_MAX) {
				throw new Broken('xml');
			}
			all.set(found[1]!, resolve((found[2] ?? found[3]!).replace(/[\t\r\n]/g, ' ')));
		}
		return all;
	}

	private element(outer: Spaces, depth: number): XmlElement {
		const name = this.match(opening)?.[1];

		if (name === undefined || depth > DEEPEST) {
			throw new Broken('xml');
		}
		const all = this.readAttributes();
		const end = this.match(openEnd);
		const spaces = new Map(outer);

		if (end === null) {
			throw new Broken('xml');
		}
		for (const [key, value] of all) {
			if (key === 'xmlns' || key.startsWith('xmlns:')) {
				spaces.set(key.slice(6), value);
			}
		}
		const found = this.named(name, all, spaces);

		if (end[1] === '') {
			this.content(found, name, spaces, depth);
		}
		return found;
	}

	private named(name: string, all: Map<string, string>, spaces: Spaces): XmlElement {
		const [local, prefix] = name.split(':').reverse() as [string, string | undefined];
		const attributes = new Map<string, string>();

		for (const [key, value] of all) {
			const before = key.includes(':') ? key.slice(0, key.indexOf(':')) : '';

			if (before !== '' && before !== 'xmlns' && !spaces.has(before)) {
				throw new Broken('xml');
			}
			if (before === '' && key !== 'xmlns') {
				attributes.set(key, value);
			}
		}
		const space = spaces.get(prefix ?? '');

		if (prefix !== undefined && space === undefined) {
			throw new Broken('xml');
		}
		return { space: space ?? '', local, attributes, elements: [], text: '' };
	}

	private content(into: XmlElement, name: string, spaces: Spaces, depth: number): void {
		for (;;) {
			const text = this.match(words)?.[0] ?? '';

			if (text.includes(']]>')) {
				throw new Broken('xml');
			}
			into.text += resolve(text);
			const end = this.match(closing);

			if (end !== null) {
				if (end[1] !== name) {
					throw new Broken('xml');
				}
				return;
			}
			if (this.match(skipped) !== null) {
				continue;
			}
			const raw = this.match(cdata);

			if (raw !== null) {
				into.text += raw[1];
			} else {
				into.elements.push(this.element(spaces, depth + 1));
			}
		}
	}

	document(): XmlElement {
		this.match(new RegExp(declaration.source, 'iy'));
		this.skip();
		const root = this.element(new Map([['xml', XML_SPACE]]), 1);

		this.skip();
		if (this.at < this.text.length) {
			throw new Broken('xml');
		}
		return root;
	}
}

export function readXml(bytes: Uint8Array): XmlElement {
	const text = bytes.length > LONGEST ? null : decodeText(bytes);

	if (text === null || /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) {
		throw new Broken('xml');
	}
	return new Parser(text.replace(/\r\n?/g, '\n')).document();
}
