// SPDX-License-Identifier: Apache-2.0
//
// The trail of a dossier: what was done, what changed, and its proof by the
// browser itself.
import { barriers, check, logIn, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

const { HOSO_DOSSIER: dossier } = process.env;
const PROVED = 'Trình duyệt của bạn đã tự kiểm tra: việc này đúng là có trong nhật ký';
const SEAL = 1; // its place; one act is newer
const WRONG = 'CÓ CHỖ SAI: đừng dựa vào tệp này, hãy hỏi người đã đưa nó';

function texts(page, selector) {
	return page.$$eval(selector, (list) => list.map((one) => one.textContent).join(' | '));
}

async function checkAct(page, place) {
	const act = page.locator('.trail-act').nth(place);

	await act.locator('button', { hasText: 'Tự kiểm tra' }).click();
	await act.locator('.note').waitFor();
	return act.locator('.note strong').first().innerText();
}

/** The server's own answers are changed on their way. */
async function liar(page, path, change) {
	await page.route(path, async (route) => {
		const answer = await route.fetch();

		await route.fulfill({ response: answer, body: change(await answer.text()) });
	});
}

async function whole() {
	const { page, context, complaints } = await open();

	await logIn(page, 'luutru');
	await visit(page, `/ho-so/${dossier}`);
	check('the trail is shut at first', 0, await page.locator('.trail').count());
	check('it is opened by keyboard', true, await tabTo(page, 'summary:has(+ *), details:not([open]) > summary'));
	await page.locator('summary', { hasText: 'Mọi việc đã làm' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForSelector('.trail-act');
	await settle(page);
	check('  and stands in the address then', '?lich-su=1', new URL(page.url()).search);
	check('a page of it has twenty acts', 20, await page.locator('.trail-act').count());
	const revoked = page.locator('.trail-act').first();

	check('the newest is what was done to a line of its decision', true, /^Hủy bỏ/.test(await revoked.innerText()));
	check('  which says whose and leads there', 'Giấy khen của Chủ tịch Ủy ban nhân dân xã, phường – Thôn Xốp Nghét /quyet-dinh/q-hs-chung-minh',
		`${await revoked.locator('a').first().innerText()} ${await revoked.locator('a').first().getAttribute('href')}`);
	await revoked.locator('summary', { hasText: 'Xem trước và sau' }).click();
	await revoked.locator('ins').first().waitFor();
	check('  and why', true, (await revoked.innerText()).includes('Kê khai không đúng thành tích'));
	check('  and is proved like the others', PROVED, await checkAct(page, 0));
	check('then comes the seal', true, (await page.locator('.trail-act').nth(SEAL).innerText()).startsWith('Niêm phong lưu trữ'));
	await page.getByRole('button', { name: 'Xem các việc trước đó' }).click();
	await page.waitForFunction(() => document.querySelectorAll('.trail-act').length > 20);
	check('the rest is brought by a button, which goes', 0,
		await page.getByRole('button', { name: 'Xem các việc trước đó' }).count());
	check('down to the first act', true, (await page.locator('.trail-act').last().innerText()).startsWith('Lập hồ sơ'));
	const examined = page.locator('.trail-act', { hasText: 'Kiểm tra chữ ký của tệp' });

	check('what was found in its file is told', true, (await examined.innerText()).includes('Quyết định.pdf – Chữ ký hợp lệ'));
	check('  as an entry of the log', PROVED, await (async () => {
		await examined.locator('button', { hasText: 'Tự kiểm tra' }).click();
		await examined.locator('.note').waitFor();
		return examined.locator('.note strong').first().innerText();
	})());
	check('and that the document was entered', 1, await page.locator('.trail-act', { hasText: '12/QĐ-UBND – Về việc tặng Giấy khen' }).count());
	const renamed = page.locator('.trail-act', { hasText: 'Thay đổi: tên hồ sơ' }).first();

	await renamed.locator('summary', { hasText: 'Xem trước và sau' }).click();
	await renamed.locator('ins').waitFor();
	check('what was there before', 'Hồ sơ có chứng minh, lần 23', await renamed.locator('del').innerText());
	check('  and after', 'Hồ sơ có chứng minh, lần 24', await renamed.locator('ins').innerText());
	check('an act is proved by the browser', PROVED, await checkAct(page, SEAL));
	check('  with the digest of the record', true, (await texts(page, '.trail-act .note')).includes('đúng từng byte'));
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.locator('.trail-act').nth(SEAL).getByRole('link', { name: 'Tải biên nhận' }).click(),
	]);

	check('the receipt is had as a file', true, /^bien-nhan-\d+\.json$/.test(download.suggestedFilename()));
	await page.locator('.trail-act summary', { hasText: 'Kiểm tra bằng lệnh' }).first().click();
	check('the same by commands', true, (await page.locator('.trail-act pre').first().innerText()).includes('hoso verify-receipt'));
	check('nothing bars the way to the trail', '', await barriers(page));
	await takePicture(page, 'trail-wide');
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();
}

async function lies() {
	const { page, context } = await open();

	await logIn(page, 'luutru');
	await liar(page, /\/history\/\d+\/receipt$/, (text) => text.replace('package.seal', 'package.open'));
	await visit(page, `/ho-so/${dossier}?lich-su=1`);
	await page.waitForSelector('.trail-act');
	check('a receipt of another act is not believed', WRONG, await checkAct(page, SEAL));
	await page.unroute(/\/history\/\d+\/receipt$/);
	await liar(page, /\?rev=\d+$/, (text) => text.replace('lần 24', 'lần 42'));
	await page.reload();
	await page.waitForSelector('.trail-act');
	check('nor a record that is another', WRONG, await checkAct(page, SEAL));
	check('  which is said by name', true, (await texts(page, '.trail-act .note')).includes('khác với mã băm'));
	await context.close();
}

async function others() {
	const { page, context } = await open(NARROW);

	await logIn(page, 'hoidong');
	await visit(page, `/ho-so/${dossier}?lich-su=1`);
	await page.waitForSelector('.trail-act');
	await settle(page);
	const act = page.locator('.trail-act', { hasText: 'Có quyết định khen thưởng' });

	check('who may not read the decision has no receipt of it', true, (await act.innerText()).includes('không được xem'));
	check('  nor is he led to one', 0, await act.getByRole('link').count());
	check('nothing runs over the edge of a telephone', 0, await page.evaluate(() =>
		document.documentElement.scrollWidth - document.documentElement.clientWidth));
	await takePicture(page, 'trail-narrow');
	await context.close();
}

export default async function () {
	await whole();
	await lies();
	await others();
}
