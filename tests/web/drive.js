// SPDX-License-Identifier: Apache-2.0
//
// Reads the page as each file that is named says: drive.js units dossier ...
import { closeBrowser, openBrowser } from './desk.js';

await openBrowser();
try {
	for (const name of process.argv.slice(2)) {
		const { default: read } = await import(`./${name}.js`);

		await read();
	}
} finally {
	await closeBrowser();
}
