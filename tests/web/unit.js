// SPDX-License-Identifier: Apache-2.0
//
// A unit's page: the picture of its history against the history itself, the
// same in words, and the dossiers found by it with filters.
import { barriers, check, follow, logIn, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

const history = JSON.parse(process.env.HOSO_HISTORY);
const generations = JSON.parse(process.env.HOSO_GENERATIONS);

/** What the picture shows: nodes as "unit name", lines as "event from|to unit". */
function drawn(page) {
	return page.evaluate(() => ({
		nodes: [...document.querySelectorAll('.flow-box a')]
			.map((node) => `${node.dataset.unit} ${[...node.querySelectorAll('text:not(.flow-heir)')].map((text) => text.textContent).join(' ')}`)
			.sort(),
		lines: [...document.querySelectorAll('.flow-line[data-event]')]
			.map((line) => (line.dataset.from ? `${line.dataset.event} from ${line.dataset.from}` : `${line.dataset.event} to ${line.dataset.to}`))
			.sort(),
		heirs: [...document.querySelectorAll('.flow-box a')]
			.filter((node) => node.querySelector('.heir'))
			.map((node) => node.dataset.unit)
			.sort(),
	}));
}

/** The same by the server's history, where no unit takes part twice. */
function wanted({ events, heirs }) {
	const nodes = new Set();
	const lines = [];

	for (const event of events) {
		event.predecessors.forEach((id, i) => {
			nodes.add(`${id} ${event.predecessor_names[i]}`);
			lines.push(`${event.id} from ${id}`);
		});
		event.successors.forEach((id, i) => {
			nodes.add(`${id} ${event.successor_names[i]}`);
			lines.push(`${event.id} to ${id}`);
		});
	}
	return {
		nodes: [...nodes].sort(),
		lines: lines.sort(),
		heirs: heirs.map((heir) => heir.id).filter((id) => [...nodes].some((node) => node.startsWith(`${id} `))).sort(),
	};
}

async function picture(page) {
	await visit(page, '/don-vi/tinh-kon-tum');
	check('the picture of Kon Tum is its history', JSON.stringify(wanted(history)), JSON.stringify(await drawn(page)));
	check('  in which Quảng Ngãi has its papers', '["tinh-quang-ngai"]', JSON.stringify((await drawn(page)).heirs));
	check('  the old Quảng Ngãi beside it', 'true', wanted(history).nodes.includes('tinh-quang-ngai-cu Tỉnh Quảng Ngãi'));
	check('nothing bars the way to a history', '', await barriers(page));
	await takePicture(page, 'unit-kon-tum');

	await visit(page, '/don-vi/xa-doi-a');
	check('two generations are in one picture', JSON.stringify(wanted(generations)), JSON.stringify(await drawn(page)));
	const places = await page.evaluate(() =>
		Object.fromEntries([...document.querySelectorAll('.flow-box a')].map((node) => [
			node.dataset.unit,
			Number(node.querySelector('rect').getAttribute('x')),
		])));
	check('  and time goes from left to right', 'true',
		places['xa-doi-a'] < places['xa-doi-c'] && places['xa-doi-c'] < places['xa-doi-e'] &&
			places['xa-doi-c'] === places['xa-doi-d']);
	check('each is told with what it is', 'Xã A, đơn vị này', await page.getAttribute('.flow-box a[data-unit=xa-doi-a]', 'aria-label'));
	check('  and who has the papers', 'Xã E, hiện nay giữ hồ sơ', await page.getAttribute('.flow-box a[data-unit=xa-doi-e]', 'aria-label'));
	await takePicture(page, 'unit-generations');
	await page.click('details summary:has-text("Đọc thành lời")');
	check('the same in words', '01/01/2000 Hợp nhất, sáp nhập: Xã A, Xã B → thành Xã C theo 1/NQ',
		(await page.textContent('.history li')).replace(/\s+/g, ' ').trim());
	await page.focus('.flow-box');
	check('the picture is one stop of the keyboard, and its units are', 'true', await tabTo(page, '.flow-box a[data-unit=xa-doi-c]'));
	await page.keyboard.press('Enter');
	await page.waitForURL('**/don-vi/xa-doi-c');
	await settle(page);
	check('  which lead to their pages', 'Xã C', await page.textContent('h1'));
	await page.click('.flow-box a[data-unit=xa-doi-d] text');
	await page.waitForURL('**/don-vi/xa-doi-d');
	check('a press leads there without a new document', 'true', await page.evaluate(() => performance.getEntriesByType('navigation')[0].name.endsWith('/xa-doi-a')));

	await visit(page, '/don-vi/huyen-dak-glei');
	check('what a district held is drawn, since it ended without an heir', 'true',
		await page.locator('h2:has-text("Các đơn vị thuộc nó")').count() === 1 &&
			await page.locator('.flow-box a').count() > 12);
	check('  inside its box', 'true', await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await takePicture(page, 'unit-district');
}

async function filters(page) {
	await visit(page, '/don-vi/tinh-quang-ngai');
	const all = await page.locator('.rows tbody tr').count();

	await page.selectOption('#status', 'draft');
	await page.waitForURL('**status=draft*');
	await settle(page);
	const drafts = await page.locator('.rows tbody tr').count();
	check('a filter leaves fewer', 'true', drafts < all || `${drafts} of ${all}`);
	await visit(page, '/don-vi/tinh-quang-ngai?mode=exact&level=province&kind=merit&year=2023');
	check('what the address says is chosen', 'province merit 2023', await page.evaluate(() =>
		['level', 'kind', 'year'].map((id) => document.getElementById(id).value).join(' ')));
	const asked = await page.evaluate(async () =>
		(await (await fetch('/api/v1/units/tinh-quang-ngai/dossiers?mode=exact&level=province&kind=merit&year=2023')).json()).dossiers.length);
	check('  and asked of the server', String(asked), String(await page.locator('.rows tbody tr').count()));
	await page.selectOption('#award', { index: 1 });
	await page.waitForURL('**award=*');
	check('awards are those of the level', 'true', await page.evaluate(async () => {
		const table = (await (await fetch('/api/v1/rules/awards')).json()).rows;
		const options = [...document.querySelectorAll('#award option')].slice(1).map((option) => option.value);

		return options.length > 0 && options.every((code) => table.some((row) => row.code === code && row.level === 'province'));
	}));
	await page.click('button:has-text("Bỏ mọi bộ lọc")');
	await settle(page);
	check('all filters go at once', '?mode=exact', new URL(page.url()).search);
	await visit(page, '/don-vi/huyen-dak-glei');
	check('a row has the name at the time and the heir of today', 'Xã Đắk Choong (nay là xã Xốp, tỉnh Quảng Ngãi)',
		await page.locator('.rows td:nth-child(3)', { hasText: 'Xã Đắk Choong' }).first().innerText());
}

export default async function () {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await picture(page);
	await filters(page);
	await follow(page, '/don-vi/so-thu');
	check('a name that means harm is a name', 'Sở <b>Thử</b>', await page.textContent('h1'));
	check('the browser has nothing to complain of in a unit', '', complaints.join('; '));
	await context.close();

	const narrow = await open(NARROW);

	await logIn(narrow.page, 'thanhtra');
	await visit(narrow.page, '/don-vi/xa-doi-c');
	await takePicture(narrow.page, 'unit-narrow');
	check('a picture does not make the page wider than a telephone', 'true',
		await narrow.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
	await narrow.context.close();
}
