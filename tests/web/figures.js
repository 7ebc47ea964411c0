// SPDX-License-Identifier: Apache-2.0
//
// What a document says of itself is entered, compared by the report, corrected
// and withdrawn.
import { barriers, check, inFocus, logIn, NARROW, open, questionFaults, settle, takePicture, visit } from './desk.js';

const HALF = 'unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30';
const FIGURES = `/so-lieu?${HALF}`;

const lineOf = async (place) => (await place.innerText()).replace(/\s+/g, ' ').trim();

/** The row of the figure that the page tells last of. */
async function reported(page, label) {
	await visit(page, `/bao-cao?report=half-year&${HALF}`);
	return (await page.locator('table.figures tr', { hasText: label }).allInnerTexts()).join(' ').replace(/\s+/g, ' ');
}

async function entering() {
	const { page, context, complaints } = await open();
	const row = () => page.locator('.figure-rows tbody tr', { hasText: 'Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh, hộ gia đình' });
	const send = () => page.click('main form button[type=submit]');

	await logIn(page, 'chamdiem');
	await visit(page, FIGURES);
	const all = await page.locator('.figure-rows tbody tr').count();
	check('figures of a unit and period are listed', 'true', all > 20);
	check('  by what they measure, what the document says, and where', 'true',
		(await lineOf(page.locator('.figure-rows tbody tr').first())).includes('Cờ thi đua của Chính phủ, tập thể'));
	check('  and the document is a press away', '/van-ban/bc-so-ket-6-thang-2023-kon-tum',
		await page.locator('.figure-rows tbody a').first().evaluate((link) => link.pathname));
	check('nothing bars the way through figures', '', await barriers(page));
	await takePicture(page, 'figures-wide');

	await page.click('main button.main');
	await page.selectOption('[name=measure]', 'merit_province');
	await page.selectOption('[name=subject]', 'household');
	await page.fill('[name=value]', '41');
	check('nothing bars the way through the form', '', await barriers(page));
	await takePicture(page, 'figures-form');
	await send();
	await page.waitForSelector('form .wrong');
	check('a figure needs its document', 'Chọn văn bản có số liệu này.', await page.innerText('form .wrong'));
	await page.fill('[name=reference]', '172/BC-UBND');
	await page.press('[name=reference]', 'Enter');
	await page.waitForSelector('.row-button');
	await page.locator('.row-button').first().click();
	await page.fill('[name=value]', 'nhiều');
	await send();
	await page.waitForSelector('[name=value][aria-invalid=true]');
	check('what is no number is told at its field', 'true', (await page.innerText('form .wrong')).includes('chữ số'));
	await page.selectOption('[name=how]', 'words');
	await page.fill('[name=words]', 'hàng ngàn');
	await page.fill('[name=place]', 'IV.1');
	await send();
	await page.waitForSelector('.note-good');
	await settle(page);
	check('words stay words', 'true', (await lineOf(row())).includes('“hàng ngàn”'));
	check('  with a receipt', 'true', (await page.innerText('.note-good')).includes('Đã ghi'));
	check('  and the next one is of the same document', '1', await page.locator('form .chosen').count());
	check('the report sets it beside what it computes', 'true', (await reported(page, 'hàng ngàn')).includes('hàng ngàn'));
	check('  and leads back', FIGURES.split('?')[0], await page.locator('a[href^="/so-lieu"]').last().evaluate((link) => link.pathname));

	await visit(page, FIGURES);
	await row().locator('button', { hasText: 'Sửa' }).click();
	check('whoever corrects is taken to the form', 'Sửa số liệu', await inFocus(page, 'textContent', 'Sửa số liệu'));
	await page.selectOption('[name=how]', 'number');
	await page.fill('[name=value]', '1.041');
	await send();
	await page.waitForSelector('.note-good');
	await settle(page);
	check('a correction stands in its place', 'true', (await lineOf(row())).includes('1.041'));
	await row().locator('summary').click();
	await page.waitForSelector('.figure-rows details li .hint');
	await settle(page);
	check('  and what stood there before is told', 'true', (await lineOf(row().locator('details li'))).includes('“hàng ngàn”'));
	await takePicture(page, 'figures-mended');

	await row().locator('button', { hasText: 'Rút' }).click();
	check('nothing is wrong with the question of a withdrawal', '', await questionFaults(page, 'withdraw'));
	await page.click('dialog button[type=submit]');
	check('  nothing is withdrawn without a reason', 'true',
		await page.locator('dialog [name=withdrawn]').evaluate((field) => field.validity.valueMissing));
	await page.keyboard.type('Nhập nhầm văn bản'); // what is wanting has the focus
	await page.keyboard.press('Enter');
	await page.waitForSelector('.figure-rows .withdrawn');
	await settle(page);
	check('what was withdrawn stays, with the reason', 'true', (await lineOf(row())).includes('Đã rút Nhập nhầm văn bản'));
	check('  and can be changed no more', '0', await row().locator('td.unprinted button').count());
	check('  no report has it', '', await reported(page, '1.041'));
	check('the browser has nothing to complain of in figures', '', complaints.join('; '));
	await context.close();
}

async function others() {
	const { page, context } = await open(NARROW);

	await logIn(page, 'chamdiem');
	await visit(page, FIGURES);
	await takePicture(page, 'figures-narrow');
	check('figures are no wider than a telephone', '390', await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	await context.close();

	const reader = await open();
	await logIn(reader.page, 'hoidong');
	await visit(reader.page, FIGURES);
	check('a council member reads and enters nothing', 'true 0',
		`${(await reader.page.locator('.figure-rows tbody tr').count()) > 20} ${await reader.page.locator('main form, main td button').count()}`);
	await reader.context.close();

	const clerk = await open();
	await logIn(clerk.page, 'canbo');
	await visit(clerk.page, FIGURES);
	check('a clerk of a district has none of the province', 'Không có quyền thực hiện việc này',
		await clerk.page.innerText('.problem-title'));
	await clerk.context.close();
}

export default async function () {
	await entering();
	await others();
}
