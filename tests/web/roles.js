// SPDX-License-Identifier: Apache-2.0
//
// Every role sees what the API lets it see, and is told where it does not.
import { barriers, check, follow, logIn, NARROW, open, settle, statusOf, visit, WIDE } from './desk.js';
import { pathsOfPages } from './paths.js';

const AT_ONCE = 4;

const places = [
	{ path: '/don-vi', api: '/units?prefix=tinh' },
	{ path: '/don-vi/xa-xop-2025', api: '/units/xa-xop-2025/dossiers' },
	{ path: '/ho-so/hs-da-niem-phong', api: '/dossiers/hs-da-niem-phong' },
	{ path: '/ho-so/hs-xa-dak-long-2025', api: '/dossiers/hs-xa-dak-long-2025' },
];

/** Every page there is, of things that are there. */
async function everyPage() {
	const { page, context } = await open();

	await logIn(page, 'quantri');
	const answer = await page.request.get('/api/v1/users?login=luutru');
	const { users } = await answer.json();

	await context.close();
	return pathsOfPages({
		'/don-vi/': 'xa-xop-2025',
		'/ho-so/': 'hs-xa-dak-long-2025',
		'/quan-tri/nguoi-dung/': users[0].id,
		'/quyet-dinh/': 'q-1',
		'/van-ban/': 'qd-1',
	}).filter((path) => path !== '/dang-nhap'); // leads away who is logged in
}

/** What is wrong with the page that is shown: it is there, or refused in words. */
async function faultOf(page) {
	const text = await page.innerText('main');
	const refusals = await page.locator('main .problem-title').allInnerTexts();

	if (/undefined|NaN|\[object/.test(text)) {
		return 'shows what is no word';
	}
	if (refusals.some((title) => title !== 'Không có quyền thực hiện việc này')) {
		return refusals.join(', ');
	}
	return (await page.locator('main h1').count()) === 1 || refusals.length > 0 ? '' : 'has no heading';
}

async function shown(page) {
	const problem = await page.locator('.problem-title').allInnerTexts();

	return problem.length === 0 ? 'the page' : problem.join(', ');
}

/** What bars the way on the page that is shown, on a screen and on a telephone. */
async function barredOn(page) {
	const found = [];

	for (const size of [NARROW, WIDE]) {
		await page.setViewportSize(size);
		await settle(page);
		found.push(await barriers(page));
	}
	return [...new Set(found)].filter(Boolean).join('; ');
}

/**
 * What a role should see of each place, and what it does.  Each page is judged
 * by axe-core once, as the first who sees it: `judged` has those that were.
 */
async function lookAround(role, pages, judged) {
	const { page, context, complaints } = await open();
	const wanted = [];
	const got = [];

	await logIn(page, role.replaceAll('_', '-'));
	for (const { path, api } of places) {
		await follow(page, path);
		wanted.push((await statusOf(page, api)) === 200 ? 'the page' : 'Không có quyền thực hiện việc này');
		got.push(await shown(page));
	}
	const faults = [];

	for (const path of pages) {
		await follow(page, path);
		const fault = await faultOf(page);

		if (fault !== '') {
			faults.push(`${path} ${fault}`);
		}
		if (!judged.has(path) && (await page.locator('main .problem').count()) === 0) {
			judged.set(path, '');
			judged.set(path, await barredOn(page));
		}
	}
	await context.close();
	return { role, faults: faults.join('; '), wanted: wanted.join('; '), got: got.join('; '), complaints: complaints.join('; ') };
}

export default async function () {
	const all = process.env.HOSO_ROLES.split(' ');
	const pages = await everyPage();
	const judged = new Map();
	const seen = [];

	while (all.length > 0) {
		seen.push(...(await Promise.all(all.splice(0, AT_ONCE).map((role) => lookAround(role, pages, judged)))));
	}
	for (const { role, faults, wanted, got, complaints } of seen) {
		check(`${role} sees what is ${role}'s to see`, wanted, got);
		check(`  on all ${pages.length} pages he is shown something, or refused in words`, '', faults);
		check('  and the browser has nothing to complain of', '', complaints);
	}
	check('each page is one that somebody sees', '', pages.filter((path) => !judged.has(path)).join());
	check('  and nothing bars the way there, on a screen or a telephone', '',
		[...judged].filter(([, found]) => found !== '').map(([path, found]) => `${path} ${found}`).join('; '));
	const { page, context } = await open();

	await logIn(page, 'dongnhap'); // three roles, two of them in one unit
	check('a unit stands in the navigation once', 'Tỉnh Quảng Ngãi',
		(await page.locator('nav a').allInnerTexts()).filter((text) => text === 'Tỉnh Quảng Ngãi').join());
	await visit(page, '/don-vi/tinh-quang-ngai');
	check('  and is where one is', 'Tỉnh Quảng Ngãi', await page.innerText('nav [aria-current]'));
	await visit(page, '/don-vi/xa-xop-2025');
	check('a unit without a place there stands below the units', 'Đơn vị',
		await page.innerText('nav [aria-current]'));
	await context.close();
	check('some role was refused something', 'true', seen.some(({ wanted }) => wanted.includes('quyền')));
}
