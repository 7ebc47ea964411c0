// SPDX-License-Identifier: Apache-2.0
//
// What is typed and what files are called is text, whatever stands in it.
import { check, logIn, open, settle, takePicture, visit } from './desk.js';
import { beginDossier, propose } from './maker.js';

const strings = JSON.parse(process.env.HOSO_HOSTILE);

async function textOf(page) {
	return (await page.locator('main').textContent()).normalize('NFC');
}

async function elements(page) {
	return `${await page.evaluate(() => typeof window.hacked)} ${await page.locator('main img, main script, main iframe').count()}`;
}

export default async function makingHostile() {
	const { page, context, complaints } = await open();
	const other = await open();
	const all = strings.join(' ');

	await logIn(page, 'vanthu');
	const id = await beginDossier(page, all);

	for (const name of strings) {
		await propose(page, { kind: 'collective', name, award: 'merit_province' });
	}
	check('no name in the list becomes an element', 'undefined 0', await elements(page));
	await page.click('main > form button[type=submit]');
	await page.waitForURL('**buoc=thanh-phan');
	await settle(page);
	await page.setInputFiles('.paper[data-code=C_TOTRINH] .drop input', strings
		.map((name) => ({ name: name.replaceAll('/', '_'), mimeType: 'text/html', buffer: Buffer.from(name) })));
	await page.waitForFunction((count) => document.querySelectorAll('.paper a[download]').length === count, strings.length);
	const shown = await textOf(page);

	for (const string of strings) {
		check(`a file name is shown as it is: ${string.replace(/[^\x21-\x7e]/g, '.')}`, true,
			shown.includes(string.replaceAll('/', '_')));
	}
	check('no file name becomes an element', 'undefined 0', await elements(page));
	await takePicture(page, 'making-hostile');

	// The same in the merge view.
	await logIn(other.page, 'vanthu2');
	await visit(page, `/ho-so/${id}/sua?buoc=chung`);
	await visit(other.page, `/ho-so/${id}/sua?buoc=chung`);
	await other.page.fill('[name=title]', strings[0]);
	await other.page.fill('[name=code]', strings[1]);
	await other.page.click('main form button[type=submit]');
	await other.page.waitForURL('**buoc=de-nghi');
	await page.fill('[name=title]', strings[7]);
	await page.click('main form button[type=submit]');
	await page.waitForSelector('.merge');
	await settle(page);
	const merge = await textOf(page);

	check('nor in what is to be merged', 'undefined 0 true',
		`${await elements(page)} ${[0, 1, 7].every((i) => merge.includes(strings[i]))}`);
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
	await other.context.close();
}
