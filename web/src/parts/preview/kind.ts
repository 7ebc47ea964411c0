// SPDX-License-Identifier: Apache-2.0
//
// What a file is, by its bytes: what it says of itself is a stranger's word.
export type Shown = { kind: 'pdf' } | { kind: 'image'; type: string } | { kind: 'text'; text: string };

const TEXT_LONGEST = 1 << 20;
const texts = /\.(txt|text|md|csv|log|xml|json|xsd|ini|conf|eml)$/i;

/** Images that the browser draws and that hold nothing that runs. */
const images: { type: string; begin: number[]; at?: number }[] = [
	{ type: 'image/png', begin: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
	{ type: 'image/jpeg', begin: [0xff, 0xd8, 0xff] },
	{ type: 'image/gif', begin: [0x47, 0x49, 0x46, 0x38] },
	{ type: 'image/webp', begin: [0x57, 0x45, 0x42, 0x50], at: 8 },
	{ type: 'image/bmp', begin: [0x42, 0x4d] },
];

async function textOf(file: Blob): Promise<string | null> {
	try {
		const bytes = await file.slice(0, TEXT_LONGEST + 4).arrayBuffer();
		// A letter may be cut at the end, which is no fault of the file.
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: file.size > TEXT_LONGEST });

		return text.includes('\u0000') ? null : text;
	} catch {
		return null;
	}
}

/** How the file can be shown; null where it cannot. */
export async function lookAt(file: Blob, name: string): Promise<Shown | null> {
	const begin = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
	const image = images.find(({ begin: wanted, at = 0 }) => wanted.every((byte, i) => begin[at + i] === byte));

	if (String.fromCharCode(...begin).includes('%PDF-')) {
		return { kind: 'pdf' };
	}
	if (image !== undefined) {
		return { kind: 'image', type: image.type };
	}
	const text = texts.test(name) ? await textOf(file) : null;
	return text === null ? null : { kind: 'text', text };
}
