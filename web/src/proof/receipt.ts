// SPDX-License-Identifier: Apache-2.0
//
// Receipts of the audit log: an event, the way from its leaf to the root of
// the tree (RFC 9162, 2.1.3.2), and the checkpoint that seals the root.
import { type Bytes, decodeBase64, encodeText, isEqual, join, sha256 } from './bytes';
import { Broken, type Findings } from './findings';
import { readJson } from './json';
import { type Checkpoint, knowsEd25519, type LogKey, openCheckpoint, peekCheckpoint } from './note';

export const RECEIPT_LONGEST = 1 << 20;
const PROOF_LONGEST = 64;

export interface Receipt {
	leaf: string;
	index: bigint;
	proof: Bytes[];
	checkpoint: string;
}

/** A text that UTF-8 can write: half of a pair is none. */
function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value);
}

/** A receipt from its JSON, as archive/receipt.c reads it. */
export function readReceipt(bytes: Uint8Array): Receipt {
	const value = bytes.length > RECEIPT_LONGEST ? null : readJson(bytes);

	if (value === null || typeof value !== 'object' || Array.isArray(value)) {
		throw new Broken('receipt.form');
	}
	const { leaf, index, proof, checkpoint, ...rest } = value as Record<string, unknown>;

	if (
		!isText(leaf) || !isText(checkpoint) || !Array.isArray(proof) ||
		!Number.isSafeInteger(index) || (index as number) < 0 || Object.keys(rest).length > 0
	) {
		throw new Broken('receipt.form');
	}
	if (proof.length > PROOF_LONGEST) {
		throw new Broken('receipt.proof');
	}
	const hashes = proof.map((text) => {
		const hash = typeof text === 'string' ? decodeBase64(text) : new Uint8Array();

		if (hash.length !== 32) {
			throw new Broken('receipt.proof');
		}
		return hash;
	});

	return { leaf, index: BigInt(index as number), proof: hashes, checkpoint };
}

export function leafHash(leaf: string): Promise<Bytes> {
	return sha256(join(new Uint8Array([0]), encodeText(leaf)));
}

function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
	return sha256(join(new Uint8Array([1]), left, right));
}

/** Does the proof lead from the leaf to the checkpoint's root? */
export async function isLogged(receipt: Receipt, checkpoint: Checkpoint): Promise<boolean> {
	let { index } = receipt;
	let last = checkpoint.size - 1n;
	let hash = await leafHash(receipt.leaf);

	if (index >= checkpoint.size) {
		return false;
	}
	for (const next of receipt.proof) {
		if (last === 0n) {
			return false;
		}
		if ((index & 1n) === 1n || index === last) {
			hash = await nodeHash(next, hash);
			while ((index & 1n) === 0n && index !== 0n) {
				index >>= 1n;
				last >>= 1n;
			}
		} else {
			hash = await nodeHash(hash, next);
		}
		index >>= 1n;
		last >>= 1n;
	}
	return last === 0n && isEqual(hash, checkpoint.root);
}

/**
 * One receipt by itself.  Where this browser does not know the algorithm of
 * the log's key, or there is none, the proof is checked and its seal is not.
 */
export async function checkReceipt(
	findings: Findings, bytes: Uint8Array, key: LogKey | null,
): Promise<Receipt | null> {
	const isAble = key !== null && (await knowsEd25519());
	let receipt: Receipt;
	let checkpoint: Checkpoint;

	try {
		receipt = readReceipt(bytes);
	} catch (thrown) {
		findings.addThrown('receipt.broken', thrown);
		return null;
	}
	try {
		checkpoint = isAble
			? await openCheckpoint(receipt.checkpoint, key)
			: peekCheckpoint(receipt.checkpoint);
	} catch (thrown) {
		findings.addThrown('checkpoint.false', thrown);
		return null;
	}
	const where = `${checkpoint.origin}, ${checkpoint.size}`;

	if (isAble) {
		findings.add('checkpoint.valid', '', where);
	} else {
		findings.add('checkpoint.unexamined', '', where, key === null ? 'key.none' : 'key.unknown');
	}
	const holds = await isLogged(receipt, checkpoint);

	findings.add(holds ? 'receipt.logged' : 'receipt.not-logged', '', String(receipt.index));
	return holds ? receipt : null;
}
