// SPDX-License-Identifier: Apache-2.0
//
// What several tests of making a dossier do.
import { join } from 'node:path';

import { settle, visit } from './desk.js';

export const papers = process.env.HOSO_PAPERS;

/** Fills in the first step of a new dossier. */
export async function fillGeneral(page, title) {
	await page.selectOption('[name=kind]', 'merit');
	await page.fill('[name=title]', title);
	await page.fill('[name=date]', '01/08/2025');
	await page.locator('[name=date]').blur();
}

/** From the list of what is unfinished to the second step; the dossier's id. */
export async function beginDossier(page, title) {
	if (!page.url().includes('nhap=')) {
		await visit(page, '/lap-ho-so');
		await page.click('main a.main');
	}
	await fillGeneral(page, title);
	await page.click('main button[type=submit]');
	await page.waitForURL('**/sua?buoc=de-nghi');
	await settle(page);
	return new URL(page.url()).pathname.split('/')[2];
}

export async function propose(page, { kind, name, award }) {
	await page.selectOption('[name=subject]', kind);
	await page.fill('.candidate [name=name]', name);
	await page.selectOption('[name=award]', award);
	await page.click('.candidate button[type=submit]');
	await page.locator('.paper strong', { hasText: name }).last().waitFor();
}

export async function sendFile(page, code, name) {
	await page.setInputFiles(`.paper[data-code=${code}] .drop input[type=file]`, join(papers, name));
}
