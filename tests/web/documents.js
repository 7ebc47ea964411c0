// SPDX-License-Identifier: Apache-2.0
//
// Documents: filed, found, read, changed.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { barriers, check, logIn, NARROW, open, openLasting, settle, sit, takePicture, visit, WIDE } from './desk.js';
import { openLine } from './line.js';

const { HOSO_PLAN: plan, HOSO_ANNEX: annex } = process.env;
const size = statSync(plan).size;
const row = '.files-field .upload';
const PROVED = 'Trình duyệt của bạn đã tự kiểm tra: việc này đúng là có trong nhật ký';

/** As a hand does that draws a file from the desktop to the page. */
async function dropFile(page, selector, path) {
	await page.evaluate(() => {
		const input = document.createElement('input');

		input.type = 'file';
		input.id = 'desktop';
		document.body.append(input);
	});
	await page.setInputFiles('#desktop', path);
	const data = await page.evaluateHandle(() => {
		const carried = new DataTransfer();
		const desktop = document.getElementById('desktop');

		carried.items.add(desktop.files[0]);
		desktop.remove();
		return carried;
	});

	await page.dispatchEvent(selector, 'drop', { dataTransfer: data });
}

async function isIn(page, state) {
	await page.waitForSelector(`${row}[data-state=${state}]`);
	return true;
}

/** Pictures and barriers at both widths. */
async function look(page, name) {
	check(`nothing bars the way through ${name}`, '', await barriers(page));
	await takePicture(page, name);
	await page.setViewportSize(NARROW);
	check(`nothing of ${name} runs over the edge of a telephone`, 0, await page.evaluate(() =>
		document.documentElement.scrollWidth - document.documentElement.clientWidth));
	check('  nor bars the way there', '', await barriers(page));
	await takePicture(page, `${name}-narrow`);
	await page.setViewportSize(WIDE);
}

async function fill(page) {
	await page.selectOption('[name=kind]', 'KH');
	await page.fill('[name=reference]', '15/KH-UBND');
	await page.fill('[name=date]', '5/3/2025');
	await page.fill('[name=subject]', 'Kế hoạch tổ chức phong trào thi đua năm 2025');
	await page.selectOption('[name="signer/mode"]', 'KT');
	await page.fill('[name="signer/position"]', 'Chủ tịch');
	await page.fill('[name="signer/name"]', 'Nguyễn Văn A');
	await page.fill('[name=place]', 'Quảng Ngãi');
	await page.click('button:has-text("Thêm: Nơi nhận")');
	await page.fill('[name="recipients/0/name"]', 'Các sở, ban, ngành');
	await page.selectOption('[name="recipients/0/purpose"]', 'exec');
	await page.click('button:has-text("Thêm: Văn bản được viện dẫn")');
	await page.fill('.citation-choice [name=reference]', '77/qđ-ubnd');
	await page.press('.citation-choice [name=reference]', 'Enter');
	await page.click('.citation-choice .row-button');
	await page.click('button:has-text("Thêm: Văn bản được viện dẫn")');
	await page.selectOption('[name="citations/1/relation"]', 'implements');
	await page.selectOption('[name="citations/1/where"]', 'other');
	await page.fill('[name="citations/1/reference"]', '152/2025/NĐ-CP');
}

async function file(folder, line) {
	const { page, context, complaints } = await openLasting(folder, line.base);

	await logIn(page, 'vanthutinh');
	await page.click('nav >> text=Văn bản');
	await settle(page);
	await page.click('main a:has-text("Đăng ký văn bản")');
	await settle(page);
	await fill(page);
	let held = line.holdAfter(0.2 * size);
	await dropFile(page, '.files-field .drop', plan);
	await held;
	await page.click('form[aria-label] button.main');
	check('who sends the form before its file has come is told so', true,
		(await page.textContent('.files-field [role=alert]')).includes('chưa gửi xong'));
	await takePicture(page, 'document-new-early');
	line.cut();
	check('a line that breaks is told', true, await isIn(page, 'broken'));
	held = line.holdAfter(0.2 * size);
	line.mend();
	await held;
	check('it goes on by itself', true, await isIn(page, 'sending'));
	await page.click(`${row} >> text=Tạm dừng`);
	check('it can be paused', true, await isIn(page, 'paused'));
	await page.click(`${row} >> text=Gửi tiếp`);
	check('and comes to its end', true, await isIn(page, 'ready'));
	check('nothing was sent twice that had arrived', true, line.sent < 1.6 * size);

	await page.setInputFiles('.files-field .drop input', annex);
	await page.locator(row, { hasText: 'Phụ lục.txt' }).locator('text=Hủy').click();
	await page.waitForFunction((rows) => document.querySelectorAll(rows).length === 1, row);
	check('a file is given up', 'Kế hoạch.pdf', await page.innerText(`${row} .upload-name`));
	await visit(page, '/van-ban/moi');
	check('what was typed outlasts the page, and so does its file', '15/KH-UBND | 152/2025/NĐ-CP | Kế hoạch.pdf',
		`${await page.inputValue('[name=reference]')} | ${await page.inputValue('[name="citations/1/reference"]')} | ${
			await page.innerText(`${row}[data-state=ready] .upload-name`)}`);
	await look(page, 'document-new');
	await page.click('form[aria-label] button.main');
	await page.waitForSelector('.note-good a[download]');
	check('it is filed', true, (await page.innerText('.note-good')).includes('Đã đăng ký Kế hoạch số 15/KH-UBND'));
	check('nothing of it is kept in the browser then', 0, await page.evaluate(() =>
		Object.keys(localStorage).filter((name) => /^hoso\.(upload|draft)\./.test(name)).length));
	await page.click('.note-good a:has-text("Xem văn bản")');
	await settle(page);
	check('and there to be seen', 'Kế hoạch số 15/KH-UBND', await page.innerText('h1'));
	const path = new URL(page.url()).pathname;

	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
	return path;
}

/** The examiner has it in hand as soon as it is filed. */
async function untilExamined(page) {
	while ((await page.locator('.verdict .badge').count()) === 0) {
		await page.reload();
		await settle(page);
	}
}

async function read(path) {
	const { page, context, complaints } = await open();

	await logIn(page, 'vanthu');
	await visit(page, '/van-ban');
	check('who files no documents is not offered it', 0, await page.locator('main a[href="/van-ban/moi"]').count());
	await page.fill('[name=reference]', '15 / kh-ubnd');
	await page.keyboard.press('Enter');
	await page.waitForSelector('table.rows a');
	await settle(page);
	check('it is found by its number, however that is typed', '15/KH-UBND Kế hoạch 05/03/2025',
		(await page.locator('table.rows td').allInnerTexts()).slice(0, 3).join(' '));
	await look(page, 'documents');
	await page.click('table.rows a');
	await settle(page);
	check('which leads to it', path, new URL(page.url()).pathname);
	await untilExamined(page);
	const told = (await page.innerText('.facts')).replace(/\s+/g, ' ');

	for (const words of ['Tỉnh Quảng Ngãi', 'KT. Chủ tịch, Nguyễn Văn A', 'Các sở, ban, ngành (để thực hiện)', 'Nơi ban hành Quảng Ngãi']) {
		check(`it says: ${words}`, true, told.includes(words));
	}
	check('its signature is told in words', true, /Chữ ký hợp lệ[\s\S]*Lê Thị Sáu/.test(await page.innerText('.verdict')));
	check('what it cites is a link to it', '/van-ban/qd-1', await page.getAttribute('.citation a >> nth=0', 'href'));
	check('  by its number and subject', true, (await page.innerText('.citation >> nth=0')).includes('77/QĐ-UBND, 01/02/2025'));
	check('what is not here is looked for', '/van-ban?so=152%2F2025%2FN%C4%90-CP',
		await page.getAttribute('.citation a >> nth=1', 'href'));
	check('who may not change it is not offered it', 0, await page.locator('main a[href$="/sua"]').count());
	await page.click('.file button:has-text("Xem")');
	await page.waitForSelector('.preview canvas');
	await page.waitForSelector('.preview [role=toolbar] [role=status]:has-text("Trang 1 / 1")');
	await settle(page);
	await look(page, 'document');
	await page.keyboard.press('Escape');

	await page.click('summary:has-text("Mọi việc đã làm")');
	await page.click('.trail-act button:has-text("Tự kiểm tra")');
	check('its receipt is proved by the browser', PROVED, await page.innerText('.trail-act .note strong >> nth=0'));
	await page.click('.citation a >> nth=0');
	await settle(page);
	check('a document tells what was decided by it', '/quyet-dinh/q-1',
		await page.getAttribute('section:has(h2:has-text("Quyết định khen thưởng")) a', 'href'));
	await visit(page, `${path}/sua`);
	check('who goes to its form all the same is told so', true, (await page.innerText('main')).includes('không có quyền'));
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
}

/** Who cites it, a page at a time; in both languages. */
async function cited() {
	const { page, context, complaints } = await open();
	const list = 'section:has(h2:has-text("Văn bản viện dẫn văn bản này"))';
	const rows = page.locator(`${list} li`);
	const names = async () => (await rows.locator('a').evaluateAll((links) =>
		links.map((link) => link.pathname.split('/').pop()))).join(' ');

	await logIn(page, 'vanthu');
	await visit(page, '/van-ban/goc');
	check('a document tells who cites it, a page at a time', 20, await rows.count());
	check('  each by what it says of it, with its number, day, subject and issuer',
		'thực hiện sửa đổi 120/KH-UBND, 04/03/2025: Thực hiện phong trào, đợt 20 Tỉnh Quảng Ngãi', await rows.nth(1).innerText());
	await page.click(`${list} button:has-text("Xem tiếp")`);
	await settle(page);
	check('  and the rest where it is asked for', ['xa', ...Array.from({ length: 21 }, (_, i) => `theo-${120 - i}`), 'so'].join(' '),
		await names());
	check('  with no more to ask for', 0, await page.locator(`${list} button`).count());
	check('one that knows its number alone says so',
		'căn cứ so, 07/06/2025: Báo cáo kết quả Sở Nội vụ · Điều 2 · chỉ ghi số, ký hiệu; có thể là văn bản khác cùng số',
		await rows.last().innerText());
	await look(page, 'document-citing');
	await rows.nth(1).locator('a').click();
	await settle(page);
	check('each leads to it', 'Kế hoạch số 120/KH-UBND', await page.innerText('h1'));
	check('which nobody cites, and which says nothing of that', 0, await page.locator(list).count());
	await page.click('.citation a');
	await settle(page);
	check('and back, where the list begins anew', 20, await rows.count());
	await page.click('button[lang=en]');
	await page.waitForSelector('html[lang=en]');
	await settle(page);
	const english = await page.innerText('section:has(h2:has-text("Documents that cite it"))');

	check('in English, too', true, english.includes('carries out 119/KH-UBND') && english.includes('Show more'));
	await takePicture(page, 'document-citing-english');
	await page.click('button[lang=vi]');
	await logIn(page, 'hoidong');
	await visit(page, '/van-ban/goc');
	await page.click(`${list} button:has-text("Xem tiếp")`);
	await settle(page);
	check('who may not read some is told how many', 'Có 2 văn bản khác mà bạn không có quyền xem.', await page.innerText(`${list} p.hint`));
	check('  and not which', false, /\b(xa|so)\b/.test(await names()));
	check('no rule of the browser had to stop anything', '', complaints.join('; '));
	await context.close();
}

/** What was sent is given up behind the page's back, as the server does after days. */
async function expire(page) {
	const { csrf } = await (await page.request.get('/api/v1/session')).json();
	const upload = await page.evaluate(() => Object.keys(localStorage)
		.filter((name) => name.startsWith('hoso.upload.'))
		.map((name) => JSON.parse(localStorage.getItem(name)).upload)[0]);
	const answer = await page.request.delete(`/api/v1/uploads/${upload}`,
		{ headers: { 'X-CSRF-Token': csrf, 'Tus-Resumable': '1.0.0' } });

	check('an upload is taken away', 204, answer.status());
}

async function save(page) {
	await page.click('form[aria-label] button.main');
}

async function change(path) {
	const one = await open();
	const two = await open();

	await logIn(one.page, 'vanthutinh');
	await logIn(two.page, 'vanthutinh2');
	await visit(one.page, path);
	await one.page.click('main a:has-text("Sửa văn bản")');
	await settle(one.page);
	await visit(two.page, `${path}/sua`);
	await one.page.fill('[name=subject]', 'Kế hoạch của một');
	await one.page.click('button:has-text("Thêm: Nơi nhận")');
	await one.page.fill('[name="recipients/1/name"]', 'Nơi của một');
	await one.page.setInputFiles('.files-field .drop input', annex);
	await isIn(one.page, 'ready');
	await expire(one.page);
	await save(one.page);
	check('a file that the server has forgotten meanwhile is told so', true, await isIn(one.page, 'refused'));
	await one.page.click(`${row} >> text=Gửi tiếp`);
	await isIn(one.page, 'ready');
	await save(one.page);
	await one.page.waitForSelector('.note-good a[download]');
	check('a change has its receipt', true, (await one.page.innerText('.note-good')).includes('Đã lưu'));
	check('the file that was added is one of its own', 'Kế hoạch.pdf Phụ lục.txt',
		(await one.page.locator('.kept-file bdi').allInnerTexts()).join(' '));

	await two.page.fill('[name=subject]', 'Kế hoạch của hai');
	await two.page.fill('[name=place]', 'Kon Tum');
	await two.page.click('button:has-text("Thêm: Nơi nhận")');
	await two.page.fill('[name="recipients/1/name"]', 'Nơi của hai');
	await visit(two.page, `${path}/sua`);
	check('what was typed of a change outlasts the page, too', 'Kế hoạch của hai', await two.page.inputValue('[name=subject]'));
	await save(two.page);
	await two.page.waitForSelector('.merge');
	await settle(two.page);
	check('who is behind chooses line by line', 'subject place recipients attachments recipients',
		(await two.page.locator('.merge-line').evaluateAll((lines) => lines.map((line) => line.dataset.line))).join(' '));
	check('what it was, mine and theirs stand side by side',
		'Kế hoạch tổ chức phong trào thi đua năm 2025 | Kế hoạch của hai | Kế hoạch của một',
		await two.page.locator('[data-line=subject]').evaluate((line) => [
			line.querySelector('.hint').textContent.split(': ')[1],
			...[...line.querySelectorAll('.merge-value')].map((value) => value.textContent),
		].join(' | ')));
	await look(two.page, 'document-merge');
	await two.page.check('[data-line=subject] input[value=mine]');
	await two.page.check('[data-line=place] input[value=theirs]');
	await two.page.click('.merge button[type=submit]');
	await two.page.waitForSelector('.note-good a[download]');
	const record = await (await two.page.request.get(`/api/v1/documents/${path.split('/').pop()}`)).json();

	check('the document is what was chosen', 'Kế hoạch của hai | Quảng Ngãi', `${record.subject} | ${record.place}`);
	check('and nothing that either added is lost', 'Các sở, ban, ngành | Nơi của hai | Nơi của một || Kế hoạch.pdf | Phụ lục.txt',
		`${record.recipients.map((one) => one.name).sort().join(' | ')} || ${record.attachments.map((one) => one.name).join(' | ')}`);
	await look(two.page, 'document-edit');

	await visit(two.page, `${path}?lich-su=1`);
	await two.page.waitForSelector('.trail-act');
	check('the trail tells what was changed', true,
		(await two.page.innerText('.trail-act >> nth=0')).includes('Thay đổi: nơi nhận, trích yếu'));
	await two.page.click('.trail-act >> nth=1 >> text=Xem trước và sau');
	await two.page.waitForSelector('.trail-act ins');
	await settle(two.page);
	await look(two.page, 'document-trail');
	for (const { context, complaints } of [one, two]) {
		check('no rule of the browser had to stop anything', '', complaints.join('; '));
		await context.close();
	}
}

/** One user with two windows: what one has sent, the other does not send again. */
async function windows(path) {
	const { page: one, context, complaints } = await open();
	const { page: two, complaints: others } = await sit(context);
	const id = path.split('/').pop();
	const reads = (page, name, value) => page.waitForFunction(([field, wanted]) =>
		document.querySelector(`[name=${field}]`)?.value === wanted, [name, value]);
	const record = async () => (await one.request.get(`/api/v1/documents/${id}`)).json();

	await logIn(one, 'vanthutinh');
	const { rev } = await record();
	for (const page of [one, two]) {
		await visit(page, `${path}/sua`);
	}
	await one.fill('[name=place]', 'Măng Đen');
	await reads(two, 'place', 'Măng Đen');
	await two.fill('[name=addressee]', 'Các xã, phường');
	await reads(one, 'addressee', 'Các xã, phường');
	await save(one);
	await two.waitForSelector('text=gửi hoặc bỏ ở một cửa sổ khác');
	check('what one window has sent is no draft in the other', 0, await two.locator('.kept').count());
	check('  which has it as it is now', 'Măng Đen Các xã, phường',
		`${await two.inputValue('[name=place]')} ${await two.inputValue('[name=addressee]')}`);
	await two.fill('[name=place]', 'Quảng Ngãi');
	await save(two);
	await two.waitForSelector('.note-good');
	const now = await record();
	check('  and goes on from there, with nothing to merge', `${rev + 2} Quảng Ngãi`, `${now.rev} ${now.place}`);

	for (const page of [one, two]) {
		await visit(page, '/van-ban/moi');
	}
	await one.fill('[name=subject]', 'Gõ ở hai cửa sổ');
	await reads(two, 'subject', 'Gõ ở hai cửa sổ');
	await one.click('.kept button');
	await two.waitForSelector('text=gửi hoặc bỏ ở một cửa sổ khác');
	check('a new one that one window has thrown away is gone from the other', '', await two.inputValue('[name=subject]'));
	check('nothing is kept then', 0, await one.evaluate(() =>
		Object.keys(localStorage).filter((name) => name.startsWith('hoso.draft.')).length));
	check('no rule of the browser had to stop anything', '', [...complaints, ...others].join('; '));
	await context.close();
}

export default async function documents() {
	const folder = mkdtempSync(join(tmpdir(), 'hoso-browser-'));
	const line = await openLine(process.env.HOSO_PAGE);
	let path;

	try {
		path = await file(folder, line);
	} finally {
		line.close();
		rmSync(folder, { recursive: true, force: true });
	}
	await read(path);
	await cited();
	await change(path);
	await windows(path);
}
