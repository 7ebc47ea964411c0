// SPDX-License-Identifier: Apache-2.0
//
// The bytes of a ZIP's entry, a piece at a time.  Sizes are claims until the
// data was read: length and CRC must meet at the end.
import type { Bytes } from './bytes';
import { Broken } from './findings';
import { Crc32 } from './hash';
import { type Entry, type Source, STORED } from './zip';

const PIECE = 1 << 20;

export type Sink = (piece: Uint8Array) => void;

async function pourStored(source: Source, entry: Entry, sink: Sink): Promise<void> {
	for (let at = 0; at < entry.packed; at += PIECE) {
		sink(await source.read(entry.data + at, Math.min(PIECE, entry.packed - at)));
	}
}

async function pourDeflated(source: Source, entry: Entry, sink: Sink): Promise<void> {
	const inflater = new DecompressionStream('deflate-raw');
	const writer = inflater.writable.getWriter();
	const reader = inflater.readable.getReader();
	let failed: unknown;
	const fed = (async () => {
		try {
			await pourAll((piece) => writer.write(piece));
			await writer.close();
		} catch (thrown) {
			failed = thrown;
		}
	})();

	async function pourAll(write: (piece: Bytes) => Promise<void>) {
		for (let at = 0; at < entry.packed; at += PIECE) {
			await write(await source.read(entry.data + at, Math.min(PIECE, entry.packed - at)));
		}
	}
	try {
		for (let got = await reader.read(); !got.done; got = await reader.read()) {
			sink(got.value);
		}
	} catch (thrown) {
		await reader.cancel().catch(() => undefined);
		if (thrown instanceof Broken) {
			throw thrown;
		}
		throw new Broken('zip.packed', '', entry.name);
	} finally {
		await fed;
	}
	if (failed instanceof Broken) {
		throw failed;
	}
	if (failed !== undefined) {
		throw new Broken('zip.packed', '', entry.name);
	}
}

/** Every byte of an entry, in pieces; thrown is what is damaged. */
export async function pour(source: Source, entry: Entry, sink: Sink): Promise<void> {
	const crc = new Crc32();
	let got = 0;

	const take = (piece: Uint8Array) => {
		got += piece.length;
		if (got > entry.size) {
			throw new Broken('zip.longer', '', entry.name);
		}
		crc.update(piece);
		sink(piece);
	};

	if (entry.method === STORED) {
		await pourStored(source, entry, take);
	} else if (typeof DecompressionStream === 'undefined') {
		throw new Broken('zip.inflate', '', entry.name);
	} else {
		await pourDeflated(source, entry, take);
	}
	if (got !== entry.size) {
		throw new Broken('zip.shorter', '', entry.name);
	}
	if (crc.digest() !== entry.crc32) {
		throw new Broken('zip.crc', '', entry.name);
	}
}

/** A small entry as a whole. */
export async function readWhole(source: Source, entry: Entry, longest: number): Promise<Bytes> {
	if (entry.size > longest) {
		throw new Broken('zip.large', '', entry.name);
	}
	const all = new Uint8Array(entry.size);
	let at = 0;

	await pour(source, entry, (piece) => {
		all.set(piece, at);
		at += piece.length;
	});
	return all;
}
