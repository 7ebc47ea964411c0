// SPDX-License-Identifier: Apache-2.0
//
// What hoso writes around the data of its containers (archive/zip_out.c):
// nothing there may be otherwise, though no digest covers it.
import { type Bytes, isEqual } from './bytes';
import type { Findings } from './findings';
import {
	CENTRAL, END, END64, type Entry, EXTRA_ZIP64, FLAG_UTF8, LOCAL, LOCATOR64, type Source, STORED, U16_MAX, U32_MAX,
	type Zip,
} from './zip';

/** What an entry needs to be read by, and what it was made by. */
const NEED = 10;
const MADE_BY = 20;

/** Little-endian numbers, one behind the other. */
class Writer {
	private readonly bytes: number[] = [];

	u16(value: number): this {
		this.bytes.push(value & 0xff, (value >>> 8) & 0xff);
		return this;
	}

	u32(value: number): this {
		return this.u16(value & 0xffff).u16(value >>> 16);
	}

	u64(value: number): this {
		return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
	}

	raw(bytes: Uint8Array): this {
		for (const byte of bytes) {
			this.bytes.push(byte);
		}
		return this;
	}

	end(): Bytes {
		return new Uint8Array(this.bytes);
	}
}

function common(out: Writer, entry: Entry, time: number, need: number): Writer {
	const isBig = entry.size >= U32_MAX;
	const flags = entry.rawName.some((byte) => byte >= 0x80) ? FLAG_UTF8 : 0;

	return out.u16(need).u16(flags).u16(STORED).u32(time).u32(entry.crc32)
		.u32(isBig ? U32_MAX : entry.size).u32(isBig ? U32_MAX : entry.size).u16(entry.rawName.length);
}

function localHeader(entry: Entry, time: number): Bytes {
	const isBig = entry.size >= U32_MAX;
	const out = common(new Writer().u32(LOCAL), entry, time, isBig ? 45 : NEED);

	out.u16(isBig ? 20 : 0).raw(entry.rawName);
	if (isBig) {
		out.u16(EXTRA_ZIP64).u16(16).u64(entry.size).u64(entry.size);
	}
	return out.end();
}

function centralRecord(entry: Entry, time: number): Bytes {
	const isBig = entry.size >= U32_MAX;
	const isFar = entry.offset >= U32_MAX;
	const extra = new Writer();

	if (isBig) {
		extra.u64(entry.size).u64(entry.size);
	}
	if (isFar) {
		extra.u64(entry.offset);
	}
	const wide = extra.end();
	const out = new Writer().u32(CENTRAL).u16((isBig || isFar ? 45 : MADE_BY) | (3 << 8));

	common(out, entry, time, isBig || isFar ? 45 : NEED)
		.u16(wide.length > 0 ? 4 + wide.length : 0).u16(0).u16(0).u16(0).u32(0o100644 * 0x10000)
		.u32(Math.min(entry.offset, U32_MAX)).raw(entry.rawName);
	if (wide.length > 0) {
		out.u16(EXTRA_ZIP64).u16(wide.length).raw(wide);
	}
	return out.end();
}

function endRecords(zip: Zip, size: number): Bytes {
	const count = zip.entries.length;
	const out = new Writer();

	if (zip.directoryAt >= U32_MAX || size >= U32_MAX || count >= U16_MAX) {
		out.u32(END64).u64(44).u16(45 | (3 << 8)).u16(45).u32(0).u32(0).u64(count).u64(count)
			.u64(size).u64(zip.directoryAt)
			.u32(LOCATOR64).u32(0).u64(zip.directoryAt + size).u32(1);
	}
	return out.u32(END).u32(0).u16(Math.min(count, U16_MAX)).u16(Math.min(count, U16_MAX))
		.u32(Math.min(size, U32_MAX)).u32(Math.min(zip.directoryAt, U32_MAX)).u16(0).end();
}

/** Of the first three one may be the altered one. */
function timeOf(entries: Entry[]): number {
	const [first, second, third] = entries.map((entry) => entry.time);

	return first === second || first === third || second === undefined ? (first ?? 0) : second;
}

/** Is every byte around the data as hoso writes it? */
export async function checkProfile(source: Source, zip: Zip, findings: Findings): Promise<void> {
	const time = timeOf(zip.entries);
	let at = 0;

	for (const entry of zip.entries) {
		const header = localHeader(entry, time);

		if (
			entry.isFolder || entry.method !== STORED || entry.offset !== at ||
			entry.data - entry.offset !== header.length ||
			!isEqual(await source.read(at, header.length), header)
		) {
			findings.add('structure.altered', entry.name, String(at));
			return;
		}
		at = entry.data + entry.size;
	}
	for (const entry of zip.entries) {
		const record = centralRecord(entry, time);

		if (at + record.length > source.size || !isEqual(await source.read(at, record.length), record)) {
			findings.add('structure.altered', entry.name, String(at));
			return;
		}
		at += record.length;
	}
	const end = endRecords(zip, at - zip.directoryAt);

	if (at + end.length !== source.size || !isEqual(await source.read(at, end.length), end)) {
		findings.add('structure.altered', '', String(at));
	}
}
