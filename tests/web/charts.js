// SPDX-License-Identifier: Apache-2.0
//
// Charts say what the counters say, and lead to what they count.
import { barriers, check, logIn, NARROW, open, settle, tabTo, takePicture, visit } from './desk.js';

const KON_TUM = '/bieu-do?unit=tinh-kon-tum&from=2021-01-01&to=2025-12-31';

async function answer(page, path) {
	return (await page.request.get(`/api/v1${path}`)).json();
}

/** The chart under this heading. */
function chart(page, heading) {
	return page.locator('.charts > section', { hasText: heading });
}

/** "Cấp tỉnh: 632" of each bar. */
async function barsOf(page, heading) {
	return chart(page, heading).locator('svg[role=group] a').evaluateAll((all) =>
		all.map((bar) => [...bar.querySelectorAll('text')].map((text) => text.textContent).join(': ')));
}

async function numbers() {
	const { page, context, complaints } = await open();

	await logIn(page, 'thanhtra');
	await visit(page, KON_TUM);
	const names = { state: 'Cấp Nhà nước', province: 'Cấp tỉnh', district: 'Cấp huyện', base: 'Cấp cơ sở' };
	const { counts } = await answer(page, '/units/tinh-kon-tum/counts?from=2021-01-01&to=2025-12-31&by=level');
	const wanted = Object.entries(names).flatMap(([level, name]) =>
		counts.filter((count) => count.level === level).map((count) => `${name}: ${count.sum.toLocaleString('vi-VN')}`));
	check('bars by level are what the counters say', wanted.join('; '),
		(await barsOf(page, 'Theo cấp khen thưởng')).join('; '));
	const below = await answer(page, '/units/tinh-kon-tum/counts?from=2021-01-01&to=2025-12-31&children=adm');
	const children = below.children
		.map((child) => ({ name: child.name, sum: child.counts.reduce((sum, count) => sum + count.sum, 0) }))
		.filter(({ sum }) => sum > 0)
		.sort((a, b) => b.sum - a.sum);
	const drawn = await barsOf(page, 'Theo đơn vị trực thuộc');
	check('bars by unit are what the counters say of each child',
		children.map(({ sum }) => sum.toLocaleString('vi-VN')).join('; '),
		drawn.map((said) => said.split(': ').at(-1)).join('; '));
	check('  by the names that the units had', 'true', children.every(({ name }, i) => drawn[i].startsWith(name)));
	const own = below.counts[0].sum - children.reduce((sum, child) => sum + child.sum, 0);
	check('what is of none of them is told', 'true',
		(await chart(page, 'Theo đơn vị trực thuộc').innerText()).includes(own.toLocaleString('vi-VN')));
	const table = chart(page, 'Theo năm quyết định').locator('table');
	await chart(page, 'Theo năm quyết định').locator('summary').click();
	const years = await answer(page, '/units/tinh-kon-tum/counts?from=2021-01-01&to=2025-12-31&by=year');
	check('the table by year says the same', years.counts.filter(({ year }) => year).map(({ sum }) => sum.toLocaleString('vi-VN')).join(' '),
		(await table.locator('tbody td:last-child').allInnerTexts()).join(' '));
	const share = await chart(page, 'Tỷ lệ người trực tiếp lao động').locator('td').allTextContents();
	check('the share of direct workers is that of 2023', '8 459 1,74%', share.slice(0, 3).join(' '));
	check('nothing bars the way through charts', '', await barriers(page));
	await takePicture(page, 'charts-wide');

	await chart(page, 'Theo cấp khen thưởng').locator('svg a').nth(1).click();
	await settle(page);
	const sum = counts.find(({ level }) => level === 'province').sum.toLocaleString('vi-VN');
	check('a bar leads to its grants', `Khen thưởng – Tỉnh Kon Tum Tổng số: ${sum}`,
		`${await page.innerText('h1')} ${await page.innerText('.sum')}`);
	check('  by the words of the page', 'true', page.url().includes('level=province'));
	await page.goBack();
	await settle(page);
	await page.selectOption('select[name=period]', 'all');
	await settle(page);
	check('what lies in several years is told apart', 'true',
		(await chart(page, 'Theo năm quyết định').innerText()).includes('nhiều năm'));
	check('the browser has nothing to complain of in charts', '', complaints.join('; '));
	await context.close();
}

async function others() {
	const { page, context } = await open(NARROW);

	await logIn(page, 'lanhdao');
	await visit(page, KON_TUM);
	await takePicture(page, 'charts-narrow');
	check('charts are no wider than a telephone', '390',
		await page.evaluate(() => document.documentElement.scrollWidth));
	check('  nor does anything bar the way there', '', await barriers(page));
	check('a bar is reached by the keyboard', 'true', await tabTo(page, '.chart a'));
	await context.close();

	const leader = await open();
	await logIn(leader.page, 'truongcum');
	await visit(leader.page, '/bieu-do?unit=cum-thi-dua-01-kon-tum&from=2024-01-01&to=2024-12-31');
	check('of a cluster its members are drawn', 'true',
		(await chart(leader.page, 'Theo đơn vị trực thuộc').locator('svg').innerHTML()).includes('Huyện Đắk Glei'));
	check('  and no bar leads to grants that its leader may not read', '0',
		await leader.page.locator('main a[href^="/khen-thuong"]').count());
	await visit(leader.page, KON_TUM);
	check('who leads a cluster has no charts of the province', 'Không có quyền thực hiện việc này',
		(await leader.page.locator('.problem-title').allInnerTexts())[0]);
	await leader.context.close();
}

export default async function () {
	await numbers();
	await others();
}
