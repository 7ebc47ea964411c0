// SPDX-License-Identifier: Apache-2.0
//
// From a report to the grants that its numbers count.
import { readFileSync } from 'node:fs';

import { barriers, check, logIn, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

const HALF = 'report=half-year&unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30';

async function answer(page, path) {
	return (await page.request.get(`/api/v1${path}`)).json();
}

/** All text and numbers of the document, by the JSON of the report. */
function textsOf(blocks) {
	return blocks.flatMap((block) => [
		...(block.runs ?? []).map((run) => run.text),
		...(block.cells ?? []).map((cell) => cell.text),
		...(block.columns ?? []).map((column) => column.title),
		...(block.recipients ?? []),
		...[block.label, block.source, block.quote, block.name].filter(Boolean),
		...['issuer', 'superior', 'authority'].flatMap((name) => (block[name] ?? '').split('\n')).filter(Boolean),
	]);
}

/** How much the grants come to that a link of the page leads to. */
async function sumBehind(page, href) {
	const words = new URL(href, 'http://x').searchParams;
	const unit = words.get('unit');
	let cursor = '';
	let sum = 0;

	words.delete('unit');
	words.set('limit', '200');
	do {
		const list = await answer(page, `/units/${unit}/grants?${words}${cursor && `&cursor=${cursor}`}`);

		for (const { subject } of list.grants) {
			sum += subject.count ?? 1;
		}
		cursor = list.next ?? '';
	} while (cursor !== '');
	return sum;
}

async function choosing() {
	const { page, context, complaints } = await open();

	await logIn(page, 'lanhdao');
	await page.click('nav a[href="/bao-cao"]');
	await settle(page);
	check('a report is chosen among those that are installed',
		'Sổ khen thưởng theo kỳ, Báo cáo sơ kết 6 tháng (phần khen thưởng)',
		(await page.locator('select[name=report] option').allInnerTexts()).join(', '));
	check('nothing bars the way to a report', '', await barriers(page));
	await page.selectOption('select[name=report]', 'half-year');
	await page.click('summary');
	check('what it asks besides it says itself', 'true',
		(await page.innerText('.own')).includes('Kèm đề mục các phần khác của báo cáo'));
	await page.fill('input[name=signer]', 'Trần Văn Bảy');
	await page.fill('input[name=from]', '01/01/2023');
	await page.fill('input[name=to]', '30/06/2023');
	await page.press('input[name=to]', 'Tab');
	await page.click('main form button[type=submit]');
	await page.waitForSelector('.paper');
	check('all that is asked stands in the address', `?${HALF}&x.signer=${encodeURIComponent('Trần Văn Bảy').replaceAll('%20', '+')}`,
		new URL(page.url()).search);
	check('the document is signed by whom was named', 'Trần Văn Bảy', await page.innerText('.signer'));
	const year = await page.evaluate(() => new Date().getFullYear()) - 1;

	await page.selectOption('select[name=period]', { label: `Năm ${year}` });
	check('a period that is offered fills in its days', `01/01/${year} 31/12/${year}`,
		`${await page.inputValue('input[name=from]')} ${await page.inputValue('input[name=to]')}`);
	check('the browser has nothing to complain of in choosing', '', complaints.join('; '));
	await context.close();
}

/** In English all but the document itself. */
async function english() {
	const { page, context, complaints } = await open();

	await logIn(page, 'lanhdao');
	await visit(page, `/bao-cao?${HALF}`);
	const paper = await page.textContent('.paper');

	await page.click('button[lang=en]');
	await page.waitForSelector('html[lang=en]');
	await settle(page);
	check('in English reports are called by their English names', 'Register of awards of a period, Half-year report (commendation)',
		(await page.locator('select[name=report] option').allInnerTexts()).join(', '));
	check('  so are formats', 'true', (await page.innerText('button[data-format=csv]')).includes('Tables (CSV)'));
	await page.click('form summary');
	check('  and what a report asks', 'true', (await page.innerText('.own')).includes("With the headings of the report's other parts"));
	check('  the document stays as it was', paper, await page.textContent('.paper'));
	await takePicture(page, 'report-english');
	check('the browser has nothing to complain of in English', '', complaints.join('; '));
	await context.close();
}

async function reading() {
	const { page, context, complaints } = await open();

	await logIn(page, 'lanhdao');
	await visit(page, `/bao-cao?${HALF}`);
	const { blocks } = await answer(page, '/reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30&language=vi&format=json');
	const shown = (await page.locator('.paper').textContent()).normalize('NFC');
	check('the preview has every text and number of the report', '',
		textsOf(blocks).filter((text) => !shown.includes(text.normalize('NFC'))).join('; '));
	const numbers = blocks.flatMap((block) => (block.cells ?? []).filter((cell) => cell.counted).map((cell) => cell.text));
	check('each number of the table leads on', numbers.join(' '),
		(await page.locator('.paper td a.counted').allInnerTexts()).slice(0, numbers.length).join(' '));
	const links = await page.locator('.paper a.counted').evaluateAll((all) =>
		all.map((link) => ({ href: link.getAttribute('href'), text: link.textContent })));
	const wrong = [];
	for (const { href, text } of links.filter(({ text }) => !text.includes('%'))) {
		const wanted = Number(text.replace(/[^\d]/g, ''));
		const got = await sumBehind(page, href);

		if (wanted !== got) {
			wrong.push(`${text}: ${got} behind ${href}`);
		}
	}
	const share = links.find(({ text }) => text === '1,74%');
	check('a share leads to those whom it counts', 8, share && await sumBehind(page, share.href));
	check('each leads to exactly as many grants', '', wrong.join('; '));
	check('  and there are some', 'true', links.length > 20);
	check('what is reported stands beside what is computed', 'true',
		(await page.locator('.figures').allInnerTexts()).join().includes('62,08%'));
	check('nothing bars the way through a report', '', await barriers(page));
	await takePicture(page, 'report-wide');

	const [download] = await Promise.all([page.waitForEvent('download'), page.click('button[data-format=csv]')]);
	const wanted = await page.request.get('/api/v1/reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30&format=csv');
	check('a file is what the server gives, byte for byte', '0',
		Buffer.compare(readFileSync(await download.path()), await wanted.body()));
	check('  by its name', 'half-year-tinh-kon-tum.csv', download.suggestedFilename());
	const [word] = await Promise.all([page.waitForEvent('download'), page.click('button[data-format=docx]')]);
	const docx = readFileSync(await word.path());
	const same = await (await page.request.get('/api/v1/reports/half-year?unit=tinh-kon-tum&from=2023-01-01&to=2023-06-30&format=docx')).body();
	check('the Word file is one, of the same size as the server gives', `PK ${same.length}`,
		`${docx.subarray(0, 2)} ${docx.length}`);

	await page.locator('.paper td a.counted').first().click();
	await settle(page);
	check('a number leads to its grants', 'Khen thưởng – Tỉnh Kon Tum', await page.innerText('h1'));
	check('  whose sum it is', `Tổng số: ${Number(numbers[0])}`, await page.innerText('.sum'));
	await page.goBack();
	await page.waitForSelector('.paper');

	await page.click('text=English');
	await page.waitForSelector('header >> text=Tiếng Việt');
	await page.waitForSelector('.paper');
	check('the paper stays in its language', 'true',
		(await page.innerText('.paper')).includes('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'));
	await page.click('header >> text=Tiếng Việt');
	check('the browser has nothing to complain of in reports', '', complaints.join('; '));
	await context.close();
}

/** A list of every grant: its beginning is shown, the whole is downloaded. */
async function long() {
	const { page, context } = await open();
	const words = 'unit=tinh-kon-tum&from=1990-01-01&to=2026-06-30';
	const asked = [];
	const rowsOf = ({ blocks }) => blocks.filter(({ block }) => block === 'row');

	await logIn(page, 'lanhdao');
	page.on('request', (request) => asked.push(request.url()));
	await visit(page, `/bao-cao?report=award-register&${words}&x.names=true`);
	const all = rowsOf(await answer(page, `/reports/award-register?${words}&names=true&format=json`));
	const few = rowsOf(await answer(page, `/reports/award-register?${words}&names=true&format=json&rows=3`));
	const list = page.locator('.paper table').last();

	check('a report can be asked for with few rows of each table, and all totals',
		JSON.stringify([...all.slice(0, 3), ...all.slice(3).filter(({ kind }) => kind === 'total')]),
		JSON.stringify(few.slice(0, -3)));
	check('  and it is a long one', true, all.length > 150);
	check('of a long list the beginning is shown', 100, await list.locator('tbody tr').count());
	check('  and asked for', true, asked.some((url) => url.includes('/reports/award-register') && url.includes('rows=101')));
	check('  which is told, with what to do', 'Bảng còn dài hơn: ở đây chỉ có 100 dòng đầu và các dòng cộng. Tải về để có đủ.',
		await page.locator('.paper .wide').last().locator('.note').innerText());
	check('  at that table alone', 1, await page.locator('.paper .note').count());
	await takePicture(page, 'report-long');
	const [download] = await Promise.all([page.waitForEvent('download'), page.click('button[data-format=csv]')]);

	check('the download is whole', true,
		readFileSync(await download.path(), 'utf8').split('\n').length > all.length);
	await context.close();
}

async function refusals() {
	const { page, context } = await open();

	await logIn(page, 'canbo');
	await visit(page, `/bao-cao?${HALF}`);
	check('a report of another unit is refused in words',
		'Không có quyền thực hiện việc này', await page.innerText('.problem-title'));
	await visit(page, '/bao-cao?report=khong-co&unit=huyen-dak-glei&from=2023-01-01&to=2023-06-30');
	check('a report that is not there is told', 'Không tìm thấy', await page.innerText('.problem-title'));
	await visit(page, '/khen-thuong?unit=tinh-kon-tum');
	check('grants of another unit are refused in words', 'Không có quyền thực hiện việc này',
		await page.innerText('.problem-title'));
	await page.route('**/reports/half-year?*format=docx*', (route) => route.fulfill({
		status: 502, contentType: 'application/problem+json',
		body: JSON.stringify({ status: 502, title: 'Phần mở rộng bị lỗi', detail: 'phần mở rộng format-docx: dừng giữa chừng' }) }));
	await visit(page, '/bao-cao?report=half-year&unit=huyen-dak-glei&from=2024-01-01&to=2024-06-30');
	await page.click('button[data-format=docx]');
	await page.waitForSelector('.problem');
	check('a format that fails is told with what to do next',
		'Phần mở rộng bị lỗi Phần mở rộng format-docx: dừng giữa chừng Báo cho quản trị hệ thống của cơ quan.',
		await page.innerText('.problem'));
	check('  and the document stays', '1', await page.locator('.paper').count());
	await context.close();

	const other = await open();
	await logIn(other.page, 'hoidong');
	check('who may run no report is offered none', '0', await other.page.locator('nav a[href="/bao-cao"]').count());
	await visit(other.page, '/khen-thuong?unit=tinh-kon-tum&from=2023-05-02&to=2023-05-02');
	check('who may see grants sees them without a sum', '50 0',
		`${await other.page.locator('.grants tbody tr').count()} ${await other.page.locator('.sum').count()}`);
	await other.context.close();
}

async function grants() {
	const { page, context, complaints } = await open();
	const rows = () => page.locator('.grants tbody tr').count();

	await logIn(page, 'thanhtra');
	await visit(page, '/khen-thuong?unit=tinh-kon-tum&from=2023-05-02&to=2023-05-02');
	check('a page has fifty grants', '50', await rows());
	check('  and their sum is told', 'Tổng số: 120', await page.innerText('.sum'));
	check('no name runs or becomes an element', 'undefined 0',
		`${await page.evaluate(() => typeof window.hacked)} ${await page.locator('main img').count()}`);
	await page.click('text=Xem tiếp');
	await page.waitForFunction(() => document.querySelectorAll('.grants tbody tr').length === 100);
	await page.click('text=Xem tiếp');
	await page.waitForFunction(() => document.querySelectorAll('.grants tbody tr').length === 120);
	check('the end is the end', '0', await page.locator('text=Xem tiếp').count());
	check('nothing bars the way through grants', '', await barriers(page));
	await page.selectOption('select[name=attribute]', 'direct_worker');
	await settle(page);
	check('a filter narrows list and sum alike', '24 Tổng số: 24', `${await rows()} ${await page.innerText('.sum')}`);
	await page.selectOption('select[name=award]', 'merit_province');
	await settle(page);
	check('filters stand in the address', 'true',
		page.url().includes('attribute=direct_worker') && page.url().includes('award=merit_province'));
	await takePicture(page, 'grants-wide');
	check('each leads to its decision', '/quyet-dinh/q-nhieu',
		await page.locator('.grants tbody tr').first().locator('td:last-child a').getAttribute('href'));
	await page.selectOption('select[name=state]', 'revoked');
	await settle(page);
	check('where nothing fits it is said', 'Không có trường hợp nào phù hợp.',
		await page.innerText('main > p:last-of-type'));
	check('the browser has nothing to complain of in grants', '', complaints.join('; '));
	await context.close();
}

async function smallAndByKeyboard() {
	const { page, context } = await open(NARROW);

	await logIn(page, 'lanhdao');
	await visit(page, `/bao-cao?${HALF}`);
	await takePicture(page, 'report-narrow');
	check('a report is no wider than a telephone', '390',
		await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	await visit(page, '/khen-thuong?unit=tinh-kon-tum&from=2023-05-02&to=2023-05-02');
	await takePicture(page, 'grants-narrow');
	check('grants are no wider than a telephone', '390',
		await page.evaluate(() => document.documentElement.scrollWidth));
	await context.close();

	const wide = await open();
	await logIn(wide.page, 'lanhdao');
	await visit(wide.page, `/bao-cao?${HALF}`);
	check('a number is reached by the keyboard', 'true', await tabTo(wide.page, '.paper a.counted'));
	await wide.page.keyboard.press('Enter');
	await wide.page.waitForURL('**/khen-thuong?*');
	check('  and followed', 'true', wide.page.url().includes('award=flag_government'));
	await wide.context.close();
}

export default async function () {
	for (const look of [choosing, english, reading, long, refusals, grants, smallAndByKeyboard]) {
		await look();
	}
}
