// SPDX-License-Identifier: Apache-2.0
//
// A ZIP file, read as archive/zip_directory.c reads it: refused unless every
// view of it agrees.  The directory ends where the only end record begins,
// each local header says what the directory says, and the entries fill the
// file from its first byte to the directory without gap or overlap.
import { type Bytes, decodeText, isEqual } from './bytes';
import { Broken, type Findings } from './findings';

export const LOCAL = 0x04034b50;
export const CENTRAL = 0x02014b50;
export const END = 0x06054b50;
export const END64 = 0x06064b50;
export const LOCATOR64 = 0x07064b50;
const DESCRIPTOR = 0x08074b50;

const FLAG_DESCRIPTOR = 0x0008;
const FLAGS_REFUSED = 0x0001 | 0x0020 | 0x0040 | 0x2000; // encrypted, patched
export const FLAG_UTF8 = 0x0800;
export const STORED = 0;
const DEFLATED = 8;
export const EXTRA_ZIP64 = 0x0001;
const EXTRA_UNICODE = 0x7075;
export const U16_MAX = 0xffff;
export const U32_MAX = 0xffffffff;

const ENTRIES_MAX = 40000;
const DIRECTORY_MAX = 64 << 20;
const INFLATED_MAX = 4 * 2 ** 30;
const RATIO_MAX = 200;
const RATIO_FREE = 1 << 20;
const NAME_MAX = 1024;
const SEGMENT_MAX = 255;

/** Something with bytes in it, of which little is in memory. */
export interface Source {
	size: number;
	read(offset: number, length: number): Promise<Bytes>;
}

export interface Entry {
	name: string;
	rawName: Uint8Array;
	isFolder: boolean;
	flags: number;
	method: number;
	time: number;
	crc32: number;
	packed: number;
	size: number;
	offset: number;
	data: number;
}

export class Zip {
	readonly entries: Entry[];
	readonly directoryAt: number;
	private readonly byName: Map<string, Entry>;

	constructor(entries: Entry[], directoryAt: number) {
		this.entries = entries;
		this.directoryAt = directoryAt;
		this.byName = new Map(entries.map((entry) => [entry.name, entry]));
	}

	find(name: string): Entry | undefined {
		return this.byName.get(name);
	}
}

export function sourceOf(blob: Blob): Source {
	return {
		size: blob.size,
		async read(offset, length) {
			const bytes = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());

			if (bytes.length !== length) {
				throw new Broken('zip.short');
			}
			return bytes;
		},
	};
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A number of eight bytes; more than any file has becomes Infinity. */
function u64(view: DataView, at: number): number {
	const high = view.getUint32(at + 4, true);

	return high >= 0x200000 ? Infinity : high * 2 ** 32 + view.getUint32(at, true);
}

// --- the end record ----------------------------------------------------------

interface End {
	entries: number;
	size: number;
	offset: number;
	place: number;
}

function agrees(small: number, saturated: number, big: number): boolean {
	return small === saturated ? big >= saturated : small === big;
}

async function readEnd64(source: Source, record: DataView, end: End): Promise<End> {
	if (end.place < 20) {
		return end;
	}
	const locator = viewOf(await source.read(end.place - 20, 20));

	if (locator.getUint32(0, true) !== LOCATOR64) {
		return end;
	}
	const place = u64(locator, 8);

	if (
		end.place < 20 + 56 || place !== end.place - 20 - 56 ||
		locator.getUint32(4, true) !== 0 || locator.getUint32(16, true) !== 1
	) {
		throw new Broken('zip.end64');
	}
	const end64 = viewOf(await source.read(place, 56));
	const big = { entries: u64(end64, 32), size: u64(end64, 40), offset: u64(end64, 48), place };

	if (
		end64.getUint32(0, true) !== END64 || u64(end64, 4) !== 44 || end64.getUint32(16, true) !== 0 ||
		end64.getUint32(20, true) !== 0 || u64(end64, 24) !== big.entries ||
		!agrees(record.getUint16(10, true), U16_MAX, big.entries) ||
		!agrees(record.getUint32(12, true), U32_MAX, big.size) ||
		!agrees(record.getUint32(16, true), U32_MAX, big.offset)
	) {
		throw new Broken('zip.end64');
	}
	return big;
}

async function readEnd(source: Source, findings: Findings): Promise<End> {
	const length = Math.min(source.size, 22 + U16_MAX);
	const tail = await source.read(source.size - length, length);
	const view = viewOf(tail);
	const places: number[] = [];

	for (let i = 0; i + 22 <= length; i++) {
		if (
			tail[i] === 0x50 && view.getUint32(i, true) === END &&
			i + 22 + view.getUint16(i + 20, true) === length
		) {
			places.push(i);
		}
	}
	if (places.length !== 1) {
		throw new Broken(places.length === 0 ? 'zip.none' : 'zip.ends');
	}
	const at = places[0]!;
	const record = viewOf(tail.subarray(at, at + 22));

	for (let i = at + 22; i + 1 < length; i++) {
		if (tail[i] === 0x50 && tail[i + 1] === 0x4b) {
			throw new Broken('zip.comment');
		}
	}
	if (at + 22 < length) {
		findings.add('structure.loose', '', '', 'zip.has-comment');
	}
	if (
		record.getUint16(4, true) !== 0 || record.getUint16(6, true) !== 0 ||
		record.getUint16(8, true) !== record.getUint16(10, true)
	) {
		throw new Broken('zip.parts');
	}
	const end = await readEnd64(source, record, {
		entries: record.getUint16(10, true),
		size: record.getUint32(12, true),
		offset: record.getUint32(16, true),
		place: source.size - length + at,
	});

	if (end.size !== end.place - end.offset || end.size > DIRECTORY_MAX || end.entries > ENTRIES_MAX) {
		throw new Broken(end.entries > ENTRIES_MAX ? 'zip.large' : 'zip.directory');
	}
	return end;
}

// --- the directory -------------------------------------------------------------

function checkName(raw: Uint8Array): string {
	const name = decodeText(raw);
	const path = name?.endsWith('/') && raw.length > 1 ? name.slice(0, -1) : name;

	if (
		name === null || path === null || path === undefined || raw.length > NAME_MAX + 1 ||
		/[\u0000-\u001f\u007f\\]/.test(name) || name.normalize('NFC') !== name || /^.:/.test(name) ||
		path.split('/').some((part) => part === '' || part === '.' || part === '..' ||
			new TextEncoder().encode(part).length > SEGMENT_MAX)
	) {
		throw new Broken('zip.name', '', new TextDecoder().decode(raw.subarray(0, 200)));
	}
	return name;
}

/** The ZIP64 field of the extra fields, or null. */
function readExtra(extra: Uint8Array, entry: { name: string; rawName: Uint8Array }): DataView | null {
	const view = viewOf(extra);
	let zip64: DataView | null = null;
	let at = 0;

	while (at + 4 <= extra.length) {
		const id = view.getUint16(at, true);
		const field = extra.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));

		if (field.length !== view.getUint16(at + 2, true) || (id === EXTRA_ZIP64 && zip64 !== null)) {
			throw new Broken('zip.extra', '', entry.name);
		}
		if (id === EXTRA_ZIP64) {
			zip64 = viewOf(field);
		}
		if (id === EXTRA_UNICODE && !isEqual(field.subarray(5), entry.rawName)) {
			throw new Broken('zip.other-name', '', entry.name);
		}
		at += 4 + field.length;
	}
	return zip64;
}

/** Fields of four bytes that say "see ZIP64", in the order of that. */
class Wide {
	private readonly view: DataView | null;
	private at = 0;

	constructor(view: DataView | null) {
		this.view = view;
	}

	take(value: number, name: string): number {
		if (value !== U32_MAX || this.view === null) {
			return value;
		}
		if (this.at + 8 > this.view.byteLength) {
			throw new Broken('zip.extra', '', name);
		}
		this.at += 8;
		return u64(this.view, this.at - 8);
	}

	isAtEnd(): boolean {
		return this.view === null || this.at === this.view.byteLength;
	}
}

function checkKind(entry: Entry, record: DataView): void {
	const attributes = record.getUint32(38, true);
	const mode = (attributes >>> 16) & 0xf000;
	const isUnix = record.getUint8(5) === 3;
	const saysFolder = (isUnix && mode === 0x4000) || (attributes & 0x10) !== 0;

	if ((entry.flags & FLAGS_REFUSED) !== 0) {
		throw new Broken('zip.encrypted', '', entry.name);
	}
	if (entry.method !== STORED && entry.method !== DEFLATED) {
		throw new Broken('zip.method', String(entry.method), entry.name);
	}
	if (
		mode === 0xa000 || (isUnix && mode !== 0 && mode !== 0x8000 && mode !== 0x4000) ||
		(!entry.isFolder && saysFolder) || record.getUint16(34, true) !== 0
	) {
		throw new Broken('zip.kind', '', entry.name);
	}
	if (
		(entry.isFolder && (entry.size > 0 || entry.packed > 2)) ||
		(entry.method === STORED && entry.size !== entry.packed)
	) {
		throw new Broken('zip.sizes', '', entry.name);
	}
	if (entry.size > RATIO_FREE && entry.size / RATIO_MAX > entry.packed) {
		throw new Broken('zip.bomb', '', entry.name);
	}
}

function readRecord(bytes: Uint8Array, at: number, findings: Findings): { entry: Entry; next: number } {
	const record = viewOf(bytes.subarray(at, at + 46));

	if (record.byteLength < 46 || record.getUint32(0, true) !== CENTRAL) {
		throw new Broken('zip.record');
	}
	const nameEnd = at + 46 + record.getUint16(28, true);
	const extraEnd = nameEnd + record.getUint16(30, true);
	const next = extraEnd + record.getUint16(32, true);

	if (next > bytes.length) {
		throw new Broken('zip.record');
	}
	const rawName = bytes.subarray(at + 46, nameEnd);
	const name = checkName(rawName);
	const wide = new Wide(readExtra(bytes.subarray(nameEnd, extraEnd), { name, rawName }));
	const size = wide.take(record.getUint32(24, true), name);
	const packed = wide.take(record.getUint32(20, true), name);
	const offset = wide.take(record.getUint32(42, true), name);
	const entry: Entry = {
		name, rawName, size, packed, offset,
		isFolder: name.endsWith('/'),
		flags: record.getUint16(8, true),
		method: record.getUint16(10, true),
		time: record.getUint32(12, true),
		crc32: record.getUint32(16, true),
		data: 0,
	};

	if (!wide.isAtEnd()) {
		throw new Broken('zip.extra', '', name);
	}
	checkKind(entry, record);
	if (next > extraEnd) {
		findings.add('structure.loose', name, '', 'zip.has-comment');
	}
	return { entry, next };
}

/** Names that some systems hold for the same. */
function refuseTwins(entries: Entry[]): void {
	const seen = new Map<string, string>();

	for (const { name } of entries) {
		const folded = name.replace(/\/$/, '').toLowerCase().normalize('NFC');

		if (seen.has(folded)) {
			throw new Broken('zip.twin', seen.get(folded), name);
		}
		seen.set(folded, name);
	}
}

// --- local headers --------------------------------------------------------------

async function checkLocal(source: Source, entry: Entry, directoryAt: number): Promise<void> {
	if (!(entry.offset <= directoryAt - 30)) {
		throw new Broken('zip.local', '', entry.name);
	}
	const room = Math.min(directoryAt - entry.offset, 30 + entry.rawName.length + 64);
	let bytes = await source.read(entry.offset, room);
	const header = viewOf(bytes);
	const nameEnd = 30 + header.getUint16(26, true);
	const end = nameEnd + header.getUint16(28, true);

	if (header.getUint32(0, true) !== LOCAL || entry.offset + end > directoryAt) {
		throw new Broken('zip.local', '', entry.name);
	}
	if (end > room) {
		bytes = await source.read(entry.offset, end);
	}
	if (
		!isEqual(bytes.subarray(30, nameEnd), entry.rawName) ||
		header.getUint16(6, true) !== entry.flags || header.getUint16(8, true) !== entry.method
	) {
		throw new Broken('zip.local', '', entry.name);
	}
	const wide = new Wide(readExtra(bytes.subarray(nameEnd, end), entry));
	const crc32 = header.getUint32(14, true);
	const size = wide.take(header.getUint32(22, true), entry.name);
	const packed = wide.take(header.getUint32(18, true), entry.name);
	const isLater = (entry.flags & FLAG_DESCRIPTOR) !== 0 && crc32 === 0 &&
		(size === 0 || size === entry.size) && (packed === 0 || packed === entry.packed);

	if (!isLater && (crc32 !== entry.crc32 || size !== entry.size || packed !== entry.packed)) {
		throw new Broken('zip.local', '', entry.name);
	}
	entry.data = entry.offset + end;
	if (entry.packed > directoryAt - entry.data) {
		throw new Broken('zip.local', '', entry.name);
	}
}

function isDescriptor(entry: Entry, bytes: Uint8Array): boolean {
	const signed = (bytes.length === 16 || bytes.length === 24) &&
		viewOf(bytes).getUint32(0, true) === DESCRIPTOR;
	const view = viewOf(signed ? bytes.subarray(4) : bytes);

	if (view.byteLength === 12) {
		return view.getUint32(0, true) === entry.crc32 &&
			view.getUint32(4, true) === entry.packed && view.getUint32(8, true) === entry.size;
	}
	return view.byteLength === 20 && view.getUint32(0, true) === entry.crc32 &&
		u64(view, 4) === entry.packed && u64(view, 12) === entry.size;
}

async function checkPlaces(source: Source, zip: Zip, findings: Findings): Promise<void> {
	const sorted = [...zip.entries].sort((a, b) => a.offset - b.offset);

	if ((sorted[0]?.offset ?? zip.directoryAt) !== 0) {
		throw new Broken('zip.before', '', sorted[0]?.name);
	}
	for (const [i, entry] of sorted.entries()) {
		const end = entry.data + entry.packed;
		const gap = (sorted[i + 1]?.offset ?? zip.directoryAt) - end;
		const hasDescriptor = (entry.flags & FLAG_DESCRIPTOR) !== 0;

		if (gap < 0 || gap > (hasDescriptor ? 24 : 0)) {
			throw new Broken('zip.gap', '', entry.name);
		}
		if (hasDescriptor) {
			if (!isDescriptor(entry, await source.read(end, gap))) {
				throw new Broken('zip.descriptor', '', entry.name);
			}
			findings.add('structure.loose', entry.name, '', 'zip.has-descriptor');
		}
	}
}

/** The entries of a ZIP file; thrown is why it is refused. */
export async function openZip(source: Source, findings: Findings): Promise<Zip> {
	const end = await readEnd(source, findings);
	const directory = await source.read(end.offset, end.size);
	const entries: Entry[] = [];
	let total = 0;
	let at = 0;

	while (entries.length < end.entries) {
		const { entry, next } = readRecord(directory, at, findings);

		total += entry.size;
		if (total > source.size + INFLATED_MAX) {
			throw new Broken('zip.large', '', entry.name);
		}
		entries.push(entry);
		at = next;
	}
	if (at < directory.length) {
		throw new Broken('zip.record');
	}
	for (const entry of entries) {
		await checkLocal(source, entry, end.offset);
	}
	const zip = new Zip(entries, end.offset);

	await checkPlaces(source, zip, findings);
	refuseTwins(entries);
	return zip;
}
