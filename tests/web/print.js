// SPDX-License-Identifier: Apache-2.0
//
// Pages on paper: a dossier with its trail, a unit, what a check has found.
import { readFileSync } from 'node:fs';

import { check, logIn, open, settle, takePicture, visit } from './desk.js';

const { HOSO_CONTAINER: container, HOSO_DOSSIER: dossier } = process.env;
const PAPER = { width: 642, height: 971 }; // A4 without its margins, in CSS pixels

/** The page as the printer gets it; how many sheets it fills. */
async function print(page, name) {
	const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: false });

	await page.setViewportSize(PAPER);
	await page.emulateMedia({ media: 'print' });
	await takePicture(page, name);
	return [...pdf.toString('latin1').matchAll(/\/Type\s*\/Page\b/g)].length;
}

async function seen(page, selector) {
	return page.locator(selector).evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
}

async function looks(page, what) {
	check(`${what}: nothing that is pressed is on paper`, 0, await seen(page, 'button, nav, .top-right, input, a.button'));
	check('  its heading is', 1, await seen(page, 'h1'));
	check('  and where it comes from', true, (await page.innerText('.printed')).includes(page.url()));
	check('  nothing runs over the edge', 0, await page.evaluate(() =>
		Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)));
}

async function read(path, login) {
	const opened = await open();

	if (login) {
		await logIn(opened.page, login);
	}
	await visit(opened.page, path);
	return opened;
}

export default async function () {
	let { page, context } = await read(`/ho-so/${dossier}`, 'luutru');

	check('on the screen there is no foot', 0, await seen(page, '.printed'));
	check('a dossier is two sheets at most', true, (await print(page, 'print-dossier')) <= 2);
	await looks(page, 'a dossier');
	check('  nothing of the trail, which is shut', false, (await page.innerText('main')).includes('Lịch sử'));
	check('  nor what may be done next', 0, await seen(page, '.next'));
	check('  what is folded up stays away', 0, await seen(page, 'details:not([open])'));
	await context.close();

	({ page, context } = await read('/don-vi/xa-xop-2025', 'luutru'));
	await print(page, 'print-unit');
	await looks(page, 'a unit');
	check('  with what it came from', true, (await page.innerText('main')).includes('Quá trình sắp xếp'));
	check('  with the way in which its dossiers were looked for', 'Cả quá trình', (await page.innerText('.modes strong >> visible=true')));
	await context.close();

	({ page, context } = await read('/kiem-tra'));
	await page.setInputFiles('input[type=file]', { name: 'goi.asice', mimeType: '', buffer: readFileSync(container) });
	await page.waitForSelector('.verify-found');
	await settle(page);
	check('what a check has found is one sheet', 1, await print(page, 'print-verify'));
	await looks(page, 'a check');
	check('  with what was found', true, (await page.innerText('.verify-found')).includes('Chữ ký số đúng'));
	check('  and the digest of the file', 64, (await page.innerText('.verify-sum')).length);
	await context.close();

	({ page, context } = await read(`/ho-so/${dossier}?lich-su=1`, 'luutru'));
	await page.waitForSelector('.trail-act');
	await settle(page);
	await print(page, 'print-trail');
	check('a trail that was opened is printed', 20, await seen(page, '.trail-act'));
	await context.close();
}
