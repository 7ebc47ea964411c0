// SPDX-License-Identifier: Apache-2.0
//
// Signed notes (c2sp.org/signed-note) and the checkpoint that one holds
// (c2sp.org/tlog-checkpoint): archive/note.c and archive/checkpoint.c.
import { type Bytes, decodeBase64, encodeText, hexOf, isEqual, join, sha256 } from './bytes';
import { Broken } from './findings';

const NOTE_LONGEST = 65536;
const SIGNATURES_MAX = 64;
const ED25519 = 1;
/** Of RFC 8032; only whether the browser knows the algorithm counts. */
const ANY_KEY = decodeBase64('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=');

export interface LogKey {
	name: string;
	id: Bytes;
	key: Bytes;
}

export interface Checkpoint {
	origin: string;
	size: bigint;
	root: Bytes;
}

/** A browser of before 2025 may not know the algorithm of the log's key. */
let knows: Promise<boolean> | undefined;

export function knowsEd25519(): Promise<boolean> {
	knows ??= crypto.subtle.importKey('raw', ANY_KEY, 'Ed25519', false, ['verify']).then(
		() => true,
		() => false,
	);
	return knows;
}

function isName(name: string): boolean {
	return name !== '' && encodeText(name).length <= 255 && !/[\u0000-\u0020\u007f+]/.test(name);
}

/** "<name>+<8 hex digits>+<base64 of 01 and 32 bytes>". */
export async function readLogKey(text: string): Promise<LogKey> {
	const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());

	if (parts === null || !isName(parts[1]!)) {
		throw new Broken('key.form');
	}
	const name = parts[1]!;
	const typed = decodeBase64(parts[3]!);

	if (typed.length !== 33 || typed[0] !== ED25519) {
		throw new Broken('key.kind');
	}
	const id = (await sha256(join(encodeText(`${name}\n`), typed))).slice(0, 4);

	if (hexOf(id) !== parts[2]) {
		throw new Broken('key.id');
	}
	return { name, id, key: typed.slice(1) };
}

async function isSigned(key: LogKey, text: Bytes, signature: Bytes): Promise<boolean> {
	const imported = await crypto.subtle.importKey('raw', key.key, 'Ed25519', false, ['verify']);

	return crypto.subtle.verify('Ed25519', imported, signature, text);
}

interface Line {
	name: string;
	id: Bytes;
	signature: Bytes;
}

function readLine(line: string): Line {
	const parts = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
	const raw = parts === null ? new Uint8Array() : decodeBase64(parts[2]!);

	if (parts === null || !isName(parts[1]!) || raw.length < 5) {
		throw new Broken('note.line');
	}
	return { name: parts[1]!, id: raw.slice(0, 4), signature: raw.slice(4) };
}

function split(note: string): { text: string; lines: Line[] } {
	const cut = note.lastIndexOf('\n\n');

	if (encodeText(note).length > NOTE_LONGEST) {
		throw new Broken('note.long');
	}
	if (!note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) {
		throw new Broken('note.text');
	}
	if (cut <= 0 || cut + 2 >= note.length) {
		throw new Broken('note.unsigned');
	}
	const lines = note.slice(cut + 2, -1).split('\n');

	if (lines.length > SIGNATURES_MAX) {
		throw new Broken('note.long');
	}
	return { text: note.slice(0, cut + 1), lines: lines.map(readLine) };
}

function readCheckpoint(text: string): Checkpoint {
	const [origin, size, root] = text.split('\n');

	if (root === undefined || !isName(origin!) || !/^(0|[1-9]\d{0,18})$/.test(size!)) {
		throw new Broken('checkpoint.form');
	}
	const bytes = decodeBase64(root);

	if (bytes.length !== 32 || text.split('\n').length < 4 || BigInt(size!) >= 1n << 63n) {
		throw new Broken('checkpoint.form');
	}
	return { origin: origin!, size: BigInt(size!), root: bytes };
}

/** The checkpoint in the note, where the key signed it; else why not. */
export async function openCheckpoint(note: string, key: LogKey): Promise<Checkpoint> {
	const { text, lines } = split(note);
	const ours = lines.filter((line) => line.name === key.name && isEqual(line.id, key.id));

	if (ours.length === 0) {
		throw new Broken('note.other', key.name);
	}
	for (const line of ours) {
		if (!(await isSigned(key, encodeText(text), line.signature))) {
			throw new Broken('note.false', key.name);
		}
	}
	const checkpoint = readCheckpoint(text);

	if (checkpoint.origin !== key.name) {
		throw new Broken('checkpoint.origin', checkpoint.origin);
	}
	return checkpoint;
}

/** What the note says, whoever signed it. */
export function peekCheckpoint(note: string): Checkpoint {
	return readCheckpoint(split(note).text);
}
