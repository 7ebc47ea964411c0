// SPDX-License-Identifier: Apache-2.0
//
// Names are text, whatever stands in them.
import { check, logIn, open, visit } from './desk.js';

const strings = JSON.parse(process.env.HOSO_HOSTILE);

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	for (const path of ['/don-vi/xa-nguy-hiem', '/ho-so/hs-nguy-hiem',
		`/don-vi?name=${encodeURIComponent(strings[0])}`]) {
		await visit(page, path);
		check(`no name at ${path.slice(0, 20)} runs or becomes an element`, 'undefined 0',
			`${await page.evaluate(() => typeof window.hacked)} ${await page.locator('main img, main script, main iframe').count()}`);
	}
	await visit(page, '/ho-so/hs-nguy-hiem');
	const text = (await page.locator('main').textContent()).normalize('NFC');
	for (const string of strings) {
		check(`it is shown as it is: ${string.replace(/[^\x21-\x7e]/g, '.')}`, 'true', text.includes(string));
	}
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
}
