// SPDX-License-Identifier: Apache-2.0
//
// Digests of what comes in pieces.  WebCrypto has them of whole texts alone,
// which would put a file of gigabytes into memory.
import { sha1 } from '@noble/hashes/legacy.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, sha3_384, sha3_512 } from '@noble/hashes/sha3.js';

export interface Hasher {
	update(bytes: Uint8Array): unknown;
	digest(): Uint8Array;
}

const makers: Record<string, () => Hasher> = {
	'SHA-1': () => sha1.create(),
	'SHA-224': () => sha224.create(),
	'SHA-256': () => sha256.create(),
	'SHA-384': () => sha384.create(),
	'SHA-512': () => sha512.create(),
	'SHA3-256': () => sha3_256.create(),
	'SHA3-384': () => sha3_384.create(),
	'SHA3-512': () => sha3_512.create(),
};

/** By the name of the algorithm: "SHA-256". */
export function newHasher(algorithm: string): Hasher {
	return makers[algorithm]!();
}

/** Eight tables: eight bytes a round (Kounavis and Berry). */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256));

for (let i = 0; i < 256; i++) {
	let value = i;

	for (let bit = 0; bit < 8; bit++) {
		value = (value & 1) !== 0 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
	}
	tables[0]![i] = value;
}
for (let i = 0; i < 256; i++) {
	for (let t = 1; t < 8; t++) {
		const before = tables[t - 1]![i]!;

		tables[t]![i] = (before >>> 8) ^ tables[0]![before & 0xff]!;
	}
}

/** The CRC-32 of ZIP, over pieces. */
export class Crc32 {
	private state = 0xffffffff;

	update(bytes: Uint8Array): void {
		const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as
			[Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
		let crc = this.state;
		let i = 0;

		for (; i + 8 <= bytes.length; i += 8) {
			crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
			crc =
				t7[crc & 0xff]! ^ t6[(crc >>> 8) & 0xff]! ^ t5[(crc >>> 16) & 0xff]! ^ t4[crc >>> 24]! ^
				t3[bytes[i + 4]!]! ^ t2[bytes[i + 5]!]! ^ t1[bytes[i + 6]!]! ^ t0[bytes[i + 7]!]!;
		}
		for (; i < bytes.length; i++) {
			crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]!) & 0xff]!;
		}
		this.state = crc;
	}

	digest(): number {
		return (this.state ^ 0xffffffff) >>> 0;
	}
}
