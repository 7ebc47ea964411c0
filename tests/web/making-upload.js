// SPDX-License-Identifier: Apache-2.0
//
// One large file over a line that breaks in every way, and arrives.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { barriers, check, fillLogIn, openLasting, settle, takePicture, visit } from './desk.js';
import { openLine } from './line.js';

const { HOSO_FILE: file, HOSO_OTHER: other, HOSO_OFFICE: office, HOSO_PASSWORD: password } = process.env;
const size = statSync(file).size;
const place = '/ho-so/hs-tep-lon/sua?buoc=thanh-phan';
const row = '.paper[data-code=C_TOTRINH] .upload';

async function enter(page, login) {
	await page.request.post('/api/v1/session', { data: { login, password } });
	await visit(page, place);
}

async function isIn(page, state) {
	await page.waitForSelector(`${row}[data-state=${state}]`);
	return true;
}

/** kill -9, and a new server at another port. */
async function restart(line) {
	writeFileSync(join(office, 'restart'), '');
	line.cut();
	while (!existsSync(join(office, 'port'))) {
		await new Promise((later) => setTimeout(later, 50));
	}
	line.mend(readFileSync(join(office, 'port'), 'utf8').trim());
}

export default async function makingUpload() {
	const folder = mkdtempSync(join(tmpdir(), 'hoso-browser-'));
	const line = await openLine(process.env.HOSO_PAGE);

	try {
		await firstDay(folder, line);
		await secondDay(folder, line);
	} finally {
		line.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function firstDay(folder, line) {
	const { page, context, complaints } = await openLasting(folder, line.base);

	await enter(page, 'vanthu');
	let held = line.holdAfter(0.2 * size);
	await page.setInputFiles('.paper[data-code=C_TOTRINH] .drop input', file);
	await held;
	check('how far it is stands beside the file', true,
		/\((1[5-9]|2[0-9])%\)/.test(await page.textContent(`${row} .hint`)));
	check('a file on its way bars nobody', '', await barriers(page));
	await takePicture(page, 'making-upload');
	line.cut();
	check('a line that breaks is told', true, await isIn(page, 'broken'));
	await takePicture(page, 'making-upload-broken');
	held = line.holdAfter(0.2 * size);
	line.mend();
	check('it goes on by itself when the line is back', true, await isIn(page, 'sending'));
	await held;
	await restart(line);
	held = line.holdAfter(0.2 * size);
	check('and when the server was killed and started again', true, await isIn(page, 'sending'));
	await held;

	await page.click(`${row} >> text=Tạm dừng`);
	check('it can be paused', true, await isIn(page, 'paused'));
	held = line.holdAfter(0.1 * size);
	await page.click(`${row} >> text=Gửi tiếp`);
	await held;
	check('and goes on', true, await isIn(page, 'sending'));
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
}

async function secondDay(folder, line) {
	const { page, context } = await openLasting(folder, line.base);

	page.on('dialog', (dialog) => dialog.accept());
	await enter(page, 'vanthu2');
	check('another user of the browser does not see it', 0, await page.locator(row).count());
	await enter(page, 'vanthu');
	check('another day it is offered to go on', true, await isIn(page, 'parted'));
	await takePicture(page, 'making-upload-parted');
	await page.setInputFiles(`${row} input`, other);
	check('another file is not taken for it', true,
		(await page.textContent(`${row} [role=alert]`)).includes('Đây là tệp khác'));
	let held = line.holdAfter(0.1 * size);
	await page.setInputFiles(`${row} input`, file);
	await held;
	check('with the same file it does', true, await isIn(page, 'sending'));

	// The log-in ends; the file stays with the page.
	await context.clearCookies();
	line.cut();
	line.mend();
	await page.waitForURL('**/dang-nhap?aim=*');
	await fillLogIn(page, 'vanthu');
	await page.waitForURL(`**${place}`);
	await page.waitForSelector('.paper[data-code=C_TOTRINH] a[download]');
	check('after a new log-in it goes on to its end', 'Phim tư liệu.mp4',
		await page.textContent('.paper[data-code=C_TOTRINH] a[download]'));
	check('and nothing was sent twice that had arrived', true, line.sent < 1.3 * size + (96 << 20));

	held = line.holdAfter(1 << 20);
	await page.setInputFiles('.paper[data-code=C_BCTT] .drop input', other);
	await held;
	const upload = await page.evaluate(() => Object.keys(localStorage)
		.filter((name) => name.startsWith('hoso.upload.'))
		.map((name) => JSON.parse(localStorage.getItem(name)).upload)[0]);

	await Promise.all([
		page.waitForResponse((answer) => answer.request().method() === 'DELETE' && answer.ok()),
		page.click('.paper[data-code=C_BCTT] .upload >> text=Hủy'),
	]);
	check('what is cancelled is gone from the page, and kept no more', '0 0',
		`${await page.locator('.paper[data-code=C_BCTT] .upload').count()} ${await page.evaluate(() =>
			Object.keys(localStorage).filter((name) => name.startsWith('hoso.upload.')).length)}`);
	check('and at the server', 404, (await page.request.get(`/api/v1/uploads/${upload}`)).status());
	await settle(page);
	await page.setInputFiles('.paper[data-code=C_BCTT] .drop input', other);
	await page.waitForSelector('.paper[data-code=C_BCTT] a[download]');
	check('another file is sent after it', 'tệp nhỏ.pdf',
		await page.textContent('.paper[data-code=C_BCTT] a[download]'));
	await context.close();
}
