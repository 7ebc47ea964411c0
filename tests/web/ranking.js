// SPDX-License-Identifier: Apache-2.0
//
// A cluster is ranked, explained, tried with other scores, and kept.
import { barriers, check, logIn, NARROW, open, questionFaults, settle, takePicture, visit } from './desk.js';

const CLUSTER = '/xep-hang?cluster=cum-thi-dua-01-kon-tum&year=2024&scheme=score_table_v1';

/** "1 Huyện Ngọc Hồi 98,00" of each line. */
async function ranksOf(page) {
	return page.locator('.ranking tbody tr').evaluateAll((rows) =>
		rows.map((row) => `${row.cells[0].textContent} ${row.querySelector('summary').firstChild.textContent} ${row.querySelector('.points').textContent}`));
}

async function assume(page, cell, points) {
	await page.fill(`input[data-cell="${cell}"]`, points);
	await page.press(`input[data-cell="${cell}"]`, 'Tab');
}

async function trying() {
	const { page, context, complaints } = await open();

	await logIn(page, 'chamdiem');
	await visit(page, CLUSTER);
	await page.waitForSelector('.ranking');
	const now = ['1 Huyện Ngọc Hồi 98,00', '2 Huyện Đắk Hà 97,50', '3 Huyện Tu Mơ Rông 97,50', '4 Huyện Đắk Glei 92,50',
		'không xếp Huyện Đắk Tô 98,50'];
	check('ranks and points are those of the scheme', now.join('; '), (await ranksOf(page)).join('; '));
	check('a tie is marked', 'Huyện Đắk Hà, Huyện Tu Mơ Rông',
		(await page.locator('.ranking tr', { has: page.locator('.badge') }).locator('summary').evaluateAll((all) =>
			all.map((summary) => summary.firstChild.textContent))).join(', '));
	await page.locator('.ranking summary').nth(1).click();
	check('each result says why', 'true',
		(await page.locator('.reasons').nth(1).innerText()).includes('Bằng điểm xếp hạng 97,5 với Huyện Tu Mơ Rông'));
	check('what is proposed is called by its name', 'true',
		(await page.locator('.ranking tbody tr').first().innerText()).includes('Cờ thi đua của Ủy ban nhân dân tỉnh'));
	check('nothing bars the way through a ranking', '', await barriers(page));
	await takePicture(page, 'ranking-wide');
	await page.click('button[lang=en]');
	await page.waitForSelector('html[lang=en]');
	await settle(page);
	check('criteria have English names for who reads English', 'true',
		(await page.locator('table:has(input[data-cell]) thead').innerText()).includes('Group C: emulation and commendation'));
	await takePicture(page, 'ranking-english');
	await page.click('button[lang=vi]');
	await page.waitForSelector('html[lang=vi]');

	await assume(page, 'huyen-tu-mo-rong a', '60');
	await page.waitForSelector('.up');
	check('with another score another is first', '1 Huyện Tu Mơ Rông 101,50', (await ranksOf(page))[0]);
	check('  beside what it is now', '3 97,50 tăng 2 bậc',
		(await page.locator('.ranking tbody tr').first().locator('td').nth(2).innerText()).replace(/\s+/g, ' '));
	await takePicture(page, 'ranking-if');
	await assume(page, 'huyen-tu-mo-rong a', 'abc');
	check('what is no number is told', 'Viết điểm bằng số, nhiều nhất hai chữ số thập phân, ví dụ 58,5.',
		await page.locator('input[data-cell="huyen-tu-mo-rong a"]').evaluate((input) => input.validationMessage));
	await assume(page, 'huyen-tu-mo-rong a', '61');
	await page.waitForSelector('.problem');
	check('what the rule refuses is told in its words', 'true',
		(await page.innerText('.problem')).includes('Huyện Tu Mơ Rông'));
	await assume(page, 'huyen-tu-mo-rong a', '56');
	await page.waitForSelector('.note-assumed', { state: 'detached' });
	check('the old score is no assumption', now.join('; '), (await ranksOf(page)).join('; '));

	await page.click('text=Lưu kết quả');
	check('nothing is wrong with the question of what is kept', '', await questionFaults(page, 'keep'));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	await page.click('text=Mở kết quả đã lưu');
	await page.waitForURL('**/xep-hang?ranking=*');
	await page.waitForSelector('.ranking');
	check('what was kept is what was seen', now.join('; '), (await ranksOf(page)).join('; '));

	await visit(page, CLUSTER);
	await page.waitForSelector('.ranking');
	await assume(page, 'huyen-tu-mo-rong a', '57,5');
	await page.waitForSelector('.note-assumed');
	await page.click('text=Ghi các điểm đã sửa');
	check('nothing is wrong with the question of what is given', '', await questionFaults(page, 'give'));
	check('a specialist gives what is his to give', 'appraised department index',
		(await page.locator('dialog option').evaluateAll((all) => all.map((option) => option.value))).join(' '));
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	await page.waitForFunction(() => document.querySelector('.ranking tbody tr summary')?.firstChild.textContent === 'Huyện Tu Mơ Rông');
	check('a score that was given counts', '1 Huyện Tu Mơ Rông 99,00', (await ranksOf(page))[0]);
	check('the browser has nothing to complain of in rankings', '', complaints.join('; '));
	await context.close();
}

/** An answer that comes while somebody types takes nothing of it away. */
async function typing() {
	const { page, context, complaints } = await open();
	let answer;
	const held = new Promise((resolve) => {
		answer = resolve;
	});

	await logIn(page, 'chamdiem');
	await page.route('**/api/v1/rankings', async (route) => {
		await held;
		await route.continue();
	});
	await page.goto(CLUSTER);
	await page.fill('input[data-cell="huyen-dak-glei a"]', '60');
	check('while the answer is awaited there are no ranks', 0, await page.locator('.ranking').count());
	answer();
	await page.waitForSelector('.ranking');
	check('an answer leaves what is being typed', '60', await page.inputValue('input[data-cell="huyen-dak-glei a"]'));
	await page.press('input[data-cell="huyen-dak-glei a"]', 'Tab');
	await page.waitForSelector('.note-assumed');
	check('  and it counts when it is left', '60,00', await page.inputValue('input[data-cell="huyen-dak-glei a"]'));
	check('the page complains of nothing', '', complaints.join('; '));
	await context.close();
}

/** One is left out with the reason, which is kept over a reload until the result is kept. */
async function leavingOut() {
	const { page, context, complaints } = await open();
	const stored = () => page.evaluate(() => Object.keys(localStorage).filter((name) => name.includes('ranking/')).length);

	await logIn(page, 'chamdiem');
	await visit(page, CLUSTER);
	await page.waitForSelector('.ranking');
	const [first] = await ranksOf(page);
	await page.selectOption('[name=excluded]', { label: 'Huyện Đắk Hà' });
	await page.fill('[name=reason]', 'Chậm nộp báo cáo');
	await page.reload();
	await page.waitForSelector('[name=excluded]');
	check('what is typed of an exclusion survives a reload', 'huyen-dak-ha Chậm nộp báo cáo',
		`${await page.inputValue('[name=excluded]')} ${await page.inputValue('[name=reason]')}`);
	await page.click('text=Không xếp đơn vị này');
	await page.waitForFunction(() => document.querySelectorAll('.ranking .rank').length > 0
		&& [...document.querySelectorAll('.ranking tbody tr')].some((row) =>
			row.cells[0].textContent === 'không xếp' && row.innerText.includes('Huyện Đắk Hà')));
	check('who is left out on request is not ranked', first, (await ranksOf(page))[0]);
	check('  nor offered once more', 0, await page.locator('[name=excluded] option', { hasText: 'Huyện Đắk Hà' }).count());
	await page.click('[aria-label="Xếp lại Huyện Đắk Hà"]');
	await page.waitForSelector('.exclusions li', { state: 'detached' });
	check('  and is taken in again', 0, await stored());
	await page.selectOption('[name=excluded]', { label: 'Huyện Đắk Hà' });
	await page.fill('[name=reason]', 'Chậm nộp báo cáo');
	await page.click('text=Không xếp đơn vị này');
	await assume(page, 'huyen-dak-glei a', '60');
	await page.reload();
	await page.waitForSelector('.note-assumed >> nth=1');
	check('exclusions and scores assumed survive a reload', 'Huyện Đắk Hà: Chậm nộp báo cáo 60,00',
		`${(await page.innerText('.exclusions li')).replace('Xếp lại', '').trim()} ${await page.inputValue('input[data-cell="huyen-dak-glei a"]')}`);
	check('nothing bars the way through exclusions', '', await barriers(page));
	await takePicture(page, 'ranking-excluded');
	await page.setViewportSize(NARROW);
	await takePicture(page, 'ranking-excluded-narrow');
	check('they are no wider than a telephone', '390', await page.evaluate(() => document.documentElement.scrollWidth));
	await page.click('text=Bỏ điểm thử');
	await page.click('text=Lưu kết quả');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	check('once the result is kept by the server, the browser keeps nothing', 0, await stored());
	await page.click('text=Mở kết quả đã lưu');
	await page.waitForURL('**/xep-hang?ranking=*');
	await page.waitForSelector('.exclusions');
	check('  and it tells who was left out and why', 'Huyện Đắk Hà: Chậm nộp báo cáo', (await page.innerText('.exclusions')).trim());
	check('the browser has nothing to complain of in exclusions', '', complaints.join('; '));
	await context.close();
}

async function others() {
	const { page, context } = await open(NARROW);

	await logIn(page, 'truongcum');
	await visit(page, CLUSTER);
	await page.waitForSelector('.ranking');
	await takePicture(page, 'ranking-narrow');
	check('a ranking is no wider than a telephone', '390',
		await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	await context.close();

	const clerk = await open();
	await logIn(clerk.page, 'canbo');
	await visit(clerk.page, CLUSTER);
	await settle(clerk.page);
	check('a clerk is told that he ranks nobody, and is not refused', 'true 0',
		`${(await clerk.page.innerText('main')).includes('Vai trò của bạn không tính xếp hạng ở đây')} ${await clerk.page.locator('.problem').count()}`);
	check('  and sees the scores of his own unit', 'true',
		/^\d+,\d\d$/.test(await clerk.page.inputValue('input[data-cell="huyen-dak-glei a"]')));
	check('  of others nothing', '', await clerk.page.inputValue('input[data-cell="huyen-ngoc-hoi a"]'));
	await clerk.context.close();
}

export default async function () {
	await trying();
	await typing();
	await leavingOut();
	await others();
}
