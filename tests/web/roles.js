// SPDX-License-Identifier: Apache-2.0
//
// Every role sees what the API lets it see, and is told where it does not.
import { barriers, check, follow, logIn, NARROW, open, settle, statusOf, visit, WIDE } from './desk.js';
import { pathsOfPages, shapesOfPages } from './paths.js';

const AT_ONCE = 4;
const REFUSED = 'Không có quyền thực hiện việc này';
const CLUSTER = 'cum-thi-dua-01-kon-tum';
const askedOf = (scheme) => `/xep-hang?cluster=${CLUSTER}&year=2024&scheme=${scheme}`;

/** What a page asks the API for; where `act` is none of the reader's it does not ask. */
const places = [
	{ path: '/don-vi', api: '/units?prefix=tinh' },
	{ path: '/don-vi/xa-xop-2025', api: '/units/xa-xop-2025/dossiers', act: 'dossier.read' },
	{ path: '/ho-so/hs-da-niem-phong', api: '/dossiers/hs-da-niem-phong' },
	{ path: '/ho-so/hs-xa-dak-long-2025', api: '/dossiers/hs-xa-dak-long-2025' },
	{ path: '/van-ban/qd-1', api: '/documents/qd-1' },
	{ path: '/quyet-dinh/q-1', api: '/decisions/q-1' },
	// Who may only read it meets no refusal where others rank.
	{ path: askedOf('score_table_v1'), api: `/units/${CLUSTER}/scores?scheme=score_table_v1&year=2024` },
	{ path: askedOf('council_vote_v1'), api: '/rankings?limit=1' },
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
	if (refusals.some((title) => title !== REFUSED)) {
		return refusals.join(', ');
	}
	return (await page.locator('main h1').count()) === 1 || refusals.length > 0 ? '' : 'has no heading';
}

async function shown(page) {
	const problem = [...new Set(await page.locator('.problem-title').allInnerTexts())];

	return problem.length === 0 ? 'the page' : problem.join(', ');
}

/** Where the links of a part of the page lead: one address for each page there is. */
async function linksOf(page, part, shapes) {
	const hrefs = await page.locator(`${part} a[href^="/"]`).evaluateAll((all) => all.map((link) => link.getAttribute('href')));
	const found = new Map();

	for (const href of hrefs) {
		const shape = shapes.find((one) => one.test(href.replace(/\?.*/, '')));

		if (shape && !found.has(shape)) {
			found.set(shape, href);
		}
	}
	return found;
}

/**
 * What is refused to a role where the page itself leads it: on the pages of
 * the navigation, and on those that these have links to.
 */
async function refusedOnTheWay(page, shapes) {
	const refused = [];
	const seen = new Map();

	await follow(page, '/don-vi');
	let ahead = await linksOf(page, 'nav', shapes);

	for (let steps = 0; steps < 2; steps++) {
		const next = new Map();

		for (const [shape, href] of ahead) {
			seen.set(shape, href);
			await follow(page, href);
			const problems = await page.locator('main .problem').allInnerTexts();

			refused.push(...problems.map((text) => `${href}: ${text}`));
			for (const [further, to] of await linksOf(page, 'main', shapes)) {
				next.set(further, to);
			}
		}
		ahead = new Map([...next].filter(([shape]) => !seen.has(shape)));
	}
	return { count: seen.size, refused: refused.join('; ') };
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
async function lookAround(role, pages, shapes, judged) {
	const { page, context, complaints } = await open();
	const wanted = [];
	const got = [];

	await logIn(page, role.replaceAll('_', '-'));
	const { acts } = await (await page.request.get('/api/v1/session')).json();

	for (const { path, api, act = '' } of places) {
		const isAsked = act === '' || acts.includes(act);

		await follow(page, path);
		wanted.push(!isAsked || (await statusOf(page, api)) === 200 ? 'the page' : REFUSED);
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
	const way = await refusedOnTheWay(page, shapes);

	await context.close();
	return { role, way, faults: faults.join('; '), wanted: wanted.join('; '), got: got.join('; '), complaints: complaints.join('; ') };
}

export default async function () {
	const all = process.env.HOSO_ROLES.split(' ');
	const pages = await everyPage();
	const shapes = shapesOfPages();
	const judged = new Map();
	const seen = [];

	while (all.length > 0) {
		seen.push(...(await Promise.all(all.splice(0, AT_ONCE).map((role) => lookAround(role, pages, shapes, judged)))));
	}
	for (const { role, way, faults, wanted, got, complaints } of seen) {
		check(`${role} sees what is ${role}'s to see`, wanted, got);
		check(`  on all ${pages.length} pages he is shown something, or refused in words`, '', faults);
		check(`  nothing is refused him on the ${way.count} pages that links lead him to`, '', way.refused);
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
