// SPDX-License-Identifier: Apache-2.0
//
// Packs what was built, once and as small as it gets: NAME.br and NAME.gz
// beside each NAME that becomes smaller.  compress.js FOLDER
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

function compress(path) {
	const plain = readFileSync(path);
	const forms = {
		'.br': brotliCompressSync(plain, {
			params: {
				[constants.BROTLI_PARAM_QUALITY]: 11,
				[constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
			},
		}),
		'.gz': gzipSync(plain, { level: 9 }),
	};
	for (const [ending, packed] of Object.entries(forms)) {
		if (packed.length < plain.length) {
			writeFileSync(path + ending, packed);
		}
	}
}

function walk(folder) {
	for (const name of readdirSync(folder)) {
		const path = join(folder, name);
		if (statSync(path).isDirectory()) {
			walk(path);
		} else if (!/\.(br|gz)$/.test(name)) {
			compress(path);
		}
	}
}

walk(process.argv[2]);
