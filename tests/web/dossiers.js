// SPDX-License-Identifier: Apache-2.0
import { barriers, check, logIn, NARROW, open, settle, takePicture, visit } from './desk.js';

async function rows(page) {
	return (await page.locator('.rows tbody tr').allInnerTexts()).map((row) =>
		row.replace(/\s+/g, ' '));
}

/** Of the statuses that are shown. */
async function statuses(page) {
	await page.waitForSelector('.rows .badge');
	return [...new Set(await page.locator('.rows .badge').allInnerTexts())].join();
}

/** What a code is called comes by itself, and may come late or not at all. */
async function lateNames() {
	const { page, context } = await open();
	const path = '**/rules/dossier-statuses';
	let release;
	const held = new Promise((done) => {
		release = done;
	});

	await logIn(page, 'thanhtra');
	await page.route(path, (route) => held.then(() => route.continue()));
	await page.goto('/don-vi/xa-xop-2025?year=&status=draft');
	check('no code is shown while its name is on its way', '…', await statuses(page));
	release();
	await settle(page);
	check('  and the name when it came', 'Đang lập hồ sơ (chờ chuyển)', await statuses(page));
	await page.unroute(path);
	await page.route(path, (route) => route.abort());
	await page.reload();
	await settle(page);
	check('  the code where no name could be had', 'draft', await statuses(page));
	await context.close();
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await visit(page, '/don-vi/xa-xop-2025?year=&status=draft');
	const found = await rows(page);
	check('by lineage a merged commune has the dossiers of both', 'true true',
		`${found.some((row) => row.includes('Xã Đắk Choong'))} ${found.some((row) => row.includes('Xã Xốp (nay là xã Xốp, tỉnh Quảng Ngãi)'))}`);
	check('nothing bars the way to the dossiers', '', await barriers(page));
	await takePicture(page, 'dossiers-wide');

	await page.click('text=Chỉ đơn vị này');
	await page.waitForURL('**mode=exact*');
	await settle(page);
	check('exactly it has its own alone', '0',
		(await rows(page)).filter((row) => row.includes('nay là')).length);
	await page.click('text=Theo địa bàn');
	await page.waitForURL('**mode=territory*');
	await settle(page);
	check('a territory is asked for with its day', '1',
		await page.locator('input[name=day]').count());

	await visit(page, '/don-vi/xa-nhieu-ho-so?mode=exact');
	check('a page has fifty of them', '50', (await rows(page)).length);
	await page.click('text=Xem tiếp');
	await page.waitForFunction(() => document.querySelectorAll('.rows tbody tr').length > 50);
	const all = await rows(page);
	check('the next page goes on below, without a gap or a repetition', '60 60',
		`${all.length} ${new Set(all).size}`);
	check('the end is the end', '0', await page.locator('text=Xem tiếp').count());

	await page.selectOption('#status', 'decided');
	await settle(page);
	check('a filter that nothing fits says so', 'Không có hồ sơ nào phù hợp.',
		await page.innerText('section:last-of-type > p'));

	await page.route('**/dossiers?*', (route) => route.abort());
	await page.selectOption('#status', '');
	await page.waitForSelector('.problem');
	check('a broken line is told with what to do next',
		'Không kết nối được máy chủ Kiểm tra đường truyền rồi thử lại; chưa có gì bị mất. Thử lại',
		await page.innerText('.problem'));
	await page.unroute('**/dossiers?*');
	await page.click('.problem button');
	await page.waitForSelector('.rows');
	check('  and once it goes again, so does the page', '50', (await rows(page)).length);
	check('the browser has nothing to complain of in dossiers', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);
	await logIn(narrow.page, 'thanhtra');
	await visit(narrow.page, '/don-vi/xa-xop-2025');
	await takePicture(narrow.page, 'dossiers-narrow');
	check('on a telephone nothing is wider than it', '390',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth));
	await narrow.context.close();
	await lateNames();
}
