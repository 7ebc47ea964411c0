// SPDX-License-Identifier: Apache-2.0
//
// From the log-in to a file of a dossier with the keyboard alone.
import { check, inFocus, open, settle, tabTo, visit } from './desk.js';

export default async function () {
	const { page, context } = await open();
	const press = (key) => page.keyboard.press(key);

	await visit(page, '/dang-nhap');
	await press('Tab');
	check('the first stop is the way past the header', 'Đến nội dung',
		await page.evaluate(() => document.activeElement.textContent));
	await tabTo(page, '[name=login]');
	await page.keyboard.type('thanhtra');
	await press('Tab');
	await page.keyboard.type(process.env.HOSO_PASSWORD);
	await press('Enter');
	await page.waitForURL('**/don-vi');
	await settle(page);
	check('a reader who came by a link is put at the heading', 'Đơn vị', await inFocus(page, 'textContent', 'Đơn vị'));
	await tabTo(page, '[role=tree]');
	await page.keyboard.type('tinh quang ngai');
	await press('ArrowRight');
	await settle(page);
	check('a branch of the tree opens by a key', '1',
		await page.locator('.marked[aria-expanded=true]').count());
	await press('ArrowRight');
	await page.keyboard.type('xa xop');
	await press('Enter');
	await page.waitForURL('**/don-vi/xa-xop-2025');
	await settle(page);
	await tabTo(page, '.modes input');
	await press('ArrowDown');
	await page.waitForURL('**mode=exact*');
	await settle(page);
	check('the modes are one stop, and arrows choose', 'Chỉ đơn vị này',
		await page.evaluate(() => document.activeElement.parentElement.querySelector('strong').textContent));
	await tabTo(page, 'a[href="/ho-so/hs-da-niem-phong"]');
	await press('Enter');
	await page.waitForURL('**/ho-so/hs-da-niem-phong');
	await settle(page);
	await tabTo(page, 'a[download]');
	const [download] = await Promise.all([page.waitForEvent('download'), press('Enter')]);
	check('a file is fetched by a key', 'true', (await download.path()) !== null);
	await context.close();
}
