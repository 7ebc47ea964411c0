// SPDX-License-Identifier: Apache-2.0
//
// Units made, changed and reorganised in the page, and what is refused.
import { barriers, check, inFocus, logIn, NARROW, open, questionFaults, settle, takePicture, visit } from './desk.js';

/** Types a name into a unit's field and takes the one that is meant. */
async function choose(page, field, name) {
	await field.fill(name);
	await page.locator('[role=option]').first().waitFor();
	await settle(page);
	await page.locator('[role=option]').first().click();
	await settle(page);
}

async function setDay(page, name, day) {
	await page.fill(`main [name="${name}"]`, day);
	await page.press(`main [name="${name}"]`, 'Tab');
}

async function making(page) {
	await visit(page, '/don-vi/moi');
	check('nothing bars the way to a new unit', '', await barriers(page));
	await page.selectOption('main [name=kind]', 'commune');
	await setDay(page, 'from', '01/01/2026');
	await page.fill('[name="names/0/name"]', '---');
	await choose(page, page.locator('[name="parents/0/unit"]'), 'Huyện Lớn');
	await page.click('main button[type=submit]');
	await inFocus(page, 'name', 'names/0/name');
	check('a name without a letter is refused beside its field', 'names/0/name true', await page.evaluate(() =>
		`${document.activeElement.name} ${document.activeElement.getAttribute('aria-invalid')}`));
	await page.fill('[name="names/0/name"]', 'Xã Mới');
	await page.fill('[name="names/0/short"]', 'Mới');
	await page.click('main button[type=submit]');
	await settle(page);
	check('a parent that did not stand then is refused beside its field', 'true',
		(await page.locator('.wrong').allInnerTexts()).some((text) => text.includes('huyen-lon')));
	await takePicture(page, 'unit-form-refused');
	await choose(page, page.locator('[name="parents/0/unit"]'), 'Tỉnh Thử');
	await page.click('main button[type=submit]');
	await page.waitForSelector('.note-good');
	check('a unit is made', 'Đã lập đơn vị.', await page.textContent('.note-good p'));
	await page.click('.note-good a[href^="/don-vi/"]');
	await settle(page);
	check('  and has a page', 'Xã Mới', await page.textContent('h1'));
	await page.click('a:has-text("Sửa đơn vị")');
	await page.waitForURL('**/sua');
	await settle(page);
	check('it can be changed', 'Xã Mới', await page.inputValue('[name="names/0/name"]'));
	await page.fill('[name=note]', 'Ghi chú mới');
	await page.click('button:has-text("Thêm: Mã")');
	await page.fill('[name="codes/0/code"]', '99999');
	await page.click('main button[type=submit]');
	await page.waitForSelector('.note-good');
	await settle(page);
	check('  and was', 'Ghi chú mới 99999', `${await page.inputValue('[name=note]')} ${await page.inputValue('[name="codes/0/code"]')}`);
	check('  once', 'Chưa có gì thay đổi.', await page.textContent('.presses .hint'));
	await takePicture(page, 'unit-form');
}

async function merging(page) {
	await visit(page, '/sap-xep');
	check('nothing bars the way to a reorganisation', '', await barriers(page));
	await setDay(page, 'date', '01/03/2026');
	await page.fill('[name=document]', '7/NQ-HĐND');
	await choose(page, page.locator('[name=predecessors]'), 'Xã Thử 11');
	await choose(page, page.locator('[name=predecessors]'), 'Xã E');
	check('what is missing is said', 'Còn thiếu đơn vị sau khi sắp xếp.', await page.textContent('.presses .hint'));
	await page.click('button:has-text("Thêm một đơn vị mới")');
	await page.fill('[name="successors/0/names/0/name"]', '---');
	await page.selectOption('[name="successors/0/kind"]', 'commune');
	await choose(page, page.locator('[name="successors/0/parents/0/unit"]'), 'Huyện Lớn');
	await page.click('main button[type=submit]');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('main [aria-invalid=true]');
	check('a new unit that is refused is refused beside its field', 'successors/0/names/0/name',
		await page.getAttribute('main [aria-invalid=true]', 'name'));
	await page.fill('[name="successors/0/names/0/name"]', 'Xã Hợp Nhất');
	await page.click('main button[type=submit]');
	await page.click('dialog button[type=submit]');
	await page.waitForFunction(() => document.querySelector('main .wrong')?.innerText.includes('huyen-lon'));
	await choose(page, page.locator('[name="successors/0/parents/0/unit"]'), 'Tỉnh Thử');
	await page.click('main button[type=submit]');
	await page.waitForSelector('dialog');
	await settle(page);
	const words = (await page.innerText('dialog')).replace(/\s+/g, ' ');
	check('what follows is told in words', 'true',
		(/Từ ngày 01\/03\/2026, hợp nhất, sáp nhập: Xã Thử 11\d*, Xã E → Xã Hợp Nhất \(7\/NQ-HĐND\)/.test(words) &&
			words.includes('Kết thúc vào hết ngày 28/02/2026')) || words);
	check('nothing is wrong with the question', '', await questionFaults(page, 'reorganise'));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	check('a merger is recorded', 'Đã ghi việc sắp xếp.', await page.textContent('.note-good p'));
	check('  with one new unit, whatever was refused before', '1', await page.evaluate(async () =>
		(await (await fetch('/api/v1/units?name=xa+hop+nhat')).json()).units.length));
	await visit(page, '/don-vi?as_of=2026-02-28&unit=xa-doi-e');
	check('the day before, the old one is in the tree', 'Xã E', await page.textContent('.marked a'));
	await visit(page, '/don-vi?as_of=2026-03-01&unit=xa-doi-e');
	check('  on the day no more', 'true', (await page.textContent('.note')).includes('Xã E không có trong cây'));
	await visit(page, '/don-vi?name=xa+hop+nhat');
	await page.click('.found button');
	await page.waitForSelector('.marked a:has-text("Hợp Nhất")');
	check('  and the new one is there', 'Xã Hợp Nhất', await page.textContent('.marked a'));
	await visit(page, '/don-vi/xa-doi-a');
	check('its history has a third generation', '3', await page.locator('.flow-date').count());

	await visit(page, '/sap-xep');
	await page.selectOption('main [name=kind]', 'rename');
	await setDay(page, 'date', '01/04/2026');
	await choose(page, page.locator('[name=predecessors]'), 'Xã G');
	await page.fill('[name="name/name"]', 'Xã Đổi Tên');
	await page.click('main button[type=submit]');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	await visit(page, '/don-vi/xa-doi-g');
	check('a unit has its new name', 'Xã Đổi Tên', await page.textContent('h1'));
	check('  and had its old one', 'true', (await page.innerText('.facts')).includes('Xã G'));

	await visit(page, '/sap-xep');
	await page.selectOption('main [name=kind]', 'abolish');
	await setDay(page, 'date', '01/05/2026');
	await choose(page, page.locator('[name=predecessors]'), 'Khối thi đua số 1');
	await page.click('main button[type=submit]');
	await page.waitForSelector('dialog');
	await page.keyboard.press('Escape');
	await page.waitForSelector('dialog', { state: 'detached' });
	check('what is not meant is left by Escape', '0', await page.locator('dialog').count());
	check('  and was not done', '0', await page.locator('.note-good').count());

	await setDay(page, 'date', '01/01/1950');
	await page.click('main button[type=submit]');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.wrong');
	check('a unit that did not stand then is refused beside its name', 'true',
		(await page.locator('.wrong').first().innerText()).includes('khoi-thu'));
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thuongtruc');
	await making(page);
	await merging(page);
	check('the browser has nothing to complain of in forms', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);

	await logIn(narrow.page, 'canbo');
	await visit(narrow.page, '/don-vi/xa-xop-2025');
	check('a clerk is offered no change', '0', await narrow.page.locator('a[href$="/sua"]').count());
	await visit(narrow.page, '/sap-xep');
	await setDay(narrow.page, 'date', '01/03/2026');
	await narrow.page.selectOption('main [name=kind]', 'abolish');
	await choose(narrow.page, narrow.page.locator('[name=predecessors]'), 'Xã Xốp');
	await narrow.page.click('main button[type=submit]');
	await narrow.page.click('dialog button[type=submit]');
	await narrow.page.waitForSelector('.problem');
	check('  and is refused where he finds the page', 'true',
		(await narrow.page.innerText('.problem')).includes('không'));
	await takePicture(narrow.page, 'reorganise-narrow');
	check('  nothing is wider than a telephone', 'true',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await narrow.context.close();
}
