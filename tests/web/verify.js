// SPDX-License-Identifier: Apache-2.0
import { barriers, check, NARROW, open, settle, takePicture, visit } from './desk.js';

const HELD = 'Đúng là bản kho lưu trữ đang giữ';
const NOT_HELD = 'Kho lưu trữ không có bản này';

async function ask(page, action) {
	await action();
	await page.waitForSelector('[aria-live] .note');
	await settle(page);
	return page.innerText('[aria-live] h2');
}

export default async function () {
	const { page, context, complaints } = await open();
	const sent = [];
	const choose = (file) => () => page.setInputFiles('input[type=file]', file);

	page.on('request', (request) => {
		if (request.method() === 'POST') {
			sent.push(new URL(request.url()).pathname);
		}
	});
	await visit(page, '/kiem-tra');
	check('anybody may check, without a log-in', 'Kiểm tra thật giả', await page.innerText('h1'));
	check('a container of the archive is held', HELD, await ask(page, choose(process.env.HOSO_CONTAINER)));
	check('nothing bars the way to that answer', '', await barriers(page));
	await takePicture(page, 'verify-wide');
	await page.reload();
	check('the file of its decision is held', HELD, await ask(page, choose(process.env.HOSO_DECISION)));
	check('  and has not left the machine', '', sent.join(' '));
	await page.reload();
	check('with another byte it is not', NOT_HELD, await ask(page, choose(process.env.HOSO_CHANGED)));
	await page.reload();
	check('a receipt is held', HELD, await ask(page, choose(process.env.HOSO_RECEIPT)));
	check('  by the server', '/api/v1/verify', sent.join(' '));
	await page.reload();
	check('a decision is held by its number and day', HELD, await ask(page, async () => {
		await page.fill('#number', '12/QĐ-UBND');
		await page.fill('input[name=date]', '1/8/2025');
		await page.press('input[name=date]', 'Enter');
	}));
	await page.reload();
	await page.evaluate(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
	check('where the browser cannot hash, the server does', HELD,
		await ask(page, choose(process.env.HOSO_DECISION)));
	check('the browser has nothing to complain of in a check', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);
	await visit(narrow.page, '/kiem-tra');
	await takePicture(narrow.page, 'verify-narrow');
	await narrow.context.close();
}
