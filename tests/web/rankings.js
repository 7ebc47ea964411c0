// SPDX-License-Identifier: Apache-2.0
//
// Rankings that were kept are found and read; a council's ballots are counted;
// a cluster is ranked with the keyboard alone.
import { barriers, check, logIn, NARROW, open, settle, tabTo, takePicture, visit, WIDE } from './desk.js';

const VOTE = '/xep-hang?cluster=tinh-kon-tum&year=2023&scheme=council_vote_v1';

/** The text of an element on one line. */
const lineOf = async (place) => (await place.innerText()).replace(/\s+/g, ' ').trim();

async function periodsOf(page) {
	return page.locator('.kept-rankings tbody tr td:nth-child(2)').allInnerTexts();
}

async function kept() {
	const { page, context, complaints } = await open();

	await logIn(page, 'lanhdao');
	await visit(page, '/xep-hang');
	check('what was kept is listed, the latest period first', '2024 2023 2022', (await periodsOf(page)).join(' '));
	const first = await lineOf(page.locator('.kept-rankings tbody tr').first());
	check('  with the cluster, who came first, and who kept it', 'true',
		['Cụm thi đua', 'Huyện Ngọc Hồi', '(xếp 3 trên 5)', 'chamdiem'].every((text) => first.includes(text)) || first);
	await page.selectOption('select[name=year]', '2023');
	await settle(page);
	check('  that of a year by its year', '2023', (await periodsOf(page)).join(' '));
	await page.selectOption('select[name=scheme]', 'new_rural_v1');
	await settle(page);
	check('  none by a scheme that none was kept by', '', (await periodsOf(page)).join(' '));
	check('nothing bars the way through the list', '', await barriers(page));

	await visit(page, '/xep-hang');
	await takePicture(page, 'rankings-wide');
	await page.click('.kept-rankings tbody a');
	await page.waitForSelector('.ranking');
	await settle(page);
	const facts = await lineOf(page.locator('.facts'));
	check('one opens with what it is of, who made it and when', 'true',
		(/Kỳ xếp hạng 2024/.test(facts) && /Bảng điểm có điểm thưởng/.test(facts) && /chamdiem, \d\d:\d\d/.test(facts)) || facts);
	check('  with the reasons of every score', '5', await page.locator('.ranking details[open] .reasons').count());
	check('  and why somebody was left out', 'Huyện Đắk Glei: Chậm nộp báo cáo', await lineOf(page.locator('h2:text("không xếp hạng") + ul')));
	await page.click('button[lang=en]');
	await page.waitForSelector('html[lang=en]');
	await settle(page);
	check('  in English the scheme has its English name', 'true', (await page.innerText('.facts')).includes('Table of scores with bonus and penalty'));
	await visit(page, '/xep-hang');
	check('  in the list, too', 'true', (await page.innerText('.kept-rankings')).includes('Table of scores with bonus and penalty'));
	check('  and where one is chosen', 'Communes by the new rural criteria, Scores by departments, with a bonus, Secret ballot of the council, Table of scores with bonus and penalty',
		(await page.locator('select[name=scheme] option:not([value=""])').allInnerTexts()).sort().join(', '));
	await page.goBack();
	await page.click('button[lang=vi]');
	await page.waitForSelector('html[lang=vi]');
	await settle(page);
	check('nothing bars the way through what was kept', '', await barriers(page));
	await takePicture(page, 'ranking-kept-wide');
	await page.emulateMedia({ media: 'print' });
	check('on paper it has its reasons, and nothing to press', 'true 0',
		`${await page.locator('.ranking .reasons').first().isVisible()} ${await page.locator('main button:visible').count()}`);
	await takePicture(page, 'ranking-kept-paper');
	await page.emulateMedia({ media: 'screen' });
	await page.setViewportSize(NARROW);
	await takePicture(page, 'ranking-kept-narrow');
	check('what was kept is no wider than a telephone', '390', await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	await visit(page, '/xep-hang');
	await takePicture(page, 'rankings-narrow');
	check('  nor is the list', '390', await page.evaluate(() => document.documentElement.scrollWidth));
	check('the browser has nothing to complain of in what was kept', '', complaints.join('; '));
	await context.close();

	const clerk = await open();
	await logIn(clerk.page, 'canbo');
	await visit(clerk.page, '/xep-hang');
	check('a clerk of a member sees none', 'Chưa có kết quả nào được lưu mà bạn được xem.',
		await lineOf(clerk.page.locator('section p')));
	await clerk.context.close();
}

async function typeBallot(page, { whom, award, members, present, yes, no, ...written }) {
	await page.fill('[name=unit]', whom);
	await page.selectOption('[name=award]', award);
	for (const [name, value] of Object.entries({ members, present, yes, no, ...written })) {
		await page.fill(`[name=${name}]`, String(value));
	}
	await page.click('main form button[type=submit]');
}

async function votes() {
	const { page, context, complaints } = await open();
	const outcomes = () => page.locator('.ballots tbody tr').evaluateAll((rows) =>
		rows.map((row) => row.cells[3].innerText.replace(/\s+/g, ' ').trim()));

	await logIn(page, 'lanhdao');
	await visit(page, VOTE);
	check('the ranking offers the vote of a council', 'true',
		(await page.locator('select[name=scheme] option').allInnerTexts()).includes('Bỏ phiếu kín của Hội đồng'));
	await takePicture(page, 'vote-start');
	const x = { whom: 'Nguyễn Văn X', award: 'fighter_province', members: 13, present: 12, yes: 11, no: 1, written_yes: 1 };
	await typeBallot(page, x);
	await page.waitForSelector('.ballots tbody tr');
	const counted = await lineOf(page.locator('.ballots tbody tr').first());
	check('a count is shown with who was present, for and against', 'true',
		(counted.includes('11 đồng ý, 1 không đồng ý (12/13 có mặt)') && counted.includes('1 đồng ý, 0 không đồng ý')) || counted);
	check('  what it comes to, the majority in words and the article of the law',
		'Đạt 12 phiếu đồng ý, cần 12 (90% của 13 thành viên) Cần ít nhất 90% tổng số thành viên Hội đồng. Đúng mức của 91/2017 Điều 45.8.',
		(await outcomes())[0]);
	await typeBallot(page, { ...x, whom: 'Trần Thị Y', present: 13, yes: 11, no: 2, written_yes: 0 });
	await page.waitForSelector('.ballots tbody tr:nth-child(2)');
	check('who has too few is not carried', 'true', (await outcomes())[1].startsWith('Không đạt 11 phiếu đồng ý, cần 12'));
	await typeBallot(page, { ...x, whom: 'Lê Z', yes: 13, written_yes: 0 });
	await page.waitForSelector('[aria-invalid=true]:focus'); // the reader is taken there
	check('more votes than members present are refused at their field', 'yes',
		await page.locator('[aria-invalid=true]').getAttribute('name'));
	check('  and nothing was counted', '2', await page.locator('.ballots tbody tr').count());
	await typeBallot(page, { ...x, whom: 'Lê Z', award: 'merit_province', present: 10, yes: 10, no: 0, written_yes: 0 });
	await page.waitForSelector('.ballots tbody tr:nth-child(3)');
	check('each award has its own majority', 'true', (await outcomes())[2].startsWith('Không đạt 10 phiếu đồng ý, cần 11'));
	check('  and where the law names none, that is said', 'true', (await outcomes())[2].endsWith('Chưa dẫn được điều luật ấn định tỷ lệ cho hình thức này.'));
	check('the candidates are ranked, each with why', '1 Nguyễn Văn X', (await lineOf(page.locator('.ranking tbody tr').first())).slice(0, 14));
	await page.click('[aria-label="Sửa phiếu của Lê Z"]');
	await page.fill('[name=written_yes]', '3');
	await page.click('main form button[type=submit]');
	await page.waitForFunction(() => document.querySelectorAll('.ballots .badge-good').length === 2);
	check('a count is mended', 'true', (await outcomes())[2].startsWith('Đạt 13 phiếu đồng ý, cần 11'));
	await page.click('[aria-label="Bỏ phiếu của Trần Thị Y"]');
	await page.waitForFunction(() => document.querySelectorAll('.ballots tbody tr').length === 2);
	await page.selectOption('[name=excluded]', 'Lê Z');
	await page.fill('[name=reason]', 'Đang bị kỷ luật');
	await page.fill('[name=basis]', 'Điều 12 Quy chế thi đua');
	await page.click('text=Không xếp đơn vị này');
	await page.waitForSelector('.exclusions li');
	await page.fill('[name=unit]', 'Nguyễn Thị Đ');
	const before = await outcomes();
	await page.reload();
	await page.waitForSelector('.ballots tbody tr:nth-child(2)');
	check('ballots, exclusions and what is being typed survive a reload', `${before.join(' ')} Lê Z: Đang bị kỷ luật (căn cứ Điều 12 Quy chế thi đua) Nguyễn Thị Đ`,
		`${(await outcomes()).join(' ')} ${(await page.innerText('.exclusions li')).replace('Xếp lại', '').trim()} ${await page.inputValue('[name=unit]')}`);
	await page.selectOption('[name=award]', 'flag_government');
	check('an award with a quota asks what it is a share of', '1', await page.locator('[name=cluster_leaders]').count());
	await page.selectOption('[name=award]', 'merit_province');
	check('nothing bars the way through ballots', '', await barriers(page));
	await takePicture(page, 'vote-wide');
	await page.setViewportSize(NARROW);
	await takePicture(page, 'vote-narrow');
	check('ballots are no wider than a telephone', '390', await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	await page.setViewportSize(WIDE);

	await page.click('text=Lưu kết quả');
	await page.click('dialog button[type=submit]');
	await page.waitForSelector('.note-good');
	await page.click('text=Mở kết quả đã lưu');
	await page.waitForURL('**/xep-hang?ranking=*');
	await page.waitForSelector('.ballots');
	await settle(page);
	check('what was kept has the ballots as they were counted', 'true true',
		`${(await outcomes())[0].startsWith('Đạt 12 phiếu đồng ý, cần 12')} ${(await lineOf(page.locator('.ballots'))).includes('11 đồng ý, 1 không đồng ý (12/13 có mặt)')}`);
	await takePicture(page, 'vote-kept');
	check('  and who was left out, by what', 'Lê Z: Đang bị kỷ luật (căn cứ Điều 12 Quy chế thi đua)', (await page.innerText('.exclusions')).trim());
	await visit(page, VOTE);
	check('  and nothing is left of what was typed', 0, await page.locator('.ballots').count());
	check('the browser has nothing to complain of in ballots', '', complaints.join('; '));
	await context.close();
}

/** Chooses in a list with the arrows, from the top down. */
async function choose(page, selector, text) {
	const at = await page.locator(`${selector} option`).evaluateAll((all, wanted) =>
		all.findIndex((option) => option.textContent === wanted), text);

	check(`  the keyboard comes to ${selector}`, true, await tabTo(page, selector));
	await page.keyboard.press('Home');
	for (let i = 0; i < at; i++) {
		await page.keyboard.press('ArrowDown');
	}
	await settle(page);
}

async function byKeyboard() {
	const { page, context } = await open();
	const press = (key) => page.keyboard.press(key);

	await logIn(page, 'chamdiem');
	await visit(page, '/xep-hang');
	check('  the keyboard comes to the cluster', true, await tabTo(page, '[name=cluster]'));
	await page.keyboard.type('cum thi dua cac huyen');
	await page.waitForSelector('[role=option]');
	await press('Enter');
	await page.waitForURL('**cluster=cum-thi-dua-01-kon-tum*');
	await settle(page);
	await choose(page, 'select[name=year]', '2024');
	await choose(page, 'select[name=scheme]', 'Bảng điểm có điểm thưởng, điểm trừ');
	await page.waitForSelector('.ranking');
	check('a cluster is ranked with the keyboard alone', 'Huyện Ngọc Hồi', await page.locator('.ranking summary').first().innerText());
	await tabTo(page, '.ranking summary');
	await press('Enter');
	check('  the reasons open by a key', '1', await page.locator('.ranking details[open]').count());
	await tabTo(page, 'input[data-cell="huyen-tu-mo-rong a"]');
	await press('Control+A');
	await page.keyboard.type('60');
	await press('Tab');
	await page.waitForSelector('.up');
	check('  another score is tried', 'Huyện Tu Mơ Rông', await page.locator('.ranking summary').first().innerText());
	await page.evaluate(() => document.querySelector('h1').focus());
	await tabTo(page, '.note-assumed button');
	await press('Enter');
	await page.waitForSelector('.note-assumed', { state: 'detached' });
	await page.evaluate(() => document.querySelector('h1').focus());
	check('  the keyboard comes to what keeps it', true, await tabTo(page, 'main button.main'));
	await press('Enter');
	await page.waitForSelector('dialog[open]');
	await tabTo(page, 'dialog button[type=submit]');
	await press('Enter');
	await page.waitForSelector('.note-good');
	check('  the result is kept', 'true', (await page.innerText('.note-good')).includes('Đã lưu kết quả xếp hạng.'));
	await page.waitForSelector('.kept-rankings tbody tr:nth-child(2)');
	await tabTo(page, '.kept-rankings tbody a');
	await press('Enter');
	await page.waitForURL('**ranking=*');
	await settle(page);
	check('  and read', '5', await page.locator('.ranking tbody tr').count());
	await context.close();
}

/** Who may not rank has the scores and what was kept, and nothing that would be refused. */
async function asReader() {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await visit(page, '/xep-hang?cluster=cum-thi-dua-01-kon-tum&year=2024&scheme=score_table_v1');
	check('an auditor reads the scores without a refusal above them', '0 Huyện Đắk Glei',
		`${await page.locator('.problem').count()} ${await page.locator('.sheet tbody th').first().innerText()}`);
	check('  is told that he does not rank', 'true', (await page.innerText('main')).includes('Vai trò của bạn không tính xếp hạng ở đây'));
	check('  and finds nothing there to change or to keep', '0 0',
		`${await page.locator('.sheet input').count()} ${await page.locator('main button:not(.filters button)').count()}`);
	check('  but what was kept', '2024', (await periodsOf(page)).join(' '));
	check('nothing bars the way there', '', await barriers(page));
	await takePicture(page, 'ranking-reader-wide');
	await page.setViewportSize(NARROW);
	await takePicture(page, 'ranking-reader-narrow');
	check('  nor on a telephone, where it is no wider', ' 390',
		`${await barriers(page)} ${await page.evaluate(() => document.documentElement.scrollWidth)}`);
	await page.setViewportSize(WIDE);
	await page.click('.kept-rankings tbody a');
	await page.waitForSelector('.ranking');
	await settle(page);
	check('from what was kept he is led to the scores, not to a ranking anew', 'Xem bảng điểm hiện nay',
		await page.innerText('main p.unprinted:last-child a'));
	await visit(page, VOTE);
	check('nor is he asked for ballots', '0 0 true',
		`${await page.locator('.problem').count()} ${await page.locator('[name=award]').count()} ${(await page.innerText('main')).includes('Vai trò của bạn không ghi kết quả kiểm phiếu')}`);
	check('the browser has nothing to complain of as he reads', '', complaints.join('; '));
	await context.close();
}

export default async function () {
	await kept();
	await asReader();
	await votes();
	await byKeyboard();
}
