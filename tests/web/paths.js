// SPDX-License-Identifier: Apache-2.0
//
// The addresses of all pages, as their folders say them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The paths as they are written: "/ho-so/{id}". */
function writtenPaths() {
	const folder = join(process.env.HOSO_SOURCES, 'pages');

	return readdirSync(folder, { recursive: true })
		.filter((name) => name.endsWith('index.ts'))
		.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/path: '([^']+)'/g)])
		.map(([, path]) => path);
}

/** What each page's address looks like, those with fewer ids first. */
export function shapesOfPages() {
	return writtenPaths()
		.sort((a, b) => a.split('{').length - b.split('{').length)
		.map((path) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`));
}

/** `ids` says what stands for {id} where a path begins so: {'/don-vi/': 'xa'}. */
export function pathsOfPages(ids) {
	return writtenPaths().map((path) => {
		const prefix = Object.keys(ids).find((begins) => path.startsWith(begins));

		return path.replace(/\{\w+\}/g, () => {
			if (prefix === undefined) {
				throw new Error(`no id for ${path}`);
			}
			return ids[prefix];
		});
	});
}
