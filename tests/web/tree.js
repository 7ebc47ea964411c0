// SPDX-License-Identifier: Apache-2.0
//
// The tree of units: by keyboard and pointer, with thousands of rows, on
// another day, and down to a unit that was found.
import { barriers, check, logIn, NARROW, open, settle, takePicture, visit } from './desk.js';
import { byKeys, byWheel, lookOn } from './smooth.js';

/** The name of the row that the keyboard is at. */
function marked(page) {
	return page.evaluate(() => {
		const tree = document.querySelector('[role=tree]');
		const row = document.getElementById(tree.getAttribute('aria-activedescendant'));

		return row ? row.querySelector('a').textContent : 'none';
	});
}

/** What assistive technology hears of that row. */
function told(page, ...names) {
	return page.evaluate((wanted) => {
		const tree = document.querySelector('[role=tree]');
		const row = document.getElementById(tree.getAttribute('aria-activedescendant'));

		return wanted.map((name) => row.getAttribute(name)).join(' ');
	}, names);
}

async function press(page, ...keys) {
	for (const key of keys) {
		await page.keyboard.press(key);
		await settle(page);
	}
}

async function byKeyboard(page) {
	await page.focus('[role=tree]');
	await press(page, 'Home');
	check('the first row is the first by the dictionary', 'Ban Bí thư Trung ương Đảng', await marked(page));
	await page.keyboard.type('tinh kon');
	check('the beginning of a name leads to it, without marks', 'Tỉnh Kon Tum', await marked(page));
	check('  and is told with its place', '1 false', await told(page, 'aria-level', 'aria-expanded'));
	await press(page, 'ArrowRight');
	check('the right arrow opens', 'true', await told(page, 'aria-expanded'));
	await press(page, 'ArrowRight');
	check('  and then goes in', 'Báo Kon Tum 2 1 36',
		`${await marked(page)} ${await told(page, 'aria-level', 'aria-posinset', 'aria-setsize')}`);
	await page.keyboard.type('huyen dak h');
	check('a name is found within', 'Huyện Đắk Hà', await marked(page));
	await press(page, 'ArrowUp');
	check('up is the one before', 'Huyện Đắk Glei', await marked(page));
	await press(page, 'ArrowDown');
	check('down is the next', 'Huyện Đắk Hà', await marked(page));
	await press(page, 'ArrowLeft');
	check('the left arrow goes out', 'Tỉnh Kon Tum', await marked(page));
	await press(page, 'ArrowLeft');
	check('  and then closes', 'false', await told(page, 'aria-expanded'));
	await press(page, 'End');
	check('the end is the last', 'Ủy ban Thường vụ Quốc hội', await marked(page));
}

async function thousands(page) {
	await visit(page, '/don-vi?as_of=2026-01-01');
	const asked = [];

	page.on('request', (request) => asked.push(request.url()));
	await page.focus('[role=tree]');
	await page.keyboard.type('tinh thu');
	await press(page, 'ArrowRight');
	check('a branch is asked for once, when it is opened', '1', asked.filter((url) => url.includes('/children')).length);
	check('  and is told with all it holds', '2504',
		await page.evaluate(() => document.querySelector('[aria-level="2"]').getAttribute('aria-setsize')));
	check('few of its rows are drawn', 'true',
		await page.evaluate(() => document.querySelectorAll('[role=treeitem]').length < 60));
	for (let i = 0; i < 16; i++) {
		await page.evaluate(() => {
			const tree = document.querySelector('[role=tree]');

			tree.scrollTop = tree.scrollHeight;
		});
		await settle(page);
	}
	check('scrolled to its end, all have come', 'Xã Thử 2500',
		await page.evaluate(() => [...document.querySelectorAll('[aria-level="2"] a')].at(-1).textContent));
	check('  in pages', '13', asked.filter((url) => url.includes('/children')).length);
	const { rows, requests } = await lookOn(page, async () => {
		await byWheel(page, 3000);
		await byKeys(page);
	});

	check('however it is scrolled, few rows are in the document at any time', 'true', (rows > 20 && rows < 60) || rows);
	check('  and nothing is asked for twice', 0, requests);
}

async function onAnotherDay(page) {
	await visit(page, '/don-vi');
	check('days of reorganisations are marked', '3', await page.locator('.mark').count());
	await page.click('.time button:has-text("Sắp xếp ngày 01/07/2025")');
	await settle(page);
	check('a step back leads to the last of them', '?as_of=2025-07-01', new URL(page.url()).search);
	check('  and says what happened', 'Ngày 01/07/2025: 20 sắp xếp đầu tiên', await page.innerText('.events summary'));
	check('Kon Tum is no province any more', '0',
		await page.locator('[role=treeitem] a', { hasText: 'Tỉnh Kon Tum' }).count());
	await page.focus('.time input[type=range]');
	await press(page, 'ArrowLeft');
	check('one day before', '?as_of=2025-06-30', new URL(page.url()).search);
	check('  it is one', '1', await page.locator('[role=treeitem] a', { hasText: 'Tỉnh Kon Tum' }).count());
	check('  and the slider says the day', '30/06/2025', await page.getAttribute('.time input[type=range]', 'aria-valuetext'));
	await press(page, 'PageDown');
	check('a page down is a year', '?as_of=2024-06-30', new URL(page.url()).search);
	await page.locator('.mark').first().click();
	await settle(page);
	check('a mark is its day', '?as_of=2000-01-01', new URL(page.url()).search);
	check('  with what happened', 'Hợp nhất, sáp nhập: Xã A, Xã B → Xã C · 1/NQ',
		await page.locator('.events li').first().textContent());
	await page.fill('input[name=day]', '31/2/2025');
	await page.press('input[name=day]', 'Tab');
	check('a day that is none is not taken', '?as_of=2000-01-01', new URL(page.url()).search);
	check('  and told to be so', 'Viết ngày theo thứ tự ngày/tháng/năm, ví dụ 01/07/2025.',
		await page.$eval('input[name=day]', (input) => input.validationMessage));
}

async function toWhatIsFound(page) {
	await visit(page, '/don-vi?as_of=2026-01-01');
	await page.fill('#name', 'dak choong');
	await page.press('#name', 'Enter');
	await settle(page);
	await page.click('.found button');
	await settle(page);
	check('a unit that has ended is shown on its last day', 'as_of=2025-06-30&unit=xa-dak-choong',
		new URL(page.url()).searchParams.toString().split('&').sort().join('&'));
	check('  in its place', 'Xã Đắk Choong 3', `${await marked(page)} ${await told(page, 'aria-level')}`);
	await takePicture(page, 'units-way');
	await page.fill('#name', 'xã thử 2345');
	await page.press('#name', 'Enter');
	await settle(page);
	await page.click('.found button');
	await settle(page);
	check('one far down a long branch is found, too', 'Xã Thử 2345', await marked(page));
	check('  and is in sight', 'true', await page.evaluate(() => {
		const box = document.querySelector('[role=tree]').getBoundingClientRect();
		const row = document.querySelector('.marked').getBoundingClientRect();

		return row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
	}));
	await page.fill('#name', '51');
	await page.press('#name', 'Enter');
	await settle(page);
	check('a code finds its unit', 'Tỉnh Quảng Ngãi', await page.locator('.found a').first().textContent());
	await visit(page, '/don-vi?unit=nobody');
	check('a unit that is none leaves the tree as it is', 'true', await page.locator('[role=treeitem]').count() > 5);
	await visit(page, '/don-vi?kind=block&as_of=2026-01-01');
	await visit(page, '/don-vi?unit=khoi-thu&as_of=2026-01-01');
	await page.focus('[role=tree]');
	await press(page, 'ArrowRight', 'ArrowRight');
	check('a block holds its members', 'Sở <b>Thử</b>', await marked(page));
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await visit(page, '/don-vi?as_of=2025-06-30');
	await byKeyboard(page);
	await takePicture(page, 'units-wide');
	check('nothing bars the way through the tree', '', await barriers(page));
	await thousands(page);
	await onAnotherDay(page);
	await takePicture(page, 'units-slider');
	await toWhatIsFound(page);
	check('nothing bars the way to what was found', '', await barriers(page));
	check('who may not change units is not asked to', '0', await page.locator('a[href="/sap-xep"]').count());
	check('the browser has nothing to complain of', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);

	await logIn(narrow.page, 'thanhtra');
	await visit(narrow.page, '/don-vi?unit=xa-xop-2025');
	await takePicture(narrow.page, 'units-narrow');
	check('nothing is wider than a telephone', 'true',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await narrow.context.close();
}
