// SPDX-License-Identifier: Apache-2.0
import { closeBrowser, openBrowser } from './desk.js';
import { dossiersOfAUnit } from './dossiers.js';
import { hostileNames } from './hostile.js';
import { keyboard } from './keyboard.js';
import { logIns } from './log-ins.js';
import { oneDossier } from './dossier.js';
import { roles } from './roles.js';
import { unitTree } from './units.js';
import { verification } from './verify.js';

await openBrowser();
try {
	for (const test of [logIns, unitTree, dossiersOfAUnit, oneDossier, verification, roles,
		hostileNames, keyboard]) {
		await test();
	}
} finally {
	await closeBrowser();
}
